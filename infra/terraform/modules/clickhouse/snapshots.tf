# Daily snapshots of the volumes, where they are wanted.

locals {
  snapshots = var.snapshot_retention_days > 0 ? 1 : 0
}

resource "aws_iam_role" "snapshots" {
  count = local.snapshots

  name = "${var.name}-clickhouse-snapshots"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "dlm.amazonaws.com" }
    }]
  })

  tags = { Name = "${var.name}-clickhouse-snapshots" }
}

resource "aws_iam_role_policy_attachment" "snapshots" {
  count = local.snapshots

  role       = aws_iam_role.snapshots[0].name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/service-role/AWSDataLifecycleManagerServiceRole"
}

resource "aws_dlm_lifecycle_policy" "this" {
  count = local.snapshots

  description        = "Daily snapshots of ClickHouse of ${var.name}"
  execution_role_arn = aws_iam_role.snapshots[0].arn
  state              = "ENABLED"

  policy_details {
    resource_types = ["VOLUME"]
    target_tags    = { Store = "${var.name}-clickhouse" }

    schedule {
      name      = "daily"
      copy_tags = true

      create_rule {
        interval      = 24
        interval_unit = "HOURS"
        times         = ["02:00"]
      }

      retain_rule {
        count = var.snapshot_retention_days
      }
    }
  }

  tags = { Name = "${var.name}-clickhouse-snapshots" }
}
