"""CloudFormation's operations on StackSets, over the Query protocol; AWS::CloudFormation::StackSet uses them too."""
import asyncio
import re
from html import escape

import ministack.app as ms
from ministack.core.responses import get_account_id, get_region, new_uuid
from ministack.services import cloudformation
from ministack.services.cloudformation import engine, handlers, helpers

from . import membership, organizations
from .stack_set_model import SERVICE, Refused, StackSet, pairs, sets, spread, targeted, wanted
from .stack_sets import converge, override, remove

_cloudformation = ms.SERVICE_HANDLERS["cloudformation"]
# Of the server, for what is asked for in a thread of its own.
loop: list = []
_activated: set = set()
PAGE = 100
CHANGED_BY_UPDATE = ("Description", "Parameters", "Capabilities", "Tags", "AutoDeployment", "ManagedExecution")


async def api(method, path, headers, body, query):
    loop[:] = [asyncio.get_running_loop()]
    return await _cloudformation(method, path, headers, body, query)


def request_of(params):
    """Regions.member.1=… as {"Regions": […]}, at any depth."""
    tree: dict = {}
    for key, value in params.items():
        at, parts = tree, key.split(".")
        for part in parts[:-1]:
            at = at.setdefault(part, {})
        if value not in ([""], ""):
            at[parts[-1]] = value[0] if isinstance(value, list) else value
    return listed(tree)


def listed(value):
    if not isinstance(value, dict):
        return value
    if set(value) == {"member"}:
        return [listed(each) for _, each in sorted(value["member"].items(), key=lambda pair: int(pair[0]))]
    return {key: listed(each) for key, each in value.items()}


def xml(value):
    if isinstance(value, dict):
        return "".join(f"<{key}>{xml(each)}</{key}>" for key, each in value.items() if each is not None and key[0] != "_")
    if isinstance(value, list):
        return "".join(f"<member>{xml(each)}</member>" for each in value)
    return str(value).lower() if isinstance(value, bool) else escape(str(value))


def owner(request):
    """The management account of the sets that the caller works with."""
    account = get_account_id()
    management = membership.management_of(account)
    delegated = request.get("CallAs") == "DELEGATED_ADMIN"
    if management is None or (not delegated and management != account):
        raise Refused("ValidationError", "Service-managed StackSets are of the organization's management account")
    if delegated and not organizations.administers(account, SERVICE):
        raise Refused("ValidationError", f"Account used is not a delegated administrator: {account}")
    return management


def known(request):
    asked, management = request.get("StackSetName", ""), owner(request)
    for stack_set in sets.values():
        if (stack_set.management, stack_set.region) == (management, get_region()) and asked in (
                stack_set.name, stack_set.id, stack_set.arn):
            return stack_set
    raise Refused("StackSetNotFoundException", f"StackSet {asked} not found", 404)


def create_set(request):
    management, name = owner(request), request.get("StackSetName", "")
    if request.get("PermissionModel") != "SERVICE_MANAGED":
        raise Refused("ValidationError", "the local AWS serves PermissionModel SERVICE_MANAGED only")
    if management not in _activated:
        raise Refused("ValidationError", "You must enable organizations access to operate a service managed stack set")
    if problems := helpers.stack_name_problems(name):
        raise Refused("ValidationError", helpers.validation_error_message(problems))
    if any(one.name == name and one.management == management and one.region == get_region() for one in sets.values()):
        raise Refused("NameAlreadyExistsException", f"StackSet {name} already exists", 409)
    made = StackSet(name, management, get_region(), request, template_of(request), f"{name}:{new_uuid()}")
    sets[made.id] = made
    return made


def template_of(request):
    """Read in the caller's account, and checked for what every stack of it would fail of."""
    given = {key: [value] for key, value in request.items() if key in ("TemplateBody", "TemplateURL")}
    body, error = helpers._resolve_template(given)
    if error or not body:
        raise Refused("ValidationError", message_of(error) if error else "TemplateBody or TemplateURL is required")
    try:
        template = engine._parse_template(body)
    except Exception as error:
        raise Refused("ValidationError", f"Template format error: {error}") from error
    declared, named = template.get("Parameters") or {}, pairs(request.get("Parameters"))
    if unknown := sorted(set(named) - set(declared)):
        raise Refused("ValidationError", f"Parameters: [{', '.join(unknown)}] do not exist in the template")
    if missing := sorted(key for key, one in declared.items() if "Default" not in one and key not in named):
        raise Refused("ValidationError", f"Parameters: [{', '.join(missing)}] must have values")
    sent = {f"Capabilities.member.{number}": [one] for number, one in enumerate(request.get("Capabilities") or [], 1)}
    if refused := handlers._check_capabilities(template, template, sent):
        raise Refused(re.search(rb"<Code>(.*?)</Code>", refused[2]).group(1).decode(), message_of(refused))
    return body


def message_of(error):
    return re.search(rb"<Message>(.*?)</Message>", error[2], re.DOTALL).group(1).decode()


def change_set(stack_set, request):
    """What an update leaves out is gone but the template, which is kept where UsePreviousTemplate says so."""
    asked = {**{key: value for key, value in stack_set.request.items() if key not in CHANGED_BY_UPDATE}, **request}
    if str(request.get("UsePreviousTemplate")).lower() == "true":
        asked = {**asked, "TemplateBody": stack_set.template, "TemplateURL": ""}
    stack_set.template, stack_set.request = template_of(asked), asked


def delete_set(request):
    stack_set = known(request)
    idle(stack_set)
    if stack_set.instances:
        raise Refused("StackSetNotEmptyException", "StackSet is not empty", 409)
    del sets[stack_set.id]
    return {}


def idle(stack_set):
    if stack_set.turn.locked():
        raise Refused("OperationInProgressException", f"Another Operation on StackSet {stack_set.arn} is in progress", 409)


def start(stack_set, groups, request):
    """@returns the id that the first of its operations gets"""
    idle(stack_set)
    wanted(stack_set, groups)
    operation = request.get("OperationId") or new_uuid()
    loop[0].create_task(converge(stack_set, groups, request.get("OperationPreferences"), operation))
    return {"OperationId": operation}


def create_instances(request):
    refuse_union(request["DeploymentTargets"])
    stack_set = known(request)
    group = {key: request.get(key) for key in ("DeploymentTargets", "Regions", "ParameterOverrides")}
    stack_set.excluded -= set(spread(stack_set.management, [group]))
    return start(stack_set, [*stack_set.groups, group], request)


def refuse_union(targets):
    """"UNION is not supported for CreateStackInstances operations": botocore 1.43.106, DeploymentTargets."""
    if targets.get("AccountFilterType") == "UNION":
        raise Refused("ValidationError", "AccountFilterType UNION is not supported for CreateStackInstances")


def named_instances(stack_set, request):
    idle(stack_set)
    accounts = targeted(stack_set.management, request["DeploymentTargets"])
    return [key for key in stack_set.instances if key[0] in accounts and key[1] in request["Regions"]]


def update_instances(request):
    stack_set = known(request)
    keys = named_instances(stack_set, request)
    if not keys:
        raise Refused("StackInstanceNotFoundException", "Stack instance not found", 404)
    operation = request.get("OperationId") or new_uuid()
    preferences, given = request.get("OperationPreferences") or {}, request.get("ParameterOverrides")
    loop[0].create_task(override(stack_set, keys, given, preferences, operation))
    return {"OperationId": operation}


def delete_instances(request):
    stack_set = known(request)
    keys = named_instances(stack_set, request)
    operation = request.get("OperationId") or new_uuid()
    retain = str(request.get("RetainStacks")).lower() == "true"
    loop[0].create_task(remove(stack_set, keys, request.get("OperationPreferences") or {}, retain, operation))
    return {"OperationId": operation}


def update_set(request):
    stack_set = known(request)
    idle(stack_set)
    change_set(stack_set, request)
    return start(stack_set, stack_set.groups, request)


def describe_set(request):
    stack_set = known(request)
    units = sorted({unit for group in stack_set.groups for unit in group["DeploymentTargets"]["OrganizationalUnitIds"]})
    return {"StackSet": {
        **summary(stack_set), "TemplateBody": stack_set.template, "StackSetARN": stack_set.arn,
        "Parameters": stack_set.request.get("Parameters") or [], "Capabilities": stack_set.request.get("Capabilities") or [],
        "Tags": stack_set.request.get("Tags") or [], "OrganizationalUnitIds": units,
        "Regions": sorted({region for _, region in stack_set.instances})}}


def summary(stack_set):
    return {"StackSetName": stack_set.name, "StackSetId": stack_set.id, "Status": "ACTIVE",
            "Description": stack_set.request.get("Description"), "PermissionModel": "SERVICE_MANAGED",
            "AutoDeployment": stack_set.request.get("AutoDeployment"),
            "ManagedExecution": stack_set.request.get("ManagedExecution")}


def instance_of(stack_set, one):
    return {"StackSetId": stack_set.id, "Region": one.region, "Account": one.account, "StackId": one.stack_id or None,
            "Status": one.status, "StatusReason": one.reason or None, "OrganizationalUnitId": one.unit,
            "StackInstanceStatus": {"DetailedStatus": one.detailed}, "DriftStatus": "NOT_CHECKED",
            "LastOperationId": one.operation}


def describe_instance(request):
    stack_set = known(request)
    found = stack_set.instances.get((request.get("StackInstanceAccount"), request.get("StackInstanceRegion")))
    if found is None:
        raise Refused("StackInstanceNotFoundException", "Stack instance not found", 404)
    overrides = [{"ParameterKey": key, "ParameterValue": value} for key, value in found.overrides.items()]
    return {"StackInstance": {**instance_of(stack_set, found), "ParameterOverrides": overrides}}


def list_instances(request):
    stack_set = known(request)
    account, region = request.get("StackInstanceAccount"), request.get("StackInstanceRegion")
    return paged(request, [instance_of(stack_set, one) for one in stack_set.instances.values()
                           if account in (None, one.account) and region in (None, one.region)])


def paged(request, found):
    start_at, size = int(request.get("NextToken") or 0), int(request.get("MaxResults") or PAGE)
    following = start_at + size if start_at + size < len(found) else None
    return {"Summaries": found[start_at:start_at + size], "NextToken": following}


def operation_of(request):
    for operation in known(request).operations:
        if operation["OperationId"] == request.get("OperationId"):
            return operation
    raise Refused("OperationNotFoundException", "Operation not found", 404)


def activate(_request):
    if membership.management_of(get_account_id()) != get_account_id():
        raise Refused("InvalidOperationException", "Only the management account of an organization activates access")
    _activated.add(get_account_id())
    organizations.enable({"ServicePrincipal": SERVICE})
    return {}


def deactivate(_request):
    _activated.discard(get_account_id())
    return {}


def access(request):
    return {"Status": "ENABLED" if owner(request) in _activated else "DISABLED"}


OPERATIONS = {
    "CreateStackSet": lambda request: {"StackSetId": create_set(request).id}, "UpdateStackSet": update_set,
    "DeleteStackSet": delete_set, "DescribeStackSet": describe_set,
    "ListStackSets": lambda request: paged(request, [
        summary(one) for one in sets.values() if (one.management, one.region) == (owner(request), get_region())]),
    "CreateStackInstances": create_instances, "UpdateStackInstances": update_instances,
    "DeleteStackInstances": delete_instances,
    "DescribeStackInstance": describe_instance, "ListStackInstances": list_instances,
    "ListStackSetOperations": lambda request: paged(request, known(request).operations),
    "DescribeStackSetOperation": lambda request: {"StackSetOperation": operation_of(request)},
    "ListStackSetOperationResults": lambda request: paged(request, operation_of(request)["_results"]),
    "ActivateOrganizationsAccess": activate, "DeactivateOrganizationsAccess": deactivate,
    "DescribeOrganizationsAccess": access,
}


def served(operation, serve):
    def handle(params):
        try:
            answered = serve(request_of({key: value for key, value in params.items() if key not in ("Action", "Version")}))
        except Refused as refused:
            return helpers._error(refused.code, str(refused), refused.status)
        return helpers._xml(200, f"{operation}Response", f"<{operation}Result>{xml(answered)}</{operation}Result>")
    return handle


cloudformation._ACTION_HANDLERS.update({name: served(name, serve) for name, serve in OPERATIONS.items()})
ms.SERVICE_HANDLERS["cloudformation"] = api
