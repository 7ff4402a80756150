"""Faults to order: the next calls of an action are throttled, fail, or are the last thing that their function does.
Rules are set and read at /_plus/faults."""
import json

from ministack.core import lambda_runtime
from ministack.core.iam_actions import _SERVICE_PROTOCOL
from ministack.services import cloudwatch, iam

KINDS = {"throttle": (400, "ThrottlingException", "Rate exceeded"),
         "error": (500, "InternalFailure", "injected")}

# The call is done, but its function is ended before it hears of it: as by its time-out, between two side effects.
TIMEOUT = "timeout"

_rules: list = []


def inject(rule):
    """rule: {action: 'iam:AttachRolePolicy', kind: throttle, error or timeout, count: calls, after: calls let by, by: part of
    the session's name of who calls}"""
    if rule.get("kind") not in (*KINDS, TIMEOUT) or ":" not in rule.get("action", ""):
        kinds = sorted((*KINDS, TIMEOUT))
        raise ValueError(f"a fault needs an action such as iam:AttachRolePolicy and a kind of {kinds}: {rule}")
    _rules.append({"count": 1, "after": 0, "by": "", **rule, "fired": 0})


def clear():
    _rules.clear()


def rules():
    return _rules


def due(action, caller):
    """The kind of fault that this call meets, or None."""
    for rule in _rules:
        if rule["action"] != action or rule["by"] not in caller or rule["fired"] >= rule["count"]:
            continue
        if rule["after"] > 0:
            rule["after"] -= 1
            continue
        rule["fired"] += 1
        return rule["kind"]
    return None


def answer(kind, service, headers):
    """The fault in the protocol of the service: query services want XML, the others JSON."""
    status, code, message = KINDS[kind]
    if service == "monitoring":
        cbor = "cbor" in headers.get("smithy-protocol", "")
        return cloudwatch._error(code, message, status, use_json=bool(headers.get("x-amz-target")), use_cbor=cbor)
    if _SERVICE_PROTOCOL.get(service, "").startswith("query"):
        return iam._error(status, "Throttling" if kind == "throttle" else code, message)
    if service in ("organizations", "sesv2") and kind == "throttle":
        code = "TooManyRequestsException"
    body = json.dumps({"__type": code, "message": message}).encode()
    return (429 if kind == "throttle" and service in ("lambda", "bedrock-runtime", "sesv2") else status), {
        "Content-Type": "application/json", "x-amzn-errortype": code}, body


async def time_out(handler, function, *request):
    answered = await handler(*request)
    for worker in running(function):
        worker._proc.kill()
    return answered


def running(function):
    return [worker for workers in lambda_runtime._workers.values() for worker in workers
            if worker.func_name == function and worker.in_use and worker._proc]
