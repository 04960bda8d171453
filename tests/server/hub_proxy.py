"""The proxy that a JupyterHub needs in front of it, inside the hub's own process: enough for a test, nothing to install.

An office runs configurable-http-proxy or traefik there.
"""

import asyncio
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web
from jupyterhub.proxy import Proxy

HOP_BY_HOP = {
    "connection",
    "keep-alive",
    "transfer-encoding",
    "content-length",
    "content-encoding",
    "upgrade",
    "te",
}


class ProxyInTheHub(Proxy):  # type: ignore[misc]
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._routes: dict[str, dict[str, Any]] = {}

    async def start(self) -> None:
        self._client = aiohttp.ClientSession(auto_decompress=False)
        application = web.Application(client_max_size=2**26)
        application.router.add_route("*", "/{path:.*}", self._forward)
        runner = web.AppRunner(application)
        await runner.setup()
        public = urlsplit(self.public_url)
        await web.TCPSite(runner, public.hostname, public.port).start()

    async def stop(self) -> None:
        await self._client.close()

    async def add_route(self, routespec: str, target: str, data: Any) -> None:
        self._routes[routespec] = {"routespec": routespec, "target": target, "data": data}

    async def delete_route(self, routespec: str) -> None:
        self._routes.pop(routespec, None)

    async def get_all_routes(self) -> dict[str, dict[str, Any]]:
        return dict(self._routes)

    async def _forward(self, request: web.Request) -> web.StreamResponse:
        fitting = [
            spec for spec in self._routes if request.path.startswith(spec.rstrip("/") + "/") or spec == "/"
        ]
        target = self._routes[max(fitting, key=len)]["target"].rstrip("/")
        address = target + request.path_qs
        headers = {name: value for name, value in request.headers.items() if name.lower() not in HOP_BY_HOP}
        if request.headers.get("Upgrade", "").lower() == "websocket":
            return await self._join(request, address, headers)
        body = await request.read()
        async with self._client.request(
            request.method, address, headers=headers, data=body, allow_redirects=False
        ) as answer:
            content = await answer.read()
            reply = web.Response(status=answer.status, body=content)
            for name, value in answer.headers.items():
                if name.lower() not in HOP_BY_HOP - {"content-encoding"} and name.lower() != "content-type":
                    reply.headers.add(name, value)
            reply.headers["Content-Type"] = answer.headers.get("Content-Type", "text/plain")
            return reply

    async def _join(self, request: web.Request, address: str, headers: dict[str, str]) -> web.StreamResponse:
        headers = {
            name: value for name, value in headers.items() if not name.lower().startswith("sec-websocket")
        }
        async with self._client.ws_connect(address, headers=headers) as behind:
            front = web.WebSocketResponse()
            await front.prepare(request)

            async def pump(source: Any, sink: Any) -> None:
                async for message in source:
                    if message.type is aiohttp.WSMsgType.TEXT:
                        await sink.send_str(message.data)
                    elif message.type is aiohttp.WSMsgType.BINARY:
                        await sink.send_bytes(message.data)
                await sink.close()

            await asyncio.gather(pump(front, behind), pump(behind, front))
            return front
