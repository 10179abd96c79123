# Change capture outside of Atlas: MSK Connect runs Debezium, which reads the log of PostgreSQL and writes to Kafka.

data "aws_region" "current" {}

# Name and password of the role that captures, as {"username": …, "password": …}. Terraform makes the place only: what
# is in it is put there by hand and stays out of the state.
resource "aws_secretsmanager_secret" "capture" {
  name        = "${var.name}-capture"
  description = "The role that reads the log of PostgreSQL for ${var.name}"
  kms_key_id  = var.kms_key_arn

  tags = { Name = "${var.name}-capture" }
}

resource "aws_mskconnect_custom_plugin" "debezium" {
  name         = "${var.name}-debezium"
  description  = "Debezium for PostgreSQL, and the configuration provider for Secrets Manager"
  content_type = "ZIP"

  location {
    s3 {
      bucket_arn     = var.plugin.bucket_arn
      file_key       = var.plugin.key
      object_version = var.plugin.object_version
    }
  }

  tags = { Name = "${var.name}-debezium" }
}

resource "aws_mskconnect_worker_configuration" "this" {
  name        = var.name
  description = "Secrets are looked up when the connector starts"

  properties_file_content = <<-EOT
    key.converter=org.apache.kafka.connect.json.JsonConverter
    value.converter=org.apache.kafka.connect.json.JsonConverter
    topic.creation.enable=true
    config.providers=secretsmanager
    config.providers.secretsmanager.class=com.amazonaws.kafka.config.providers.SecretsManagerConfigProvider
    config.providers.secretsmanager.param.region=${data.aws_region.current.region}
  EOT

  tags = { Name = var.name }
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/${var.name}/connect"
  retention_in_days = var.log_retention_days

  tags = { Name = "${var.name}-connect" }
}

resource "aws_mskconnect_connector" "this" {
  name                 = "${var.name}-debezium"
  description          = "Changes of Atlas's tables"
  kafkaconnect_version = "3.7.x"

  connector_configuration = jsondecode(templatefile("${path.module}/connector.json.tftpl", {
    postgres         = var.postgres
    secret_name      = aws_secretsmanager_secret.capture.name
    slot_name        = var.slot_name
    publication_name = var.publication_name
    topics           = var.topics
  }))

  service_execution_role_arn = aws_iam_role.this.arn

  capacity {
    provisioned_capacity {
      mcu_count    = var.capacity_units
      worker_count = 1
    }
  }

  kafka_cluster {
    apache_kafka_cluster {
      bootstrap_servers = var.kafka.bootstrap_brokers

      vpc {
        subnets         = var.subnet_ids
        security_groups = [aws_security_group.this.id]
      }
    }
  }

  kafka_cluster_client_authentication {
    authentication_type = "IAM"
  }

  kafka_cluster_encryption_in_transit {
    encryption_type = "TLS"
  }

  plugin {
    custom_plugin {
      arn      = aws_mskconnect_custom_plugin.debezium.arn
      revision = aws_mskconnect_custom_plugin.debezium.latest_revision
    }
  }

  worker_configuration {
    arn      = aws_mskconnect_worker_configuration.this.arn
    revision = aws_mskconnect_worker_configuration.this.latest_revision
  }

  log_delivery {
    worker_log_delivery {
      cloudwatch_logs {
        enabled   = true
        log_group = aws_cloudwatch_log_group.this.name
      }
    }
  }

  tags = { Name = "${var.name}-debezium" }

  # Without its policy the connector fails at its first start, and is not started again.
  depends_on = [aws_iam_role_policy.this, aws_vpc_security_group_egress_rule.this, aws_vpc_security_group_egress_rule.tls]
}
