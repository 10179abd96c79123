# Clients reach the load balancer, that one reaches the replicas, and these reach each other.

locals {
  # Clients over the load balancer; replication, keepers and distributed queries among the members.
  member_ports = { http = 8123, native = 9000, interserver = 9009, keeper = 9181, raft = 9234 }
}

resource "aws_security_group" "load_balancer" {
  name        = "${var.name}-clickhouse-lb"
  description = "Load balancer of ClickHouse of ${var.name}"
  vpc_id      = var.vpc_id

  tags = { Name = "${var.name}-clickhouse-lb" }
}

resource "aws_security_group" "members" {
  name        = "${var.name}-clickhouse"
  description = "Replicas of ClickHouse of ${var.name}"
  vpc_id      = var.vpc_id

  tags = { Name = "${var.name}-clickhouse" }
}

resource "aws_vpc_security_group_ingress_rule" "client" {
  for_each = { for pair in setproduct(keys(var.client_security_group_ids), keys(local.listeners)) : join("-", pair) => {
    group = var.client_security_group_ids[pair[0]]
    port  = local.listeners[pair[1]].listen
  } }

  security_group_id            = aws_security_group.load_balancer.id
  referenced_security_group_id = each.value.group
  description                  = "ClickHouse over TLS: ${each.key}"
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port

  tags = { Name = "${var.name}-clickhouse-${each.key}" }
}

resource "aws_vpc_security_group_egress_rule" "forward" {
  for_each = { for name, listener in local.listeners : name => listener.forward }

  security_group_id            = aws_security_group.load_balancer.id
  referenced_security_group_id = aws_security_group.members.id
  description                  = "To the replicas: ${each.key}"
  ip_protocol                  = "tcp"
  from_port                    = each.value
  to_port                      = each.value

  tags = { Name = "${var.name}-clickhouse-lb-${each.key}" }
}

resource "aws_vpc_security_group_ingress_rule" "forwarded" {
  for_each = { for name, listener in local.listeners : name => listener.forward }

  security_group_id            = aws_security_group.members.id
  referenced_security_group_id = aws_security_group.load_balancer.id
  description                  = "From the load balancer: ${each.key}"
  ip_protocol                  = "tcp"
  from_port                    = each.value
  to_port                      = each.value

  tags = { Name = "${var.name}-clickhouse-${each.key}" }
}

resource "aws_vpc_security_group_ingress_rule" "member" {
  for_each = local.member_ports

  security_group_id            = aws_security_group.members.id
  referenced_security_group_id = aws_security_group.members.id
  description                  = "From the other replicas: ${each.key}"
  ip_protocol                  = "tcp"
  from_port                    = each.value
  to_port                      = each.value

  tags = { Name = "${var.name}-clickhouse-member-${each.key}" }
}

resource "aws_vpc_security_group_egress_rule" "member" {
  for_each = local.member_ports

  security_group_id            = aws_security_group.members.id
  referenced_security_group_id = aws_security_group.members.id
  description                  = "To the other replicas: ${each.key}"
  ip_protocol                  = "tcp"
  from_port                    = each.value
  to_port                      = each.value

  tags = { Name = "${var.name}-clickhouse-member-${each.key}" }
}

resource "aws_vpc_security_group_egress_rule" "tls" {
  security_group_id = aws_security_group.members.id
  description       = "TLS to services of AWS"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443

  tags = { Name = "${var.name}-clickhouse-tls" }
}
