variable "name" {
  description = "The first part of the names of everything in here, as atlas-dev"
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,18}[a-z0-9]$", var.name))
    error_message = "The name has 3 to 20 lower-case letters, digits and hyphens, begins with a letter and does not end with a hyphen."
  }
}

variable "cidr" {
  description = "The address range of the network; subnets are an eighth of it, so that /16 to /21 leave room for the tiers"
  type        = string

  validation {
    condition     = can(cidrnetmask(var.cidr)) && try(tonumber(split("/", var.cidr)[1]), 0) >= 16 && try(tonumber(split("/", var.cidr)[1]), 32) <= 21
    error_message = "The range is IPv4 in CIDR notation, /16 to /21."
  }
}

variable "zone_count" {
  description = "Over how many of the region's zones subnets are spread"
  type        = number
  default     = 3

  validation {
    condition     = contains([2, 3], var.zone_count)
    error_message = "Two zones at least, as Aurora and the load balancer want, and three at most."
  }
}

variable "nat" {
  description = "How private subnets reach the world: none, single (one gateway that all zones share) or per_zone"
  type        = string

  validation {
    condition     = contains(["none", "single", "per_zone"], var.nat)
    error_message = "One of none, single and per_zone."
  }
}

variable "flow_log_retention_days" {
  description = "For how many days the flow logs are kept"
  type        = number
  default     = 30

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 731], var.flow_log_retention_days)
    error_message = "One of the numbers of days that CloudWatch Logs takes, as 7, 30, 90 or 365."
  }
}
