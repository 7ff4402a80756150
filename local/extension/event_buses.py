"""EventBridge between accounts: whom a bus's policy lets in, and what comes of those whom it does not."""
import json

from ministack.core import iam_evaluator
from ministack.core.arn import ArnParseError, parse_arn
from ministack.core.responses import get_account_id, get_region, new_uuid, request_scope
from ministack.services import eventbridge
from ministack.services.cloudformation import provisioners

from . import functions, metrics
from .authorization import allows
from .service_principals import EVENTS, trusts
from .wire import around, checked, refuse


def elsewhere(arn):
    """The bus of another account or Region; None for any other name."""
    try:
        bus = parse_arn(str(arn))
    except ArnParseError:
        return None
    other = (bus.account_id, bus.region) != (get_account_id(), get_region())
    return bus if other and bus.service == "events" and bus.resource.startswith("event-bus/") else None


def admits(bus, principal, event, source_arn=None):
    """By the bus's policy alone. What is not there has none."""
    name = bus.resource.split("/", 1)[1]
    scope = (bus.account_id, bus.region, name)
    there = name == "default" or eventbridge._event_buses.contains_scoped(*scope)
    asked = iam_evaluator.EvalContext(
        principal_arn=principal, principal_type="", principal_account=get_account_id(), action="events:PutEvents",
        resource_arn=str(bus), region=bus.region, service_context={
            "events:source": event["Source"], "events:detail-type": event["DetailType"], "aws:sourcearn": source_arn})
    policy = eventbridge._event_bus_policies.get_scoped(*scope) if there else None
    return iam_evaluator.evaluate_resource_policy(policy, asked).decision == "Allow"


def deliver(bus, event, path):
    """Account and Region in its envelope stay those of the sender."""
    with request_scope(bus.account_id, bus.region):
        arrived = {**event, "EventBusName": bus.resource.split("/", 1)[1], "_DispatchPath": path}
        eventbridge._dispatch_event(arrived)
        eventbridge._archive_event({name: value for name, value in arrived.items() if name != "_DispatchPath"})


@around(eventbridge, "_put_events")
def put_events(original, data, *more, **named):
    """Whoever calls has the permission of their own policies by then."""
    entries = data.get("Entries", [])
    buses = [elsewhere(entry.get("EventBusName")) for entry in entries]
    if not any(buses) or len(entries) > 10:
        return original(data, *more, **named)
    events = [event_of(entry) for entry in entries]
    principal = iam_evaluator.caller_arn()
    for bus, event in zip(buses, events):
        if bus and not admits(bus, principal, event):
            return refuse("AccessDeniedException", f"User: {principal} is not authorized to perform: events:PutEvents on "
                          f"resource: {bus} because no resource-based policy allows the events:PutEvents action")
    results = []
    for bus, event, entry in zip(buses, events, entries):
        if bus and not event["Source"].startswith("aws."):
            deliver(bus, event, ["another account"])
            results.append({"EventId": event["EventId"]})
        else:
            here = entry if bus is None else {**entry, "EventBusName": "default"}
            results += json.loads(original({"Entries": [here]}, *more, **named)[2])["Entries"]
    return eventbridge.json_response({"FailedEntryCount": sum("ErrorCode" in one for one in results), "Entries": results})


def event_of(entry):
    return {"EventId": new_uuid(), "Source": entry.get("Source", ""), "DetailType": entry.get("DetailType", ""),
            "Detail": entry.get("Detail", "{}"), "Time": int(eventbridge._now_ts()),
            "Resources": entry.get("Resources", []), "Account": get_account_id(), "Region": get_region()}


@around(eventbridge, "_invoke_target")
def invoke_target(original, target, event, rule, view=None):
    bus = elsewhere(target.get("Arn"))
    if bus is None:
        return original(target, event, rule, view)
    why = refusal(bus, target.get("RoleArn"), event, rule)
    if why is None:
        return deliver(bus, event, [eventbridge._rule_key(rule["Name"], rule.get("EventBusName", "default"))])
    functions.undelivered.append(
        {"rule": rule["Arn"], "role": target.get("RoleArn"), "target": target["Arn"], "why": why})
    metrics.publish("AWS/Events", "FailedInvocations", 1, {"RuleName": rule["Name"]})
    if dead := (target.get("DeadLetterConfig") or {}).get("Arn"):
        body = (view or eventbridge._pattern_event_view(event)).event_with_detail()
        eventbridge._dispatch_to_sqs(parse_arn(dead), json.dumps(body))
    return None


def refusal(bus, role, event, rule):
    """https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html, read 2026-11-29: the rule's target
    needs a role, and what was received from another account is not sent on to a third."""
    if event.get("_DispatchPath"):
        return "it came from another bus"
    if not role or not trusts(role, EVENTS, rule["Arn"]):
        return "the role does not trust EventBridge"
    context = {"events:source": event["Source"], "events:detail-type": event["DetailType"]}
    if not allows(role, "events:PutEvents", str(bus), context):
        return "the role may not put events on the bus"
    return None if admits(bus, role, event, rule["Arn"]) else "the policy of the bus does not allow it"


@around(eventbridge, "_put_permission")
def put_permission(_original, data):
    """A whole policy, or one statement: an account or everybody, with the condition that names the organization."""
    name = data.get("EventBusName", "default")
    eventbridge._ensure_default_bus()
    if name not in eventbridge._event_buses:
        return refuse("ResourceNotFoundException", f"Event bus {name} does not exist.")
    if data.get("Policy"):
        eventbridge._event_bus_policies[name] = json.loads(data["Policy"])
    else:
        put_statement(name, statement_of(name, data))
    return eventbridge.json_response({})


def statement_of(name, data):
    principal, condition = data.get("Principal"), data.get("Condition")
    return {"Sid": data.get("StatementId"), "Effect": "Allow", "Action": data.get("Action", "events:PutEvents"),
            "Principal": principal if principal == "*" else {"AWS": f"arn:aws:iam::{principal}:root"},
            "Resource": f"arn:aws:events:{get_region()}:{get_account_id()}:event-bus/{name}",
            **({"Condition": {condition["Type"]: {condition["Key"]: condition["Value"]}}} if condition else {})}


def put_statement(name, statement):
    policy = eventbridge._event_bus_policies.setdefault(name, {"Version": "2012-10-17", "Statement": []})
    others = [one for one in policy["Statement"] if one.get("Sid") != statement["Sid"]]
    eventbridge._event_bus_policies[name] = {**policy, "Statement": [*others, statement]}


@around(eventbridge, "_delete_event_bus")
def delete_bus(original, data):
    answered = original(data)
    if answered[0] < 300:
        eventbridge._event_bus_policies.pop(data.get("Name"), None)
    return answered


def with_valid_targets(handler, new_properties):
    """As PutTargets checks them, which ministack's type of a rule passes over: a bus elsewhere needs a role."""
    def handle(*arguments):
        for target in arguments[new_properties].get("Targets") or []:
            if error := eventbridge._validate_target_arn(target):
                checked("AWS::Events::Rule", error)
        return handler(*arguments)
    return handle


def policy_create(_logical_id, props, _stack):
    name = props.get("EventBusName", "default")
    if "Statement" in props:
        given = props["Statement"]
        eventbridge._ensure_default_bus()
        if name not in eventbridge._event_buses:
            raise ValueError(f"AWS::Events::EventBusPolicy: Event bus {name} does not exist.")
        put_statement(name, {**(json.loads(given) if isinstance(given, str) else given), "Sid": props["StatementId"]})
    else:
        checked("AWS::Events::EventBusPolicy", eventbridge._put_permission(props))
    return f"{name}|{props['StatementId']}", {}


def policy_update(_physical_id, _old_props, new_props, stack):
    return policy_create("", new_props, stack)


def policy_delete(_physical_id, props):
    eventbridge._remove_permission(
        {"EventBusName": props.get("EventBusName", "default"), "StatementId": props["StatementId"]})


provisioners._REPLACING_PROPERTIES["AWS::Events::EventBusPolicy"] = ("EventBusName", "StatementId")
provisioners._RESOURCE_HANDLERS["AWS::Events::EventBusPolicy"] = {
    "create": policy_create, "update": policy_update, "delete": policy_delete}
_rule = provisioners._RESOURCE_HANDLERS["AWS::Events::Rule"]
provisioners._RESOURCE_HANDLERS["AWS::Events::Rule"] = {
    **_rule, "create": with_valid_targets(_rule["create"], 1), "update": with_valid_targets(_rule["update"], 2)}
