"""Which principal used which action on which resource, and whether it was let: read at /_plus/uses."""
from collections import Counter

_uses: Counter = Counter()


def record(principal, action, resource, allowed):
    _uses[(principal, action, resource, allowed)] += 1


def clear():
    _uses.clear()


def uses():
    return [
        {"principal": principal, "action": action, "resource": resource, "allowed": allowed, "count": count}
        for (principal, action, resource, allowed), count in sorted(_uses.items(), key=str)
    ]
