"""Which organization an account is in, and where in it; the condition keys that say so."""
from ministack.core import iam_evaluator
from ministack.services import iam, organizations

from .wire import around


def management_of(account):
    """The management account of its organization, which is itself for that one; None outside of any."""
    for management, _ in list(organizations._orgs._data):
        if organizations._accounts.get_scoped(management, None, account):
            return management
    return None


def organization_of(account):
    management = management_of(account)
    return organizations._orgs.get_scoped(management, None, "self") if management else None


def levels(account):
    """The account, the organizational units above it from the inside out, and the root."""
    management = management_of(account)
    found, at = [account], organizations._accounts.get_scoped(management, None, account)
    while at and at.get("_ParentId"):
        found.append(at["_ParentId"])
        at = organizations._ous.get_scoped(management, None, at["_ParentId"])
    return found


def accounts_under(management, parent):
    """Of a root or an organizational unit and all units in it; without the management account."""
    return [account for (owner, account), record in list(organizations._accounts._data.items())
            if owner == management != account and record["Status"] == "ACTIVE" and parent in levels(account)[1:]]


def role_of(principal_arn):
    """A session counts under its role, with the role's path."""
    if ":assumed-role/" not in principal_arn:
        return principal_arn
    account, name = principal_arn.split(":")[4], principal_arn.split("/")[1]
    role = iam._roles.get_scoped(account, None, name)
    return role["Arn"] if role else f"arn:aws:iam::{account}:role/{name}"


@around(iam_evaluator, "_principal_org_id")
def principal_org_id(_original, account):
    return (organization_of(account) or {}).get("Id")


@around(iam_evaluator, "_resolve_condition_key")
def condition_key(original, key, asked):
    """IAM User Guide, reference_policies_condition-keys.html: "For IAM roles, the request context returns the ARN of the
    role, not the ARN of the user that assumed the role". aws:PrincipalOrgPaths is o-…/r-…/ou-…/ with a slash at its end."""
    if key.lower() == "aws:principalarn":
        return role_of(asked.principal_arn)
    if key.lower() == "aws:principalorgpaths":
        organization = organization_of(asked.principal_account)
        return ["/".join([organization["Id"], *reversed(levels(asked.principal_account)[1:]), ""])] if organization else None
    return original(key, asked)
