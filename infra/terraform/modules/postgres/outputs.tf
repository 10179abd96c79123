output "endpoint" {
  description = "The host of whichever instance writes"
  value       = aws_rds_cluster.this.endpoint
}

output "reader_endpoint" {
  description = "The host behind which the readers are; the writer, where there are none"
  value       = aws_rds_cluster.this.reader_endpoint
}

output "port" {
  description = "The port of both"
  value       = aws_rds_cluster.this.port
}

output "database_name" {
  description = "The database of Atlas"
  value       = aws_rds_cluster.this.database_name
}

output "master_secret_arn" {
  description = "The secret with the master's name and password, which RDS looks after"
  value       = one(aws_rds_cluster.this.master_user_secret[*].secret_arn)
}

output "cluster_identifier" {
  description = "The cluster's name, as the metrics of RDS have it"
  value       = aws_rds_cluster.this.cluster_identifier
}

output "cluster_resource_id" {
  description = "The cluster's id in policies for IAM authentication"
  value       = aws_rds_cluster.this.cluster_resource_id
}

output "security_group_id" {
  description = "The security group of the cluster, for rules of those that connect"
  value       = aws_security_group.this.id
}
