"""What a worker can do, and a worker as a process of its own."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import structlog

from sonica.audio import Limits, Sandbox
from sonica.catalogue import Catalogue
from sonica.platform.database import Database
from sonica.platform.jobs import Jobs
from sonica.platform.migrate import migrate
from sonica.work.packs import PublishedPacks

PACK, PACKS = "pack", "packs"
EVERY_DAY = "41 3 * * *"

log = structlog.get_logger("sonica.worker")


@dataclass(frozen=True)
class Workshop:
    """What work is done with: the songs in a data folder, a database, and processes to decode in."""

    catalogue: Catalogue
    packs: PublishedPacks
    jobs: Jobs

    @classmethod
    @contextlib.asynccontextmanager
    async def open(cls, home: Path, database: Database, jobs: Jobs, limits: Limits) -> AsyncIterator[Self]:
        """All of it, known to `jobs`, which are open; ended at the end."""
        with Sandbox() as sandbox:
            shop = cls(
                Catalogue(home, listen=sandbox.listen, limits=limits), PublishedPacks(database, home), jobs
            )
            jobs.add(PACK, shop.make_pack)
            jobs.add(PACKS, shop.renew_packs, cron=EVERY_DAY)
            yield shop

    async def make_pack(self, name: str) -> None:
        """Makes a pack that was asked for."""
        await self.packs.make(name, self.catalogue)

    async def renew_packs(self) -> None:
        """Has all packs be made anew: songs have come, and others have become popular."""
        for name in await self.packs.names():
            await ask_for_pack(self.jobs, name)


async def ask_for_pack(jobs: Jobs, name: str) -> None:
    """Has a worker make a pack as it was ordered. Raises DatabaseError."""
    await jobs.defer(PACK, f"{PACK}:{name}", name=name)


def run_worker(home: Path, url: str, limits: Limits, on_ready: Callable[[], None]) -> None:
    """Does jobs until SIGINT or SIGTERM. Raises SettingsError and DatabaseError."""
    asyncio.run(_run(home, url, limits, on_ready))


async def _run(home: Path, url: str, limits: Limits, on_ready: Callable[[], None]) -> None:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    database = Database(url)
    try:
        await migrate(database)
        async with Jobs(url) as jobs, Workshop.open(home, database, jobs, limits), jobs.working():
            on_ready()
            await stop.wait()
    finally:
        await database.close()
