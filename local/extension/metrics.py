"""CloudWatch: 455 days, each dimension set a metric of its own, pages, metrics that come with a delay, and are listed late where new."""
import time
from collections import defaultdict

from ministack.core.responses import AccountRegionScopedDict, get_account_id, get_region, request_scope
from ministack.services import cloudwatch

from .wire import page

LIST_PAGE = 500
DATA_PAGE_POINTS = 100_800

cloudwatch.TWO_WEEKS_SECONDS = 455 * 86_400
# listDelaySeconds: a series is listed so long after its first point, ever or in two weeks, and read by its name at once.
# statusCode: what every series answers, as where CloudWatch is in trouble; empty for what is true.
settings = {"delaySeconds": 0.0, "listDelaySeconds": 0.0, "listPage": LIST_PAGE, "pointsPage": DATA_PAGE_POINTS,
            "statusCode": ""}
_held: list = []
_FORGOTTEN_SECONDS = 14 * 86_400
# By metric, the machine's clock: since when it is new, and when its last point came.
_written = AccountRegionScopedDict()
_bucket = cloudwatch._metric_bucket


def metric_bucket(key):
    """Asked for by whoever writes a point."""
    now = time.time()
    new_since, last = _written.get(key) or (now, now)
    _written[key] = (now if now - last > _FORGOTTEN_SECONDS else new_since, now)
    return _bucket(key)


def publish(namespace, name, value, dimensions, at=None):
    """Visible once the delay is over, at the time of the call."""
    at = time.time() if at is None else at
    whose = (get_account_id(), get_region())
    _held.append((time.time() + settings["delaySeconds"], whose, namespace, name, float(value), dimensions, at))


def backdate(points):
    """points: [{namespace, metric, value, dimensions, at: epoch seconds}], visible at once."""
    for point in points:
        _store(point["namespace"], point["metric"], float(point["value"]), point["dimensions"], point["at"])


def release():
    now = time.time()
    ready = [entry for entry in _held if entry[0] <= now]
    for entry in ready:
        _held.remove(entry)
        with request_scope(*entry[1]):
            _store(*entry[2:])


def _store(namespace, name, value, dimensions, at):
    metric_bucket((namespace, name, cloudwatch._dims_key(dimensions))).append(
        {"Timestamp": at, "Value": value, "Unit": "Count", "Dimensions": dict(dimensions)})


def list_metrics(_params, data, is_cbor, _is_json=False):
    release()
    wanted = data.get("Dimensions") or []
    found = []
    listed_until = time.time() - settings["listDelaySeconds"]
    for key, points in cloudwatch._metrics.items():
        namespace, name, _ = key
        dimensions = points[0].get("Dimensions", {}) if points else {}
        if (_written.get(key) or (0, 0))[0] > listed_until:
            continue
        if data.get("Namespace") not in (None, namespace) or data.get("MetricName") not in (None, name):
            continue
        if all(d["Name"] in dimensions and d.get("Value") in (None, dimensions[d["Name"]]) for d in wanted):
            found.append({"Namespace": namespace, "MetricName": name,
                          "Dimensions": [{"Name": n, "Value": v} for n, v in dimensions.items()]})
    shown, following = page(found, data.get("NextToken"), settings["listPage"])
    return _ok({"Metrics": shown, **({"NextToken": following} if following else {})}, is_cbor)


def get_metric_data(_params, data, is_cbor, _is_json=False):
    """Sums and the like per series; PartialData on all pages but a series' last. Metric math is not served."""
    release()
    start, end = cloudwatch._parse_ts(data["StartTime"]), cloudwatch._parse_ts(data["EndTime"])
    results = [_series(query, start, end, data.get("ScanBy")) for query in data["MetricDataQueries"]]
    flat = [(result, at, value) for result in results for at, value in result["points"]]
    shown, following = page(flat, data.get("NextToken"), int(data.get("MaxDatapoints") or settings["pointsPage"]))
    rest = flat[int(following):] if following else []
    answers = []
    for result in results:
        mine = [(at, value) for owner, at, value in shown if owner is result]
        later = any(owner is result for owner, _, _ in rest)
        if mine or (not result["points"] and not data.get("NextToken")):
            answers.append({"Id": result["Id"], "Label": result["Label"],
                            "Timestamps": [cloudwatch._ts_iso(at) for at, _ in mine],
                            "Values": [value for _, value in mine],
                            "StatusCode": "PartialData" if later else result["StatusCode"]})
    if is_cbor:
        answers = [cloudwatch._cbor_metric_data_result(answer) for answer in answers]
    token = {"NextToken": following} if following else {}
    return _ok({"MetricDataResults": answers, "Messages": [], **token}, is_cbor)


def _series(query, start, end, scan_by):
    named = {"Id": query["Id"], "Label": query.get("Label") or query["Id"]}
    if query.get("Expression"):
        return {**named, "StatusCode": "InternalError", "points": []}
    stat = query["MetricStat"]
    metric, period = stat["Metric"], int(stat["Period"])
    dimensions = cloudwatch._dims_from_list(metric.get("Dimensions") or [])
    key = (metric["Namespace"], metric["MetricName"], cloudwatch._dims_key(dimensions))
    buckets = defaultdict(list)
    for point in cloudwatch._metrics.get(key) or []:
        if start <= point["Timestamp"] < end:
            buckets[int(point["Timestamp"] // period) * period].append(point)
    points = [(at, cloudwatch._stat_value(cloudwatch._calc_stats(found), stat["Stat"], found))
              for at, found in sorted(buckets.items(), reverse=scan_by != "TimestampAscending")]
    if settings["statusCode"]:
        return {**named, "StatusCode": settings["statusCode"], "points": []}
    return {**named, "StatusCode": "Complete", "points": [(at, value) for at, value in points if value is not None]}


def _ok(body, is_cbor):
    return cloudwatch._cbor_ok(body) if is_cbor else cloudwatch._json_ok(body)


cloudwatch._list_metrics, cloudwatch._get_metric_data = list_metrics, get_metric_data
cloudwatch._metric_bucket = metric_bucket
