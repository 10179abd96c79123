mock_provider "aws" {
  mock_data "aws_region" {
    defaults = { region = "eu-central-1" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }
  mock_data "aws_availability_zones" {
    defaults = { names = ["eu-central-1a", "eu-central-1b", "eu-central-1c"] }
  }
}

variables {
  name                = "atlas-test"
  vpc_id              = "vpc-1"
  public_subnet_ids   = ["subnet-1", "subnet-2"]
  private_subnet_ids  = ["subnet-3", "subnet-4"]
  kms_key_arn         = "arn:aws:kms:eu-central-1:111122223333:key/1"
  certificate_arn     = "arn:aws:acm:eu-central-1:111122223333:certificate/1"
  image               = "111122223333.dkr.ecr.eu-central-1.amazonaws.com/atlas:0.1.0"
  collector_image     = "public.ecr.aws/aws-observability/aws-otel-collector:v0.43.3"
  command             = ["up"]
  cpu                 = 2048
  memory_mib          = 4096
  min_tasks           = 2
  max_tasks           = 4
  deletion_protection = true
  connections         = { postgres = { security_group_id = "sg-2", port = 5432 } }
}

run "only_443_is_open_to_the_world" {
  command = plan

  assert {
    condition     = aws_vpc_security_group_ingress_rule.world.from_port == 443 && aws_vpc_security_group_ingress_rule.world.to_port == 443
    error_message = "443 and nothing else."
  }

  assert {
    condition     = aws_lb_listener.https.protocol == "HTTPS" && aws_lb_listener.https.port == 443
    error_message = "TLS."
  }

  assert {
    condition     = !aws_ecs_service.this.network_configuration[0].assign_public_ip
    error_message = "Tasks have no public address."
  }
}

run "healthy_when_ready" {
  command = plan

  assert {
    condition     = aws_lb_target_group.this.health_check[0].path == "/health/ready"
    error_message = "Health is readiness."
  }
}

run "rolls_on_and_back" {
  command = plan

  assert {
    condition     = aws_ecs_service.this.deployment_minimum_healthy_percent == 100 && aws_ecs_service.this.deployment_circuit_breaker[0].rollback
    error_message = "New tasks come before old ones go, and bad ones are rolled back."
  }
}

run "one_at_a_time" {
  command = plan

  variables {
    one_at_a_time = true
  }

  assert {
    condition     = aws_ecs_service.this.deployment_maximum_percent == 100
    error_message = "Never two tasks."
  }
}

run "scales_by_processors_and_requests" {
  command = plan

  assert {
    condition     = aws_appautoscaling_target.this.min_capacity == 2 && aws_appautoscaling_target.this.max_capacity == 4
    error_message = "Two to four tasks."
  }

  assert {
    condition     = aws_appautoscaling_policy.requests.target_tracking_scaling_policy_configuration[0].predefined_metric_specification[0].predefined_metric_type == "ALBRequestCountPerTarget"
    error_message = "Requests count."
  }
}

run "latest_is_refused" {
  command = plan

  variables {
    image = "111122223333.dkr.ecr.eu-central-1.amazonaws.com/atlas:latest"
  }

  expect_failures = [var.image]
}

run "every_action_is_refused" {
  command = plan

  variables {
    task_policy_statements = [{ actions = ["*"], resources = ["*"] }]
  }

  expect_failures = [var.task_policy_statements]
}
