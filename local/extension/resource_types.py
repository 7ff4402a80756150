"""CloudFormation's resource types that ministack has no handler for."""
import json

from ministack.core.responses import get_account_id
from ministack.services import bedrock, budgets
from ministack.services.cloudformation import provisioners

from . import budget_actions
from .wire import checked


def budget_create(logical_id, props, stack):
    budget = dict(props["Budget"])
    budget.setdefault("BudgetName", f"{stack}-{logical_id}")
    budget_delete(budget["BudgetName"], props)  # an update comes here too
    if limit := budget.get("BudgetLimit"):
        budget["BudgetLimit"] = {"Amount": str(limit["Amount"]), "Unit": limit["Unit"]}
    checked("AWS::Budgets::Budget", budgets._create_budget({
        "AccountId": get_account_id(), "Budget": budget, "ResourceTags": props.get("ResourceTags", []),
        "NotificationsWithSubscribers": props.get("NotificationsWithSubscribers", [])}))
    return budget["BudgetName"], {}


def budget_delete(physical_id, _props):
    budgets._delete_budget({"AccountId": get_account_id(), "BudgetName": physical_id})


def action_create(_logical_id, props, _stack):
    threshold = props["ActionThreshold"]
    made = checked("AWS::Budgets::BudgetsAction", budget_actions.create({
        **props,
        "Subscribers": [{"SubscriptionType": each["Type"], "Address": each["Address"]}
                        for each in props.get("Subscribers", [])],
        "ActionThreshold": {"ActionThresholdValue": float(threshold["Value"]),
                            "ActionThresholdType": threshold["Type"]}}))
    return f"{made['ActionId']}|{props['BudgetName']}", {"ActionId": made["ActionId"]}


def action_delete(physical_id, _props):
    budget_actions.actions.pop(physical_id.split("|")[0], None)


def profile_create(_logical_id, props, _stack):
    made = checked("AWS::Bedrock::ApplicationInferenceProfile", bedrock._create_inference_profile(json.dumps({
        "inferenceProfileName": props["InferenceProfileName"], "description": props.get("Description", ""),
        "modelSource": {"copyFrom": props["ModelSource"]["CopyFrom"]},
        "tags": [{"key": tag["Key"], "value": tag["Value"]} for tag in props.get("Tags", [])]}).encode()))
    arn = made["inferenceProfileArn"]
    return arn, {"InferenceProfileArn": arn, "InferenceProfileIdentifier": arn,
                 "InferenceProfileId": arn.rsplit("/", 1)[1], "Status": "ACTIVE", "Type": "APPLICATION"}


def profile_delete(physical_id, _props):
    bedrock._delete_inference_profile(physical_id.rsplit("/", 1)[1])


provisioners._RESOURCE_HANDLERS.update({
    "AWS::Budgets::Budget": {"create": budget_create, "delete": budget_delete},
    "AWS::Budgets::BudgetsAction": {"create": action_create, "delete": action_delete},
    "AWS::Bedrock::ApplicationInferenceProfile": {"create": profile_create, "delete": profile_delete},
})
