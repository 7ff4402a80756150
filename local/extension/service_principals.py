"""AWS services that act by themselves: a role has to trust them for this source, a topic has to let them publish."""
import json

from ministack.core import iam_evaluator
from ministack.core.responses import get_account_id
from ministack.services import iam, sns

SCHEDULER, BUDGETS, EVENTS = "scheduler.amazonaws.com", "budgets.amazonaws.com", "events.amazonaws.com"


def trusts(role_arn, service, source_arn):
    role = iam._roles.get(role_arn.rsplit("/", 1)[-1]) or {}
    document = role.get("AssumeRolePolicyDocument")
    document = json.loads(document) if isinstance(document, str) else document
    statements = [{"Resource": "*", **statement} for statement in (document or {}).get("Statement", [])]
    return allowed({"Statement": statements}, service, source_arn, "sts:AssumeRole", role_arn)


def may_publish(topic_arn, service, source_arn):
    topic = sns._topic_by_arn_any_scope(topic_arn) or {}
    return allowed(topic.get("attributes", {}).get("Policy"), service, source_arn, "sns:Publish", topic_arn)


def allowed(document, service, source_arn, action, resource):
    # No principal of an account: only a statement that names the service counts.
    asked = iam_evaluator.EvalContext(
        principal_arn=f"service:{service}", principal_type="Service", principal_account="", action=action,
        resource_arn=resource, region="us-east-1", secure_transport=True,
        service_context={"aws:sourcearn": source_arn, "aws:sourceaccount": get_account_id()})
    return iam_evaluator.evaluate_resource_policy(document, asked, service=service).decision == "Allow"
