"""Which principal used which action on which resource with which condition keys, and whether it was let: read at
/_plus/uses."""
from collections import Counter

# Those that the guard's policies ask for: a use for each set of all others would be as many as there were calls.
KEYS = ("iam:PolicyARN", "dynamodb:LeadingKeys", "events:source", "bedrock:InferenceProfileArn", "bedrock:ServiceTier",
        "application-autoscaling:service-namespace", "application-autoscaling:scalable-dimension",
        "organizations:PolicyType", "ses:FromAddress")

_uses: Counter = Counter()


def record(principal, action, resource, allowed, context=None):
    keys = tuple((key, values_of(context[key])) for key in KEYS if (context or {}).get(key) is not None)
    _uses[(principal, action, resource, allowed, keys)] += 1


def values_of(value):
    return tuple(str(one) for one in value) if isinstance(value, (list, tuple, set)) else str(value)


def clear():
    _uses.clear()


def uses():
    return [
        {"principal": principal, "action": action, "resource": resource, "allowed": allowed, "context": dict(keys),
         "count": count}
        for (principal, action, resource, allowed, keys), count in sorted(_uses.items(), key=str)
    ]
