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

variable "subnets_by_zone" {
  description = "A private subnet for each zone: a replica stands in each"
  type        = map(string)

  validation {
    condition     = length(var.subnets_by_zone) == 3
    error_message = "Three zones: the keepers need a majority, and a zone may be lost."
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

variable "certificate_arn" {
  description = "The certificate of the internal load balancer, in ACM; its name is what clients connect to"
  type        = string
}

variable "packages" {
  description = "Where the archives of ClickHouse are: a bucket, and the folder with clickhouse-common-static, -server and -client as .tgz, each with its .sha512"
  type = object({
    bucket_arn = string
    folder     = string
  })
}

variable "clickhouse_version" {
  description = "The version of ClickHouse that new instances install"
  type        = string
  default     = "25.8.2.29"

  validation {
    condition     = can(regex("^[0-9]{2}\\.[0-9]+\\.[0-9]+\\.[0-9]+$", var.clickhouse_version))
    error_message = "All four numbers of a version, as 25.8.2.29."
  }
}

variable "instance_type" {
  description = "The size of an instance, with Arm processors (Graviton)"
  type        = string

  validation {
    condition     = can(regex("^[a-z]+[0-9]+g[a-z]*\\.[a-z0-9]+$", var.instance_type))
    error_message = "A size with Arm processors, as r7g.xlarge: the packages are for these."
  }
}

variable "volume_gib" {
  description = "What a replica's volume of data holds, in GiB"
  type        = number

  validation {
    condition     = var.volume_gib >= 20 && var.volume_gib <= 16384
    error_message = "20 to 16384."
  }
}

variable "image" {
  description = "The image of instances: an id, or a parameter of Systems Manager with the newest Amazon Linux 2023 for Arm"
  type        = string
  default     = "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"
}

variable "snapshot_retention_days" {
  description = "How many daily snapshots of each volume are kept; 0 for none: the store can be filled anew from the primary"
  type        = number
  default     = 0

  validation {
    condition     = var.snapshot_retention_days >= 0 && var.snapshot_retention_days <= 365
    error_message = "0 to 365."
  }
}
