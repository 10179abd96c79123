# The warehouse: Redshift on RA3, which reads the events of Kafka into a materialized view.

resource "aws_redshift_subnet_group" "this" {
  name        = var.name
  description = "Private subnets of ${var.name}"
  subnet_ids  = var.subnet_ids

  tags = { Name = var.name }
}

resource "aws_redshift_parameter_group" "this" {
  name        = var.name
  family      = "redshift-2.0"
  description = "TLS and a log of what users do, for ${var.name}"

  parameter {
    name  = "require_ssl"
    value = "true"
  }

  parameter {
    name  = "enable_user_activity_logging"
    value = "true"
  }

  tags = { Name = var.name }
}

resource "aws_redshift_cluster" "this" {
  cluster_identifier           = var.name
  database_name                = "atlas"
  node_type                    = var.node_type
  cluster_type                 = var.node_count == 1 ? "single-node" : "multi-node"
  number_of_nodes              = var.node_count
  cluster_subnet_group_name    = aws_redshift_subnet_group.this.name
  cluster_parameter_group_name = aws_redshift_parameter_group.this.name
  vpc_security_group_ids       = [aws_security_group.this.id]

  publicly_accessible  = false
  enhanced_vpc_routing = true
  encrypted            = "true"
  kms_key_id           = var.kms_key_arn

  master_username                   = "atlas_master"
  manage_master_password            = true
  master_password_secret_kms_key_id = var.kms_key_arn

  automated_snapshot_retention_period = var.snapshot_retention_days
  preferred_maintenance_window        = "sun:03:00-sun:04:00"
  skip_final_snapshot                 = !var.final_snapshot
  final_snapshot_identifier           = var.final_snapshot ? "${var.name}-final" : null

  tags = { Name = var.name }
}

resource "aws_redshift_cluster_iam_roles" "this" {
  cluster_identifier   = aws_redshift_cluster.this.cluster_identifier
  iam_role_arns        = [aws_iam_role.ingestion.arn]
  default_iam_role_arn = aws_iam_role.ingestion.arn
}
