"""CloudFormation deletes as the services do: no protected table, no policy that somebody still has, and no role that
still has a policy from elsewhere."""
from ministack.services import dynamodb, iam
from ministack.services.cloudformation import provisioners


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


def policy(arn, props):
    """CloudFormation itself detaches it from those that its template names."""
    for store, named in ((iam._roles, "Roles"), (iam._users, "Users"), (iam._groups, "Groups")):
        for name, entity in store.items():
            if arn in entity.get("AttachedPolicies", []) and name not in (props.get(named) or []):
                return f"Cannot delete a policy attached to entities. (DeleteConflict: {name} has {arn})"
    return None


def role(name, props):
    attached = (iam._roles.get(name) or {}).get("AttachedPolicies", [])
    own = props.get("ManagedPolicyArns") or []
    foreign = [arn for arn in attached if arn not in own]
    if foreign:
        return f"Cannot delete entity, must detach all policies first. (DeleteConflict: {name} has {foreign[0]})"
    return None


refusing("AWS::DynamoDB::Table", table)
refusing("AWS::IAM::ManagedPolicy", policy)
refusing("AWS::IAM::Role", role)
