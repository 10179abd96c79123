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

variable "public_subnet_ids" {
  description = "Public subnets for the load balancer, in two zones at least"
  type        = list(string)

  validation {
    condition     = length(var.public_subnet_ids) >= 2
    error_message = "The load balancer wants subnets in two zones at least."
  }
}

variable "private_subnet_ids" {
  description = "Private subnets for the tasks, with a way to the registry of the images"
  type        = list(string)
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

variable "certificate_arn" {
  description = "The certificate of the load balancer, in ACM of the same region"
  type        = string
}

variable "image" {
  description = "The image with Atlas, by digest or by a tag that is never moved"
  type        = string

  validation {
    condition     = can(regex("(@sha256:[0-9a-f]{64}|:[A-Za-z0-9._-]+)$", var.image)) && !endswith(var.image, ":latest")
    error_message = "The image ends in a digest or a tag, and the tag is not 'latest': a restart must not be an upgrade."
  }
}

variable "collector_image" {
  description = "The image with the collector of metrics (AWS Distro for OpenTelemetry), by digest or by a tag that is never moved"
  type        = string

  validation {
    condition     = can(regex("(@sha256:[0-9a-f]{64}|:[A-Za-z0-9._-]+)$", var.collector_image)) && !endswith(var.collector_image, ":latest")
    error_message = "The image ends in a digest or a tag, and the tag is not 'latest'."
  }
}

variable "command" {
  description = "The arguments of Atlas"
  type        = list(string)
}

variable "environment" {
  description = "Variables of the environment of Atlas, none of them secret"
  type        = map(string)
  default     = {}
}

variable "secret_arns" {
  description = "Variables of the environment of Atlas whose values are in Secrets Manager: the ARN of the secret by the name of the variable"
  type        = map(string)
  default     = {}
}

variable "connections" {
  description = "What tasks connect to within the network, by a name that says what it is"
  type = map(object({
    security_group_id = string
    port              = number
  }))
  default = {}
}

variable "task_policy_statements" {
  description = "What Atlas may do in AWS beside writing its metrics: actions and resources"
  type = list(object({
    actions   = list(string)
    resources = list(string)
  }))
  default = []

  validation {
    condition     = alltrue([for each in var.task_policy_statements : !contains(each.actions, "*") && !contains(each.resources, "*")])
    error_message = "Neither every action nor every resource: say which."
  }
}

variable "cpu" {
  description = "What a task gets, in units of 1/1024 vCPU"
  type        = number

  validation {
    condition     = contains([1024, 2048, 4096, 8192, 16384], var.cpu)
    error_message = "1024, 2048, 4096, 8192 or 16384."
  }
}

variable "memory_mib" {
  description = "What a task gets, in MiB: 2 to 8 GiB for each vCPU, as Fargate takes it"
  type        = number

  validation {
    condition     = var.memory_mib >= 2 * var.cpu && var.memory_mib <= 8 * var.cpu
    error_message = "2 to 8 GiB for each vCPU."
  }
}

variable "ephemeral_storage_gib" {
  description = "What a task may write to its own disk, in GiB; gone with the task"
  type        = number
  default     = 50

  validation {
    condition     = var.ephemeral_storage_gib >= 21 && var.ephemeral_storage_gib <= 200
    error_message = "21 to 200."
  }
}

variable "min_tasks" {
  description = "How many tasks run at least"
  type        = number

  validation {
    condition     = var.min_tasks >= 1
    error_message = "One task at least."
  }
}

variable "max_tasks" {
  description = "How many tasks run at most"
  type        = number

  validation {
    condition     = var.max_tasks >= var.min_tasks && var.max_tasks <= 100
    error_message = "At least min_tasks, and at most 100."
  }
}

variable "one_at_a_time" {
  description = "Whether the old task ends before the new one begins, because two must not run beside each other"
  type        = bool
  default     = false
}

variable "requests_per_task" {
  description = "How many requests a minute a task is given before there are more tasks"
  type        = number
  default     = 60000

  validation {
    condition     = var.requests_per_task >= 60
    error_message = "60 a minute at least."
  }
}

variable "deletion_protection" {
  description = "Whether AWS refuses to delete the load balancer"
  type        = bool
}
