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
  node_type                 = "ra3.large"
  node_count                = 2
  snapshot_retention_days   = 3
  final_snapshot            = false

  kafka = {
    cluster_arn       = "arn:aws:kafka:eu-central-1:111122223333:cluster/atlas-test/1"
    bootstrap_brokers = "b-1:9098"
    security_group_id = "sg-2"
  }
}

run "encrypted_and_not_public" {
  command = plan

  assert {
    condition     = !aws_redshift_cluster.this.publicly_accessible
    error_message = "The warehouse is not public."
  }

  assert {
    condition     = aws_redshift_cluster.this.encrypted == "true" && aws_redshift_cluster.this.kms_key_id == var.kms_key_arn
    error_message = "Encrypted with the customer's key."
  }

  assert {
    condition     = aws_redshift_cluster.this.manage_master_password
    error_message = "Redshift makes the master's password."
  }
}

run "ingests_from_kafka" {
  command = plan

  assert {
    condition     = strcontains(output.streaming_ingestion_sql, "URI 'b-1:9098'") && strcontains(output.streaming_ingestion_sql, "atlas.public.entity")
    error_message = "The SQL names brokers and topic."
  }
}

run "other_nodes_are_refused" {
  command = plan

  variables {
    node_type = "dc2.large"
  }

  expect_failures = [var.node_type]
}
