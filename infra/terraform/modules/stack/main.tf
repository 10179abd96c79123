# All of Atlas on AWS. The environments differ in what they pass to this and in nothing else.

locals {
  clickhouse = contains(var.warehouses, "clickhouse")
  redshift   = contains(var.warehouses, "redshift")
  kms_key    = aws_kms_key.data.arn

  # With its tiers in the task a second task would be a second, different Atlas.
  min_tasks = var.service.embedded_tiers ? 1 : var.service.min_tasks
  max_tasks = var.service.embedded_tiers ? 1 : var.service.max_tasks
}

module "network" {
  source = "../network"

  name                    = var.name
  cidr                    = var.network.cidr
  zone_count              = var.network.zone_count
  nat                     = var.network.nat
  flow_log_retention_days = var.network.flow_log_retention_days
}

module "postgres" {
  source = "../postgres"

  name                  = var.name
  vpc_id                = module.network.vpc_id
  subnet_ids            = module.network.private_subnet_ids
  kms_key_arn           = local.kms_key
  min_capacity          = var.postgres.min_capacity
  max_capacity          = var.postgres.max_capacity
  reader_count          = var.postgres.reader_count
  backup_retention_days = var.postgres.backup_retention_days
  deletion_protection   = var.protection

  client_security_group_ids = merge(
    { service = module.service.security_group_id },
    { for connect in module.connect : "connect" => connect.security_group_id },
  )
}

module "kafka" {
  source = "../kafka"

  name               = var.name
  vpc_id             = module.network.vpc_id
  subnet_ids         = module.network.private_subnet_ids
  kms_key_arn        = local.kms_key
  log_retention_days = var.log_retention_days
  broker_count       = var.network.zone_count == 2 ? 4 : 3
  instance_type      = var.kafka.instance_type
  volume_gib         = var.kafka.volume_gib
  max_volume_gib     = var.kafka.max_volume_gib

  client_security_group_ids = merge(
    { service = module.service.security_group_id },
    { for connect in module.connect : "connect" => connect.security_group_id },
    { for redshift in module.redshift : "redshift" => redshift.security_group_id },
  )
}

module "connect" {
  source = "../connect"
  count  = var.kafka.connector ? 1 : 0

  name               = var.name
  vpc_id             = module.network.vpc_id
  subnet_ids         = module.network.private_subnet_ids
  kms_key_arn        = local.kms_key
  log_retention_days = var.log_retention_days
  topics             = module.kafka.topics

  plugin = {
    bucket_arn = aws_s3_bucket.artifacts.arn
    key        = var.kafka.plugin_key
  }

  kafka = {
    cluster_arn       = module.kafka.cluster_arn
    bootstrap_brokers = module.kafka.bootstrap_brokers
    security_group_id = module.kafka.security_group_id
  }

  postgres = {
    endpoint          = module.postgres.endpoint
    port              = module.postgres.port
    database_name     = module.postgres.database_name
    security_group_id = module.postgres.security_group_id
  }
}

module "clickhouse" {
  source = "../clickhouse"
  count  = local.clickhouse ? 1 : 0

  name                      = var.name
  vpc_id                    = module.network.vpc_id
  subnets_by_zone           = module.network.private_subnets_by_zone
  kms_key_arn               = local.kms_key
  client_security_group_ids = { service = module.service.security_group_id }
  certificate_arn           = var.account.clickhouse_certificate_arn
  packages                  = { bucket_arn = aws_s3_bucket.artifacts.arn, folder = "clickhouse" }
  instance_type             = var.clickhouse.instance_type
  volume_gib                = var.clickhouse.volume_gib
  snapshot_retention_days   = var.clickhouse.snapshot_retention_days
}

module "redshift" {
  source = "../redshift"
  count  = local.redshift ? 1 : 0

  name                      = var.name
  vpc_id                    = module.network.vpc_id
  subnet_ids                = module.network.private_subnet_ids
  kms_key_arn               = local.kms_key
  client_security_group_ids = { service = module.service.security_group_id }
  node_type                 = var.redshift.node_type
  node_count                = var.redshift.node_count
  snapshot_retention_days   = var.redshift.snapshot_retention_days
  final_snapshot            = var.protection

  kafka = {
    cluster_arn       = module.kafka.cluster_arn
    bootstrap_brokers = module.kafka.bootstrap_brokers
    security_group_id = module.kafka.security_group_id
  }
}

module "cache" {
  source = "../cache"
  count  = var.cache.enabled ? 1 : 0

  name                      = var.name
  vpc_id                    = module.network.vpc_id
  subnet_ids                = module.network.private_subnet_ids
  kms_key_arn               = local.kms_key
  client_security_group_ids = { service = module.service.security_group_id }
  node_type                 = var.cache.node_type
  replica_count             = var.cache.replica_count
}

module "service" {
  source = "../service"

  name                = var.name
  vpc_id              = module.network.vpc_id
  public_subnet_ids   = module.network.public_subnet_ids
  private_subnet_ids  = module.network.private_subnet_ids
  kms_key_arn         = local.kms_key
  log_retention_days  = var.log_retention_days
  certificate_arn     = var.account.certificate_arn
  image               = var.account.image
  collector_image     = var.account.collector_image
  command             = var.service.command
  environment         = var.service.environment
  secret_arns         = var.service.secret_arns
  cpu                 = var.service.cpu
  memory_mib          = var.service.memory_mib
  min_tasks           = local.min_tasks
  max_tasks           = local.max_tasks
  one_at_a_time       = var.service.embedded_tiers
  deletion_protection = var.protection

  connections = merge(
    {
      postgres = { security_group_id = module.postgres.security_group_id, port = 5432 }
      kafka    = { security_group_id = module.kafka.security_group_id, port = 9098 }
    },
    { for clickhouse in module.clickhouse : "clickhouse" => { security_group_id = clickhouse.load_balancer_security_group_id, port = 8443 } },
    { for clickhouse in module.clickhouse : "clickhouse-native" => { security_group_id = clickhouse.load_balancer_security_group_id, port = 9440 } },
    { for redshift in module.redshift : "redshift" => { security_group_id = redshift.security_group_id, port = 5439 } },
    { for cache in module.cache : "cache" => { security_group_id = cache.security_group_id, port = 6379 } },
  )

  task_policy_statements = concat(
    [{
      actions   = ["rds-db:connect"]
      resources = ["arn:${data.aws_partition.current.partition}:rds-db:${data.aws_region.current.region}:${data.aws_caller_identity.current.account_id}:dbuser:${module.postgres.cluster_resource_id}/atlas_service"]
    }],
    [for cache in module.cache : { actions = ["elasticache:Connect"], resources = cache.arns }],
  )
}

module "observability" {
  source = "../observability"

  name                    = var.name
  kms_key_arn             = local.kms_key
  metric_namespace        = module.service.metric_namespace
  load_balancer_dimension = module.service.load_balancer_dimension
  target_group_dimension  = module.service.target_group_dimension
  postgres_cluster        = module.postgres.cluster_identifier
  subscribers             = var.account.alarm_subscribers
}
