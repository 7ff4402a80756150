"""Names that are unique in the whole account, whatever the path or the Region, also for stacks of CloudFormation."""
from ministack.core.responses import AccountScopedDict
from ministack.services import cloudwatch, iam
from ministack.services.cloudformation import provisioners

from .iam_limits import limited

# What IAM says of a name that is taken; case does not distinguish (CreatePolicy, CreateRole, CreateUser, CreateGroup).
TAKEN = {
    "Policy": "A policy called {} already exists. Duplicate names are not allowed.",
    "Role": "Role with name {} already exists.",
    "User": "User with name {} already exists.",
    "Group": "Group with name {} already exists.",
}
STORES = {"Policy": iam._policies, "Role": iam._roles, "User": iam._users, "Group": iam._groups}


def taken(kind, name):
    names = {entity[f"{kind}Name"].lower() for entity in STORES[kind].values()}
    return TAKEN[kind].format(name) if (name or "").lower() in names else None


def duplicate(kind):
    def refusal(params):
        why = taken(kind, iam._p(params, f"{kind}Name"))
        return iam._error(409, "EntityAlreadyExists", why) if why else None
    return refusal


for kind in STORES:
    iam._IAM_HANDLERS[f"Create{kind}"] = limited(iam._IAM_HANDLERS[f"Create{kind}"], duplicate(kind))


def refusing(resource_type, refusal):
    """CloudFormation would overwrite it: the stack that came first would lose what is in it."""
    handlers = provisioners._RESOURCE_HANDLERS[resource_type]

    def create(logical_id, props, stack):
        if why := refusal(props):
            raise ValueError(why)
        return handlers["create"](logical_id, props, stack)

    provisioners._RESOURCE_HANDLERS[resource_type] = {**handlers, "create": create}


refusing("AWS::IAM::ManagedPolicy", lambda props: taken("Policy", props.get("ManagedPolicyName")))
refusing("AWS::IAM::Role", lambda props: taken("Role", props.get("RoleName")))
refusing("AWS::IAM::User", lambda props: taken("User", props.get("UserName")))

# "All dashboards in your account are global, not region-specific" (PutDashboard). CloudFormation's words are on record too.
cloudwatch._dashboards = AccountScopedDict()
refusing("AWS::CloudWatch::Dashboard", lambda props: (
    f"Dashboard '{props['DashboardName']}' already exists" if props.get("DashboardName") in cloudwatch._dashboards else None))
