"""Answers in AWS's JSON protocols, and a way to replace a function of ministack by one that may call it."""
import json

from ministack.core.responses import error_response_json


def reply(body, status=200):
    return status, {"Content-Type": "application/x-amz-json-1.1"}, json.dumps(body).encode()


def refuse(code, message, status=400):
    return error_response_json(code, message, status)


def checked(what, response):
    """The body of an answer inside of ministack; CloudFormation shows the error as the resource's reason."""
    if response[0] >= 400:
        raise ValueError(f"{what}: {response[2]!r}")
    return json.loads(response[2] or b"{}")


def around(module, name):
    """Decorator: the function is called in place of module.name, with the original as its first argument."""
    def replace(function):
        original = getattr(module, name)

        def replaced(*arguments, **named):
            return function(original, *arguments, **named)

        setattr(module, name, replaced)
        return function
    return replace


def page(items, token, size):
    """One page and the token of the next, None on the last one. The token is opaque to callers."""
    start = int(token or 0)
    following = start + size
    return items[start:following], str(following) if following < len(items) else None
