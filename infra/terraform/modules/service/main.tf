# Atlas as a service of ECS on Fargate, with a collector beside it that carries its metrics to CloudWatch.

data "aws_region" "current" {}

data "aws_partition" "current" {}

locals {
  port = 8080

  atlas = {
    name      = "atlas"
    image     = var.image
    essential = true
    command   = var.command

    environment = [for name, value in var.environment : { name = name, value = value }]
    secrets = concat(
      [{ name = "ATLAS_ADMIN_KEY", valueFrom = aws_secretsmanager_secret.operator_key.arn }],
      [for name, arn in var.secret_arns : { name = name, valueFrom = arn }],
    )

    portMappings     = [{ containerPort = local.port, protocol = "tcp" }]
    stopTimeout      = 60
    ulimits          = [{ name = "nofile", softLimit = 65536, hardLimit = 65536 }]
    linuxParameters  = { initProcessEnabled = true }
    logConfiguration = local.logging["atlas"]
  }

  # /metrics wants the operator's key. The collector gets it as Atlas does, and its configuration names the variable only.
  collector = {
    name      = "collector"
    image     = var.collector_image
    essential = false
    cpu       = 128
    memory    = 256

    environment = [{
      name = "AOT_CONFIG_CONTENT"
      value = templatefile("${path.module}/collector.yaml.tftpl", {
        environment = var.name
        port        = local.port
        region      = data.aws_region.current.region
        log_group   = aws_cloudwatch_log_group.this["metrics"].name
        namespace   = local.metric_namespace
      })
    }]
    secrets          = [{ name = "ATLAS_ADMIN_KEY", valueFrom = aws_secretsmanager_secret.operator_key.arn }]
    dependsOn        = [{ containerName = "atlas", condition = "START" }]
    logConfiguration = local.logging["collector"]
  }

  metric_namespace = "Atlas"

  logging = { for name in ["atlas", "collector"] : name => {
    logDriver = "awslogs"
    options = {
      "awslogs-group"         = aws_cloudwatch_log_group.this[name].name
      "awslogs-region"        = data.aws_region.current.region
      "awslogs-stream-prefix" = name
    }
  } }
}

# The operator's key. Terraform makes the place only: what is in it is put there by hand.
resource "aws_secretsmanager_secret" "operator_key" {
  name        = "${var.name}-operator-key"
  description = "The operator's key of Atlas, 32 to 500 visible ASCII characters"
  kms_key_id  = var.kms_key_arn

  tags = { Name = "${var.name}-operator-key" }
}

resource "aws_cloudwatch_log_group" "this" {
  for_each = toset(["atlas", "collector", "metrics"])

  name              = "/${var.name}/service/${each.key}"
  retention_in_days = var.log_retention_days

  tags = { Name = "${var.name}-${each.key}" }
}

resource "aws_ecs_cluster" "this" {
  name = var.name

  setting {
    name  = "containerInsights"
    value = "enabled"
  }

  tags = { Name = var.name }
}

resource "aws_ecs_task_definition" "this" {
  family                   = var.name
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = tostring(var.cpu)
  memory                   = tostring(var.memory_mib)
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = aws_iam_role.task.arn
  container_definitions    = jsonencode([local.atlas, local.collector])

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = "ARM64"
  }

  ephemeral_storage {
    size_in_gib = var.ephemeral_storage_gib
  }

  tags = { Name = var.name }
}

resource "aws_ecs_service" "this" {
  name            = var.name
  cluster         = aws_ecs_cluster.this.arn
  task_definition = aws_ecs_task_definition.this.arn
  launch_type     = "FARGATE"
  desired_count   = var.min_tasks
  propagate_tags  = "SERVICE"

  # New tasks are ready before old ones go, unless there may be one only.
  deployment_minimum_healthy_percent = var.one_at_a_time ? 0 : 100
  deployment_maximum_percent         = var.one_at_a_time ? 100 : 200
  health_check_grace_period_seconds  = 180

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  network_configuration {
    subnets          = var.private_subnet_ids
    security_groups  = [aws_security_group.tasks.id]
    assign_public_ip = false
  }

  load_balancer {
    target_group_arn = aws_lb_target_group.this.arn
    container_name   = "atlas"
    container_port   = local.port
  }

  tags = { Name = var.name }

  lifecycle {
    # The policies below choose it.
    ignore_changes = [desired_count]
  }

  # Without a listener the target group takes no tasks.
  depends_on = [aws_lb_listener.https]
}
