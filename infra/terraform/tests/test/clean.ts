/**
 * A small tree without a problem. Each test of a rule plants one mistake in it, and finds that one and no other.
 */
export const CLEAN: Readonly<Record<string, string>> = {
  "modules/store/main.tf": `terraform {
  required_version = ">= 1.10.0"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.25"
    }
  }
}

data "aws_region" "current" {}

locals {
  names = { for key, group in var.clients : key => upper(group) }
}

resource "aws_security_group" "this" {
  name        = "\${var.name}-store"
  description = "The store in \${data.aws_region.current.region}"
  vpc_id      = var.vpc_id
}

resource "aws_security_group" "world" {
  name   = "\${var.name}-world"
  vpc_id = var.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "client" {
  for_each = local.names

  security_group_id            = aws_security_group.this.id
  referenced_security_group_id = each.value
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

resource "aws_vpc_security_group_ingress_rule" "world" {
  security_group_id = aws_security_group.world.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_egress_rule" "tls" {
  security_group_id = aws_security_group.this.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_lb" "world" {
  name            = var.name
  internal        = false
  security_groups = [aws_security_group.world.id]
}

resource "aws_rds_cluster" "this" {
  cluster_identifier          = var.name
  engine                      = "aurora-postgresql"
  manage_master_user_password = true
  master_username             = "master"
  storage_encrypted           = true
  backup_retention_period     = var.days
  vpc_security_group_ids      = [aws_security_group.this.id]

  serverlessv2_scaling_configuration {
    min_capacity = 0.5
    max_capacity = 4
  }

  lifecycle {
    ignore_changes = [engine_version]
  }
}

resource "aws_rds_cluster_instance" "this" {
  count = 2

  identifier         = "\${var.name}-\${count.index}"
  cluster_identifier = aws_rds_cluster.this.id
  engine             = aws_rds_cluster.this.engine
  instance_class     = "db.serverless"
}

resource "aws_rds_cluster_parameter_group" "this" {
  family = "aurora-postgresql17"

  dynamic "parameter" {
    for_each = { "rds.logical_replication" = "1" }
    content {
      name  = parameter.key
      value = parameter.value
    }
  }
}

resource "aws_launch_template" "this" {
  name = var.name

  tag_specifications {
    resource_type = "instance"
    tags          = { Name = var.name }
  }
}

resource "aws_autoscaling_group" "this" {
  min_size = 1
  max_size = 1

  launch_template {
    id = aws_launch_template.this.id
  }

  tag {
    key                 = "Name"
    value               = var.name
    propagate_at_launch = true
  }
}

resource "aws_ecs_task_definition" "this" {
  family = var.name
  container_definitions = jsonencode([{
    name        = "atlas"
    image       = "atlas:1"
    essential   = true
    environment = [{ name = "ATLAS_URL", value = "x" }]
  }])
}

resource "aws_iam_role" "this" {
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
    }]
  })
}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = var.name
  dashboard_body = templatefile("\${path.module}/board.json.tftpl", { title = var.name, hosts = [for key, value in local.hosts : value.host] })
}

locals {
  hosts = { for index, zone in ["a", "b"] : zone => { host = "replica-\${index}" } }
}
`,
  "modules/store/board.json.tftpl": `{"title": "\${title}", "hosts": [%{ for host in hosts ~}"\${host}",%{ endfor ~}]}
`,
  "modules/store/variables.tf": `variable "name" {
  description = "The name of everything"
  type        = string

  validation {
    condition     = length(var.name) > 2
    error_message = "Three letters at least."
  }
}

variable "vpc_id" {
  description = "The network of the store"
  type        = string
}

variable "days" {
  description = "Days of backups"
  type        = number
  default     = 7

  validation {
    condition     = var.days > 0
    error_message = "One at least."
  }
}

variable "clients" {
  description = "Groups by their names"
  type        = map(string)
}

variable "size" {
  description = "How large it is"
  type = object({
    nodes = number
    kind  = optional(string, "small")
  })
}
`,
  "modules/store/outputs.tf": `output "endpoint" {
  description = "Where the store is"
  value       = aws_rds_cluster.this.endpoint
}

output "secret_arn" {
  description = "The secret of the master"
  value       = aws_rds_cluster.this.master_user_secret[0].secret_arn
}

output "instances" {
  description = "All instances, and how large they are"
  value       = { ids = aws_rds_cluster_instance.this[*].identifier, nodes = var.size.nodes }
}
`,
  "modules/store/tests/store.tftest.hcl": `mock_provider "aws" {
  mock_data "aws_region" {
    defaults = { region = "eu-central-1" }
  }
}

variables {
  name    = "atlas"
  vpc_id  = "vpc-1"
  clients = {}
  size    = { nodes = 1 }
}

run "encrypted" {
  command = plan

  assert {
    condition     = aws_rds_cluster.this.storage_encrypted
    error_message = "The store is encrypted."
  }
}
`,
  "environments/dev/main.tf": `terraform {
  required_version = ">= 1.10.0"
}

provider "aws" {
  region = var.region

  default_tags {
    tags = { Project = "atlas" }
  }
}

module "store" {
  source  = "../../modules/store"
  name    = "atlas"
  vpc_id  = "vpc-1"
  clients = { a = "sg-1" }
  size    = { nodes = 3 }
}
`,
  "environments/dev/variables.tf": `variable "region" {
  description = "The region of everything"
  type        = string
}

output "endpoint" {
  description = "Where the store is"
  value       = module.store.endpoint
}
`,
  "environments/dev/terraform.tfvars": `region = "eu-central-1"
`,
};
