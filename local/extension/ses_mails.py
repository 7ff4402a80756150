"""Amazon SES: what it sends on stands among the mails of /_plus/mails, and the account's list of addresses that it takes mails for
and does not send to, which ministack has not. Source: the service model of sesv2 (botocore), read 2026-11-29."""
import json
from urllib.parse import unquote

from ministack.core.responses import AccountRegionScopedDict
from ministack.services import ses_v2

from .mails import mails
from .wire import around

ADDRESSES = "/v2/email/suppression/addresses"
# By address, why.
suppressed = AccountRegionScopedDict()


def answered(body):
    return 200, {"Content-Type": "application/json"}, json.dumps(body).encode()


@around(ses_v2, "handle_request")
async def handle_request(original, method, path, headers, body, query_params):
    asked = json.loads(body) if body else {}
    if path.rstrip("/") == ADDRESSES and method == "PUT":
        suppressed[asked["EmailAddress"]] = asked["Reason"]
        return answered({})
    if path.startswith(f"{ADDRESSES}/"):
        return listed(method, unquote(path[len(ADDRESSES) + 1:]))
    response = await original(method, path, headers, body, query_params)
    if path.rstrip("/") == "/v2/email/outbound-emails" and response[0] == 200:
        sent_on(asked)
    return response


def listed(method, address):
    if address not in suppressed:
        return ses_v2._json_err("NotFoundException", f"Email address {address} does not exist on your suppression list.",
                                404)
    if method == "DELETE":
        del suppressed[address]
        return answered({})
    return answered({"SuppressedDestination": {"EmailAddress": address, "Reason": suppressed[address],
                                               "LastUpdateTime": 0}})


def sent_on(asked):
    message = asked.get("Content", {}).get("Simple", {})
    for address in asked.get("Destination", {}).get("ToAddresses", []):
        if address not in suppressed:
            mails.append({"to": address, "topic": "Amazon SES", "from": asked.get("FromEmailAddress"),
                          "subject": message.get("Subject", {}).get("Data"),
                          "message": message.get("Body", {}).get("Text", {}).get("Data"),
                          "html": message.get("Body", {}).get("Html", {}).get("Data")})
