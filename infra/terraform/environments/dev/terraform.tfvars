region      = "eu-central-1"
environment = "dev"

network = {
  cidr                    = "10.10.0.0/16"
  zone_count              = 3
  nat                     = "single"
  flow_log_retention_days = 7
}

postgres = {
  min_capacity          = 0.5
  max_capacity          = 4
  reader_count          = 1
  backup_retention_days = 1
}

kafka = {
  instance_type  = "kafka.t3.small"
  volume_gib     = 20
  max_volume_gib = 100
}

warehouses = ["clickhouse"]

clickhouse = {
  instance_type           = "t4g.medium"
  volume_gib              = 50
  snapshot_retention_days = 0
}

redshift = {
  node_type               = "ra3.large"
  node_count              = 1
  snapshot_retention_days = 1
}

cache = {
  enabled       = false
  node_type     = "cache.t4g.small"
  replica_count = 0
}

service = {
  cpu        = 2048
  memory_mib = 4096
  min_tasks  = 1
  max_tasks  = 2
}

protection         = false
log_retention_days = 7
