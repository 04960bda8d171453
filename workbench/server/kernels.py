"""The kernels behind the pages: started a few at a time, handed to one person each, ended when nobody uses them."""

import asyncio
import os
import uuid
from http import HTTPStatus
from typing import Any

import tornado.web
from jupyter_core.utils import ensure_async
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from traitlets.config import Config

from workbench.server.options import Limits, Way
from workbench.server.papers import Papers
from workbench.server.sessions import Session, Sessions

# Starting a kernel takes one to two CPU seconds; more at once than cores makes every open page wait.
STARTS_AT_ONCE = max(1, (os.cpu_count() or 2) // 2)


class GentleKernelManager(AsyncMappingKernelManager):  # type: ignore[misc]
    """Lets a burst of page views queue for a start instead of starting everything at once."""

    def __init__(self, **kwargs: Any) -> None:
        self._starts = asyncio.Semaphore(STARTS_AT_ONCE)
        super().__init__(**kwargs)

    async def start_kernel(self, **kwargs: Any) -> str:
        async with self._starts:
            kernel_id: str = await super().start_kernel(**kwargs)
            return kernel_id


class PageKernels(GentleKernelManager):
    """What the server asks of its kernels, over Voilà's pool (`_pools`, made by its factory).

    Attributes:
    papers: how a kernel learns for whom it works; None at one desk, where that is the account of the server.
    """

    papers: Papers | None
    sessions: Sessions
    limits: Limits

    def __init__(self, **kwargs: Any) -> None:
        self.papers, self.sessions, self.limits = kwargs["parent"].kernel_care
        self._taking = asyncio.Lock()
        super().__init__(**kwargs)

    async def start_kernel(self, **kwargs: Any) -> str:
        if self.papers is not None:
            kernel_id = str(uuid.uuid4())
            environment = {**kwargs.get("env", {}), **self.papers.environment(kernel_id)}
            kwargs |= {"kernel_id": kernel_id, "env": environment}
        return await super().start_kernel(**kwargs)

    def remove_kernel(self, kernel_id: str) -> Any:
        """However a kernel ends, this is its last moment."""
        if self.papers is not None:
            self.papers.take_back(kernel_id)
        self.sessions.kernel_is_gone(kernel_id)
        return super().remove_kernel(kernel_id)

    async def take(self, notebook: str, session: Session) -> tuple[str, Any]:
        """A kernel of the pool for this person, and what its notebook shows.

        Raises HTTPError 503 when all places are in use. One at a time: the pool is refilled before the next
        is asked for, so nobody finds it empty.
        """
        async with self._taking:
            theirs = 0 if session.way is Way.DESK else len(session.kernels)
            if self.handed_out() >= self.limits.pages or theirs >= self.limits.pages_each:
                raise tornado.web.HTTPError(HTTPStatus.SERVICE_UNAVAILABLE)
            # Whatever failed to start has left the pool; without this the last one would leave it empty for good.
            self.fill_if_needed(delay=0, notebook_name=notebook)
            rendering, _, kernel_id = await self.get_rendered_notebook(notebook_name=notebook)
            session.kernels.add(kernel_id)
        if session.ended:  # signed out while waiting
            await self.end([kernel_id])
            raise tornado.web.HTTPError(HTTPStatus.FORBIDDEN)
        if self.papers is not None:
            self.papers.hand(kernel_id, session.login)
        return kernel_id, rendering

    async def end(self, kernel_ids: list[str]) -> None:
        """Ends these kernels, those that are gone already left aside."""
        running = [kernel_id for kernel_id in kernel_ids if kernel_id in self]
        await asyncio.gather(*(ensure_async(self.shutdown_kernel(kernel_id)) for kernel_id in running))

    def pooled(self) -> list[asyncio.Task[Any]]:
        return [task for pool in self._pools.values() for task in pool]

    def handed_out(self) -> int:
        """Kernels behind open pages: all but the warm ones that wait in the pool."""
        return max(0, len(self) - sum(task.done() for task in self.pooled()))

    async def one_is_warm(self) -> None:
        """Returns when the first kernel of the pool has run its notebook."""
        for task in self.pooled()[:1]:
            started = await task
            await asyncio.shield(started["task"])


def kernel_config(idle_seconds: int) -> Config:
    """Traits of the kernels: Unix sockets instead of ports, an end after `idle_seconds` without a message.

    A page sends a sign of life only while somebody uses it (kit/static/shell.js), so that a
    connected but forgotten tab counts as idle too. The data rate limit of Jupyter would cut off
    page images, which travel over the same channel.
    """
    return Config(
        {
            "KernelManager": {"transport": "ipc"},
            "MappingKernelManager": {
                "cull_idle_timeout": idle_seconds,
                "cull_interval": max(10, idle_seconds // 20),
                "cull_connected": True,
                "allow_tracebacks": False,
            },
            "ZMQChannelsWebsocketConnection": {"limit_rate": False},
        }
    )
