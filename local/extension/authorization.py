"""IAM as AWS evaluates it where ministack asks for another action, another resource or too few condition keys."""
import hashlib
import json
import re
from urllib.parse import unquote

import ministack.app as ms
from ministack.core import iam_actions, iam_evaluator
from ministack.core.responses import get_account_id
from ministack.core.router import extract_access_key_id
from ministack.services import bedrock, iam, ses_v2

from . import faults, organizations, recorder, service_control
from .wire import around

MODEL_PATH = re.compile(r"^/model/(.+)/(converse|converse-stream|invoke|invoke-with-response-stream|count-tokens)$")
# Converse has no action of its own, in either form.
SAME_ACTION = {"bedrock:Converse": "bedrock:InvokeModel",
               "bedrock:ConverseStream": "bedrock:InvokeModelWithResponseStream"}
PROFILE = ":application-inference-profile/"
# What is made with tags is tagged as well, which is an action of its own.
TAGGING = {"bedrock:CreateInferenceProfile": "bedrock:TagResource", "iam:CreateRole": "iam:TagRole",
           "iam:CreatePolicy": "iam:TagPolicy", "budgets:ModifyBudget": "budgets:TagResource"}
# In place of condition keys: another resource of the request, and whether it has tags.
COPIED, TAGS = "copied", "tags"
# Where a call through a system profile may be served; AWS asks for the model in each of them.
# A global profile names its model without a Region as well (trap 4), and lands in any.
SYSTEM_REGIONS = {"us": ["us-east-1", "us-east-2", "us-west-2"],
                  "global": ["us-east-1", "eu-west-1", "ap-southeast-6", ""]}

# Resources beside the first one, in the place of a condition key: each is asked for.
ALSO_ON = "also on"

# A service without a namespace would pass unchecked.
iam_actions.SERVICE_TO_IAM_NAMESPACE.update({
    "ce": "ce", "application-autoscaling": "application-autoscaling", "servicequotas": "servicequotas"})
iam_actions._BOTOCORE_SERVICE_MAP["lambda"] = ["lambda"]


@around(iam_actions, "extract_iam_action")
def action_of(original, service, method, path, headers, body, params):
    found = original(service, method, path, headers, body, params)
    if service == "lambda":  # by the operation: ministack's own table takes the wrong one for many
        operation = iam_actions._match_rest_action("lambda", method, path, params)
        return f"lambda:{re.sub('^Invoke.*', 'InvokeFunction', operation)}" if operation else found
    if service == "budgets":
        return budgets_action(found)
    return SAME_ACTION.get(found, found)


def budgets_action(found):
    """The API of budgets themselves has two permissions; that of their actions has one per operation."""
    operation = (found or "").rpartition(":")[2]
    if "BudgetAction" in operation:
        return f"budgets:{operation}"
    reads = operation.startswith("Describe")
    return found if "Tag" in operation else f"budgets:{'ViewBudget' if reads else 'ModifyBudget'}"


@around(iam_actions, "extract_resource_arn")
def resource_of(original, service, method, path, headers, body, params, region, account):
    match = service == "bedrock-runtime" and MODEL_PATH.match(unquote(path))
    if match and match.group(1).startswith("arn:"):
        return match.group(1)
    named = service == "bedrock" and re.match(r"^/(?:inference-profiles|model-invocation-job)/(arn:.+?)(/stop)?$",
                                              unquote(path))
    if named:
        return named.group(1)
    if service == "bedrock" and path == "/inference-profiles" and method == "POST":
        return f"arn:aws:bedrock:{region}:{account}{PROFILE}*"
    if service == "bedrock" and path in ("/listTagsForResource", "/tagResource", "/untagResource"):
        return iam_actions._safe_json_field(body, "resourceARN") or "*"
    if service == "iam" and (arn := entity_of(params) or made_by(params, account)):
        return arn
    if service == "budgets" and (arn := iam_actions._safe_json_field(body, "ResourceARN")):
        return arn
    if service == "budgets":
        name = iam_actions._safe_json_field(body, "BudgetName") or (
            json.loads(body or b"{}").get("Budget") or {}).get("BudgetName")
        action = iam_actions._safe_json_field(body, "ActionId")
        tail = f"{name}/action/{action}" if action else name
        return f"arn:aws:budgets::{account}:budget/{tail}" if name else "*"
    if service == "organizations":
        return organizations.resources(organizations.asked_of(headers, body)[1], account)[0]
    if service == "cloudformation" and (name := iam_actions._query_param(params, "StackSetName")):
        return f"arn:aws:cloudformation:{region}:{account}:stackset/{name if ':' in name else f'{name}:*'}"
    if service == "application-autoscaling" and iam_actions._safe_json_field(body, "ResourceId"):
        # Its id is opaque: that of the same target is always the same.
        target = hashlib.sha256(iam_actions._safe_json_field(body, "ResourceId").encode()).hexdigest()[:8]
        return f"arn:aws:application-autoscaling:{region}:{account}:scalable-target/{target}"
    if service in ("ce", "application-autoscaling", "servicequotas"):
        return "*"
    found = original(service, method, path, headers, body, params, region, account)
    if service == "lambda" and (qualifier := iam_actions._query_param(params, "Qualifier")):
        return f"{found}:{qualifier}"  # of a version or an alias a policy must name just that
    return found


def made_by(params, account):
    """What CreateRole and CreatePolicy are about to make, with its path."""
    for operation, kind in (("CreateRole", "role"), ("CreatePolicy", "policy")):
        if iam_actions._query_param(params, "Action") == operation:
            name = iam_actions._query_param(params, "RoleName" if kind == "role" else "PolicyName")
            return f"arn:aws:iam::{account}:{kind}{iam_actions._query_param(params, 'Path') or '/'}{name}"
    return None


def entity_of(params):
    """Whom an operation of IAM is about, with its path: of a user and a group the group, and never the policy."""
    for name, store in (("RoleName", iam._roles), ("GroupName", iam._groups), ("UserName", iam._users)):
        found = store.get(iam_actions._query_param(params, name) or "")
        if found:
            return found["Arn"]
    # GetAccessKeyLastUsed names the key alone, and is asked for on its user.
    key = iam._access_keys.get(iam_actions._query_param(params, "AccessKeyId") or "")
    owner = iam._users.get(key["UserName"]) if key else None
    return owner["Arn"] if owner else None


@around(iam_actions, "request_tag_context")
def context_of(original, service, action, body, params):
    attaches = service == "iam" and re.search(r":(Attach|Detach)(Role|User|Group)Policy$", action)
    more = {"iam:PolicyARN": iam_actions._param(body, params, "PolicyArn")} if attaches else {}
    if service == "bedrock-runtime" and (tier := service_tier(body)):
        more["bedrock:ServiceTier"] = tier
    if action == "bedrock:CreateInferenceProfile":
        more[COPIED] = (json.loads(body or b"{}").get("modelSource") or {}).get("copyFrom")
    if action == "events:PutEvents":
        more["events:source"] = event_source(body)
    if service == "organizations":
        data = json.loads(body or b"{}")
        more["organizations:PolicyType"] = organizations.policy_type(data, get_account_id())
        more[ALSO_ON] = organizations.resources(data, get_account_id())[1:]
    if action == "application-autoscaling:RegisterScalableTarget":
        data = json.loads(body or b"{}")
        more["application-autoscaling:service-namespace"] = data.get("ServiceNamespace")
        more["application-autoscaling:scalable-dimension"] = data.get("ScalableDimension")
    found = original(service, action, body, params)
    if action in TAGGING and ("aws:TagKeys" in found or b'"ResourceTags"' in (body or b"")):
        more[TAGS] = TAGGING[action]
    return {**found, **more}


def service_tier(body):
    """As Converse names it; absent where the caller does not."""
    try:
        return (json.loads(body or b"{}").get("serviceTier") or {}).get("type")
    except (AttributeError, ValueError):
        return None


def event_source(body):
    """AWS asks for each entry: here entries of several sources are none that a policy could name."""
    entries = json.loads(body or b"{}").get("Entries") or []
    return ",".join(sorted({str(entry.get("Source")) for entry in entries}))


@around(iam_evaluator, "enforce")
def enforce(original, key, action, service, region, resource_arn="*", service_context=None):
    def ask(arn, context):
        denied = original(key, action, service, region, resource_arn=arn, service_context=context)
        if isinstance(denied, iam_evaluator.AuthError):
            return denied
        return service_control.refusal_of(key, action, region, arn, context) or denied

    denied = ask(resource_arn, {**(service_context or {}), **profile_tags(resource_arn)})
    used = [resource_arn]
    if copied := (service_context or {}).get(COPIED):
        used.append(copied)
        denied = denied or ask(copied, service_context)
    if tagging := (service_context or {}).get(TAGS):
        denied = denied or original(key, tagging, service, region, resource_arn=resource_arn,
                                    service_context=service_context)
        recorder.record(principal_of(key), tagging, resource_arn, not denied, service_context)
    if not denied and service == "bedrock-runtime" and PROFILE in resource_arn:
        # AWS asks for each model behind the profile as well, and tells the policy by which profile it is called.
        context = {**(service_context or {}), "bedrock:InferenceProfileArn": resource_arn}
        for arn in models_behind(resource_arn):
            used.append(arn)
            denied = denied or ask(arn, context)
    for arn in (service_context or {}).get(ALSO_ON) or []:
        used.append(arn)
        denied = denied or ask(arn, service_context)
    principal = principal_of(key)
    for arn in used:
        profile = {"bedrock:InferenceProfileArn": resource_arn} if PROFILE in resource_arn and arn != resource_arn else {}
        recorder.record(principal, action, arn, not denied, {**(service_context or {}), **profile})
    return denied


def profile_tags(arn):
    """aws:ResourceTag of an application inference profile."""
    tags = bedrock._tags.get(arn) if PROFILE in arn else None
    return {f"aws:resourcetag/{key}".lower(): value for key, value in (tags or {}).items()}


def models_behind(profile_arn):
    """Foundation models only: a copy of a system profile stands for the models of all its destination Regions."""
    profile = bedrock._inference_profiles_apps.get(profile_arn.rsplit("/", 1)[1]) or {"Models": []}
    return [arn for model in profile["Models"] for arn in destinations(model["ModelArn"])]


def destinations(arn):
    system = re.search(r":inference-profile/([a-z]{2}|us-gov|apac|global)\.(.+)$", arn)
    if not system:
        return [arn]
    own = arn.split(":")[3]
    regions = SYSTEM_REGIONS.get(system.group(1), [own])
    return [f"arn:aws:bedrock:{region}::foundation-model/{system.group(2)}" for region in regions]


def principal_of(key):
    found = iam_evaluator.resolve_credential(key or "", get_account_id())
    return getattr(found, "principal_arn", "unknown")


def allows(role_arn, action, resource, context=None):
    """Whether a service that acts by itself under this role (a schedule, a budgets action) may; recorded as a use."""
    name = role_arn.rsplit("/", 1)[-1]
    account = role_arn.split(":")[4]
    asked = iam_evaluator.EvalContext(
        principal_arn=role_arn, principal_type="AssumedRole", principal_account=account, action=action,
        resource_arn=resource, region="us-east-1", secure_transport=True,
        service_context={name.lower(): value for name, value in (context or {}).items()})
    granted = iam_evaluator._gather_role_policies(name, account)
    limits = iam_evaluator._permissions_boundary(iam._roles, name, account)
    allowed = (iam_evaluator.evaluate(asked, granted, *limits).decision == "Allow"
               and service_control.refusal(asked) is None)
    recorder.record(role_arn, action, resource, allowed, context)
    return allowed


# The JS SDK's HTTP/2 client signs :authority, which ASGI hands over as host.
@around(ms, "pin_signed_request")
def pin_signed(original, method, raw_path, query, headers, *more):
    authority = [(b":authority", value) for name, value in headers if name == b"host"]
    return original(method, raw_path, query, [*headers, *authority], *more)


# CDK's bootstrap bucket denies what does not come by TLS: on loopback every call counts as if it did.
@around(ms, "pin_request_origin")
def pin_origin(_original, ip, _secure):
    return iam_evaluator.pin_request_origin(ip, True)


def caller_name(headers, query):
    """The session's name, which for a function is its own."""
    return principal_of(extract_access_key_id(headers, query)).rsplit("/", 1)[-1]


def with_faults(service, handler, api=None):
    """An ordered fault meets a call after it was authorised, as at AWS. api: where it answers in another protocol than the service."""
    async def handle(method, path, headers, body, query):
        if faults.rules():
            params = dict(query)
            action = iam_actions.extract_iam_action(service, method, path, headers, body, params)
            caller = caller_name(headers, query)
            kind = faults.due(action, caller)
            if kind == "timeout":
                return await faults.time_out(handler, caller, method, path, headers, body, query)
            if kind:
                return faults.answer(kind, api or service, headers)
        return await handler(method, path, headers, body, query)
    return handle


def install():
    """Last of all, so that the handlers of the other modules are wrapped too."""
    for service in ("bedrock", "bedrock-runtime", "budgets", "ce", "application-autoscaling", "servicequotas", "dynamodb",
                    "events", "iam", "lambda", "logs", "monitoring", "organizations", "s3", "scheduler", "sns", "sqs",
                    "sts"):
        ms.SERVICE_HANDLERS[service] = with_faults(service, ms.SERVICE_HANDLERS[service])
    # Its second API goes by no such handler.
    ses_v2.handle_request = with_faults("ses", ses_v2.handle_request, "sesv2")
