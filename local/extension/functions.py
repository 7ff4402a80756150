"""Lambda's API with its own limits; targets of schedules called under the schedule's role, with retries; what is given up
goes to the queue for it under the role of whoever gives it up."""
import json
import os
import time

import ministack.app as ms
from ministack.core.responses import get_account_id, get_region
from ministack.services import eventbridge, lambda_svc, scheduler

from . import provisioned_concurrency
from .authorization import allows
from .service_principals import SCHEDULER, trusts
from .wire import around

_lambda = lambda_svc.handle_request
scheduler._SCHEDULE_TICK_INTERVAL = float(os.environ.get("PLUS_TICK", "10"))
# Schedules whose role may not call their target, functions whose role may not bury what failed: at /_plus/undelivered.
undelivered: list = []


async def lambda_api(method, path, headers, body, query):
    answered = provisioned_concurrency.answer(method, path, body, query)
    if answered is not None:
        return answered
    found = await _lambda(method, path, headers, body, query)
    return (provisioned_concurrency.started(method, path, query) if found[0] < 300 else None) or found


def due(expression, looked_at):
    """The schedule's own instant, not the moment at which it was looked at: a cron is due at a whole minute."""
    once = scheduler._at_time_epoch(expression)
    if once is not None:
        return once
    return looked_at - looked_at % 60 if expression.startswith("cron(") else looked_at


@around(eventbridge, "_invoke_target")
def invoke_target(original, target, event, rule, view=None):
    scheduled = "ScheduleExpression" in rule and "Target" in rule
    if scheduled and target.get("Input"):
        stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(due(rule["ScheduleExpression"], event["Time"])))
        target = {**target, "Input": target["Input"].replace("<aws.scheduler.scheduled-time>", stamp)}
    dead = (target.get("DeadLetterConfig") or {}).get("Arn")
    if scheduled and ":lambda:" in target["Arn"]:
        group = f"arn:aws:scheduler:{get_region()}:{get_account_id()}:schedule-group/{rule.get('GroupName', 'default')}"
        trusted = trusts(target["RoleArn"], SCHEDULER, group)
        if not (trusted and allows(target["RoleArn"], "lambda:InvokeFunction", target["Arn"])):
            undelivered.append({"schedule": rule.get("Name"), "role": target["RoleArn"], "target": target["Arn"]})
            if not (dead and trusted and allows(target["RoleArn"], "sqs:SendMessage", dead)):
                return None
            target = {**target, "Arn": dead}
    if dead and ":lambda:" in target["Arn"] and not lambda_svc._get_func_record_for_ref(target["Arn"])[0]:
        if scheduled and not allows(target["RoleArn"], "sqs:SendMessage", dead):
            undelivered.append({"schedule": rule.get("Name"), "role": target["RoleArn"], "target": dead})
            return None
        target = {**target, "Arn": dead}
    return original(target, event, rule, view)


@around(eventbridge, "_dispatch_to_lambda")
def dispatch_to_lambda(_original, arn, payload):
    function, config, _name = lambda_svc._get_func_record_for_ref(arn)
    if function and config:
        record = lambda_svc._execution_record_for_config(function, config)
        lambda_svc.invoke_async_with_retry(record, json.loads(payload))


@around(lambda_svc, "_route_async_failure")
def bury(original, target, function_name, *more):
    """After the last attempt Lambda sends the event to the queue, as the function's own role."""
    role = lambda_svc._functions[function_name]["config"]["Role"]
    if ":sqs:" not in target or allows(role, "sqs:SendMessage", target):
        return original(target, function_name, *more)
    undelivered.append({"function": function_name, "role": role, "target": target})
    return None


def fire_schedules():
    """Every schedule now, whatever its expression."""
    scheduler._schedule_last_fired.update(dict.fromkeys(scheduler._schedules._data, 0.0))
    scheduler._tick_schedules()


ms.SERVICE_HANDLERS["lambda"] = lambda_api
