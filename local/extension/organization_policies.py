"""Policies of AWS Organizations: how many a target takes, and AWS::Organizations::Policy."""
import json

from ministack.core import iam_evaluator
from ministack.services import organizations
from ministack.services.cloudformation import provisioners

from .organizations import constraint
from .service_control import TYPE
from .wire import around, checked, refuse

# Directly on a root, a unit or an account; five and 5,120 until May 2026, as older copies of the page say:
# https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html, read 2026-11-29.
MOST_ATTACHED, MOST_CHARACTERS = 10, 10_240


def attached_to(target):
    return [policy for policy, targets in organizations._attachments.items()
            if target in targets and organizations._policies[policy]["Type"] == TYPE]


@around(organizations, "_attach_policy")
def attach(original, data):
    target = data.get("TargetId")
    policy = organizations._policies.get(data.get("PolicyId"))
    full = policy and policy["Type"] == TYPE and len(attached_to(target)) >= MOST_ATTACHED
    if full and data["PolicyId"] not in attached_to(target):
        return constraint("MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED",
                          "You have attached the maximum number of policies to the specified target.")
    return original(data)


@around(organizations, "_detach_policy")
def detach(original, data):
    target = data.get("TargetId")
    if organizations._target(target)[0] is None:
        return refuse("TargetNotFoundException", f"We can't find a root, OU or account with the TargetId {target}")
    if attached_to(target) == [data.get("PolicyId")]:
        return constraint("MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED",
                          "You cannot remove the last policy attached to the specified target.")
    return original(data)


def malformed(data):
    content = data.get("Content")
    if content is None or (data.get("Type") or TYPE) != TYPE:
        return None
    if len(content) > MOST_CHARACTERS:
        return constraint("POLICY_CONTENT_LIMIT_EXCEEDED", f"{len(content)} characters exceed {MOST_CHARACTERS}.")
    why = iam_evaluator.validate_policy_document(content)
    return refuse("MalformedPolicyDocumentException", why) if why else None


@around(organizations, "_create_policy")
def create(original, data):
    return malformed(data) or original(data)


@around(organizations, "_update_policy")
def update(original, data):
    return malformed(data) or original(data)


# The handlers by name, which the table of operations holds as well.
organizations._DISPATCH.update({
    "AttachPolicy": lambda data: organizations._attach_policy(data),
    "DetachPolicy": lambda data: organizations._detach_policy(data),
    "CreatePolicy": lambda data: organizations._create_policy(data),
    "UpdatePolicy": lambda data: organizations._update_policy(data)})


def request_of(props):
    content = props["Content"]
    return {"Name": props["Name"], "Description": props.get("Description", ""), "Type": props["Type"],
            "Content": content if isinstance(content, str) else json.dumps(content), "Tags": props.get("Tags", [])}


def call(operation, data):
    return checked("AWS::Organizations::Policy", organizations._DISPATCH[operation](data))


def in_organization():
    if "self" not in organizations._orgs:
        raise ValueError("AWS::Organizations::Policy: this account is not the management account of an organization")


def attributes(policy):
    record = organizations._policies[policy]
    return {"Id": policy, "Arn": record["Arn"], "AwsManaged": False}


def type_create(_logical_id, props, _stack):
    in_organization()
    policy = call("CreatePolicy", request_of(props))["Policy"]["PolicySummary"]["Id"]
    for target in props.get("TargetIds", []):
        call("AttachPolicy", {"PolicyId": policy, "TargetId": target})
    return policy, attributes(policy)


def type_update(policy, old_props, new_props, _stack):
    call("UpdatePolicy", {**request_of(new_props), "PolicyId": policy})
    before, after = set(old_props.get("TargetIds", [])), set(new_props.get("TargetIds", []))
    for target in sorted(after - before):
        call("AttachPolicy", {"PolicyId": policy, "TargetId": target})
    for target in sorted(before - after):
        call("DetachPolicy", {"PolicyId": policy, "TargetId": target})
    return policy, attributes(policy)


def type_delete(policy, props):
    """What somebody else has attached keeps it: PolicyInUseException, as the type detaches its own targets only."""
    for target in props.get("TargetIds", []):
        call("DetachPolicy", {"PolicyId": policy, "TargetId": target})
    call("DeletePolicy", {"PolicyId": policy})


provisioners._REPLACING_PROPERTIES["AWS::Organizations::Policy"] = ("Type",)
provisioners._RESOURCE_HANDLERS["AWS::Organizations::Policy"] = {
    "create": type_create, "update": type_update, "delete": type_delete}
