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

variable "node_type" {
  description = "The size of a node, as cache.t4g.small"
  type        = string

  validation {
    condition     = startswith(var.node_type, "cache.")
    error_message = "A size of ElastiCache begins with 'cache.'."
  }
}

variable "replica_count" {
  description = "How many replicas there are beside the primary; with one or more, one of them takes over from it"
  type        = number

  validation {
    condition     = var.replica_count >= 0 && var.replica_count <= 5
    error_message = "0 to 5."
  }
}
