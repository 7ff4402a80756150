"""Streams of models that take their time: ministack sends all events of one at once."""
import asyncio
import re

import h2.events
import ministack.app as ms
from h2.connection import ConnectionState
from hypercorn.protocol.h2 import H2Protocol

STREAM = re.compile(r"^/model/.+/(converse-stream|invoke-with-response-stream)$")
# Between two events of a stream.
settings = {"eventSeconds": 0.0}
_asgi = ms.app


def events(body):
    """Each message of application/vnd.amazon.eventstream begins with its own length, in four bytes."""
    at = 0
    while at < len(body):
        length = int.from_bytes(body[at:at + 4], "big")
        if length <= 0:
            break
        yield body[at:at + length]
        at += length


async def app(scope, receive, send):
    if scope["type"] != "http" or not settings["eventSeconds"] or not STREAM.match(scope["path"]):
        return await _asgi(scope, receive, send)
    status = 0

    async def slowly(message):
        nonlocal status
        status = message.get("status", status)
        # A refusal is no stream.
        if message["type"] != "http.response.body" or status != 200:
            return await send(message)
        for event in events(message.get("body", b"")):
            await send({"type": "http.response.body", "body": event, "more_body": True})
            await asyncio.sleep(settings["eventSeconds"])
        await send({"type": "http.response.body", "body": b"", "more_body": message.get("more_body", False)})

    await _asgi(scope, receive, slowly)


def going_on(original):
    """The JS SDK says GOAWAY once an answer in parts has begun, as nothing else will be asked on its connection (RFC 9113, 6.8:
    what is in flight goes on). h2 and hypercorn would end it at once."""
    async def handle(self, found):
        last_words = [event for event in found if isinstance(event, h2.events.ConnectionTerminated)]
        if last_words and self.streams:
            self.connection.state_machine.state = ConnectionState.SERVER_OPEN
            found = [event for event in found if event not in last_words]
        await original(self, found)
    return handle


H2Protocol._handle_events = going_on(H2Protocol._handle_events)
ms.app = app
