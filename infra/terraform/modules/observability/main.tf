# The alarms of the freshness contract, and of what lies under it. Atlas routes around a stale source by itself; the
# alarms are for people. Metrics of Atlas come by the collector of the module service.

locals {
  # What a node does not know it does not report, and what is unknown is not fresh: no data for as long as the alarm
  # looks at counts as a breach.
  alarms = {
    replica-lag = {
      description = "The replica is more than 5 s behind for 2 minutes: interactive reads go to the primary"
      metric      = "atlas_source_bound_milliseconds"
      dimensions  = { source = "replica" }
      threshold   = 5000
      minutes     = 2
      missing     = "breaching"
    }
    olap-lag = {
      description = "The columnar store is more than 15 minutes behind for 5 minutes: analytics go to the replica"
      metric      = "atlas_source_bound_milliseconds"
      dimensions  = { source = "olap" }
      threshold   = 900000
      minutes     = 5
      missing     = "breaching"
    }
    consumer-lag = {
      description = "Change capture is about 50,000 events behind for 3 minutes: more consumers, or fewer writes"
      metric      = "atlas_capture_backlog_events"
      dimensions  = {}
      threshold   = 50000
      minutes     = 3
      missing     = "breaching"
    }
    slot-lost = {
      description = "The replication slot of capture is lost: the columnar store is filled anew"
      metric      = "atlas_capture_slot_state"
      dimensions  = { state = "lost" }
      threshold   = 0
      minutes     = 1
      missing     = "notBreaching"
    }
    slot-inactive = {
      description = "Nobody reads from the replication slot of capture: the primary keeps its log from here on"
      metric      = "atlas_capture_slot_state"
      dimensions  = { state = "inactive" }
      threshold   = 0
      minutes     = 2
      missing     = "notBreaching"
    }
  }
}

resource "aws_sns_topic" "alarms" {
  name              = "${var.name}-alarms"
  kms_master_key_id = var.kms_key_arn

  tags = { Name = "${var.name}-alarms" }
}

resource "aws_sns_topic_subscription" "mail" {
  for_each = var.subscribers

  topic_arn = aws_sns_topic.alarms.arn
  protocol  = "email"
  endpoint  = each.value
}

resource "aws_cloudwatch_metric_alarm" "atlas" {
  for_each = local.alarms

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.description
  namespace           = var.metric_namespace
  metric_name         = each.value.metric
  dimensions          = merge({ Environment = var.name }, each.value.dimensions)
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = each.value.minutes
  datapoints_to_alarm = each.value.minutes
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.threshold
  treat_missing_data  = each.value.missing
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]

  tags = { Name = "${var.name}-${each.key}" }
}

# A half, as GET /health/replication has it: as much time is left as has been lost already.
resource "aws_cloudwatch_metric_alarm" "slot_retains" {
  alarm_name          = "${var.name}-slot-retains-much"
  alarm_description   = "The replication slot of capture retains more than half of what it may"
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0.5
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]

  metric_query {
    id          = "share"
    expression  = "retained / limit"
    label       = "Share of what the slot may retain"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = { retained = "atlas_capture_slot_retained_bytes", limit = "atlas_capture_slot_limit_bytes" }
    content {
      id = metric_query.key

      metric {
        namespace   = var.metric_namespace
        metric_name = metric_query.value
        dimensions  = { Environment = var.name }
        period      = 60
        stat        = "Maximum"
      }
    }
  }

  tags = { Name = "${var.name}-slot-retains-much" }
}

# Where a consumer of Kafka fills the store, MSK measures how far it is behind.
resource "aws_cloudwatch_metric_alarm" "kafka_consumer" {
  count = var.consumer == null ? 0 : 1

  alarm_name          = "${var.name}-kafka-consumer-lag"
  alarm_description   = "The consumer that fills the analytics store is 50,000 events behind for 3 minutes"
  namespace           = "AWS/Kafka"
  metric_name         = "SumOffsetLag"
  dimensions          = { "Cluster Name" = var.consumer.cluster_name, "Consumer Group" = var.consumer.group, Topic = var.consumer.topic }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 3
  datapoints_to_alarm = 3
  comparison_operator = "GreaterThanThreshold"
  threshold           = 50000
  treat_missing_data  = "breaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]

  tags = { Name = "${var.name}-kafka-consumer-lag" }
}

resource "aws_cloudwatch_metric_alarm" "unhealthy" {
  alarm_name          = "${var.name}-no-healthy-task"
  alarm_description   = "No task of Atlas is ready"
  namespace           = "AWS/ApplicationELB"
  metric_name         = "HealthyHostCount"
  dimensions          = { LoadBalancer = var.load_balancer_dimension, TargetGroup = var.target_group_dimension }
  statistic           = "Minimum"
  period              = 60
  evaluation_periods  = 2
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  treat_missing_data  = "breaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]

  tags = { Name = "${var.name}-no-healthy-task" }
}
