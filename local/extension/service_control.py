"""Service control policies: what every principal of a member account needs besides its own policies, its root too."""
from ministack.core import iam_actions, iam_evaluator
from ministack.core.responses import get_account_id
from ministack.services import organizations

from . import membership
from .wire import around

TYPE = "SERVICE_CONTROL_POLICY"
# A denial by a policy of the organization names it where others name a resource's policy.
OF_THE_ORGANIZATION = "arn:aws:organizations:"


def refusal(asked):
    """None where nothing keeps the principal from it. An explicit deny on any level denies; every level must allow."""
    account = asked.principal_account
    management = membership.management_of(account)
    # "SCPs don't affect users or roles in the management account", nor service-linked roles: orgs_manage_policies_scps.html
    if management in (None, account) or ":role/aws-service-role/" in membership.role_of(asked.principal_arn):
        return None
    attached = [list(policies_on(management, target)) for target in membership.levels(account)]
    for arn, statements in (policy for level in attached for policy in level):
        if iam_evaluator._first_match(asked, statements, "Deny"):
            return denial("Deny", asked, arn)
    for level in attached:
        if not any(iam_evaluator._first_match(asked, statements, "Allow") for _, statements in level):
            return denial("ImplicitDeny", asked, organizations._orgs.get_scoped(management, None, "self")["Arn"])
    return None


def policies_on(management, target):
    for (owner, policy), targets in list(organizations._attachments._data.items()):
        record = organizations._policies.get_scoped(management, None, policy)
        if owner == management and target in targets and record["Type"] == TYPE:
            yield record["Arn"], iam_evaluator.parse_policy_document(record["_Content"])


def denial(decision, asked, arn):
    return iam_evaluator.EvalResult(decision, principal_arn=asked.principal_arn, resource_policy_arn=arn)


def refusal_of(key, action, region, resource, context):
    """Of a request with this key, whose credentials have been found in order."""
    account = get_account_id()
    if action in iam_evaluator._ALWAYS_ALLOWED_ACTIONS or membership.management_of(account) in (None, account):
        return None
    principal = iam_evaluator.resolve_principal(key or "", account)
    return refusal(iam_evaluator.EvalContext(
        principal_arn=principal.arn, principal_type=principal.type, principal_account=principal.account, action=action,
        resource_arn=resource, region=region, principal_keys=principal.keys,
        service_context={"aws:tagkeys": None, **{name.lower(): value for name, value in (context or {}).items()}}))


@around(iam_actions, "access_denied_response")
def response(original, service, action, principal, request_id, **named):
    """With the policy's ARN, as within one organization, "gradually rolling out across all AWS services":
    https://aws.amazon.com/blogs/security/enhanced-access-denied-error-messages-with-policy-arns, read 2026-11-29."""
    arn = named.get("resource_policy_arn") or ""
    if arn.startswith(OF_THE_ORGANIZATION):
        why = (f"with an explicit deny in a service control policy: {arn}" if named.get("explicit_deny")
               else f"because no service control policy allows the {action} action")
        named["message"] = (f"User: {principal} is not authorized to perform: {action} on resource: "
                            f"{named.get('resource_arn', '*')} {why}")
    return original(service, action, principal, request_id, **named)
