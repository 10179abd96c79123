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
  name               = "atlas-test"
  network            = { cidr = "10.0.0.0/16", zone_count = 3, nat = "single", flow_log_retention_days = 7 }
  postgres           = { min_capacity = 1, max_capacity = 4, reader_count = 1, backup_retention_days = 7 }
  kafka              = { instance_type = "kafka.m7g.large", volume_gib = 100, max_volume_gib = 500 }
  warehouses         = ["clickhouse"]
  clickhouse         = { instance_type = "r7g.large", volume_gib = 100, snapshot_retention_days = 0 }
  redshift           = { node_type = "ra3.large", node_count = 1, snapshot_retention_days = 1 }
  cache              = { enabled = false, node_type = "cache.t4g.small", replica_count = 0 }
  service            = { cpu = 2048, memory_mib = 4096, min_tasks = 2, max_tasks = 6 }
  protection         = true
  log_retention_days = 7

  account = {
    certificate_arn            = "arn:aws:acm:eu-central-1:111122223333:certificate/1"
    clickhouse_certificate_arn = "arn:aws:acm:eu-central-1:111122223333:certificate/2"
    image                      = "111122223333.dkr.ecr.eu-central-1.amazonaws.com/atlas:0.1.0"
    collector_image            = "public.ecr.aws/aws-observability/aws-otel-collector:v0.43.3"
    alarm_subscribers          = []
  }
}

run "one_task_while_tiers_are_in_it" {
  command = plan

  assert {
    condition     = output.shape.min_tasks == 1 && output.shape.max_tasks == 1
    error_message = "With its tiers in the task there is one task, whatever the limits say."
  }
}

run "as_many_tasks_as_meant_once_tiers_are_outside" {
  command = plan

  variables {
    service = { cpu = 2048, memory_mib = 4096, min_tasks = 2, max_tasks = 6, embedded_tiers = false }
  }

  assert {
    condition     = output.shape.min_tasks == 2 && output.shape.max_tasks == 6
    error_message = "Two to six tasks."
  }
}

run "either_warehouse_or_both" {
  command = plan

  variables {
    warehouses = ["clickhouse", "redshift"]
  }

  assert {
    condition     = output.shape.clickhouse_present && output.shape.redshift_present
    error_message = "Both."
  }
}

run "another_warehouse_is_refused" {
  command = plan

  variables {
    warehouses = ["duckdb"]
  }

  expect_failures = [var.warehouses]
}

run "clickhouse_in_two_zones_is_refused" {
  command = plan

  variables {
    network = { cidr = "10.0.0.0/16", zone_count = 2, nat = "single", flow_log_retention_days = 7 }
  }

  expect_failures = [var.warehouses]
}

run "artifacts_are_private_and_encrypted" {
  command = plan

  assert {
    condition     = aws_s3_bucket_public_access_block.artifacts.block_public_policy && aws_s3_bucket_public_access_block.artifacts.restrict_public_buckets
    error_message = "Nothing in the bucket is public."
  }

  assert {
    condition     = aws_kms_key.data.enable_key_rotation
    error_message = "The key is rotated."
  }
}
