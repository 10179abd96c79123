output "topic_arn" {
  description = "The topic that alarms are sent to"
  value       = aws_sns_topic.alarms.arn
}

output "alarm_names" {
  description = "The alarms on metrics of Atlas"
  value       = concat([for alarm in aws_cloudwatch_metric_alarm.atlas : alarm.alarm_name], [aws_cloudwatch_metric_alarm.slot_retains.alarm_name])
}

output "dashboard_name" {
  description = "The dashboard"
  value       = aws_cloudwatch_dashboard.this.dashboard_name
}
