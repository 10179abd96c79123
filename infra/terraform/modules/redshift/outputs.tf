output "endpoint" {
  description = "Host and port of the warehouse"
  value       = aws_redshift_cluster.this.endpoint
}

output "database_name" {
  description = "The database in it"
  value       = aws_redshift_cluster.this.database_name
}

output "master_secret_arn" {
  description = "The secret with the master's name and password, which Redshift looks after"
  value       = aws_redshift_cluster.this.master_password_secret_arn
}

output "security_group_id" {
  description = "The security group of the warehouse: the brokers have to let it in"
  value       = aws_security_group.this.id
}

output "streaming_ingestion_sql" {
  description = "What begins the ingestion from Kafka; to be run once"
  value = templatefile("${path.module}/streaming.sql.tftpl", {
    bootstrap_brokers = var.kafka.bootstrap_brokers
    topic             = var.topic
  })
}
