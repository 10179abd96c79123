# Three replicas of ClickHouse with a keeper each. A replica is an Auto Scaling group of one in its zone: what dies is
# started anew, takes the same volume and the same name, and goes on as the same member of the keepers' quorum. One
# group of three could not promise which of the three a new instance is.

data "aws_region" "current" {}

# The default tags of the provider do not reach what a launch template and an Auto Scaling group make.
data "aws_default_tags" "current" {}


locals {
  zones  = sort(keys(var.subnets_by_zone))
  domain = "clickhouse.${var.name}.internal"

  replicas = { for index, zone in local.zones : tostring(index + 1) => {
    zone   = zone
    subnet = var.subnets_by_zone[zone]
    host   = "replica-${index + 1}.${local.domain}"
  } }
}

# The password of the user atlas. Terraform makes the place only: what is in it is put there by hand.
resource "aws_secretsmanager_secret" "user" {
  name        = "${var.name}-clickhouse"
  description = "The password of the user atlas in ClickHouse of ${var.name}"
  kms_key_id  = var.kms_key_arn

  tags = { Name = "${var.name}-clickhouse" }
}

# Instances write their addresses in here when they start.
resource "aws_route53_zone" "this" {
  name          = local.domain
  comment       = "Replicas of ClickHouse of ${var.name}"
  force_destroy = true

  vpc {
    vpc_id = var.vpc_id
  }

  tags = { Name = local.domain }
}

resource "aws_ebs_volume" "data" {
  for_each = local.replicas

  availability_zone = each.value.zone
  size              = var.volume_gib
  type              = "gp3"
  encrypted         = true
  kms_key_id        = var.kms_key_arn

  tags = { Name = "${var.name}-clickhouse-${each.key}", Store = "${var.name}-clickhouse" }
}

resource "aws_launch_template" "replica" {
  for_each = local.replicas

  name          = "${var.name}-clickhouse-${each.key}"
  description   = "Replica ${each.key} of ClickHouse ${var.clickhouse_version}"
  image_id      = var.image
  instance_type = var.instance_type

  vpc_security_group_ids = [aws_security_group.members.id]
  update_default_version = true

  user_data = base64encode(templatefile("${path.module}/user_data.sh.tftpl", {
    region      = data.aws_region.current.region
    version     = var.clickhouse_version
    bucket      = regex("[^:]+$", var.packages.bucket_arn)
    folder      = var.packages.folder
    secret_arn  = aws_secretsmanager_secret.user.arn
    volume_id   = aws_ebs_volume.data[each.key].id
    dns_zone_id = aws_route53_zone.this.zone_id
    replica     = each.key
    host        = each.value.host
    config = templatefile("${path.module}/config.xml.tftpl", {
      replica = each.key
      hosts   = { for number, replica in local.replicas : number => replica.host }
    })
  }))

  iam_instance_profile {
    arn = aws_iam_instance_profile.this.arn
  }

  # Version 2 of the metadata service alone, and not from within containers.
  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  block_device_mappings {
    device_name = "/dev/xvda"

    ebs {
      volume_size           = 30
      volume_type           = "gp3"
      encrypted             = "true"
      kms_key_id            = var.kms_key_arn
      delete_on_termination = "true"
    }
  }

  dynamic "tag_specifications" {
    for_each = toset(["instance", "volume"])
    content {
      resource_type = tag_specifications.value
      tags          = merge(data.aws_default_tags.current.tags, { Name = "${var.name}-clickhouse-${each.key}" })
    }
  }

  tags = { Name = "${var.name}-clickhouse-${each.key}" }
}

resource "aws_autoscaling_group" "replica" {
  for_each = local.replicas

  name                      = "${var.name}-clickhouse-${each.key}"
  min_size                  = 1
  max_size                  = 1
  desired_capacity          = 1
  vpc_zone_identifier       = [each.value.subnet]
  target_group_arns         = [for group in aws_lb_target_group.this : group.arn]
  health_check_type         = "EC2"
  health_check_grace_period = 600

  launch_template {
    id      = aws_launch_template.replica[each.key].id
    version = aws_launch_template.replica[each.key].latest_version
  }

  # The old instance goes first: the volume is in one at a time.
  instance_maintenance_policy {
    min_healthy_percentage = 0
    max_healthy_percentage = 100
  }

  # The template tags what is launched.
  dynamic "tag" {
    for_each = merge(data.aws_default_tags.current.tags, { Name = "${var.name}-clickhouse-${each.key}" })
    content {
      key                 = tag.key
      value               = tag.value
      propagate_at_launch = false
    }
  }

  depends_on = [aws_iam_role_policy.this]
}
