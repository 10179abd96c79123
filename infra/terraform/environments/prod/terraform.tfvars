region      = "eu-central-1"
environment = "prod"

network = {
  cidr                    = "10.30.0.0/16"
  zone_count              = 3
  nat                     = "per_zone"
  flow_log_retention_days = 90
}

postgres = {
  min_capacity          = 8
  max_capacity          = 128
  reader_count          = 2
  backup_retention_days = 35
}

kafka = {
  instance_type  = "kafka.m7g.xlarge"
  volume_gib     = 1000
  max_volume_gib = 4000
}

warehouses = ["clickhouse", "redshift"]

clickhouse = {
  instance_type           = "r7g.2xlarge"
  volume_gib              = 2000
  snapshot_retention_days = 7
}

redshift = {
  node_type               = "ra3.xlplus"
  node_count              = 2
  snapshot_retention_days = 14
}

cache = {
  enabled       = true
  node_type     = "cache.r7g.large"
  replica_count = 2
}

service = {
  cpu        = 8192
  memory_mib = 16384
  min_tasks  = 3
  max_tasks  = 24
}

protection         = true
log_retention_days = 90
