"""CloudFormation deletes as the services do: no protected table, no policy that somebody still has or that has versions
from elsewhere, no role that still has a policy from elsewhere; and nothing that something depends on which it could not
delete."""
from ministack.services import cloudformation, dynamodb, iam
from ministack.services.cloudformation import provisioners, stacks

from . import policy_versions
from .wire import around


def refusing(resource_type, refusal):
    handlers = provisioners._RESOURCE_HANDLERS[resource_type]
    original = handlers["delete"]

    def delete(physical_id, props):
        if why := refusal(physical_id, props):
            raise ValueError(why)
        return original(physical_id, props)

    provisioners._RESOURCE_HANDLERS[resource_type] = {**handlers, "delete": delete}


def table(name, _props):
    if (dynamodb._tables.get(name) or {}).get("DeletionProtectionEnabled"):
        return "Table is protected against deletion. To delete the table, disable deletion protection."
    return None


def role(name, props):
    attached = (iam._roles.get(name) or {}).get("AttachedPolicies", [])
    own = props.get("ManagedPolicyArns") or []
    foreign = [arn for arn in attached if arn not in own]
    if foreign:
        return f"Cannot delete entity, must detach all policies first. (DeleteConflict: {name} has {foreign[0]})"
    return None


refusing("AWS::DynamoDB::Table", table)
refusing("AWS::IAM::ManagedPolicy", policy_versions.undeletable)
refusing("AWS::IAM::Role", role)


@around(stacks, "_delete_resource")
def delete_resource(original, resource_type, physical_id, props, stack_name, logical_id):
    stack = cloudformation._stacks[stack_name]
    defined = (stack.get("_template") or {}).get("Resources", {})
    failed = [name for name, resource in stack.get("_resources", {}).items()
              if resource.get("ResourceStatus") == "DELETE_FAILED" and name in defined and name != logical_id]
    for name in failed:
        if logical_id in stacks._with_dependencies([name], defined, set(defined)):
            raise ValueError(f"{name} depends on it, and could not be deleted")
    return original(resource_type, physical_id, props, stack_name, logical_id)
