# One page: how stale the sources are, how far capture is behind, what callers get.

locals {
  atlas = [var.metric_namespace]

  widgets = concat([
    { title = "How stale each source can be at most (ms)", metrics = [
      for source in ["replica", "olap"] : concat(local.atlas, ["atlas_source_bound_milliseconds", "Environment", var.name, "source", source])
    ] },
    { title = "Events that capture is behind", metrics = [
      concat(local.atlas, ["atlas_capture_backlog_events", "Environment", var.name])
    ] },
    { title = "Events applied a second", metrics = [
      concat(local.atlas, ["atlas_capture_applied_rate", "Environment", var.name])
    ] },
    { title = "Log that the slot retains (bytes)", metrics = [
      for metric in ["retained", "limit"] : concat(local.atlas, ["atlas_capture_slot_${metric}_bytes", "Environment", var.name])
    ] },
    { title = "Requests and errors", metrics = [
      for metric in ["RequestCount", "HTTPCode_Target_5XX_Count", "HTTPCode_Target_4XX_Count"] :
      ["AWS/ApplicationELB", metric, "LoadBalancer", var.load_balancer_dimension, { stat = "Sum" }]
    ] },
    { title = "Time of requests (s)", metrics = [
      for stat in ["p50", "p99"] : ["AWS/ApplicationELB", "TargetResponseTime", "LoadBalancer", var.load_balancer_dimension, { stat = stat }]
    ] },
    ], var.postgres_cluster == null ? [] : [
    { title = "Aurora: capacity units and processors", metrics = [
      for metric in ["ServerlessDatabaseCapacity", "CPUUtilization"] : ["AWS/RDS", metric, "DBClusterIdentifier", var.postgres_cluster]
    ] },
  ])
}

data "aws_region" "current" {}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = var.name

  dashboard_body = jsonencode({
    widgets = [for index, widget in local.widgets : {
      type   = "metric"
      width  = 12
      height = 6
      x      = (index % 2) * 12
      y      = floor(index / 2) * 6
      properties = {
        title   = widget.title
        metrics = widget.metrics
        region  = data.aws_region.current.region
        stat    = "Maximum"
        period  = 60
      }
    }]
  })
}
