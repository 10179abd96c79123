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
  subnet_ids                = ["subnet-1", "subnet-2", "subnet-3"]
  client_security_group_ids = { service = "sg-1" }
  kms_key_arn               = "arn:aws:kms:eu-central-1:111122223333:key/1"
  min_capacity              = 1
  max_capacity              = 8
  reader_count              = 2
  backup_retention_days     = 7
  deletion_protection       = true
}

run "encrypted_and_not_public" {
  command = plan

  assert {
    condition     = aws_rds_cluster.this.storage_encrypted && aws_rds_cluster.this.kms_key_id == var.kms_key_arn
    error_message = "Data are encrypted with the customer's key."
  }

  assert {
    condition     = alltrue([for instance in aws_rds_cluster_instance.this : !instance.publicly_accessible])
    error_message = "No instance is public."
  }

  assert {
    condition     = aws_rds_cluster.this.manage_master_user_password
    error_message = "RDS makes the master's password."
  }

  assert {
    condition     = aws_rds_cluster.this.iam_database_authentication_enabled
    error_message = "IAM authentication is on."
  }
}

run "writer_and_readers" {
  command = plan

  assert {
    condition     = length(aws_rds_cluster_instance.this) == 3
    error_message = "A writer and two readers."
  }
}

run "decodes_its_log" {
  command = plan

  assert {
    condition     = contains([for each in aws_rds_cluster_parameter_group.this.parameter : "${each.name}=${each.value}"], "rds.logical_replication=1")
    error_message = "Logical replication is on."
  }

  assert {
    condition     = contains([for each in aws_rds_cluster_parameter_group.this.parameter : "${each.name}=${each.value}"], "rds.force_ssl=1")
    error_message = "TLS is required."
  }

  assert {
    condition     = aws_rds_cluster_parameter_group.this.family == "aurora-postgresql17"
    error_message = "The family follows the version."
  }
}

run "protected" {
  command = plan

  assert {
    condition     = aws_rds_cluster.this.deletion_protection && !aws_rds_cluster.this.skip_final_snapshot
    error_message = "A protected cluster leaves a last snapshot."
  }
}

run "only_clients_reach_it" {
  command = plan

  assert {
    condition     = length(aws_vpc_security_group_ingress_rule.client) == 1 && aws_vpc_security_group_ingress_rule.client["service"].referenced_security_group_id == "sg-1"
    error_message = "One rule for each client, by its group."
  }
}

run "an_old_version_is_refused" {
  command = plan

  variables {
    engine_version = "16.4"
  }

  expect_failures = [var.engine_version]
}

run "a_maximum_below_the_minimum_is_refused" {
  command = plan

  variables {
    min_capacity = 16
  }

  expect_failures = [var.max_capacity]
}
