"""IAM's lists come in pages, of 100 items unless MaxItems says otherwise: one page is over all kinds of entities together.
A marker counts items, so that what is detached between two pages lets others slip through: AWS promises nothing better."""
import xml.etree.ElementTree as ET

from ministack.services import iam

from .wire import page

USUAL, MOST = 100, 1_000
NAMESPACE = "https://iam.amazonaws.com/doc/2010-05-08/"
TAG = f"{{{NAMESPACE}}}"
ET.register_namespace("", NAMESPACE)


def paged(name, handler):
    def handle(params):
        status, headers, body = handler(params)
        marker = iam._p(params, "Marker")
        wanted = iam._p(params, "MaxItems") or str(USUAL)
        if not wanted.isdecimal() or not 1 <= int(wanted) <= MOST:
            return iam._error(400, "ValidationError", f"1 validation error detected: maxItems is from 1 to {MOST}")
        if status != 200:
            return status, headers, body
        if marker and not marker.isdecimal():
            return iam._error(400, "ValidationError", "Invalid Marker.")
        answer = ET.fromstring(body)
        return status, headers, cut(answer, answer.find(f"{TAG}{name}Result"), marker, int(wanted)) or body
    return handle


def cut(answer, result, marker, size):
    """None where all is one page, or the list is one that IAM gives in one."""
    truncated = None if result is None else result.find(f"{TAG}IsTruncated")
    if truncated is None:
        return None
    items = [(each, member) for each in result for member in each.findall(f"{TAG}member")]
    kept, following = page(items, marker, size)
    if len(kept) == len(items):
        return None
    here = {id(member) for _, member in kept}
    for each, member in items:
        if id(member) not in here:
            each.remove(member)
    if following:
        truncated.text = "true"
        ET.SubElement(result, f"{TAG}Marker").text = following
    return ET.tostring(answer, encoding="utf-8", xml_declaration=True)


for operation, original in list(iam._IAM_HANDLERS.items()):
    if operation.startswith("List") or operation in ("GetGroup", "GetAccountAuthorizationDetails"):
        iam._IAM_HANDLERS[operation] = paged(operation, original)
