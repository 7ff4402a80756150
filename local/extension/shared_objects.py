"""Objects in a bucket of another account, as far as its policy lets: the code of a function, a template by its URL."""
import json
import re

import ministack.app as ms
from ministack.core import iam_evaluator
from ministack.core.responses import get_account_id, get_region, request_scope
from ministack.services import lambda_svc, s3
from ministack.services.cloudformation import helpers, provisioners

from .wire import around, refuse

_lambda = ms.SERVICE_HANDLERS["lambda"]
VIRTUAL_HOST = re.compile(r"^https?://(?P<bucket>[a-z0-9.-]+)\.s3[.-](?:[a-z0-9-]+\.)?amazonaws\.com(?:\.cn)?/")


def owner_elsewhere(bucket):
    """Names of buckets are unique over all accounts: another one's is meant where the own account has none."""
    return None if s3._buckets.get(bucket) is not None else s3._bucket_owner_account(bucket)


def may_read(owner, bucket, key):
    """By the bucket's policy: across accounts it must allow."""
    asked = iam_evaluator.EvalContext(
        principal_arn=iam_evaluator.caller_arn(), principal_type="", principal_account=get_account_id(),
        action="s3:GetObject", resource_arn=f"arn:aws:s3:::{bucket}/{key}", region=get_region(), secure_transport=True)
    policy = s3._bucket_policies.get_scoped(owner, None, bucket)
    return iam_evaluator.evaluate_resource_policy(policy, asked).decision == "Allow"


@around(s3, "_get_object_data")
def object_data(original, bucket, key, version_id=None):
    owner = owner_elsewhere(bucket)
    if owner is None:
        return original(bucket, key, version_id)
    if not may_read(owner, bucket, key):
        return None
    with request_scope(owner, get_region()):
        return original(bucket, key, version_id)


@around(lambda_svc, "s3_code_region_message")
def region_message(original, bucket, layer=False):
    with request_scope(owner_elsewhere(bucket) or get_account_id(), get_region()):
        return original(bucket, layer)


def unreadable(code):
    """Why Lambda does not get the code, in its words; ministack would make a function without any."""
    bucket, key = code.get("S3Bucket"), code.get("S3Key")
    if not bucket or not key or s3._get_object_data(bucket, key, code.get("S3ObjectVersion")) is not None:
        return None
    owner = owner_elsewhere(bucket)
    if owner and not may_read(owner, bucket, key):
        return ("AccessDeniedException", 403, "Your access has been denied by S3, please make sure your request credentials "
                f"have permission to GetObject for {bucket}/{key}. S3 Error Code: AccessDenied. "
                "S3 Error Message: Access Denied")
    missing = "NoSuchKey. S3 Error Message: The specified key does not exist."
    if s3._buckets.get(bucket) is None and owner is None:
        missing = "NoSuchBucket. S3 Error Message: The specified bucket does not exist"
    return "InvalidParameterValueException", 400, f"Error occurred while GetObject. S3 Error Code: {missing}"


async def lambda_api(method, path, headers, body, query):
    creates = method == "POST" and path.rstrip("/").endswith("/functions")
    updates = method == "PUT" and path.endswith("/code")
    if creates or updates:
        data = json.loads(body or b"{}")
        why = unreadable(data.get("Code") or {} if creates else data)
        if why:
            return refuse(why[0], why[2], why[1])
    return await _lambda(method, path, headers, body, query)


def with_readable_code(handler, new_properties):
    def handle(*arguments):
        if why := unreadable(arguments[new_properties].get("Code") or {}):
            raise ValueError(f"Resource handler returned message: \"{why[2]}\"")
        return handler(*arguments)
    return handle


@around(helpers, "_resolve_document")
def resolve_document(original, params, body_key, url_key, label):
    """A bucket may be named by the host, which ministack does not look at."""
    url = VIRTUAL_HOST.sub(r"https://s3.amazonaws.com/\g<bucket>/", helpers._p(params, url_key) or "")
    return original({**params, url_key: [url]}, body_key, url_key, label)


_function = provisioners._RESOURCE_HANDLERS["AWS::Lambda::Function"]
provisioners._RESOURCE_HANDLERS["AWS::Lambda::Function"] = {
    **_function, "create": with_readable_code(_function["create"], 1), "update": with_readable_code(_function["update"], 2)}
ms.SERVICE_HANDLERS["lambda"] = lambda_api
