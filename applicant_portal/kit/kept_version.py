"""What every kept page depends on, as one string: when it changes, all of them are old."""

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

log = logging.getLogger(__name__)

FRESH_FOR = 0.1
"""Seconds for which an answer is kept: asking costs more than answering with a kept page."""
PATIENCE = 0.25
"""Seconds that requests wait for an answer; later ones go on without until it is there."""


class Version:
    """Asks `ask` (it may block, and fail) in a thread of its own, at most one question at a time."""

    def __init__(self, ask: Callable[[], str | None]) -> None:
        self._ask = ask
        self._asking: asyncio.Task[None] | None = None
        self._began = 0.0
        self._known: tuple[float, str | None] = (-FRESH_FOR, None)
        # Not one of the threads that render pages: behind a queue of pages it would always be late.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="kept-version")

    async def now(self) -> str | None:
        """The version, at most `FRESH_FOR` (after a slow answer `PATIENCE`) seconds old; None where it
        cannot be told."""
        moment = time.monotonic()
        asked_at, value = self._known
        if moment - asked_at < FRESH_FOR:
            return value
        loop = asyncio.get_running_loop()
        asking = self._asking
        if asking is None or asking.done() or asking.get_loop() is not loop:
            self._began = moment
            asking = self._asking = loop.create_task(self._renew(moment))
        left = self._began + PATIENCE - moment
        if left > 0:
            await asyncio.wait((asking,), timeout=left)
        return self._known[1] if asking.done() else None

    async def _renew(self, began: float) -> None:
        value: str | None = None
        try:
            value = await asyncio.get_running_loop().run_in_executor(self._thread, self._ask)
        except Exception as error:  # noqa: BLE001 (whatever it is, pages go on without being kept)
            if self._known[1] is not None:
                log.warning("pages are not kept now: %s: %s", type(error).__name__, error)
        self._known = began, value
