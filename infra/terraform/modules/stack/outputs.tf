output "service" {
  description = "Where Atlas is: the name of the load balancer that the certificate's name has to point to, and the service in ECS"
  value = {
    load_balancer_dns_name = module.service.load_balancer_dns_name
    load_balancer_zone_id  = module.service.load_balancer_zone_id
    cluster                = module.service.cluster_name
    service                = module.service.service_name
  }
}

output "connections" {
  description = "What Atlas is to be told of the tiers; there is no secret in it"
  value = {
    postgres_primary = module.postgres.endpoint
    postgres_readers = module.postgres.reader_endpoint
    postgres_port    = module.postgres.port
    postgres_name    = module.postgres.database_name
    kafka            = module.kafka.bootstrap_brokers
    clickhouse       = one(module.clickhouse[*].load_balancer_dns_name)
    redshift         = one(module.redshift[*].endpoint)
    cache            = one(module.cache[*].endpoint)
  }
}

output "secret_arns" {
  description = "The secrets: those that AWS looks after, and those that wait for a value (operator_key, capture, clickhouse)"
  value = {
    operator_key    = module.service.operator_key_secret_arn
    postgres_master = module.postgres.master_secret_arn
    capture         = one(module.connect[*].capture_secret_arn)
    clickhouse      = one(module.clickhouse[*].user_secret_arn)
    redshift_master = one(module.redshift[*].master_secret_arn)
  }
}

output "artifacts_bucket" {
  description = "The bucket for the connector's plugin and the packages of ClickHouse"
  value       = aws_s3_bucket.artifacts.bucket
}

output "streaming_ingestion_sql" {
  description = "What begins the ingestion of Redshift from Kafka; null without Redshift"
  value       = one(module.redshift[*].streaming_ingestion_sql)
}

output "alarms" {
  description = "The topic of the alarms, their names, and the dashboard"
  value = {
    topic_arn = module.observability.topic_arn
    names     = module.observability.alarm_names
    dashboard = module.observability.dashboard_name
  }
}

output "shape" {
  description = "What distinguishes one environment from another, in numbers"
  value = {
    zones              = length(module.network.zones)
    nat_gateways       = module.network.nat_gateway_count
    postgres_readers   = var.postgres.reader_count
    backup_days        = var.postgres.backup_retention_days
    protection         = var.protection
    min_tasks          = local.min_tasks
    max_tasks          = local.max_tasks
    clickhouse_present = local.clickhouse
    redshift_present   = local.redshift
    cache_present      = var.cache.enabled
    connector_present  = var.kafka.connector
  }
}
