output "connector_arn" {
  description = "The connector"
  value       = aws_mskconnect_connector.this.arn
}

output "connector_name" {
  description = "The connector's name, as the metrics of MSK Connect have it"
  value       = aws_mskconnect_connector.this.name
}

output "capture_secret_arn" {
  description = "Where the name and the password of the role that captures are to be put"
  value       = aws_secretsmanager_secret.capture.arn
}

output "security_group_id" {
  description = "The security group of the workers, for rules of what they connect to"
  value       = aws_security_group.this.id
}
