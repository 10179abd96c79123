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
  name                      = "atlas-test"
  vpc_id                    = "vpc-1"
  subnets_by_zone           = { a = "subnet-1", b = "subnet-2", c = "subnet-3" }
  client_security_group_ids = { service = "sg-1" }
  kms_key_arn               = "arn:aws:kms:eu-central-1:111122223333:key/1"
  certificate_arn           = "arn:aws:acm:eu-central-1:111122223333:certificate/1"
  packages                  = { bucket_arn = "arn:aws:s3:::artifacts", folder = "clickhouse" }
  instance_type             = "r7g.large"
  volume_gib                = 100
}

run "three_replicas_of_fixed_size" {
  command = plan

  assert {
    condition     = length(aws_autoscaling_group.replica) == 3
    error_message = "Three replicas."
  }

  assert {
    condition     = alltrue([for group in aws_autoscaling_group.replica : group.min_size == 1 && group.max_size == 1])
    error_message = "Each of them is one instance."
  }

  assert {
    condition     = length(distinct([for volume in aws_ebs_volume.data : volume.availability_zone])) == 3
    error_message = "A volume in each zone."
  }
}

run "encrypted_and_within_the_network" {
  command = plan

  assert {
    condition     = alltrue([for volume in aws_ebs_volume.data : volume.encrypted])
    error_message = "Volumes are encrypted."
  }

  assert {
    condition     = aws_lb.this.internal
    error_message = "The load balancer is within the network."
  }

  assert {
    condition     = alltrue([for listener in aws_lb_listener.this : listener.protocol == "TLS"])
    error_message = "Clients speak TLS."
  }
}

run "no_snapshots_unless_asked_for" {
  command = plan

  assert {
    condition     = length(aws_dlm_lifecycle_policy.this) == 0
    error_message = "No policy of snapshots."
  }
}

run "snapshots" {
  command = plan

  variables {
    snapshot_retention_days = 7
  }

  assert {
    condition     = length(aws_dlm_lifecycle_policy.this) == 1
    error_message = "A policy of snapshots."
  }
}

run "two_zones_are_refused" {
  command = plan

  variables {
    subnets_by_zone = { a = "subnet-1", b = "subnet-2" }
  }

  expect_failures = [var.subnets_by_zone]
}
