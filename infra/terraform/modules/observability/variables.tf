variable "name" {
  description = "The first part of the names of everything in here, as atlas-dev"
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,18}[a-z0-9]$", var.name))
    error_message = "The name has 3 to 20 lower-case letters, digits and hyphens, begins with a letter and does not end with a hyphen."
  }
}

variable "kms_key_arn" {
  description = "The key of the customer that everything at rest is encrypted with"
  type        = string
}

variable "metric_namespace" {
  description = "The namespace of the metrics of Atlas: the output of the module service"
  type        = string

  validation {
    condition     = length(var.metric_namespace) > 0 && !startswith(var.metric_namespace, "AWS/")
    error_message = "A namespace of one's own, which does not begin with 'AWS/'."
  }
}

variable "load_balancer_dimension" {
  description = "The load balancer of the service, as the metrics of ELB have it"
  type        = string
}

variable "target_group_dimension" {
  description = "The target group of the service, as the metrics of ELB have it"
  type        = string
}

variable "postgres_cluster" {
  description = "The cluster of Aurora, as the metrics of RDS have it; null where there is none"
  type        = string
  default     = null

  validation {
    condition     = var.postgres_cluster == null || can(regex("^[a-z][a-z0-9-]{0,62}$", var.postgres_cluster))
    error_message = "The identifier of a cluster."
  }
}

variable "consumer" {
  description = "The cluster of MSK, and the topic and the group of the consumer that fills the analytics store from it; null where there is none"
  type = object({
    cluster_name = string
    topic        = string
    group        = string
  })
  default = null
}

variable "subscribers" {
  description = "Addresses of e-mail that are told; each has to confirm once"
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for address in var.subscribers : can(regex("^[^@ ]+@[^@ ]+$", address))])
    error_message = "Addresses of e-mail."
  }
}
