output "cluster_arn" {
  description = "The cluster, for policies of clients"
  value       = aws_msk_cluster.this.arn
}

output "cluster_name" {
  description = "The cluster's name, as the metrics of MSK have it"
  value       = aws_msk_cluster.this.cluster_name
}

output "bootstrap_brokers" {
  description = "Where clients begin: IAM over TLS"
  value       = aws_msk_cluster.this.bootstrap_brokers_sasl_iam
}

output "topics" {
  description = "The topics of change capture with their partitions, retention and replicas"
  value       = { for name, topic in var.topics : name => merge(topic, { replication_factor = local.replication_factor }) }
}

output "security_group_id" {
  description = "The security group of the brokers, for rules of those that connect"
  value       = aws_security_group.this.id
}
