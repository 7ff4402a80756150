"""IAM's quotas: 10 managed policies on a principal, 6,144 characters a policy; no policy that is not there; and roles that
nobody may change."""
import json

from ministack.services import iam

from .wire import around

POLICIES_EACH = 10
POLICY_CHARACTERS = 6_144
RESERVED_PREFIX, RESERVED_PATH = "AWSReservedSSO_", "/aws-reserved/"
# IAM's model lists UnmodifiableEntity for all but the last two: that it does not let them is on no page (November 2026).
ROLE_CHANGES = (
    "AttachRolePolicy", "DetachRolePolicy", "PutRolePolicy", "DeleteRolePolicy", "UpdateAssumeRolePolicy", "UpdateRole",
    "UpdateRoleDescription", "DeleteRole", "PutRolePermissionsBoundary", "DeleteRolePermissionsBoundary",
    "TagRole", "UntagRole")
ATTACHING = {"AttachRolePolicy": ("RoleName", "_roles"), "AttachUserPolicy": ("UserName", "_users"),
             "AttachGroupPolicy": ("GroupName", "_groups")}


def limited(handler, refusal):
    def handle(params):
        return refusal(params) or handler(params)
    return handle


def too_many(name_key, store):
    def refusal(params):
        entity = getattr(iam, store).get(iam._p(params, name_key))
        attached = (entity or {}).get("AttachedPolicies", [])
        if iam._p(params, "PolicyArn") not in attached and len(attached) >= POLICIES_EACH:
            quota = f"PoliciesPer{name_key[:-4]}: {POLICIES_EACH}"
            return iam._error(409, "LimitExceeded", f"Cannot exceed quota for {quota}")
        return None
    return refusal


def unknown(params):
    arn = iam._p(params, "PolicyArn")
    return absent(arn) if missing(arn) else None


def missing(arn):
    """AWS's own policies are let by, as ministack has but a few; so is the empty ARN that it reads in CDK's bootstrap."""
    return ":policy/" in arn and not iam._is_aws_managed_arn(arn) and arn not in iam._policies


def absent(what):
    return iam._error(404, "NoSuchEntity", f"Policy {what} does not exist or is not attachable.")


def too_long(params):
    """White space does not count."""
    document = iam._p(params, "PolicyDocument") or ""
    if len("".join(document.split())) > POLICY_CHARACTERS:
        return iam._error(409, "LimitExceeded", f"Cannot exceed quota for PolicySize: {POLICY_CHARACTERS}")
    return None


def protected(params):
    why = protection(iam._roles.get(iam._p(params, "RoleName")) or {"RoleName": iam._p(params, "RoleName")})
    return iam._error(400, "UnmodifiableEntity", why) if why else None


def protection(entity):
    name = entity.get("RoleName", "")
    if name.startswith(RESERVED_PREFIX) or entity.get("Path", "/").startswith((RESERVED_PATH, "/aws-service-role/")):
        return f"Cannot perform the operation on the protected role '{name}' - this role is only modifiable by AWS"
    return None


for name, (key, store) in ATTACHING.items():
    iam._IAM_HANDLERS[name] = limited(limited(iam._IAM_HANDLERS[name], too_many(key, store)), unknown)
for name in ROLE_CHANGES:
    iam._IAM_HANDLERS[name] = limited(iam._IAM_HANDLERS[name], protected)
iam._IAM_HANDLERS["CreatePolicy"] = limited(iam._IAM_HANDLERS["CreatePolicy"], too_long)


# CloudFormation comes to a role or a policy without the API.
@around(iam, "attach_managed_policy")
def attach(original, entity, policy_arn):
    if why := protection(entity):
        raise ValueError(why)
    if missing(policy_arn):
        raise ValueError(f"Policy {policy_arn} does not exist or is not attachable.")
    attached = entity.get("AttachedPolicies", [])
    if policy_arn not in attached and len(attached) >= POLICIES_EACH:
        raise ValueError(f"Cannot exceed quota: {POLICIES_EACH} managed policies")
    return original(entity, policy_arn)


@around(iam, "store_policy")
def store(original, arn, name, path, document, *more, **named):
    text = document if isinstance(document, str) else json.dumps(document)
    if len("".join(text.split())) > POLICY_CHARACTERS:
        raise ValueError(f"Cannot exceed quota for PolicySize: {POLICY_CHARACTERS}")
    return original(arn, name, path, document, *more, **named)
