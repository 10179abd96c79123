output "service" {
  description = "Where Atlas is"
  value       = module.atlas.service
}

output "connections" {
  description = "Where the tiers are"
  value       = module.atlas.connections
}

output "secret_arns" {
  description = "The secrets, by what they are for"
  value       = module.atlas.secret_arns
}

output "artifacts_bucket" {
  description = "The bucket for the connector's plugin and the packages of ClickHouse"
  value       = module.atlas.artifacts_bucket
}

output "streaming_ingestion_sql" {
  description = "What begins the ingestion of Redshift from Kafka"
  value       = module.atlas.streaming_ingestion_sql
}

output "alarms" {
  description = "The topic of the alarms, their names, and the dashboard"
  value       = module.atlas.alarms
}

output "shape" {
  description = "What distinguishes this environment from the others"
  value       = module.atlas.shape
}
