"""Services that ministack has not: Cost Explorer, Application Auto Scaling, Service Quotas. Scripted at /_plus/."""
import json
from collections import defaultdict

import ministack.app as ms
from ministack.core import router
from ministack.core.responses import AccountScopedDict

from .wire import page, refuse, reply

# Cost Explorer answers these results or this error, or adds up these rows. Quotas: [{"QuotaName": …, "Value": …}].
cost_explorer: dict = {"results": []}
quotas: list = []
_targets = AccountScopedDict()
QUOTAS_PAGE = 100
TARGET_KEY = ("ServiceNamespace", "ResourceId", "ScalableDimension")
NOT_SUSPENDED = {"DynamicScalingInSuspended": False, "DynamicScalingOutSuspended": False,
                 "ScheduledScalingSuspended": False}


def operation_and_data(headers, body):
    return headers.get("x-amz-target", "").rpartition(".")[2], json.loads(body or b"{}")


async def ce(_method, _path, headers, body, _query):
    operation, data = operation_and_data(headers, body)
    if error := cost_explorer.get("error"):
        return refuse(error["code"], error.get("message", ""))
    if operation == "ListCostAllocationTags":
        return reply({"CostAllocationTags": cost_explorer.get("tags", [])})
    if operation != "GetCostAndUsage":
        return refuse("InvalidAction", f"{operation} not implemented")
    results = added_up(cost_explorer["rows"], data) if "rows" in cost_explorer else cost_explorer["results"]
    return reply({"ResultsByTime": results, "DimensionValueAttributes": []})


def added_up(rows, asked):
    """rows: [{day, tag, principalTag?, service, usageType, usd}]; by the keys and in the steps that are asked for, without any filter."""
    steps = defaultdict(lambda: defaultdict(float))
    for row in rows:
        if asked["TimePeriod"]["Start"] <= row["day"] < asked["TimePeriod"]["End"]:
            step = row["day"] if asked["Granularity"] == "DAILY" else f"{row['day'][:7]}-01"
            steps[step][tuple(key_of(row, group) for group in asked.get("GroupBy", []))] += row["usd"]
    return [{"TimePeriod": {"Start": step, "End": step}, "Total": {}, "Estimated": True, "Groups": [
        {"Keys": keys, "Metrics": {"UnblendedCost": {"Amount": str(usd), "Unit": "USD"}}}
        for keys, usd in groups.items()]} for step, groups in sorted(steps.items())]


def key_of(row, group):
    if group["Type"] == "TAG":
        # A tag of whoever called has a key of its own beside those of resources.
        value = row.get("principalTag", "") if group["Key"].startswith("iamPrincipal/") else row["tag"]
        return f"{group['Key']}${value}"
    return row[{"SERVICE": "service", "USAGE_TYPE": "usageType"}[group["Key"]]]


async def autoscaling(_method, _path, headers, body, _query):
    operation, data = operation_and_data(headers, body)
    key = "|".join(str(data.get(part)) for part in TARGET_KEY)
    if operation == "RegisterScalableTarget":
        return register(key, data)
    if operation == "DeregisterScalableTarget":
        return reply({}) if _targets.pop(key, None) else refuse("ObjectNotFoundException", f"no target {key}")
    if operation != "DescribeScalableTargets":
        return refuse("InvalidAction", f"{operation} not implemented")
    ids = data.get("ResourceIds")
    found = [target for target in _targets.values()
             if target["ServiceNamespace"] == data["ServiceNamespace"] and (not ids or target["ResourceId"] in ids)]
    shown, following = page(found, data.get("NextToken"), int(data.get("MaxResults") or 50))
    return reply({"ScalableTargets": shown, **({"NextToken": following} if following else {})})


def least_concurrency(function_name):
    """Qualifier and MinCapacity of each target of a function that is not kept from scaling out."""
    for target in _targets.values():
        _, name, qualifier = (*target["ResourceId"].split(":"), "", "")[:3]
        if (target["ServiceNamespace"] == "lambda" and name == function_name and target["MinCapacity"] > 0
                and not target["SuspendedState"]["DynamicScalingOutSuspended"]):
            yield qualifier, target["MinCapacity"]


def register(key, data):
    """What an update leaves out stays; a new target needs both capacities."""
    known = _targets.get(key)
    if known is None and not {"MinCapacity", "MaxCapacity"} <= data.keys():
        return refuse("ValidationException", "MinCapacity and MaxCapacity are required for a new scalable target")
    suspended = {**(known or {}).get("SuspendedState", NOT_SUSPENDED), **data.get("SuspendedState", {})}
    _targets[key] = {"CreationTime": 0, "RoleARN": "", **(known or {}), **data, "SuspendedState": suspended}
    return reply({"ScalableTargetARN": f"arn:aws:application-autoscaling:us-east-1:123456789012:scalable-target/{key}"})


async def servicequotas(_method, _path, headers, body, _query):
    operation, data = operation_and_data(headers, body)
    if operation not in ("ListServiceQuotas", "ListAWSDefaultServiceQuotas"):
        return refuse("InvalidAction", f"{operation} not implemented")
    shown, following = page(quotas, data.get("NextToken"), int(data.get("MaxResults") or QUOTAS_PAGE))
    return reply({"Quotas": shown, **({"NextToken": following} if following else {})})


# Else each first call reads the models of all services: 3 s and 400 MB.
for _name in ("ce", "application-autoscaling", "servicequotas"):
    router.SERVICE_PATTERNS[_name] = {"host_patterns": [], "credential_scope": _name}
ms.SERVICE_HANDLERS.update({
    "ce": ce, "application-autoscaling": autoscaling, "servicequotas": servicequotas})
