variable "region" {
  description = "The region of everything"
  type        = string
}

variable "environment" {
  description = "The name of this environment, in names and tags"
  type        = string
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
