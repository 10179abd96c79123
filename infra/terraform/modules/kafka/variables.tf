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

variable "client_security_group_ids" {
  description = "The security groups that may connect, by a name that says who they are"
  type        = map(string)
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

variable "kafka_version" {
  description = "The version of Apache Kafka that MSK runs"
  type        = string
  default     = "3.9.x"

  validation {
    condition     = can(regex("^3\\.[6-9]\\.(x|[0-9]+)(\\.kraft)?$", var.kafka_version))
    error_message = "3.6 to 3.9, as MSK spells it: 3.9.x."
  }
}

variable "broker_count" {
  description = "How many brokers there are, spread evenly over the subnets; three replicas of everything want three"
  type        = number
  default     = 3

  validation {
    condition     = var.broker_count >= 3 && var.broker_count % length(var.subnet_ids) == 0
    error_message = "Three at least, and a multiple of the number of subnets."
  }
}

variable "instance_type" {
  description = "The size of a broker, as kafka.m7g.large"
  type        = string

  validation {
    condition     = startswith(var.instance_type, "kafka.")
    error_message = "A size of MSK begins with 'kafka.'."
  }
}

variable "volume_gib" {
  description = "What a broker's volume holds at the beginning, in GiB"
  type        = number

  validation {
    condition     = var.volume_gib >= 10 && var.volume_gib <= 16384
    error_message = "10 to 16384."
  }
}

variable "max_volume_gib" {
  description = "What a broker's volume may grow to, in GiB; it never shrinks"
  type        = number

  validation {
    condition     = var.max_volume_gib >= var.volume_gib && var.max_volume_gib <= 16384
    error_message = "At least volume_gib, and at most 16384."
  }
}

variable "topics" {
  description = "The topics of change capture, by their names; those who create them read it from the output of the same name"
  type = map(object({
    partitions      = number
    retention_hours = number
    cleanup_policy  = optional(string, "delete")
  }))
  default = {
    "atlas.public.entity"    = { partitions = 12, retention_hours = 72 }
    "atlas.public.attr_type" = { partitions = 1, retention_hours = 72 }
    "atlas.public.tenant"    = { partitions = 1, retention_hours = 72 }
    "atlas.public.heartbeat" = { partitions = 1, retention_hours = 24 }
  }

  validation {
    condition     = alltrue([for topic in var.topics : topic.partitions >= 1 && topic.partitions <= 1000 && topic.retention_hours >= 1])
    error_message = "1 to 1000 partitions, kept for an hour at least."
  }

  validation {
    condition     = alltrue([for topic in var.topics : contains(["delete", "compact"], topic.cleanup_policy)])
    error_message = "The clean-up policy is delete or compact."
  }
}
