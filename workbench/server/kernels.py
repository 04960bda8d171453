"""The kernels behind the pages: started a few at a time, ended when nobody uses them."""

import asyncio
import os
from typing import Any

from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from traitlets.config import Config

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
