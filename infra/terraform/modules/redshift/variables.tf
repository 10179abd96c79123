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

variable "kafka" {
  description = "Where changes are ingested from: the outputs of the module kafka"
  type = object({
    cluster_arn       = string
    bootstrap_brokers = string
    security_group_id = string
  })
}

variable "topic" {
  description = "The topic whose events are ingested"
  type        = string
  default     = "atlas.public.entity"

  validation {
    condition     = can(regex("^[A-Za-z0-9._-]{1,249}$", var.topic))
    error_message = "The name of a topic: letters, digits, dots, underscores and hyphens."
  }
}

variable "node_type" {
  description = "The size of a node, of the family RA3"
  type        = string

  validation {
    condition     = contains(["ra3.large", "ra3.xlplus", "ra3.4xlarge", "ra3.16xlarge"], var.node_type)
    error_message = "ra3.large, ra3.xlplus, ra3.4xlarge or ra3.16xlarge."
  }
}

variable "node_count" {
  description = "How many nodes there are"
  type        = number

  validation {
    condition     = var.node_count >= 1 && var.node_count <= 128
    error_message = "1 to 128."
  }
}

variable "snapshot_retention_days" {
  description = "For how many days automatic snapshots are kept"
  type        = number

  validation {
    condition     = var.snapshot_retention_days >= 1 && var.snapshot_retention_days <= 35
    error_message = "1 to 35: clusters of RA3 cannot do without."
  }
}

variable "final_snapshot" {
  description = "Whether a last snapshot is taken when the cluster is destroyed"
  type        = bool
}
