variable "name" {
  description = "The first part of the names of everything in here, as atlas-dev"
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,18}[a-z0-9]$", var.name))
    error_message = "The name has 3 to 20 lower-case letters, digits and hyphens, begins with a letter and does not end with a hyphen."
  }
}

variable "network" {
  description = "The network: range, zones, NAT (none, single, per_zone), and for how many days its flow logs are kept"
  type = object({
    cidr                    = string
    zone_count              = number
    nat                     = string
    flow_log_retention_days = number
  })
}

variable "postgres" {
  description = "Aurora: capacity of an instance in units of 2 GiB, readers beside the writer, days of backups"
  type = object({
    min_capacity          = number
    max_capacity          = number
    reader_count          = number
    backup_retention_days = number
  })
}

variable "kafka" {
  description = "MSK: size and volumes of a broker; the connector is made when its plugin is in the bucket of artifacts and its role has a password"
  type = object({
    instance_type  = string
    volume_gib     = number
    max_volume_gib = number
    connector      = optional(bool, false)
    plugin_key     = optional(string, "connect/debezium-postgres.zip")
  })
}

variable "warehouses" {
  description = "Where analytics are served from: clickhouse, redshift, or both"
  type        = set(string)

  validation {
    condition     = length(setsubtract(var.warehouses, ["clickhouse", "redshift"])) == 0
    error_message = "clickhouse, redshift, both, or none."
  }

  validation {
    condition     = !contains(var.warehouses, "clickhouse") || var.network.zone_count == 3
    error_message = "ClickHouse wants three zones: a keeper in each."
  }
}

variable "clickhouse" {
  description = "ClickHouse: size and volume of each of the three replicas, days of snapshots (0 for none)"
  type = object({
    instance_type           = string
    volume_gib              = number
    snapshot_retention_days = number
  })
}

variable "redshift" {
  description = "Redshift: size and number of nodes, days of snapshots"
  type = object({
    node_type               = string
    node_count              = number
    snapshot_retention_days = number
  })
}

variable "cache" {
  description = "Valkey: whether there is one, size of a node, replicas"
  type = object({
    enabled       = bool
    node_type     = string
    replica_count = number
  })
}

variable "service" {
  description = "Atlas: size and number of tasks; embedded_tiers says that a task keeps its data on its own disk, so that there is exactly one"
  type = object({
    cpu            = number
    memory_mib     = number
    min_tasks      = number
    max_tasks      = number
    embedded_tiers = optional(bool, true)
    command        = optional(list(string), ["up", "--host", "0.0.0.0", "--require-keys", "--no-sample-data", "--data-dir", "/data"])
    environment    = optional(map(string), {})
    secret_arns    = optional(map(string), {})
  })
}

variable "protection" {
  description = "Whether AWS refuses to delete what holds data or is the way to it, and last snapshots are taken"
  type        = bool
}

variable "log_retention_days" {
  description = "For how many days logs of the tiers are kept"
  type        = number

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 731], var.log_retention_days)
    error_message = "One of the numbers of days that CloudWatch Logs takes, as 7, 30, 90 or 365."
  }
}

variable "account" {
  description = "What belongs to the account: certificates in ACM, images, and who is told of alarms"
  type = object({
    certificate_arn            = string
    clickhouse_certificate_arn = string
    image                      = string
    collector_image            = string
    alarm_subscribers          = set(string)
  })
}
