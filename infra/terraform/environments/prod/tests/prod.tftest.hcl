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
  account = {
    certificate_arn            = "arn:aws:acm:eu-central-1:111122223333:certificate/1"
    clickhouse_certificate_arn = "arn:aws:acm:eu-central-1:111122223333:certificate/2"
    image                      = "111122223333.dkr.ecr.eu-central-1.amazonaws.com/atlas:0.1.0"
    collector_image            = "public.ecr.aws/aws-observability/aws-otel-collector:v0.43.3"
    alarm_subscribers          = []
  }
}

run "is_as_large_as_meant" {
  command = plan

  assert {
    condition     = output.shape.zones == 3 && output.shape.nat_gateways == 3
    error_message = "Three zones, and as many NAT gateways as meant: 3."
  }

  assert {
    condition     = output.shape.postgres_readers == 2 && output.shape.backup_days == 35
    error_message = "Readers: 2; days of backups: 35."
  }

  assert {
    condition     = output.shape.clickhouse_present && output.shape.redshift_present == true && output.shape.cache_present == true
    error_message = "ClickHouse is there; Redshift: true; a cache: true."
  }
}

run "is_protected_as_meant" {
  command = plan

  assert {
    condition     = output.shape.protection == true
    error_message = "Protection against deletion: true."
  }
}

run "is_one_task_while_tiers_are_in_it" {
  command = plan

  assert {
    condition     = output.shape.min_tasks == 1 && output.shape.max_tasks == 1
    error_message = "A task that keeps its data on its own disk is alone."
  }
}
