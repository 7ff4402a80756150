"""Amazon SES: what it sends on stands among the mails of /_plus/mails, and the account's list of addresses that it takes mails for
and does not send to, which ministack has not. Source: the service model of sesv2 (botocore), read 2026-11-29."""
import json
from urllib.parse import unquote

import ministack.app as ms
from ministack.core.responses import AccountRegionScopedDict, get_account_id, get_region
from ministack.services import ses, ses_v2

from .authorization import ALSO_ON
from .mails import mails
from .wire import around

ADDRESSES = "/v2/email/suppression/addresses"
SEND = "/v2/email/outbound-emails"
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
    if path.rstrip("/") == SEND and response[0] == 200:
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


@around(ms, "_enforce_ses_v2")
def enforce(original, method, path, headers, body, query_params, request_id):
    """A mail is sent by an identity, and from an address. In the sandbox by the recipients' identities as well, as several have found:
    https://github.com/aws/aws-sdk-js/issues/3641 (read 2026-11-29)."""
    if path.rstrip("/") != SEND or not ms.AUTH:
        return original(method, path, headers, body, query_params, request_id)
    asked = json.loads(body or b"{}")
    sender = asked.get("FromEmailAddress") or ""
    others = [] if ses._production_access_enabled() else asked.get("Destination", {}).get("ToAddresses", [])
    arn = identity_of(sender)
    return ms._enforce_data_plane(
        "sesv2", "ses:SendEmail", headers, query_params, request_id, resource_arn=arn, named_resource=arn,
        service_context={"ses:FromAddress": sender, ALSO_ON: [identity_of(address) for address in others]})


def identity_of(address):
    """Its own, or that of the nearest domain which is there."""
    domain = address.rpartition("@")[2]
    known = [name for name in (address, *ses._domain_and_parents(domain)) if name in ses_v2._identities]
    return f"arn:aws:ses:{get_region()}:{get_account_id()}:identity/{(known or [address])[0]}"
