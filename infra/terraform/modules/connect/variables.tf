variable "name" {
  description = "The first part of the names of everything in here, as atlas-dev"
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,18}[a-z0-9]$", var.name))
    error_message = "The name has 3 to 20 lower-case letters, digits and hyphens, begins with a letter and does not end with a hyphen."
  }
}

variable "vpc_id" {
  description = "The network that this is in"
  type        = string
}

variable "subnet_ids" {
  description = "Private subnets, one in each zone"
  type        = list(string)

  validation {
    condition     = length(var.subnet_ids) >= 2
    error_message = "Subnets in two zones at least."
  }
}

variable "kms_key_arn" {
  description = "The key of the customer that everything at rest is encrypted with"
  type        = string
}

variable "log_retention_days" {
  description = "For how many days logs are kept"
  type        = number
  default     = 30

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 731], var.log_retention_days)
    error_message = "One of the numbers of days that CloudWatch Logs takes, as 7, 30, 90 or 365."
  }
}

variable "plugin" {
  description = "The archive with Debezium's PostgreSQL connector and the configuration provider for Secrets Manager: bucket, key, and the version of the object"
  type = object({
    bucket_arn     = string
    key            = string
    object_version = optional(string)
  })

  validation {
    condition     = endswith(var.plugin.key, ".zip")
    error_message = "The plugin is a .zip."
  }
}

variable "kafka" {
  description = "Where changes go: the outputs of the module kafka"
  type = object({
    cluster_arn       = string
    bootstrap_brokers = string
    security_group_id = string
  })
}

variable "postgres" {
  description = "Where changes come from: the outputs of the module postgres"
  type = object({
    endpoint          = string
    port              = number
    database_name     = string
    security_group_id = string
  })
}

variable "topics" {
  description = "The topics that the connector creates: the output of the module kafka"
  type = map(object({
    partitions         = number
    retention_hours    = number
    cleanup_policy     = string
    replication_factor = number
  }))
}

variable "slot_name" {
  description = "The replication slot of this connector; the one of capture within Atlas is 'atlas', and no two readers share a slot"
  type        = string
  default     = "atlas_connect"

  validation {
    condition     = can(regex("^[a-z0-9_]{1,63}$", var.slot_name)) && var.slot_name != "atlas"
    error_message = "Lower-case letters, digits and underscores, and not 'atlas'."
  }
}

variable "publication_name" {
  description = "The publication that Atlas's migrations create"
  type        = string
  default     = "atlas"

  validation {
    condition     = can(regex("^[a-z][a-z0-9_]{0,62}$", var.publication_name))
    error_message = "Lower-case letters, digits and underscores, beginning with a letter."
  }
}

variable "capacity_units" {
  description = "The size of the one worker, in MSK Connect units of 1 vCPU and 4 GiB: the connector has one task, more workers would idle"
  type        = number
  default     = 1

  validation {
    condition     = contains([1, 2, 4, 8], var.capacity_units)
    error_message = "1, 2, 4 or 8."
  }
}
