"""IAM as AWS evaluates it where ministack asks for another action, another resource or too few condition keys."""
import re
from urllib.parse import unquote

import ministack.app as ms
from ministack.core import iam_actions, iam_evaluator
from ministack.core.responses import get_account_id
from ministack.services import bedrock

from . import faults, recorder
from .wire import around

MODEL_PATH = re.compile(r"^/model/(.+)/(converse|converse-stream|invoke|invoke-with-response-stream|count-tokens)$")
# Converse has no action of its own, in either form.
SAME_ACTION = {"bedrock:Converse": "bedrock:InvokeModel",
               "bedrock:ConverseStream": "bedrock:InvokeModelWithResponseStream"}
PROFILE = ":application-inference-profile/"

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
    if service == "bedrock" and (named := re.match(r"^/(?:inference-profiles|tags)/(arn:.+)$", unquote(path))):
        return named.group(1)
    if service == "budgets":
        name = iam_actions._safe_json_field(body, "BudgetName")
        action = iam_actions._safe_json_field(body, "ActionId")
        tail = f"{name}/action/{action}" if action else name
        return f"arn:aws:budgets::{account}:budget/{tail}" if name else "*"
    if service in ("ce", "application-autoscaling", "servicequotas"):
        return "*"
    return original(service, method, path, headers, body, params, region, account)


@around(iam_actions, "request_tag_context")
def context_of(original, service, action, body, params):
    attaches = service == "iam" and re.search(r":(Attach|Detach)(Role|User|Group)Policy$", action)
    more = {"iam:PolicyARN": iam_actions._param(body, params, "PolicyArn")} if attaches else {}
    return {**original(service, action, body, params), **more}


@around(iam_evaluator, "enforce")
def enforce(original, key, action, service, region, resource_arn="*", service_context=None):
    def ask(arn, context):
        return original(key, action, service, region, resource_arn=arn, service_context=context)

    denied = ask(resource_arn, service_context)
    used = [resource_arn]
    if not denied and service == "bedrock-runtime" and PROFILE in resource_arn:
        # AWS asks for each model behind the profile as well, and tells the policy by which profile it is called.
        context = {**(service_context or {}), "bedrock:InferenceProfileArn": resource_arn}
        for arn in models_behind(resource_arn):
            used.append(arn)
            denied = denied or ask(arn, context)
    principal = principal_of(key)
    for arn in used:
        recorder.record(principal, action, arn, not denied)
    return denied


def models_behind(profile_arn):
    profile = bedrock._inference_profiles_apps.get(profile_arn.rsplit("/", 1)[1]) or {"Models": []}
    return [model["ModelArn"] for model in profile["Models"]]


def principal_of(key):
    found = iam_evaluator.resolve_credential(key or "", get_account_id())
    return getattr(found, "principal_arn", "unknown")


def allows(role_arn, action, resource, context=None):
    """Whether a service that acts by itself under this role (a schedule, a budgets action) may; recorded as a use."""
    name = role_arn.rsplit("/", 1)[-1]
    account = get_account_id()
    allowed = iam_evaluator.evaluate(
        iam_evaluator.EvalContext(
            principal_arn=role_arn, principal_type="AssumedRole", principal_account=account, action=action,
            resource_arn=resource, region="us-east-1",
            service_context={name.lower(): value for name, value in (context or {}).items()}),
        iam_evaluator._gather_role_policies(name, account)).decision == "Allow"
    recorder.record(role_arn, action, resource, allowed)
    return allowed


# The JS SDK's HTTP/2 client signs :authority, which ASGI hands over as host.
@around(ms, "pin_signed_request")
def pin_signed(original, method, raw_path, query, headers, *more):
    return original(method, raw_path, query, [*headers, *((b":authority", v) for n, v in headers if n == b"host")], *more)


# CDK's bootstrap bucket denies what does not come by TLS: on loopback every call counts as if it did.
@around(ms, "pin_request_origin")
def pin_origin(_original, ip, _secure):
    return iam_evaluator.pin_request_origin(ip, True)


def with_faults(service, handler):
    """An ordered fault meets a call after it was authorised, as at AWS."""
    async def handle(method, path, headers, body, query):
        if faults.rules():
            params = dict(query)
            action = iam_actions.extract_iam_action(service, method, path, headers, body, params)
            if kind := faults.due(action):
                return faults.answer(kind, service, headers)
        return await handler(method, path, headers, body, query)
    return handle


def install():
    """Last of all, so that the handlers of the other modules are wrapped too."""
    for service in ("bedrock", "bedrock-runtime", "budgets", "ce", "application-autoscaling", "servicequotas", "dynamodb",
                    "events", "iam", "lambda", "monitoring", "scheduler", "sns", "sqs", "sts"):
        ms.SERVICE_HANDLERS[service] = with_faults(service, ms.SERVICE_HANDLERS[service])
