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
  name                    = "atlas-test"
  kms_key_arn             = "arn:aws:kms:eu-central-1:111122223333:key/1"
  metric_namespace        = "Atlas"
  load_balancer_dimension = "app/atlas-test/1"
  target_group_dimension  = "targetgroup/atlas-test/1"
}

run "the_alarms_of_the_contract" {
  command = plan

  assert {
    condition     = aws_cloudwatch_metric_alarm.atlas["replica-lag"].threshold == 5000 && aws_cloudwatch_metric_alarm.atlas["replica-lag"].evaluation_periods == 2
    error_message = "The replica: 5 s for 2 minutes."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.atlas["olap-lag"].threshold == 900000 && aws_cloudwatch_metric_alarm.atlas["olap-lag"].evaluation_periods == 5
    error_message = "The columnar store: 15 minutes for 5 minutes."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.atlas["consumer-lag"].threshold == 50000 && aws_cloudwatch_metric_alarm.atlas["consumer-lag"].evaluation_periods == 3
    error_message = "The consumer: 50,000 events for 3 minutes."
  }

  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.atlas : alarm.period == 60 && alarm.dimensions["Environment"] == "atlas-test"])
    error_message = "Every minute, of this environment."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.atlas["replica-lag"].treat_missing_data == "breaching"
    error_message = "What is unknown is not fresh."
  }
}

run "a_consumer_of_kafka" {
  command = plan

  variables {
    consumer = { cluster_name = "atlas-test", topic = "atlas.public.entity", group = "atlas" }
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.kafka_consumer[0].metric_name == "SumOffsetLag"
    error_message = "MSK measures the lag of the consumer."
  }
}
