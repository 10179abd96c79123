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
  name        = "atlas-test"
  vpc_id      = "vpc-1"
  subnet_ids  = ["subnet-1", "subnet-2", "subnet-3"]
  kms_key_arn = "arn:aws:kms:eu-central-1:111122223333:key/1"
  plugin      = { bucket_arn = "arn:aws:s3:::artifacts", key = "connect/debezium.zip" }
  topics      = { "atlas.public.entity" = { partitions = 12, retention_hours = 72, cleanup_policy = "delete", replication_factor = 3 } }

  kafka = {
    cluster_arn       = "arn:aws:kafka:eu-central-1:111122223333:cluster/atlas-test/1"
    bootstrap_brokers = "b-1:9098"
    security_group_id = "sg-2"
  }

  postgres = {
    endpoint          = "atlas-test.cluster.example"
    port              = 5432
    database_name     = "atlas"
    security_group_id = "sg-3"
  }
}

run "configuration_without_a_secret" {
  command = plan

  assert {
    condition     = aws_mskconnect_connector.this.connector_configuration["database.password"] == "$${secretsmanager:atlas-test-capture:password}"
    error_message = "The configuration names the secret and holds none."
  }

  assert {
    condition     = aws_mskconnect_connector.this.connector_configuration["topic.creation.atlas_public_entity.partitions"] == "12"
    error_message = "Topics are made as the variable says."
  }

  assert {
    condition     = aws_mskconnect_connector.this.connector_configuration["publication.autocreate.mode"] == "disabled"
    error_message = "Atlas's migrations make the publication."
  }
}

run "with_iam_over_tls" {
  command = plan

  assert {
    condition     = aws_mskconnect_connector.this.kafka_cluster_client_authentication[0].authentication_type == "IAM"
    error_message = "IAM."
  }

  assert {
    condition     = aws_mskconnect_connector.this.kafka_cluster_encryption_in_transit[0].encryption_type == "TLS"
    error_message = "TLS."
  }
}

run "the_slot_of_atlas_itself_is_refused" {
  command = plan

  variables {
    slot_name = "atlas"
  }

  expect_failures = [var.slot_name]
}
