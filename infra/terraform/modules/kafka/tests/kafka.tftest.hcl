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
  client_security_group_ids = { connect = "sg-1" }
  kms_key_arn               = "arn:aws:kms:eu-central-1:111122223333:key/1"
  instance_type             = "kafka.m7g.large"
  volume_gib                = 100
  max_volume_gib            = 500
}

run "three_brokers_with_tls_and_iam" {
  command = plan

  assert {
    condition     = aws_msk_cluster.this.number_of_broker_nodes == 3
    error_message = "Three brokers."
  }

  assert {
    condition     = aws_msk_cluster.this.encryption_info[0].encryption_in_transit[0].client_broker == "TLS" && aws_msk_cluster.this.encryption_info[0].encryption_in_transit[0].in_cluster
    error_message = "TLS everywhere."
  }

  assert {
    condition     = aws_msk_cluster.this.client_authentication[0].sasl[0].iam && !aws_msk_cluster.this.client_authentication[0].unauthenticated
    error_message = "IAM for everybody."
  }

  assert {
    condition     = aws_msk_cluster.this.encryption_info[0].encryption_at_rest_kms_key_arn == var.kms_key_arn
    error_message = "Encrypted with the customer's key."
  }
}

run "topics_have_three_replicas" {
  command = plan

  assert {
    condition     = alltrue([for topic in output.topics : topic.replication_factor == 3])
    error_message = "Three replicas of every topic."
  }

  assert {
    condition     = strcontains(aws_msk_configuration.this.server_properties, "min.insync.replicas=2")
    error_message = "Two replicas acknowledge."
  }
}

run "two_brokers_are_refused" {
  command = plan

  variables {
    broker_count = 2
  }

  expect_failures = [var.broker_count]
}
