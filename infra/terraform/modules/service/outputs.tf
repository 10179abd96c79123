output "load_balancer_dns_name" {
  description = "Where the certificate's name has to point to"
  value       = aws_lb.this.dns_name
}

output "load_balancer_zone_id" {
  description = "The zone of that name, for an alias record"
  value       = aws_lb.this.zone_id
}

output "load_balancer_dimension" {
  description = "The load balancer, as the metrics of ELB have it"
  value       = aws_lb.this.arn_suffix
}

output "target_group_dimension" {
  description = "The target group, as the metrics of ELB have it"
  value       = aws_lb_target_group.this.arn_suffix
}

output "cluster_name" {
  description = "The cluster of ECS"
  value       = aws_ecs_cluster.this.name
}

output "service_name" {
  description = "The service of ECS"
  value       = aws_ecs_service.this.name
}

output "security_group_id" {
  description = "The security group of the tasks, for rules of what they connect to"
  value       = aws_security_group.tasks.id
}

output "operator_key_secret_arn" {
  description = "Where the operator's key is to be put; tasks do not start before"
  value       = aws_secretsmanager_secret.operator_key.arn
}

output "metric_namespace" {
  description = "The namespace that the metrics of Atlas have in CloudWatch"
  value       = local.metric_namespace
}
