"""Bedrock: profiles of an environment, scripted token counts, and the AWS/Bedrock metrics of every call."""
import json
import re
from urllib.parse import unquote

import ministack.app as ms
from ministack.core.responses import AccountScopedDict
from ministack.services import bedrock, bedrock_runtime

from . import legacy_models, metrics
from .authorization import MODEL_PATH, PROFILE, destinations
from .wire import around

METRICS = {"inputTokens": "InputTokenCount", "outputTokens": "OutputTokenCount",
           "cacheReadInputTokens": "CacheReadInputTokenCount", "cacheWriteInputTokens": "CacheWriteInputTokenCount"}
# Model id or profile ARN as called -> {"inputTokens": …, "outputTokens": …} of each call from now on. Every operation
# counts so; only Converse also says so in its answer.
usage = AccountScopedDict()
_runtime = bedrock_runtime.handle_request


async def runtime(method, path, headers, body, query):
    match = MODEL_PATH.match(unquote(path))
    model = match.group(1) if match else ""
    if PROFILE in model:
        profile = bedrock._inference_profiles_apps.get(model.rsplit("/", 1)[1])
        if profile is None:
            return bedrock._not_found("The provided model identifier is not found.")
        # ministack takes the family from the id, so it is given that of the model.
        path = f"/model/{destinations(profile['Models'][0]['ModelArn'])[0].rsplit('/', 1)[1]}/{match.group(2)}"
    behind = MODEL_PATH.match(unquote(path))
    if behind and (refused := legacy_models.refusal(behind.group(1).rsplit("/", 1)[-1])):
        return refused
    status, out_headers, out = await _runtime(method, path, headers, body, query)
    if not match or match.group(2) == "count-tokens":
        return status, out_headers, out
    # AWS names the id that was called: of an application inference profile its opaque last part.
    called = model.rsplit("/", 1)[-1]
    if status >= 400:
        count(called, "InvocationClientErrors", 1)
        return status, out_headers, out
    wanted = usage.get(model)
    if wanted and match.group(2) == "converse":
        out = json.dumps({**json.loads(out), "usage": {**wanted, "totalTokens": sum(wanted.values())}}).encode()
    count(called, "Invocations", 1)
    for name, value in (wanted or used(match.group(2), out_headers, out)).items():
        count(called, METRICS[name], value)
    return status, out_headers, out


def used(operation, out_headers, out):
    found = re.search(rb'"usage":\s*(\{[^}]*\})', out) if operation.startswith("converse") else None
    counted = json.loads(found.group(1)) if found else {}
    return {f"{way}Tokens": counted.get(f"{way}Tokens", int(out_headers.get(f"x-amzn-bedrock-{way}-token-count", 0)))
            for way in ("input", "output")}


def count(called, name, value):
    """Per id, and once over all ids of the account."""
    for dimensions in ({"ModelId": called}, {}):
        metrics.publish("AWS/Bedrock", name, value, dimensions)


@around(bedrock, "_list_model_invocation_jobs")
def list_jobs(_original, query):
    """In the status that is asked for: a job that was stopped is not running."""
    wanted = query.get("statusEquals")
    wanted = wanted[0] if isinstance(wanted, list) else wanted
    return bedrock._json({"InvocationJobSummaries": [
        job for job in bedrock._model_invocation_jobs.values() if wanted in (None, job["Status"])]})


@around(bedrock, "_get_inference_profile")
def get_profile(original, identifier):
    return original(identifier.rsplit("/", 1)[-1])


@around(bedrock, "_delete_inference_profile")
def delete_profile(original, identifier):
    return original(identifier.rsplit("/", 1)[-1])


ms.SERVICE_HANDLERS["bedrock-runtime"] = runtime
