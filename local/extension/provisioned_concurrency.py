"""Provisioned concurrency as Lambda grants it: on versions and aliases, within limits, and not at once."""
import json
import re
import time

from ministack.services import lambda_svc

from . import absent_services
from .wire import page, refuse, reply

PATH = re.compile(r"/functions/([^/]+)/provisioned-concurrency$")
# Lambda leaves this much of the account's concurrency to functions that reserve none.
LEFT_UNRESERVED = 100
LIST_PAGE = 50
settings = {"readyAfterSeconds": 1.0}


def answer(method, path, body, query):
    """Lambda's answer, or None where ministack's own is right."""
    match = PATH.search(path)
    if not match:
        return None
    function = lambda_svc._functions.get(match.group(1).rsplit(":", 1)[-1])
    if function is None:
        return None
    settle(function)
    if method == "GET" and "List" in query:  # taken for the operation of one configuration
        return listed(function, query)
    if method != "PUT":
        return None
    return refusal(function, first(query, "Qualifier"), json.loads(body or b"{}"))


def started(method, path, query):
    """After ministack has accepted it: nothing is allocated yet."""
    match = PATH.search(path)
    if method != "PUT" or not match:
        return None
    function = lambda_svc._functions.get(match.group(1).rsplit(":", 1)[-1]) or {}
    config = (function.get("provisioned_concurrency") or {}).get(first(query, "Qualifier"))
    if config is None:
        return None
    allocate(config)
    return reply(shown(config), 202)


def allocate(config):
    config.update(Status="IN_PROGRESS", AvailableProvisionedConcurrentExecutions=0,
                  AllocatedProvisionedConcurrentExecutions=0)
    config["_readyAt"] = time.time() + settings["readyAfterSeconds"]


def settle(function):
    """Since the last look Application Auto Scaling has raised it to its minimum, and Lambda has allocated it."""
    configs = function.setdefault("provisioned_concurrency", {})
    for qualifier, least in absent_services.least_concurrency(function["config"]["FunctionName"]):
        if configs.get(qualifier, {}).get("RequestedProvisionedConcurrentExecutions", 0) < least:
            lambda_svc._put_provisioned_concurrency(
                function["config"]["FunctionName"], qualifier, {"ProvisionedConcurrentExecutions": least})
            allocate(configs[qualifier])
    for config in (function.get("provisioned_concurrency") or {}).values():
        if config.get("_readyAt", time.time() + 1) <= time.time():
            del config["_readyAt"]
            requested = config["RequestedProvisionedConcurrentExecutions"]
            config.update(Status="READY", AvailableProvisionedConcurrentExecutions=requested,
                          AllocatedProvisionedConcurrentExecutions=requested)


def listed(function, query):
    configs = [{"FunctionArn": f"{function['config']['FunctionArn']}:{qualifier}", **shown(config)}
               for qualifier, config in (function.get("provisioned_concurrency") or {}).items()]
    most = min(int(first(query, "MaxItems") or LIST_PAGE), LIST_PAGE)
    found, following = page(configs, first(query, "Marker"), most)
    return reply({"ProvisionedConcurrencyConfigs": found, **({"NextMarker": following} if following else {})})


def refusal(function, qualifier, data):
    wanted = data.get("ProvisionedConcurrentExecutions", 0)
    if wanted < 1:
        return refuse("ValidationException", f"Value '{wanted}' at 'provisionedConcurrentExecutions' failed to satisfy "
                                             "constraint: Member must have value greater than or equal to 1")
    if qualifier in (None, "", "$LATEST"):
        return refuse("InvalidParameterValueException",
                      "Provisioned Concurrency Configs cannot be applied to unpublished function versions.")
    reserved = lambda_svc._reserved_concurrency(function, function["config"])
    if reserved is not None and wanted + provisioned(function, qualifier) > reserved:
        return refuse("InvalidParameterValueException",
                      "Requested Provisioned Concurrency should not be greater than the "
                      "reservedConcurrentExecution for function")
    if reserved is None and wanted + taken(function, qualifier) > lambda_svc._ACCOUNT_CONCURRENCY_CAP - LEFT_UNRESERVED:
        return refuse("InvalidParameterValueException",
                      "Specified ConcurrentExecutions for function decreases account's UnreservedConcurrentExecution "
                      f"below its minimum value of [{LEFT_UNRESERVED}].")
    return None


def taken(function, qualifier):
    """Of the account: what functions have reserved, and what those without a reservation have provisioned."""
    total = 0
    for other in lambda_svc._functions.values():
        reserved = lambda_svc._reserved_concurrency(other, other["config"])
        total += provisioned(other, qualifier if other is function else None) if reserved is None else reserved
    return total


def provisioned(function, but):
    return sum(config["RequestedProvisionedConcurrentExecutions"]
               for qualifier, config in (function.get("provisioned_concurrency") or {}).items() if qualifier != but)


def shown(config):
    return {name: value for name, value in config.items() if not name.startswith("_")}


def first(query, name):
    value = query.get(name)
    return value[0] if isinstance(value, list) else value
