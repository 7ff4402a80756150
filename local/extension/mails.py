"""What SNS e-mail subscriptions were sent: read at /_plus/mails."""
from ministack.services import sns

from .wire import around

mails: list = []


def confirm(address, confirmed):
    """As if the owner of the address had confirmed, or had not: then nothing reaches it, and its ARN says so."""
    for topic in sns._topics.values():
        for subscription in topic["subscriptions"]:
            if subscription["protocol"].startswith("email") and subscription["endpoint"] == address:
                subscription.setdefault("_arn", subscription["arn"])
                subscription["arn"] = subscription["_arn"] if confirmed else "PendingConfirmation"
                subscription["confirmed"] = confirmed


@around(sns, "_fanout")
def fanout(original, topic_arn, msg_id, message, subject, message_structure="", message_attributes=None, **named):
    attributes = message_attributes or {}
    for subscription in (sns._topic_by_arn_any_scope(topic_arn) or {}).get("subscriptions", []):
        if not (subscription["protocol"].startswith("email") and subscription["confirmed"]):
            continue
        if sns._matches_filter_policy(subscription, attributes, message):
            mails.append({"to": subscription["endpoint"], "topic": topic_arn, "subject": subject, "message": message,
                          "attributes": {name: each.get("StringValue") for name, each in attributes.items()}})
    return original(topic_arn, msg_id, message, subject, message_structure, message_attributes, **named)
