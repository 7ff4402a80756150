"""AWS Organizations: made once by its management account, read and changed by whom AWS lets."""
import json
from dataclasses import replace

import ministack.app as ms
from ministack.core import iam_evaluator
from ministack.core.responses import get_account_id, get_region, request_scope
from ministack.services import iam, organizations

from . import membership
from .wire import page, refuse, reply

_api = organizations.handle_request
# Called with an account that has come, gone or moved.
moved: list = []
_trusted: dict = {}
_administrators: dict = {}
_delegation: dict = {}

# "You can call this operation from any account in a organization": botocore 1.43.106's model of organizations.
FROM_ANY_ACCOUNT = ("DescribeOrganization", "DescribeEffectivePolicy", "ListHandshakesForAccount", "DescribeHandshake")
PAGED = {"ListAccounts": "Accounts", "ListAccountsForParent": "Accounts", "ListPoliciesForTarget": "Policies",
         "ListTargetsForPolicy": "Targets", "ListPolicies": "Policies", "ListChildren": "Children",
         "ListOrganizationalUnitsForParent": "OrganizationalUnits", "ListRoots": "Roots"}
PAGE = 20
# A role of an account that the organization has made; its name is the caller's to choose (RoleName of CreateAccount).
ACCESS_ROLE = "OrganizationAccountAccessRole"
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"


def asked_of(headers, body):
    operation = (headers.get("x-amz-target") or "").rpartition(".")[2]
    try:
        return operation, json.loads(body or b"{}")
    except ValueError:
        return operation, {}


async def api(method, path, headers, body, query):
    operation, data = asked_of(headers, body)
    account = get_account_id()
    management = membership.management_of(account)
    if operation == "CreateOrganization":
        return create() if management is None else refuse(
            "AlreadyInOrganizationException", "The provided account is already a member of an organization.")
    if management is None:
        return refuse("AWSOrganizationsNotInUseException", "Your account is not a member of an organization.")
    if not may(operation, data, account, management):
        return refuse("AccessDeniedException", "You don't have permissions to access this resource.")
    with request_scope(management, get_region()):
        if error := refusal(operation, data):
            return error
        if operation in OWN:
            answered = OWN[operation](data)
        else:
            answered = await _api(method, path, headers, body, query)
        if answered[0] < 300:
            after(operation, data, answered)
        return in_pages(operation, data, answered)


def may(operation, data, account, management):
    """A delegated administrator of whatever service reads; it changes what the resource policy of delegation lets it."""
    if account == management or operation in FROM_ANY_ACCOUNT:
        return True
    if operation.startswith(("List", "Describe")) and account in _administrators.get(management, {}):
        return True
    asked = iam_evaluator.EvalContext(
        principal_arn=iam_evaluator.caller_arn(), principal_type="", principal_account=account, region="us-east-1",
        action=f"organizations:{operation}", resource_arn="*",
        service_context={"organizations:policytype": policy_type(data, management)})
    document = _delegation.get(management)
    return all(iam_evaluator.evaluate_resource_policy(document, replace(asked, resource_arn=arn)).decision
               == "Allow" for arn in resources(data, account))


def resources(data, account):
    """ARNs that a request is authorised on: AttachPolicy and DetachPolicy on the policy and on the target."""
    management = membership.management_of(account)
    named = [data.get(name) for name in ("PolicyId", "TargetId", "AccountId", "ParentId", "ChildId", "OrganizationalUnitId")]
    stores = (organizations._policies, organizations._accounts, organizations._ous, organizations._roots)
    found = [record["Arn"] for name in named if name for store in stores
             if (record := store.get_scoped(management, None, name))]
    return found or ["*"]


def policy_type(data, account):
    policy = organizations._policies.get_scoped(membership.management_of(account), None, data.get("PolicyId"))
    return policy["Type"] if policy else data.get("Type") or data.get("Filter")


def refusal(operation, data):
    if "ParentId" in data and organizations._target(data["ParentId"])[1] not in ("ROOT", "ORGANIZATIONAL_UNIT"):
        return refuse("ParentNotFoundException", f"We can't find a root or OU with the ParentId {data['ParentId']}")
    size = data.get("MaxResults", PAGE)
    return None if 1 <= size <= PAGE else refuse("InvalidInputException", f"MaxResults: {size} is not within 1 and {PAGE}")


def in_pages(operation, data, answered):
    if operation not in PAGED or answered[0] >= 300:
        return answered
    items = json.loads(answered[2])[PAGED[operation]]
    shown, following = page(items, data.get("NextToken"), data.get("MaxResults", PAGE))
    return reply({PAGED[operation]: shown, **({"NextToken": following} if following else {})})


def create():
    organizations._ensure_org()
    return reply({"Organization": organizations._orgs["self"]})


def after(operation, data, answered):
    if operation == "CreateAccount":
        account = json.loads(answered[2])["CreateAccountStatus"]["AccountId"]
        give_access(account, data.get("RoleName", ACCESS_ROLE), get_account_id())
    if operation == "CreateOrganizationalUnit":
        made = json.loads(answered[2])["OrganizationalUnit"]["Id"]
        full = organizations.FULL_ACCESS_POLICY_ID
        organizations._attachments[full] = [*organizations._attachments[full], made]
    if operation in ("CreateAccount", "MoveAccount", "CloseAccount"):
        account = data.get("AccountId") or json.loads(answered[2])["CreateAccountStatus"]["AccountId"]
        for listener in moved:
            listener(account)


def give_access(account, role, management):
    """https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_access.html"""
    trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {
        "AWS": f"arn:aws:iam::{management}:root"}}]}
    with request_scope(account, get_region()):
        iam._IAM_HANDLERS["CreateRole"]({"RoleName": [role], "AssumeRolePolicyDocument": [json.dumps(trust)]})
        iam._IAM_HANDLERS["AttachRolePolicy"]({"RoleName": [role], "PolicyArn": [ADMINISTRATOR]})


def list_children(data):
    kind = data.get("ChildType")
    store = {"ACCOUNT": organizations._accounts, "ORGANIZATIONAL_UNIT": organizations._ous}.get(kind)
    if store is None:
        return refuse("InvalidInputException", f"ChildType: {kind} is not one of ACCOUNT, ORGANIZATIONAL_UNIT")
    return reply({"Children": [{"Id": child["Id"], "Type": kind} for child in store.values()
                               if child.get("_ParentId") == data.get("ParentId")]})


def enable(data):
    _trusted.setdefault(get_account_id(), {})[data["ServicePrincipal"]] = None
    return reply({})


def disable(data):
    _trusted.get(get_account_id(), {}).pop(data["ServicePrincipal"], None)
    return reply({})


def trusts(management, service):
    return service in _trusted.get(management, {})


def list_trusted(_data):
    return reply({"EnabledServicePrincipals": [
        {"ServicePrincipal": service, "DateEnabled": 0} for service in _trusted.get(get_account_id(), {})]})


def register(data):
    """Trust in the service comes first, as EnableAWSServiceAccess gives it."""
    management, account = get_account_id(), data["AccountId"]
    if not organizations._accounts.get(account):
        return refuse("AccountNotFoundException", f"We can't find an account with the AccountId {account}")
    if account == management:
        return constraint("CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR", "The management account is no delegate.")
    if not trusts(management, data["ServicePrincipal"]):
        return constraint("SERVICE_ACCESS_NOT_ENABLED", f"Access of {data['ServicePrincipal']} is not enabled.")
    _administrators.setdefault(management, {}).setdefault(account, set()).add(data["ServicePrincipal"])
    return reply({})


def administers(account, service):
    return service in _administrators.get(membership.management_of(account), {}).get(account, ())


def list_administrators(data):
    wanted = data.get("ServicePrincipal")
    return reply({"DelegatedAdministrators": [
        {**organizations._public_account(organizations._accounts[account]), "DelegationEnabledDate": 0}
        for account, services in _administrators.get(get_account_id(), {}).items() if wanted in (None, *services)]})


def put_delegation(data):
    _delegation[get_account_id()] = data["Content"]
    return describe_delegation(data)


def describe_delegation(_data):
    if get_account_id() not in _delegation:
        return refuse("ResourcePolicyNotFoundException", "We can't find a resource policy.")
    return reply({"ResourcePolicy": {"Content": _delegation[get_account_id()]}})


def constraint(reason, message):
    return reply({"__type": "ConstraintViolationException", "Message": message, "Reason": reason}, 400)


OWN = {"ListChildren": list_children, "EnableAWSServiceAccess": enable, "DisableAWSServiceAccess": disable,
       "ListAWSServiceAccessForOrganization": list_trusted, "RegisterDelegatedAdministrator": register,
       "ListDelegatedAdministrators": list_administrators, "PutResourcePolicy": put_delegation,
       "DescribeResourcePolicy": describe_delegation}
ms.SERVICE_HANDLERS["organizations"] = api
