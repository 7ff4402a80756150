"""Operations on StackSets: their stacks are ministack's own, deployed in the scope of the account that has them."""
import asyncio
import contextvars
import re

from ministack.core import iam_evaluator
from ministack.core.responses import new_uuid, request_scope
from ministack.services import cloudformation
from ministack.services.cloudformation import handlers

from . import membership, organizations
from .stack_set_model import Instance, now, pairs, sets, wanted, yes
from .wire import around

# The role that StackSets has in the account: not AWS's name for it, which is documented nowhere.
ROLE = "stacksets-exec"
_template: contextvars.ContextVar = contextvars.ContextVar("template of a stack set", default=None)


async def converge(stack_set, groups, preferences=None, operation_id=None):
    """Instances that the groups name no more go first, all of them where there are no groups; then what is new is made and the
    rest brought up to date, with those that came by automatic deployment.
    @param operation_id of the first one that has something to do
    @returns the operations, which may have failed"""
    async with stack_set.turn:
        before, aims = wanted(stack_set, stack_set.groups), wanted(stack_set, groups)
        stack_set.groups = groups
        gone = [key for key in stack_set.instances if not groups or (key in before and key not in aims)]
        new = [key for key in aims if key not in stack_set.instances]
        kept = [key for key in stack_set.instances if key not in gone]
        for key, (unit, overrides) in aims.items():
            instance = stack_set.instances.setdefault(key, instance_for(stack_set, key, unit, overrides))
            instance.unit = unit
            # What UpdateStackInstances has put in their place stays while the groups say what they said.
            if key not in before or before[key][1] != overrides:
                instance.overrides = overrides
        done = []
        for action, keys in (("DELETE", gone), ("CREATE", new), ("UPDATE", kept)):
            if keys:
                done.append(await operate(
                    stack_set, action, keys, preferences or {}, operation_id=None if done else operation_id))
        return done


def instance_for(stack_set, key, unit, overrides):
    return Instance(*key, unit, overrides, f"StackSet-{stack_set.name}-{new_uuid()}")


async def override(stack_set, keys, given, preferences, operation_id):
    """Parameters that are not named are the set's own again; without any list all stay."""
    async with stack_set.turn:
        for instance in (stack_set.instances[key] for key in keys if given is not None):
            instance.overrides = {
                name: instance.overrides.get(name) if yes(one.get("UsePreviousValue")) else one["ParameterValue"]
                for one in given for name in [one["ParameterKey"]]}
        await operate(stack_set, "UPDATE", keys, preferences, operation_id=operation_id)


async def remove(stack_set, keys, preferences, retain, operation_id):
    async with stack_set.turn:
        stack_set.excluded |= set(keys)
        await operate(stack_set, "DELETE", keys, preferences, retain, operation_id)


async def operate(stack_set, action, keys, preferences, retain=False, operation_id=None):
    operation = {"OperationId": operation_id or new_uuid(), "Action": action, "Status": "RUNNING",
                 "CreationTimestamp": now(), "_results": [], "_retain": retain}
    stack_set.operations.insert(0, operation)
    regions = preferences.get("RegionOrder") or sorted({region for _, region in keys})
    for region in regions:
        there = [stack_set.instances[key] for key in keys if key[1] == region]
        for instance in there:
            instance.status, instance.detailed, instance.operation = "OUTDATED", "PENDING", operation["OperationId"]
        stopped = operation["Status"] == "FAILED"
        if not await in_region(stack_set, action, there, preferences, operation, stopped):
            operation["Status"] = "FAILED"
    operation.update(EndTimestamp=now(), Status="FAILED" if operation["Status"] == "FAILED" else "SUCCEEDED")
    return operation


async def in_region(stack_set, action, instances, preferences, operation, stopped):
    """@returns whether no more have failed than are tolerated."""
    tolerated = share(preferences, "FailureTolerance", len(instances), 0)
    at_once = max(1, share(preferences, "MaxConcurrent", len(instances), 1))
    if preferences.get("ConcurrencyMode", "STRICT_FAILURE_TOLERANCE") == "STRICT_FAILURE_TOLERANCE":
        at_once = min(at_once, tolerated + 1)
    failed = 0
    while instances:
        batch, instances = instances[:at_once], instances[at_once:]
        if stopped or failed > tolerated:
            for instance in batch:
                instance.detailed, instance.reason = "CANCELLED", "Cancelled since failure tolerance has exceeded"
        else:
            await asyncio.gather(*(apply(stack_set, action, instance, operation) for instance in batch))
        failed += sum(instance.detailed == "FAILED" for instance in batch)
        operation["_results"] += [{
            "Account": one.account, "Region": one.region, "Status": one.detailed, "StatusReason": one.reason or None,
            "OrganizationalUnitId": one.unit} for one in batch]
    return failed <= tolerated and not stopped


def share(preferences, name, of, default):
    if f"{name}Percentage" in preferences:
        return int(preferences[f"{name}Percentage"]) * of // 100
    return int(preferences.get(f"{name}Count", default))


async def apply(stack_set, action, instance, operation):
    instance.detailed, instance.reason = "RUNNING", ""
    role = f"arn:aws:sts::{instance.account}:assumed-role/{ROLE}/{instance.stack_name[:64]}"
    with request_scope(instance.account, instance.region):
        iam_evaluator._request_caller_arn.set(role)
        _template.set(stack_set.template)
        if action == "DELETE":
            reason = "" if operation["_retain"] else await removed(instance)
        else:
            reason = await deployed(stack_set, instance)
    instance.reason = reason
    instance.detailed = "FAILED" if reason else "SUCCEEDED"
    instance.status = ("INOPERABLE" if action == "DELETE" else "OUTDATED") if reason else "CURRENT"
    if action == "DELETE" and not reason:
        stack_set.instances.pop((instance.account, instance.region), None)


def stack_of(instance):
    found = cloudformation._stacks.get(instance.stack_name)
    return found if found and found["StackStatus"] != "DELETE_COMPLETE" else None


async def settled(instance):
    """The stack's status once nothing is under way."""
    while True:
        stack = cloudformation._stacks.get(instance.stack_name)
        if not stack or not stack["StackStatus"].endswith("_IN_PROGRESS"):
            return stack
        await asyncio.sleep(0.02)


async def deployed(stack_set, instance):
    """@returns why not, '' if it is."""
    asked = request_of(stack_set, instance)
    exists = stack_of(instance)
    fresh = exists is None or exists["StackStatus"] in ("ROLLBACK_COMPLETE", "CREATE_FAILED")
    answered = (handlers._create_stack if fresh else handlers._update_stack)(asked)
    if answered[0] >= 400:
        said = re.search(rb"<Message>(.*?)</Message>", answered[2], re.DOTALL)
        text = said.group(1).decode() if said else "unknown"
        return "" if text == "No updates are to be performed." else text
    stack = await settled(instance)
    instance.stack_id = stack["StackId"]
    done = stack["StackStatus"] in ("CREATE_COMPLETE", "UPDATE_COMPLETE")
    return "" if done else why(stack)


def why(stack):
    """Of the last operation: the first resource that failed in it."""
    events = cloudformation._stack_events.get(stack["StackId"]) or []
    begun = max((at for at, event in enumerate(events) if event["ResourceStatusReason"] == "User Initiated"), default=0)
    for event in events[begun:]:
        if event["ResourceStatus"].endswith("_FAILED") and event["LogicalResourceId"] != stack["StackName"]:
            return (f"ResourceLogicalId:{event['LogicalResourceId']}, ResourceType:{event['ResourceType']}, "
                    f"ResourceStatusReason:{event['ResourceStatusReason']}")
    return f"{stack['StackStatus']}: {stack.get('StackStatusReason') or 'unknown'}"


async def removed(instance):
    if stack_of(instance) is None:
        return ""
    handlers._delete_stack({"StackName": [instance.stack_name]})
    await asyncio.sleep(0)
    stack = await settled(instance)
    done = stack is None or stack["StackStatus"] == "DELETE_COMPLETE"
    return "" if done else why(stack)


def request_of(stack_set, instance):
    request = {"StackName": [instance.stack_name]}
    for number, (key, value) in enumerate({**pairs(stack_set.request.get("Parameters")), **instance.overrides}.items(), 1):
        request[f"Parameters.member.{number}.ParameterKey"] = [key]
        request[f"Parameters.member.{number}.ParameterValue"] = [str(value)]
    for number, tag in enumerate(stack_set.request.get("Tags") or [], 1):
        request[f"Tags.member.{number}.Key"], request[f"Tags.member.{number}.Value"] = [tag["Key"]], [tag["Value"]]
    for number, capability in enumerate(stack_set.request.get("Capabilities") or [], 1):
        request[f"Capabilities.member.{number}"] = [capability]
    return request


@around(handlers, "_resolve_template")
def resolve_template(original, params):
    """A stack of a set has the set's template, however long it is."""
    return (_template.get(), None) if _template.get() is not None else original(params)


async def follow(stack_set, account):
    """Automatic deployment, by stacksets-orgs-manage-auto-deployment.html, CloudFormation User Guide, read 2026-11-29: account
    filters are not considered, and who comes later has the set's own parameters in place of what is overridden."""
    async with stack_set.turn:
        aims = {(account, region): unit for group in stack_set.groups for region in group["Regions"]
                for unit in group["DeploymentTargets"]["OrganizationalUnitIds"]
                if account in membership.accounts_under(stack_set.management, unit)}
        there = [key for key in stack_set.instances if key[0] == account]
        gone, new = [key for key in there if key not in aims], [key for key in aims if key not in there]
        for key in new:
            stack_set.instances[key] = instance_for(stack_set, key, aims[key], {})
        if gone:
            await operate(stack_set, "DELETE", gone, {}, yes(stack_set.automatic.get("RetainStacksOnAccountRemoval")))
        if new:
            await operate(stack_set, "CREATE", new, {})


def account_moved(account):
    for stack_set in list(sets.values()):
        if stack_set.groups and yes(stack_set.automatic.get("Enabled")):
            asyncio.get_running_loop().create_task(follow(stack_set, account))


organizations.moved.append(account_moved)
