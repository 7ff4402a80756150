"""Many callers of Converse in one process, each at one of two endpoints and then at the other where its own is gone.

Prints the outcomes of all calls together as JSON, when each caller was told that the budget is used up.
"""

import collections
import json
import sys
import threading
import time

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

endpoints, model, callers, max_tokens, first = json.loads(sys.argv[1])
# Of calls that are refused for those in flight.
TRIES = 4

config = Config(max_pool_connections=callers, read_timeout=30)
session = boto3.Session(region_name="us-east-1", aws_access_key_id="AKIDEXAMPLE", aws_secret_access_key="example")
clients = [session.client("bedrock-runtime", endpoint_url=endpoint, config=config) for endpoint in endpoints]
outcomes = collections.Counter()
lock = threading.Lock()


def note(outcome):
    with lock:
        outcomes[outcome] += 1


def call(at, refused=0):
    while refused < TRIES:
        try:
            clients[at].converse(
                modelId=model,
                messages=[{"role": "user", "content": [{"text": "hello"}]}],
                inferenceConfig={"maxTokens": max_tokens},
            )
            note("answered")
            refused = 0
        except ClientError as error:
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            note(f"{status} {error.response['Error']['Code']}")
            if status != 402:
                return
            refused += 1
            time.sleep(0.05)
        except BotoCoreError:
            note("went on at the other")
            at = 1 - at


threads = [threading.Thread(target=call, args=((first + n) % 2,)) for n in range(callers)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(json.dumps(outcomes))
