"""Static files: one whose address carries its fingerprint may be kept for a year."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class KeptStatic:
    """Adds `Cache-Control` to a static file application: a year with `?v=`, an hour without."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        versioned = scope.get("query_string", b"").startswith(b"v=")
        keep = "public, max-age=31536000, immutable" if versioned else "public, max-age=3600"

        async def send_kept(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] in (200, 304):
                MutableHeaders(scope=message)["cache-control"] = keep
            await send(message)

        await self.app(scope, receive, send_kept)
