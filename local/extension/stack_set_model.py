"""Service-managed StackSets as they are kept, and which accounts of an organization their groups are for."""
import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timezone

from . import membership

SERVICE = "member.org.stacksets.cloudformation.amazonaws.com"
sets: dict = {}


class Refused(ValueError):
    def __init__(self, code, message, status=400):
        super().__init__(message)
        self.code, self.status = code, status


@dataclass
class Instance:
    account: str
    region: str
    unit: str
    overrides: dict
    stack_name: str
    stack_id: str = ""
    status: str = "OUTDATED"
    detailed: str = "PENDING"
    reason: str = ""
    operation: str = ""


@dataclass
class StackSet:
    name: str
    management: str
    region: str
    request: dict
    template: str
    id: str = ""
    instances: dict = field(default_factory=dict)
    operations: list = field(default_factory=list)
    # What CreateStackInstances has asked for: [{DeploymentTargets, Regions, ParameterOverrides}].
    groups: list = field(default_factory=list)
    # What DeleteStackInstances has taken out of them since.
    excluded: set = field(default_factory=set)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def arn(self):
        return f"arn:aws:cloudformation:{self.region}:{self.management}:stackset/{self.id}"

    @property
    def automatic(self):
        return self.request.get("AutoDeployment") or {}


def now():
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def pairs(parameters):
    return {one["ParameterKey"]: one["ParameterValue"] for one in parameters or []}


def yes(value):
    return str(value).lower() == "true"


def targeted(management, targets):
    """Account -> the unit that it was found in; never the management account. botocore 1.43.106, DeploymentTargets."""
    units, named = targets.get("OrganizationalUnitIds") or [], targets.get("Accounts") or []
    how = targets.get("AccountFilterType") or "NONE"
    if not units:
        raise Refused("ValidationError", "OrganizationalUnitIds are required")
    if named and not targets.get("AccountFilterType"):
        raise Refused("ValidationError", "AccountFilterType is required where OrganizationalUnitIds and Accounts are given")
    found = {account: unit for unit in units for account in membership.accounts_under(management, unit)}
    if how == "INTERSECTION":
        return {account: unit for account, unit in found.items() if account in named}
    if how == "DIFFERENCE":
        return {account: unit for account, unit in found.items() if account not in named}
    if how == "UNION":
        others = [account for account in named if membership.management_of(account) == management != account]
        return {**{account: membership.levels(account)[1] for account in others}, **found}
    return found


def spread(management, groups):
    """(account, Region) -> the unit and the parameters that the groups give it."""
    return {(account, region): (unit, pairs(group.get("ParameterOverrides")))
            for group in groups for region in group["Regions"]
            for account, unit in targeted(management, group["DeploymentTargets"]).items()}


def wanted(stack_set, groups):
    return {key: aim for key, aim in spread(stack_set.management, groups).items() if key not in stack_set.excluded}
