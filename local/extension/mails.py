"""What SNS e-mail subscriptions were sent: read at /_plus/mails."""
from ministack.services import sns

from .wire import around

mails: list = []


@around(sns, "_fanout")
def fanout(original, topic_arn, msg_id, message, subject, *more, **named):
    for subscription in (sns._topic_by_arn_any_scope(topic_arn) or {}).get("subscriptions", []):
        if subscription["protocol"].startswith("email"):
            mails.append({"to": subscription["endpoint"], "topic": topic_arn, "subject": subject, "message": message})
    return original(topic_arn, msg_id, message, subject, *more, **named)
