"""IAM Identity Center as the account sees it: a role for each permission set, which nobody in the account may change, made
from the management account. It holds customer managed policies by name and path; they must be in the account already."""
import json
import time
import uuid

from ministack.core.responses import get_account_id
from ministack.services import iam, sts

from .iam_limits import POLICIES_EACH, RESERVED_PATH, RESERVED_PREFIX

HOME = "us-east-1"
# PermissionSetName in the API's model (November 2026).
LONGEST = 32
INLINE = "AwsSSOInlinePolicy"


def provision(order):
    """
    order: {name, customerManagedPolicies: [{name, path}], inlinePolicy: JSON document, region: home of Identity Center}. Again
    for the same name it changes its role, as ProvisionPermissionSet does.
    """
    name, region = order["name"], order.get("region", HOME)
    if not 1 <= len(name) <= LONGEST:
        raise ValueError(f"a permission set's name has 1 to {LONGEST} characters: {name}")
    arns = [arn_of(reference) for reference in order.get("customerManagedPolicies") or []]
    if len(arns) > POLICIES_EACH:
        raise ValueError(f"{len(arns)} policies, but a role can have {POLICIES_EACH}")
    role = role_of(name) or make(name, region)
    inline = order.get("inlinePolicy")
    role["InlinePolicies"] = {INLINE: inline} if inline else {}
    attach_only(role, arns)
    return {"roleName": role["RoleName"], "roleArn": role["Arn"]}


def arn_of(reference):
    """By name and path, both with their case."""
    path = reference.get("path", "/")
    arn = f"arn:aws:iam::{get_account_id()}:policy{path}{reference['name']}"
    if arn not in iam._policies:
        raise ValueError(f"no policy '{reference['name']}' with path '{path}' in account {get_account_id()}: "
                         "it must be there before the permission set is provisioned")
    return arn


def role_of(name):
    start = f"{RESERVED_PREFIX}{name}_"
    return next((role for role in iam._roles.values() if role["RoleName"].startswith(start)
                 and len(role["RoleName"]) == len(start) + 16 and role["Path"].startswith(RESERVED_PATH)), None)


def make(name, region):
    """Name and path as in the user guide's page on referencing permission sets: the last part is another each time anew."""
    role_name = f"{RESERVED_PREFIX}{name}_{uuid.uuid4().hex[:16]}"
    path = f"{RESERVED_PATH}sso.amazonaws.com/" + ("" if region == HOME else f"{region}/")
    provider = f"arn:aws:iam::{get_account_id()}:saml-provider/AWSSSO_{uuid.uuid4().hex[:16]}_DO_NOT_DELETE"
    iam._create_role({"RoleName": [role_name], "Path": [path], "AssumeRolePolicyDocument": [json.dumps({
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Federated": provider},
                       "Action": ["sts:AssumeRoleWithSAML", "sts:TagSession"]}]})]})
    return iam._roles[role_name]


def attach_only(role, arns):
    """Past IAM's API, which lets nobody do this."""
    for arn in [arn for arn in role["AttachedPolicies"] if arn not in arns]:
        iam.detach_managed_policy(role, arn)
    for arn in [arn for arn in arns if arn not in role["AttachedPolicies"]]:
        role["AttachedPolicies"].append(arn)
        iam._policies[arn]["AttachmentCount"] += 1


def remove(order):
    """The permission set's last assignment in the account is gone, and its role with it."""
    role = provisioned(order)
    attach_only(role, [])
    del iam._roles[role["RoleName"]]
    return {"ok": True}


def sign_in(order):
    """order: {name, user}: credentials of somebody to whom the permission set is assigned; STS gives none for this role."""
    role = provisioned(order)
    session = f"{role['RoleName']}/{order['user']}"
    found = {"accessKeyId": iam._gen_session_access_key(), "secretAccessKey": iam._gen_secret(),
             "sessionToken": iam._gen_session_token()}
    sts.register_session(found["accessKeyId"], {
        "Arn": f"arn:aws:sts::{get_account_id()}:assumed-role/{session}", "UserId": f"{role['RoleId']}:{order['user']}",
        "SecretAccessKey": found["secretAccessKey"], "SessionToken": found["sessionToken"],
        "Expiration": time.time() + 3600, "AccountId": get_account_id(), "PrincipalType": "AssumedRole"})
    return found


def provisioned(order):
    role = role_of(order["name"])
    if role is None:
        raise ValueError(f"permission set {order['name']} is not provisioned in the account")
    return role
