"""Amazon Q Developer in chat applications: what CloudFormation is told of channels in chats, and what their topics tell them; read at
/_plus/chats. Schema of a custom notification: https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html, read 2026-11-29."""
import json

from ministack.core.responses import get_account_id
from ministack.services import iam, sns
from ministack.services.cloudformation import provisioners

from .service_principals import trusts
from .wire import around

CHATBOT = "chatbot.amazonaws.com"
SLACK, TEAMS = "AWS::Chatbot::SlackChannelConfiguration", "AWS::Chatbot::MicrosoftTeamsChannelConfiguration"
KINDS = {SLACK: "slack-channel", TEAMS: "microsoft-teams-channel"}

# Properties by ARN, in each account: names and channels are taken once in it, whatever the Region.
_configurations: dict = {}
told: list = []


def target_of(kind, props):
    names = ("SlackWorkspaceId", "SlackChannelId") if kind == SLACK else ("TeamsTenantId", "TeamId", "TeamsChannelId")
    return [props[name] for name in names]


def refusal(kind, props, replacing=None):
    account = get_account_id()
    name = props["ConfigurationName"]
    others = {arn: each for arn, each in _configurations.items() if each["account"] == account and arn != replacing}
    if any(each["props"]["ConfigurationName"] == name for each in others.values()):
        return f"Invalid request provided: The chat configuration with the name {name} already exists."
    if any(each["kind"] == kind and target_of(kind, each["props"]) == target_of(kind, props) for each in others.values()):
        return f"Invalid request provided: {' '.join(target_of(kind, props))} has already been configured for AWS account {account}."
    if props["IamRoleArn"].rsplit("/", 1)[-1] not in iam._roles or not trusts(props["IamRoleArn"], CHATBOT, ""):
        return f"Invalid request provided: {props['IamRoleArn']} cannot be assumed by {CHATBOT}."
    gone = [arn for arn in props.get("SnsTopicArns", []) if not sns._topic_by_arn_any_scope(arn)]
    return f"Invalid request provided: no topic {gone[0]}." if gone else None


def handlers(kind):
    def put(props, replacing=None):
        if why := refusal(kind, props, replacing):
            raise ValueError(why)
        arn = f"arn:aws:chatbot::{get_account_id()}:chat-configuration/{KINDS[kind]}/{props['ConfigurationName']}"
        _configurations[arn] = {"account": get_account_id(), "kind": kind, "props": props}
        return arn, {"Arn": arn}

    def create(_logical_id, props, _stack):
        return put(props)

    def update(physical_id, _old_props, new_props, _stack):
        return put(new_props, physical_id)

    def delete(physical_id, _props):
        _configurations.pop(physical_id, None)

    return {"create": create, "update": update, "delete": delete}


def text_at(data, *path):
    for key in path:
        data = data.get(key) if isinstance(data, dict) else None
    return isinstance(data, str) and data != ""


def why_not(message):
    """What is wrong with a custom notification; None: nothing. Another message is dropped by the service, without a word."""
    try:
        found = json.loads(message)
    except ValueError:
        return "is no JSON"
    content, metadata = (found.get(key) if isinstance(found, dict) else None for key in ("content", "metadata"))
    checks = [
        (isinstance(found, dict), "is no object"),
        (isinstance(found, dict) and found.get("version") == "1.0", "has no version 1.0"),
        (isinstance(found, dict) and found.get("source") == "custom", "has another source than custom"),
        (text_at(content, "description"), "has no description, the one text that every notification needs"),
        (not isinstance(content, dict) or content.get("textType", "client-markdown") == "client-markdown", "has another textType"),
        (not isinstance(content, dict) or all(isinstance(content.get(key, ""), str) for key in ("title", "description")),
         "has a title or a description that is no text"),
        (not isinstance(content, dict) or all(
            isinstance(content.get(key, []), list) and all(isinstance(one, str) for one in content.get(key, []))
            for key in ("nextSteps", "keywords")), "has steps or keywords that are no texts"),
        (metadata is None or isinstance(metadata, dict), "has metadata that is no object"),
        (not isinstance(metadata, dict) or all(isinstance(metadata.get(key, ""), str)
                                                for key in ("threadId", "summary", "eventType")), "has metadata of another form"),
        (not isinstance(metadata, dict) or isinstance(metadata.get("enableCustomActions", True), bool),
         "has another enableCustomActions than true or false"),
    ]
    return next((why for right, why in checks if not right), None)


@around(sns, "_fanout")
def fanout(original, topic_arn, msg_id, message, *more, **named):
    for arn, each in list(_configurations.items()):
        if topic_arn in each["props"].get("SnsTopicArns", []):
            wrong = why_not(message)
            told.append({"configuration": arn, "topic": topic_arn, "message": message, **({"dropped": wrong} if wrong else {})})
    return original(topic_arn, msg_id, message, *more, **named)


provisioners._REPLACING_PROPERTIES.update({
    SLACK: ("ConfigurationName", "SlackChannelId", "SlackWorkspaceId"),
    TEAMS: ("ConfigurationName", "TeamId", "TeamsChannelId", "TeamsTenantId")})
provisioners._RESOURCE_HANDLERS.update({kind: handlers(kind) for kind in KINDS})
