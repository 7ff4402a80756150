"""CloudWatch's alarms: each change of state is an event on the default bus, and has its time; asked for by name, on that alarm."""
import json
import time
from datetime import datetime, timezone

from ministack.core import iam_actions
from ministack.core.responses import get_account_id, get_region
from ministack.services import cloudwatch, eventbridge

from .wire import around


@around(cloudwatch, "_record_history")
def changed(original, name, old_state, new_state, reason, *more, **named):
    """Called at every change of state, also by SetAlarmState, whether the alarm's actions are on or off."""
    original(name, old_state, new_state, reason, *more, **named)
    alarm = cloudwatch._alarms.get(name)
    if not alarm:
        return
    alarm["StateTransitionedTimestamp"] = time.time()
    eventbridge._put_events({"Entries": [{
        "Source": "aws.cloudwatch",
        "DetailType": "CloudWatch Alarm State Change",
        "Resources": [f"arn:aws:cloudwatch:{get_region()}:{get_account_id()}:alarm:{name}"],
        "Detail": json.dumps(detail_of(alarm, old_state, new_state, reason)),
    }]}, allow_aws_source=True)


def detail_of(alarm, old_state, new_state, reason):
    """https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html, read 2026-11-29."""
    now = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "+0000")
    metric = {"namespace": alarm.get("Namespace"), "name": alarm.get("MetricName"),
              "dimensions": cloudwatch._dims_from_list(alarm.get("Dimensions") or [])}
    stat = {"metric": metric, "period": alarm.get("Period"), "stat": alarm.get("Statistic")}
    return {"alarmName": alarm["AlarmName"],
            "state": {"value": new_state, "reason": reason, "timestamp": now},
            "previousState": {"value": old_state},
            "configuration": {"description": alarm.get("AlarmDescription", ""),
                              "metrics": [{"id": "m1", "metricStat": stat, "returnData": True}]}}


@around(iam_actions, "extract_resource_arn")
def resource_of(original, service, method, path, headers, body, params, region, account):
    """DescribeAlarms of one name is asked for on that alarm: a policy may name it."""
    found = original(service, method, path, headers, body, params, region, account)
    if service != "monitoring" or (iam_actions.extract_iam_action(service, method, path, headers, body, params)
                                   != "cloudwatch:DescribeAlarms"):
        return found
    names = requested(headers, body).get("AlarmNames") or []
    return f"arn:aws:cloudwatch:{region}:{account}:alarm:{names[0]}" if len(names) == 1 else "*"


def requested(headers, body):
    try:
        if "cbor" in str(headers.get("content-type", "")).lower():
            import cbor2
            return cbor2.loads(body or b"\xa0")
        return json.loads(body or b"{}")
    except (TypeError, ValueError):
        return {}
