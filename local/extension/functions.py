"""Lambda's listing of provisioned concurrency; targets of schedules called under the schedule's role, with retries."""
import json
import os
import re
import time

import ministack.app as ms
from ministack.services import eventbridge, lambda_svc, scheduler

from .authorization import allows
from .wire import around, reply

_lambda = lambda_svc.handle_request
LIST_CONCURRENCY = re.compile(r"/functions/([^/]+)/provisioned-concurrency$")
scheduler._SCHEDULE_TICK_INTERVAL = float(os.environ.get("PLUS_TICK", "10"))
# Schedules whose role may not call their target: read at /_plus/undelivered.
undelivered: list = []


async def lambda_api(method, path, headers, body, query):
    name = LIST_CONCURRENCY.search(path)
    if not (method == "GET" and name and "List" in query):  # taken for the operation of one configuration
        return await _lambda(method, path, headers, body, query)
    function = lambda_svc._functions.get(name.group(1)) or {}
    return reply({"ProvisionedConcurrencyConfigs": [
        {"FunctionArn": f"{function['config']['FunctionArn']}:{qualifier}", **config}
        for qualifier, config in (function.get("provisioned_concurrency") or {}).items()]})


@around(eventbridge, "_invoke_target")
def invoke_target(original, target, event, rule, view=None):
    scheduled = "ScheduleExpression" in rule and "Target" in rule
    if scheduled and target.get("Input"):
        stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(event["Time"]))
        target = {**target, "Input": target["Input"].replace("<aws.scheduler.scheduled-time>", stamp)}
    dead = (target.get("DeadLetterConfig") or {}).get("Arn")
    if scheduled and ":lambda:" in target["Arn"]:
        if not allows(target["RoleArn"], "lambda:InvokeFunction", target["Arn"]):
            undelivered.append({"schedule": rule.get("Name"), "role": target["RoleArn"], "target": target["Arn"]})
            if not (dead and allows(target["RoleArn"], "sqs:SendMessage", dead)):
                return None
            target = {**target, "Arn": dead}
    if dead and ":lambda:" in target["Arn"] and not lambda_svc._get_func_record_for_ref(target["Arn"])[0]:
        target = {**target, "Arn": dead}
    return original(target, event, rule, view)


@around(eventbridge, "_dispatch_to_lambda")
def dispatch_to_lambda(_original, arn, payload):
    function, config, _name = lambda_svc._get_func_record_for_ref(arn)
    if function and config:
        record = lambda_svc._execution_record_for_config(function, config)
        lambda_svc.invoke_async_with_retry(record, json.loads(payload))


def fire_schedules():
    """Every schedule now, whatever its expression."""
    scheduler._schedule_last_fired.update(dict.fromkeys(scheduler._schedules._data, 0.0))
    scheduler._tick_schedules()


ms.SERVICE_HANDLERS["lambda"] = lambda_api
