"""dynamodb:LeadingKeys, which policies on the state table rest on, and which ministack leaves out."""
import json
import re

from ministack.core import iam_actions
from ministack.services import dynamodb

from .wire import around


@around(iam_actions, "dynamodb_service_context")
def context_of(original, body):
    data = json.loads(body or b"{}")
    keys = leading_keys(data)
    return {**original(body), **({"dynamodb:LeadingKeys": keys} if keys else {})}


def leading_keys(data):
    """The partition keys that a request names; none for a scan, so that a condition on them does not let it."""
    found = []
    for part in requests_of(data):
        hash_key = hash_key_of(part.get("TableName", ""))
        holder = part.get("Key") or part.get("Item") or {}
        if hash_key in holder:
            found.append(holder[hash_key])
        elif "KeyConditionExpression" in part:
            found += queried(part, hash_key)
    return sorted({next(iter(value.values())) for value in found if isinstance(value, dict)})


def requests_of(data):
    for item in data.get("TransactItems") or []:
        yield from item.values()
    for table, asked in (data.get("RequestItems") or {}).items():
        for each in asked.get("Keys", []) if isinstance(asked, dict) else asked:
            inner = each.get("PutRequest") or each.get("DeleteRequest") or {"Key": each}
            yield {"TableName": table, **inner}
    yield data


def hash_key_of(table):
    schema = (dynamodb._tables.get(table.rsplit("/", 1)[-1]) or {}).get("KeySchema", [])
    return next((each["AttributeName"] for each in schema if each["KeyType"] == "HASH"), "pk")


def queried(part, hash_key):
    names = part.get("ExpressionAttributeNames") or {}
    for name, value in re.findall(r"(#?\w+)\s*=\s*(:\w+)", part["KeyConditionExpression"]):
        if names.get(name, name) == hash_key:
            return [(part.get("ExpressionAttributeValues") or {}).get(value)]
    return []
