"""Versions of customer managed policies: at most five, of which one is in force for everybody who has the policy. Error
codes are those of IAM's service model; the messages are on record in public reports (November 2026)."""
from ministack.core.iam_evaluator import validate_policy_document
from ministack.services import iam
from ministack.services.cloudformation import provisioners

from .iam_limits import absent, too_long
from .wire import around

VERSIONS = 5
FULL = "A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version."
SEVERAL = ("This policy has more than one version. Before you delete a policy, you must delete the policy's versions. "
           "The default version is deleted with the policy.")
ATTACHED = "Cannot delete a policy attached to entities."
# Of a version that CloudFormation has made itself.
OWN = "ByCloudFormation"


def create(params):
    """A number is never given twice: ministack gives that of a deleted version again."""
    arn = iam._p(params, "PolicyArn")
    policy = iam._policies.get(arn)
    if policy is None:
        return absent(arn)
    if refused := too_long(params):
        return refused
    if len(policy["Versions"]) >= VERSIONS:
        return iam._error(409, "LimitExceeded", FULL)
    document = iam._p(params, "PolicyDocument")
    if malformed := validate_policy_document(document):
        return iam._error(400, "MalformedPolicyDocument", malformed)
    policy["LastVersion"] = policy.get("LastVersion", 1) + 1
    version = {"VersionId": f"v{policy['LastVersion']}", "Document": document, "IsDefaultVersion": False,
               "CreateDate": iam._now()}
    policy["Versions"][version["VersionId"]] = version
    policy["UpdateDate"] = version["CreateDate"]
    if iam._p(params, "SetAsDefault").lower() == "true":
        put_in_force(policy, version["VersionId"])
    return iam._xml(200, "CreatePolicyVersionResponse", (
        f"<CreatePolicyVersionResult><PolicyVersion><VersionId>{version['VersionId']}</VersionId>"
        f"<IsDefaultVersion>{str(version['IsDefaultVersion']).lower()}</IsDefaultVersion>"
        f"<CreateDate>{version['CreateDate']}</CreateDate></PolicyVersion></CreatePolicyVersionResult>"))


def set_default(params):
    arn, version_id = iam._p(params, "PolicyArn"), iam._p(params, "VersionId")
    policy = iam._policies.get(arn)
    if policy is None or version_id not in policy["Versions"]:
        return absent(f"{arn} version {version_id}")
    put_in_force(policy, version_id)
    return iam._xml(200, "SetDefaultPolicyVersionResponse", "")


def put_in_force(policy, version_id):
    policy["DefaultVersionId"] = version_id
    for version in policy["Versions"].values():
        version["IsDefaultVersion"] = version["VersionId"] == version_id


def holders(arn):
    """Whoever has the policy, or has it as his permissions boundary, as (property of a template, name)."""
    for store, named in ((iam._roles, "Roles"), (iam._users, "Users"), (iam._groups, "Groups")):
        for name, entity in store.items():
            if arn in entity.get("AttachedPolicies", []):
                yield named, name
            if entity.get("PermissionsBoundary") == arn:
                yield "boundary", name


def delete_policy(params):
    arn = iam._p(params, "PolicyArn")
    if any(holders(arn)):
        return iam._error(409, "DeleteConflict", ATTACHED)
    if len((iam._policies.get(arn) or {"Versions": {}})["Versions"]) > 1:
        return iam._error(409, "DeleteConflict", SEVERAL)
    return _delete_policy(params)


_delete_policy = iam._delete_policy
iam._create_policy_version = create
iam._IAM_HANDLERS.update({
    "CreatePolicyVersion": create, "SetDefaultPolicyVersion": set_default, "DeletePolicy": delete_policy})


def undeletable(arn, props):
    """
    Why CloudFormation does not delete the policy: it detaches those whom its template names and deletes the versions that
    it has made. Its handler may list and delete any version and may detach anybody (`handlers.delete.permissions` of the
    type's schema), but no source says that it does (searched 28 November 2026): nothing may rest on it.
    """
    for named, name in holders(arn):
        if name not in (props.get(named) or []):
            return f"{ATTACHED} (DeleteConflict: {name} has {arn})"
    for version in (iam._policies.get(arn) or {"Versions": {}})["Versions"].values():
        if not version["IsDefaultVersion"] and OWN not in version:
            return f"{SEVERAL} (DeleteConflict: {version['VersionId']} of {arn})"
    return None


def made_by_cloudformation(arn):
    policy = iam._policies[arn]
    policy["Versions"][policy["DefaultVersionId"]][OWN] = True


# An update with another document makes a version and puts it in force, whatever was in force; where there are five it first
# deletes the oldest that is not, whoever made it. One with the same document leaves the versions alone.
@around(provisioners, "_iam_policy_set_document")
def set_document(original, arn, *more):
    original(arn, *more)
    made_by_cloudformation(arn)


_handlers = provisioners._RESOURCE_HANDLERS["AWS::IAM::ManagedPolicy"]


def create_resource(*arguments):
    made = _handlers["create"](*arguments)
    made_by_cloudformation(made[0])
    return made


provisioners._RESOURCE_HANDLERS["AWS::IAM::ManagedPolicy"] = {**_handlers, "create": create_resource}
