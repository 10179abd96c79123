output "endpoint" {
  description = "The host that takes writes"
  value       = aws_elasticache_replication_group.this.primary_endpoint_address
}

output "reader_endpoint" {
  description = "The host behind which the replicas are"
  value       = aws_elasticache_replication_group.this.reader_endpoint_address
}

output "arns" {
  description = "What a client's policy has to allow elasticache:Connect on: the group and the user"
  value       = [aws_elasticache_replication_group.this.arn, aws_elasticache_user.service.arn]
}

output "user_name" {
  description = "The user that clients connect as"
  value       = aws_elasticache_user.service.user_name
}

output "security_group_id" {
  description = "The security group of the cache, for rules of those that connect"
  value       = aws_security_group.this.id
}
