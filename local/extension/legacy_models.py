"""Models that their provider has marked as Legacy. The words of the refusal are those of the shared AWS facts (trap 50);
whether a profile can be made of one is documented nowhere, so it is as it is told to be."""
import json

from ministack.services import bedrock

from .wire import around

# Model id -> {"profiles": whether CreateInferenceProfile takes it}.
models: dict = {}
REFUSED = ("Access denied. This Model is marked by provider as Legacy and you have not been actively using the model in "
           "the last 30 days. Please upgrade to an active model on Amazon Bedrock")


def refusal(model_id):
    """Of a call; None: the model is called as ever."""
    return bedrock._error("ResourceNotFoundException", REFUSED, 404) if model_id in models else None


@around(bedrock, "_model_summary")
def summary(original, model_id, *more):
    status = "LEGACY" if model_id in models else "ACTIVE"
    return {**original(model_id, *more), "ModelLifecycle": {"Status": status}}


@around(bedrock, "_create_inference_profile")
def create_profile(original, body):
    source = json.loads(body or b"{}").get("modelSource", {}).get("copyFrom", "").rsplit("/", 1)[-1]
    if source in models and not models[source].get("profiles"):
        return bedrock._error("ValidationException", REFUSED, 400)
    return original(body)
