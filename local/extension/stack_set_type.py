"""AWS::CloudFormation::StackSet."""
import asyncio

from ministack.services.cloudformation import provisioners, stacks

from .stack_set_api import change_set, create_set, loop, refuse_union
from .stack_set_model import sets
from .stack_sets import converge
from .wire import around

TYPE = "AWS::CloudFormation::StackSet"


@around(stacks, "_runs_on_worker_thread")
def in_thread(original, resource_type):
    """It waits for stacks, which the server's loop deploys."""
    return resource_type == TYPE or original(resource_type)


@around(stacks, "_sends_back_failed_update")
def sent_back(original, resource_type):
    """Some of its accounts may have changed before it failed."""
    return resource_type == TYPE or original(resource_type)


def converged(stack_set, groups, props):
    stack_set.excluded.clear()
    operations = asyncio.run_coroutine_threadsafe(
        converge(stack_set, groups, props.get("OperationPreferences")), loop[0]).result()
    for operation in operations:
        if operation["Status"] != "SUCCEEDED":
            why = [f"{one['Account']} {one['Region']}: {one['StatusReason']}" for one in operation["_results"]
                   if one["StatusReason"]]
            raise ValueError(f"Stack set operation [{operation['OperationId']}] was unexpectedly stopped or failed. "
                             f"Reasons: {why}")


def groups_of(props):
    return props.get("StackInstancesGroup") or []


def type_create(_logical_id, props, _stack):
    for group in groups_of(props):
        refuse_union(group["DeploymentTargets"])
    made = create_set(props)
    try:
        converged(made, groups_of(props), props)
    except ValueError:
        # Rolled back: CloudFormation deletes what it has made.
        asyncio.run_coroutine_threadsafe(converge(made, []), loop[0]).result()
        del sets[made.id]
        raise
    return made.id, {"StackSetId": made.id}


def type_update(physical_id, _old_props, new_props, _stack):
    stack_set = sets[physical_id]
    change_set(stack_set, new_props)
    converged(stack_set, groups_of(new_props), new_props)
    return physical_id, {"StackSetId": physical_id}


def type_delete(physical_id, props):
    if physical_id in sets:
        converged(sets[physical_id], [], props)
        del sets[physical_id]


provisioners._REPLACING_PROPERTIES[TYPE] = ("PermissionModel", "StackSetName")
provisioners._RESOURCE_HANDLERS[TYPE] = {"create": type_create, "update": type_update, "delete": type_delete}
