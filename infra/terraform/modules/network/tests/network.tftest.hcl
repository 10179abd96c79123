mock_provider "aws" {
  mock_data "aws_region" {
    defaults = { region = "eu-central-1" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }
  mock_data "aws_availability_zones" {
    defaults = { names = ["eu-central-1a", "eu-central-1b", "eu-central-1c"] }
  }
}

variables {
  name = "atlas-test"
  cidr = "10.0.0.0/16"
  nat  = "single"
}

run "spread_over_three_zones" {
  command = plan

  assert {
    condition     = length(aws_subnet.public) == 3 && length(aws_subnet.private) == 3
    error_message = "A public and a private subnet in each of three zones."
  }

  assert {
    condition     = length(distinct(concat(values(aws_subnet.public)[*].cidr_block, values(aws_subnet.private)[*].cidr_block))) == 6
    error_message = "No two subnets share a range."
  }

  assert {
    condition     = aws_subnet.private["eu-central-1a"].cidr_block == "10.0.128.0/19"
    error_message = "Private subnets begin in the second half of the range."
  }

  assert {
    condition     = alltrue([for subnet in aws_subnet.public : startswith(subnet.tags["Name"], "atlas-test-public-")])
    error_message = "Subnets are named for what they are."
  }
}

run "one_nat_for_all" {
  command = plan

  assert {
    condition     = length(aws_nat_gateway.this) == 1 && length(aws_route.nat) == 3
    error_message = "One gateway, and a route to it in each zone."
  }
}

run "a_nat_in_each_zone" {
  command = plan

  variables {
    nat = "per_zone"
  }

  assert {
    condition     = length(aws_nat_gateway.this) == 3
    error_message = "A gateway in each zone."
  }
}

run "no_nat" {
  command = plan

  variables {
    nat = "none"
  }

  assert {
    condition     = length(aws_nat_gateway.this) == 0 && length(aws_route.nat) == 0
    error_message = "Neither a gateway nor a route."
  }
}

run "flow_logs_of_everything" {
  command = plan

  assert {
    condition     = aws_flow_log.this.traffic_type == "ALL"
    error_message = "Flow logs have what was let through and what was not."
  }
}

run "a_range_that_is_too_small_is_refused" {
  command = plan

  variables {
    cidr = "10.0.0.0/24"
  }

  expect_failures = [var.cidr]
}
