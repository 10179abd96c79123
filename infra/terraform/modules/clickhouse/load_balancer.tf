# One address for the three replicas, within the network, with TLS.

locals {
  listeners = {
    http   = { listen = 8443, forward = 8123 }
    native = { listen = 9440, forward = 9000 }
  }
}

resource "aws_lb" "this" {
  name                             = "${var.name}-ch"
  internal                         = true
  load_balancer_type               = "network"
  subnets                          = [for zone in local.zones : var.subnets_by_zone[zone]]
  security_groups                  = [aws_security_group.load_balancer.id]
  enable_cross_zone_load_balancing = true

  tags = { Name = "${var.name}-clickhouse" }
}

resource "aws_lb_target_group" "this" {
  for_each = local.listeners

  name                 = "${var.name}-ch-${each.key}"
  vpc_id               = var.vpc_id
  protocol             = "TCP"
  port                 = each.value.forward
  target_type          = "instance"
  deregistration_delay = "60"

  # Says whether this replica is not far behind the others.
  health_check {
    protocol            = "HTTP"
    port                = "8123"
    path                = "/replicas_status"
    interval            = 10
    healthy_threshold   = 2
    unhealthy_threshold = 2
  }

  tags = { Name = "${var.name}-clickhouse-${each.key}" }
}

resource "aws_lb_listener" "this" {
  for_each = local.listeners

  load_balancer_arn = aws_lb.this.arn
  protocol          = "TLS"
  port              = each.value.listen
  certificate_arn   = var.certificate_arn
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.this[each.key].arn
  }

  tags = { Name = "${var.name}-clickhouse-${each.key}" }
}
