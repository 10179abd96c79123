variable "name" {
  description = "The first part of the names of everything in here, as atlas-dev"
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,18}[a-z0-9]$", var.name))
    error_message = "The name has 3 to 20 lower-case letters, digits and hyphens, begins with a letter and does not end with a hyphen."
  }
}

variable "vpc_id" {
  description = "The network that the cluster is in"
  type        = string
}

variable "subnet_ids" {
  description = "Private subnets in two zones at least"
  type        = list(string)

  validation {
    condition     = length(var.subnet_ids) >= 2
    error_message = "Aurora wants subnets in two zones at least."
  }
}

variable "client_security_group_ids" {
  description = "The security groups that may connect, by a name that says who they are"
  type        = map(string)
}

variable "kms_key_arn" {
  description = "The customer's key for data, master secret and Performance Insights"
  type        = string
}

variable "engine_version" {
  description = "The version of Aurora PostgreSQL, 17 or newer: a major version, whose minor ones RDS takes over by itself, or one with a minor version"
  type        = string
  default     = "17"

  validation {
    condition     = can(regex("^[0-9]+(\\.[0-9]+)?$", var.engine_version)) && try(tonumber(split(".", var.engine_version)[0]), 0) >= 17
    error_message = "17 or newer, as 17 or 17.5."
  }
}

variable "database_name" {
  description = "The database that is created with the cluster"
  type        = string
  default     = "atlas"

  validation {
    condition     = can(regex("^[a-z][a-z0-9_]{0,62}$", var.database_name))
    error_message = "Lower-case letters, digits and underscores, beginning with a letter."
  }
}

variable "min_capacity" {
  description = "The least capacity of an instance, in Aurora capacity units of about 2 GiB of memory; heartbeats never let it pause"
  type        = number

  validation {
    condition     = var.min_capacity >= 0.5 && var.min_capacity <= 256 && var.min_capacity * 2 == floor(var.min_capacity * 2)
    error_message = "0.5 to 256, in steps of 0.5."
  }
}

variable "max_capacity" {
  description = "The most capacity of an instance, in Aurora capacity units; at least 1"
  type        = number

  validation {
    condition     = var.max_capacity >= 1 && var.max_capacity <= 256 && var.max_capacity >= var.min_capacity
    error_message = "1 to 256, and no less than min_capacity."
  }
}

variable "reader_count" {
  description = "How many readers there are beside the writer; each can take over from it"
  type        = number

  validation {
    condition     = var.reader_count >= 0 && var.reader_count <= 15 && floor(var.reader_count) == var.reader_count
    error_message = "0 to 15."
  }
}

variable "backup_retention_days" {
  description = "For how many days the cluster can be restored to any moment"
  type        = number

  validation {
    condition     = var.backup_retention_days >= 1 && var.backup_retention_days <= 35
    error_message = "1 to 35."
  }
}

variable "deletion_protection" {
  description = "Whether AWS refuses to delete the cluster; without it there is no last snapshot either"
  type        = bool
}

variable "max_replication_slots" {
  description = "How many replication slots there may be: one for capture, more for what follows it while it is rebuilt"
  type        = number
  default     = 10

  validation {
    condition     = var.max_replication_slots >= 2 && var.max_replication_slots <= 100
    error_message = "2 to 100."
  }
}

variable "performance_insights_retention_days" {
  description = "For how many days Performance Insights keeps what it saw: 7 (free), or months of 31 days"
  type        = number
  default     = 7

  validation {
    condition     = contains([7, 31, 62, 93, 186, 372, 731], var.performance_insights_retention_days)
    error_message = "7, 31, 62, 93, 186, 372 or 731."
  }
}

variable "parameters" {
  description = "More parameters of the cluster, by name, that take effect at the next restart"
  type        = map(string)
  default     = {}
}
