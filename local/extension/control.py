"""The control endpoints under /_plus/ in front of ministack: GET reads a report, POST orders; in the account that the query
names, if any."""
import asyncio
import json
import os
from urllib.parse import parse_qs

import ministack.app as ms
from ministack.core.responses import set_request_account_id, set_request_region

from . import (absent_services, budget_actions, budget_notifications, faults, functions, identity_center, insights,
               legacy_models, mails, metrics, models, provisioned_concurrency, recorder, streams)

_asgi = ms.app

REPORTS = {
    "mails": lambda: mails.mails,
    "uses": recorder.uses,
    "faults": faults.rules,
    "undelivered": lambda: functions.undelivered + budget_notifications.refused,
    "metrics": lambda: metrics.settings,
    # Whoever has started it knows by this that no other one answers in its place.
    "process": lambda: {"pid": os.getpid()},
}
CLEARED = {"mails": mails.mails.clear, "uses": recorder.clear, "faults": faults.clear}


def replace(target):
    def order(data):
        target.clear()
        (target.extend if isinstance(target, list) else target.update)(data)
    return order


ORDERS = {
    "faults": faults.inject,
    "metrics": metrics.settings.update,
    "points": metrics.backdate,
    "usage": models.usage.update,
    "insights": insights.settings.update,
    "legacy": replace(legacy_models.models),
    "streams": streams.settings.update,
    "ce": replace(absent_services.cost_explorer),
    "quotas": replace(absent_services.quotas),
    "spend": lambda data: budget_notifications.calculated(data["budget"], data["usd"]),
    "concurrency": provisioned_concurrency.settings.update,
    "subscriber": lambda data: mails.confirm(data["address"], data["confirmed"]),
    "cross": lambda data: budget_actions.cross(data["budget"]),
    "fire": lambda _data: functions.fire_schedules(),
}
# Those that report what came of it.
ANSWERED = {
    "permission-set": identity_center.provision,
    "permission-set-gone": identity_center.remove,
    "sign-in": identity_center.sign_in,
}


def answer(method, name, body):
    try:
        if method == "GET" and name in REPORTS:
            return 200, REPORTS[name]()
        if method == "DELETE" and name in CLEARED:
            CLEARED[name]()
            return 200, {"ok": True}
        if method == "POST" and name in ORDERS:
            ORDERS[name](json.loads(body or b"{}"))
            return 200, {"ok": True}
        if method == "POST" and name in ANSWERED:
            return 200, ANSWERED[name](json.loads(body or b"{}"))
    except (KeyError, TypeError, ValueError) as error:
        return 400, {"error": f"{name}: {error}"}
    known = {"GET": sorted(REPORTS), "POST": sorted({**ORDERS, **ANSWERED}), "DELETE": sorted(CLEARED)}
    return 404, {"error": f"no {method} /_plus/{name}", "known": known}


async def app(scope, receive, send):
    if scope["type"] != "http" or not scope["path"].startswith("/_plus/"):
        return await _asgi(scope, receive, send)
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    name = scope["path"][len("/_plus/"):]

    account = parse_qs(scope["query_string"].decode()).get("account", [""])[0]
    set_request_account_id(account)
    set_request_region("us-east-1")
    status, found = await asyncio.to_thread(answer, scope["method"], name, body)
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": json.dumps(found).encode()})


ms.app = app
