region      = "eu-central-1"
environment = "staging"

network = {
  cidr                    = "10.20.0.0/16"
  zone_count              = 3
  nat                     = "single"
  flow_log_retention_days = 14
}

postgres = {
  min_capacity          = 1
  max_capacity          = 16
  reader_count          = 1
  backup_retention_days = 7
}

kafka = {
  instance_type  = "kafka.m7g.large"
  volume_gib     = 100
  max_volume_gib = 500
}

warehouses = ["clickhouse"]

clickhouse = {
  instance_type           = "r7g.large"
  volume_gib              = 200
  snapshot_retention_days = 0
}

redshift = {
  node_type               = "ra3.large"
  node_count              = 2
  snapshot_retention_days = 3
}

cache = {
  enabled       = true
  node_type     = "cache.t4g.small"
  replica_count = 1
}

service = {
  cpu        = 4096
  memory_mib = 8192
  min_tasks  = 2
  max_tasks  = 4
}

protection         = false
log_retention_days = 30
