terraform {
  required_version = ">= 1.10.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "6.25.0"
    }
  }

  # The bucket belongs to the account: terraform init -backend-config=bucket=… -backend-config=region=…
  backend "s3" {
    key          = "atlas/staging/terraform.tfstate"
    encrypt      = true
    use_lockfile = true
  }
}
