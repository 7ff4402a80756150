"""The API of budgets actions. An action changes IAM under its own execution role, or fails for want of permission."""
import uuid

from ministack.core.responses import AccountScopedDict, get_account_id
from ministack.services import budgets, iam

from .authorization import allows
from .service_principals import BUDGETS, trusts
from .wire import refuse, reply

actions = AccountScopedDict()
KEPT = ("BudgetName", "NotificationType", "ActionType", "ActionThreshold", "Definition", "ExecutionRoleArn",
        "ApprovalModel", "Subscribers")
# Status after it was done; after a failure.
EXECUTIONS = {
    "APPROVE_BUDGET_ACTION": ("Attach", "EXECUTION_SUCCESS", "EXECUTION_FAILURE"),
    "RETRY_BUDGET_ACTION": ("Attach", "EXECUTION_SUCCESS", "EXECUTION_FAILURE"),
    "REVERSE_BUDGET_ACTION": ("Detach", "REVERSE_SUCCESS", "REVERSE_FAILURE"),
    # Reset undoes it as well, and then waits for the next crossing of its line.
    "RESET_BUDGET_ACTION": ("Detach", "STANDBY", "RESET_FAILURE"),
}
KINDS = (("Roles", "Role", "RoleName", "_roles"), ("Users", "User", "UserName", "_users"),
         ("Groups", "Group", "GroupName", "_groups"))


def create(data):
    named = {"AccountId": get_account_id(), "BudgetName": data["BudgetName"]}
    if budgets._describe_budget(named)[0] >= 400:
        return refuse("NotFoundException", f"no budget {data['BudgetName']}")
    action = {key: data.get(key) for key in KEPT}
    action.update(ActionId=str(uuid.uuid4()), Status="STANDBY")
    actions[action["ActionId"]] = action
    return reply({**named, "ActionId": action["ActionId"]})


def update(action_id, data):
    """In place: what it has attached stays attached, and its status stands."""
    actions[action_id].update({key: data.get(key) for key in KEPT})


def describe_all(data):
    found = [action for action in actions.values() if data.get("BudgetName") in (None, action["BudgetName"])]
    return reply({"Actions": found})


def one(operation):
    def handle(data):
        action = actions.get(data["ActionId"])
        if action is None:
            return refuse("NotFoundException", "no such action")
        return operation(action, data)
    return handle


def describe(action, data):
    return reply({"AccountId": get_account_id(), "BudgetName": data["BudgetName"], "Action": action})


def delete(action, data):
    actions.pop(action["ActionId"])
    return describe(action, data)


def execute(action, data):
    verb, done, failed = EXECUTIONS[data["ExecutionType"]]
    action["Status"] = done if apply(action, verb) else failed
    return reply({"AccountId": get_account_id(), "BudgetName": action["BudgetName"], "ActionId": action["ActionId"],
                  "ExecutionType": data["ExecutionType"]})


def apply(action, verb):
    source = f"arn:aws:budgets::{get_account_id()}:budget/{action['BudgetName']}/action/{action['ActionId']}"
    if not trusts(action["ExecutionRoleArn"], BUDGETS, source):
        return False
    definition = (action["Definition"] or {}).get("IamActionDefinition") or {}
    policy = definition.get("PolicyArn")
    succeeded = True
    for names, kind, parameter, store in KINDS:
        for name in definition.get(names) or []:
            arn = (getattr(iam, store).get(name) or {}).get("Arn", "")
            if not allows(action["ExecutionRoleArn"], f"iam:{verb}{kind}Policy", arn, {"iam:PolicyARN": policy}):
                succeeded = False
                continue
            status, _, body = iam._IAM_HANDLERS[f"{verb}{kind}Policy"]({parameter: [name], "PolicyArn": [policy]})
            gone = verb == "Detach" and b"NoSuchEntity" in body
            succeeded = succeeded and (status < 400 or gone)
    return succeeded


def cross(budget_name, percent=None):
    """As if the budget had come to this percentage, or to whatever it takes: automatic actions run, others wait."""
    for action in actions.values():
        reached = percent is None or percent >= action["ActionThreshold"]["ActionThresholdValue"]
        if action["BudgetName"] == budget_name and action["Status"] == "STANDBY" and reached:
            if action["ApprovalModel"] == "AUTOMATIC":
                action["Status"] = "EXECUTION_SUCCESS" if apply(action, "Attach") else "EXECUTION_FAILURE"
            else:
                action["Status"] = "PENDING"


budgets._DISPATCH.update({
    "CreateBudgetAction": create,
    "ExecuteBudgetAction": one(execute),
    "DescribeBudgetAction": one(describe),
    "DeleteBudgetAction": one(delete),
    "DescribeBudgetActionsForBudget": describe_all,
    "DescribeBudgetActionsForAccount": describe_all,
})
