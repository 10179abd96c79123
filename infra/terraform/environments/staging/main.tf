provider "aws" {
  region = var.region

  default_tags {
    tags = {
      Project     = "atlas"
      Environment = var.environment
      ManagedBy   = "terraform"
    }
  }
}

module "atlas" {
  source = "../../modules/stack"

  name               = "atlas-${var.environment}"
  network            = var.network
  postgres           = var.postgres
  kafka              = var.kafka
  warehouses         = var.warehouses
  clickhouse         = var.clickhouse
  redshift           = var.redshift
  cache              = var.cache
  service            = var.service
  protection         = var.protection
  log_retention_days = var.log_retention_days
  account            = var.account
}
