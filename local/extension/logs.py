"""A function writes its log under its execution role: what the role may not, is lost, and nothing else is."""
from ministack.core import lambda_runtime
from ministack.core.responses import get_account_id, get_region
from ministack.services import cloudwatch_logs, lambda_svc

from .authorization import allows
from .wire import around


@around(lambda_svc, "_emit_lambda_logs")
def emit(original, func, *more, **named):
    config = func.get("config") or func
    role = config.get("Role")
    group = (config.get("LoggingConfig") or {}).get("LogGroup") or f"/aws/lambda/{config.get('FunctionName')}"
    arn = f"arn:aws:logs:{get_region()}:{get_account_id()}:log-group:{group}"
    stream = f"{arn}:log-stream:{config.get('FunctionName')}"
    needed = [("logs:CreateLogStream", stream), ("logs:PutLogEvents", stream)]
    if group not in cloudwatch_logs._log_groups:
        needed.insert(0, ("logs:CreateLogGroup", arn))
    if role and all(allows(role, action, resource) for action, resource in needed):
        return original(func, *more, **named)
    return None


# Seconds until the first line, after the last one and in all. By ministack's own a busy machine loses lines.
lambda_runtime.Worker._drain_stderr_bounded.__defaults__ = (0.5, 0.02, 2.0)
