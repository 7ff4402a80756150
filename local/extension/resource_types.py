"""CloudFormation's resource types that ministack has no handler for, and a property that one of its own leaves out."""
import json
import secrets

from ministack.core.responses import get_account_id
from ministack.services import bedrock, budgets, iam
from ministack.services.cloudformation import provisioners

from . import budget_actions
from .wire import checked


def budget_of(props, unnamed):
    budget = dict(props["Budget"])
    budget.setdefault("BudgetName", unnamed)
    if limit := budget.get("BudgetLimit"):
        budget["BudgetLimit"] = {"Amount": str(limit["Amount"]), "Unit": limit["Unit"]}
    return budget


def budget_create(logical_id, props, stack):
    # AWS makes a name at random where the template has none, so that one that replaces another has its own.
    budget = budget_of(props, f"{stack}-{logical_id}-{secrets.token_hex(4)}")
    checked("AWS::Budgets::Budget", budgets._create_budget({
        "AccountId": get_account_id(), "Budget": budget, "ResourceTags": props.get("ResourceTags", []),
        "NotificationsWithSubscribers": props.get("NotificationsWithSubscribers", [])}))
    return budget["BudgetName"], {}


def budget_update(physical_id, old_props, new_props, stack, logical_id):
    """Its name is create-only inside of a property that else is not."""
    budget = budget_of(new_props, physical_id)
    if budget["BudgetName"] != physical_id:
        return provisioners._replace_resource(
            "AWS::Budgets::Budget", physical_id, old_props, new_props, stack, logical_id)
    checked("AWS::Budgets::Budget", budgets._update_budget({"AccountId": get_account_id(), "NewBudget": budget}))
    return physical_id, {}


def budget_delete(physical_id, _props):
    budgets._delete_budget({"AccountId": get_account_id(), "BudgetName": physical_id})


def action_of(props):
    threshold = props["ActionThreshold"]
    return {
        **props,
        "Subscribers": [{"SubscriptionType": each["Type"], "Address": each["Address"]}
                        for each in props.get("Subscribers", [])],
        "ActionThreshold": {"ActionThresholdValue": float(threshold["Value"]),
                            "ActionThresholdType": threshold["Type"]}}


def action_create(_logical_id, props, _stack):
    made = checked("AWS::Budgets::BudgetsAction", budget_actions.create(action_of(props)))
    return f"{made['ActionId']}|{props['BudgetName']}", {"ActionId": made["ActionId"]}


def action_update(physical_id, _old_props, new_props, _stack):
    action_id = physical_id.split("|")[0]
    budget_actions.update(action_id, action_of(new_props))
    return physical_id, {"ActionId": action_id}


def action_delete(physical_id, _props):
    budget_actions.actions.pop(physical_id.split("|")[0], None)


def profile_create(_logical_id, props, _stack):
    made = checked("AWS::Bedrock::ApplicationInferenceProfile", bedrock._create_inference_profile(json.dumps({
        "inferenceProfileName": props["InferenceProfileName"], "description": props.get("Description", ""),
        "modelSource": {"copyFrom": props["ModelSource"]["CopyFrom"]}, "tags": tags_of(props)}).encode()))
    return made["inferenceProfileArn"], profile_attributes(made["inferenceProfileArn"])


def profile_update(physical_id, old_props, new_props, _stack):
    """Only tags can change; the rest is create-only."""
    gone = {tag["key"] for tag in tags_of(old_props)} - {tag["key"] for tag in tags_of(new_props)}
    bedrock._untag_resource(json.dumps({"resourceARN": physical_id, "tagKeys": sorted(gone)}).encode())
    bedrock._tag_resource(json.dumps({"resourceARN": physical_id, "tags": tags_of(new_props)}).encode())
    return physical_id, profile_attributes(physical_id)


def tags_of(props):
    return [{"key": tag["Key"], "value": tag["Value"]} for tag in props.get("Tags", [])]


def profile_attributes(arn):
    return {"InferenceProfileArn": arn, "InferenceProfileIdentifier": arn, "InferenceProfileId": arn.rsplit("/", 1)[1],
            "Status": "ACTIVE", "Type": "APPLICATION"}


def profile_delete(physical_id, _props):
    bedrock._delete_inference_profile(physical_id.rsplit("/", 1)[1])


def bounded(handler, new_properties):
    """A role with the permissions boundary that its template gives it."""
    def handle(*arguments):
        made = handler(*arguments)
        iam._roles[made[0]]["PermissionsBoundary"] = arguments[new_properties].get("PermissionsBoundary")
        return made
    return handle


# The create-only properties of CloudFormation's own schemas: to change one replaces the resource.
provisioners._REPLACING_PROPERTIES.update({
    "AWS::Budgets::Budget": ("NotificationsWithSubscribers",),
    "AWS::Budgets::BudgetsAction": ("ActionType", "BudgetName"),
    "AWS::Bedrock::ApplicationInferenceProfile": ("Description", "InferenceProfileName", "ModelSource"),
})
provisioners._RESOURCE_HANDLERS.update({
    "AWS::Budgets::Budget": {
        "create": budget_create, "update": budget_update, "update_with_logical_id": True, "delete": budget_delete},
    "AWS::Budgets::BudgetsAction": {"create": action_create, "update": action_update, "delete": action_delete},
    "AWS::Bedrock::ApplicationInferenceProfile": {
        "create": profile_create, "update": profile_update, "delete": profile_delete},
})
_role = provisioners._RESOURCE_HANDLERS["AWS::IAM::Role"]
provisioners._RESOURCE_HANDLERS["AWS::IAM::Role"] = {
    **_role, "create": bounded(_role["create"], 1), "update": bounded(_role["update"], 2)}
