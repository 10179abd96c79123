output "load_balancer_dns_name" {
  description = "Where the certificate's name has to point to; HTTPS on 8443, the native protocol over TLS on 9440"
  value       = aws_lb.this.dns_name
}

output "load_balancer_zone_id" {
  description = "The zone of that name, for an alias record"
  value       = aws_lb.this.zone_id
}

output "user_secret_arn" {
  description = "Where the password of the user atlas is to be put; the replicas wait for it"
  value       = aws_secretsmanager_secret.user.arn
}

output "replica_hosts" {
  description = "The names of the replicas within the network"
  value       = [for replica in local.replicas : replica.host]
}


output "load_balancer_security_group_id" {
  description = "The security group of the load balancer, for rules of those that connect"
  value       = aws_security_group.load_balancer.id
}
