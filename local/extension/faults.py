"""Faults to order: the next calls of an action are throttled or fail. Rules are set and read at /_plus/faults."""
import json

from ministack.core.iam_actions import _SERVICE_PROTOCOL
from ministack.services import cloudwatch, iam

KINDS = {"throttle": (400, "ThrottlingException", "Rate exceeded"),
         "error": (500, "InternalFailure", "injected")}

_rules: list = []


def inject(rule):
    """rule: {action: 'iam:AttachRolePolicy', kind: 'throttle' | 'error', count: number of calls, after: calls let by}"""
    if rule.get("kind") not in KINDS or ":" not in rule.get("action", ""):
        raise ValueError(f"a fault needs an action such as iam:AttachRolePolicy and a kind of {sorted(KINDS)}: {rule}")
    _rules.append({"count": 1, "after": 0, **rule, "fired": 0})


def clear():
    _rules.clear()


def rules():
    return _rules


def due(action):
    """The kind of fault that this call meets, or None."""
    for rule in _rules:
        if rule["action"] != action or rule["fired"] >= rule["count"]:
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
    body = json.dumps({"__type": code, "message": message}).encode()
    return (429 if kind == "throttle" and service in ("lambda", "bedrock-runtime") else status), {
        "Content-Type": "application/json", "x-amzn-errortype": code}, body
