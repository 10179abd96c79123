# Who may ask the warehouse, and what it may read.

locals {
  topic_arn = "${replace(var.kafka.cluster_arn, ":cluster/", ":topic/")}/${var.topic}"
  group_arn = "${replace(var.kafka.cluster_arn, ":cluster/", ":group/")}/*"
}

resource "aws_security_group" "this" {
  name        = "${var.name}-redshift"
  description = "Redshift of ${var.name}"
  vpc_id      = var.vpc_id

  tags = { Name = "${var.name}-redshift" }
}

resource "aws_vpc_security_group_ingress_rule" "client" {
  for_each = var.client_security_group_ids

  security_group_id            = aws_security_group.this.id
  referenced_security_group_id = each.value
  description                  = "Redshift from ${each.key}"
  ip_protocol                  = "tcp"
  from_port                    = 5439
  to_port                      = 5439

  tags = { Name = "${var.name}-redshift-${each.key}" }
}

resource "aws_vpc_security_group_egress_rule" "kafka" {
  security_group_id            = aws_security_group.this.id
  referenced_security_group_id = var.kafka.security_group_id
  description                  = "To the brokers"
  ip_protocol                  = "tcp"
  from_port                    = 9098
  to_port                      = 9098

  tags = { Name = "${var.name}-redshift-kafka" }
}

resource "aws_iam_role" "ingestion" {
  name = "${var.name}-redshift"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "redshift.amazonaws.com" }
    }]
  })

  tags = { Name = "${var.name}-redshift" }
}

resource "aws_iam_role_policy" "ingestion" {
  name = "ingest"
  role = aws_iam_role.ingestion.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["kafka-cluster:Connect", "kafka:GetBootstrapBrokers"]
        Resource = var.kafka.cluster_arn
      },
      {
        Effect   = "Allow"
        Action   = ["kafka-cluster:ReadData", "kafka-cluster:DescribeTopic"]
        Resource = local.topic_arn
      },
      {
        Effect   = "Allow"
        Action   = ["kafka-cluster:AlterGroup", "kafka-cluster:DescribeGroup"]
        Resource = local.group_arn
      },
    ]
  })
}
