output "vpc_id" {
  description = "The network"
  value       = aws_vpc.this.id
}

output "zones" {
  description = "The zones in use, in the order of the subnets"
  value       = local.zones
}

output "public_subnet_ids" {
  description = "The public subnets, in the order of the zones"
  value       = [for zone in local.zones : aws_subnet.public[zone].id]
}

output "private_subnet_ids" {
  description = "The private subnets, in the order of the zones"
  value       = [for zone in local.zones : aws_subnet.private[zone].id]
}

output "private_subnets_by_zone" {
  description = "The private subnets by their zone"
  value       = { for zone, subnet in aws_subnet.private : zone => subnet.id }
}

output "nat_gateway_count" {
  description = "How many NAT gateways there are"
  value       = length(aws_nat_gateway.this)
}
