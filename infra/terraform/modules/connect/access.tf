# What the workers may reach and do.

data "aws_caller_identity" "current" {}

locals {
  # arn:partition:kafka:region:account:cluster/name/uuid, and the same for topics and groups of that cluster.
  topic_arn = "${replace(var.kafka.cluster_arn, ":cluster/", ":topic/")}/*"
  group_arn = "${replace(var.kafka.cluster_arn, ":cluster/", ":group/")}/*"
}

resource "aws_security_group" "this" {
  name        = "${var.name}-connect"
  description = "Workers of MSK Connect of ${var.name}"
  vpc_id      = var.vpc_id

  tags = { Name = "${var.name}-connect" }
}

resource "aws_vpc_security_group_egress_rule" "this" {
  for_each = {
    kafka    = { group = var.kafka.security_group_id, port = 9098 }
    postgres = { group = var.postgres.security_group_id, port = var.postgres.port }
  }

  security_group_id            = aws_security_group.this.id
  referenced_security_group_id = each.value.group
  description                  = "To ${each.key}"
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port

  tags = { Name = "${var.name}-connect-${each.key}" }
}

# Secrets Manager, CloudWatch Logs and S3: by the endpoints of the network where there are any.
resource "aws_vpc_security_group_egress_rule" "tls" {
  security_group_id = aws_security_group.this.id
  description       = "TLS to services of AWS"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443

  tags = { Name = "${var.name}-connect-tls" }
}

resource "aws_iam_role" "this" {
  name = "${var.name}-connect"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "kafkaconnect.amazonaws.com" }
      Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id } }
    }]
  })

  tags = { Name = "${var.name}-connect" }
}

resource "aws_iam_role_policy" "this" {
  name = "capture"
  role = aws_iam_role.this.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["kafka-cluster:Connect", "kafka-cluster:DescribeCluster"]
        Resource = var.kafka.cluster_arn
      },
      {
        Effect = "Allow"
        Action = [
          "kafka-cluster:CreateTopic",
          "kafka-cluster:DescribeTopic",
          "kafka-cluster:DescribeTopicDynamicConfiguration",
          "kafka-cluster:AlterTopicDynamicConfiguration",
          "kafka-cluster:ReadData",
          "kafka-cluster:WriteData",
        ]
        Resource = local.topic_arn
      },
      {
        Effect   = "Allow"
        Action   = ["kafka-cluster:AlterGroup", "kafka-cluster:DescribeGroup"]
        Resource = local.group_arn
      },
      {
        Effect   = "Allow"
        Action   = "secretsmanager:GetSecretValue"
        Resource = aws_secretsmanager_secret.capture.arn
      },
      {
        Effect   = "Allow"
        Action   = "kms:Decrypt"
        Resource = var.kms_key_arn
      },
    ]
  })
}
