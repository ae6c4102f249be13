"""What a worker can do, and a worker as a process of its own."""

import asyncio
import contextlib
import datetime as dt
import signal
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import structlog

from sonica.audio import Limits, Sandbox, recording_limits
from sonica.catalogue import Catalogue
from sonica.platform.connections import IN_BACKGROUND
from sonica.platform.database import Database
from sonica.platform.errors import SonicaError
from sonica.platform.jobs import Jobs
from sonica.platform.migrate import migrate
from sonica.platform.options import Options
from sonica.recognition.records import Records
from sonica.work.adding import Adder, Places
from sonica.work.charts import Charts
from sonica.work.ingests import Ingests
from sonica.work.packs import PublishedPacks

PACK, PACKS = "pack", "packs"
INGEST, INGESTS = "ingest", "ingests"
SWEEP, MEND = "sweep", "mend"
CHARTS, HOUSE = "charts", "house"
"""The names of jobs."""
EVERY_MINUTE = "* * * * *"
EVERY_HOUR = "7 * * * *"
EVERY_DAY = "41 3 * * *"
EVERY_NIGHT = "11 4 * * *"
MOST_POPULAR = 100_000
"""Songs whose popularity matters where a pack cannot hold all."""
LEFT_ALONE = dt.timedelta(seconds=60)
"""After which an ingest that nobody works on is queued anew: whoever took the order died in between."""

log = structlog.get_logger("sonica.worker")


@dataclass(frozen=True)
class Workshop:
    """What work is done with: the songs in a data folder, a database, and processes to decode in."""

    catalogue: Catalogue
    packs: PublishedPacks
    ingests: Ingests
    adder: Adder
    charts: Charts
    records: Records
    jobs: Jobs

    @classmethod
    @contextlib.asynccontextmanager
    async def open(
        cls, home: Path, database: Database, jobs: Jobs, *, limits: Limits, places: Places
    ) -> AsyncIterator[Self]:
        """All of it, known to `jobs`, which are open; ended at the end.

        `limits`: what a recording may be; `places`: where music may be added from.
        """
        with Sandbox() as sandbox:
            catalogue = Catalogue(home, listen=sandbox.listen, limits=limits)
            ingests = Ingests(database)
            adder = Adder(ingests, catalogue, home, places, jobs)
            shop = cls(
                catalogue=catalogue,
                packs=PublishedPacks(database, home),
                ingests=ingests,
                adder=adder,
                charts=Charts(database),
                records=Records(database),
                jobs=jobs,
            )
            jobs.add(INGEST, shop.add_music)
            jobs.add(INGESTS, shop.look_after_ingests, cron=EVERY_MINUTE)
            jobs.add(PACK, shop.make_pack)
            jobs.add(PACKS, shop.renew_packs, cron=EVERY_DAY)
            jobs.add(SWEEP, shop.sweep, cron=EVERY_NIGHT)
            jobs.add(MEND, shop.mend, cron=EVERY_NIGHT)
            jobs.add(CHARTS, shop.draw_charts, cron=EVERY_HOUR)
            jobs.add(HOUSE, shop.keep_house, cron=EVERY_HOUR)
            for name in (HOUSE, CHARTS):  # the first time at once
                await jobs.defer(name, name)
            yield shop

    async def add_music(self, ingest: str) -> None:
        """Works on an ingest."""
        await self.adder.run(uuid.UUID(ingest))

    async def look_after_ingests(self) -> None:
        """Queues those that nobody works on, and packs of which nobody was told."""
        for id_ in await self.ingests.left_alone(LEFT_ALONE):
            await ask_for_ingest(self.jobs, id_)
        for name in await self.packs.left_alone(LEFT_ALONE):
            await ask_for_pack(self.jobs, name)

    async def sweep(self) -> None:
        """Removes what a crash left: files of no ingest, and originals that no song names."""
        await self.adder.sweep()
        try:
            gone = await asyncio.to_thread(self.catalogue.sweep)
        except SonicaError as error:  # tomorrow is another night
            log.warning("originals not swept", code=error.code, reason=error.message)
            return
        log.info("originals swept", removed=gone)

    async def mend(self) -> None:
        """Makes packs that are damaged anew."""
        try:
            made = await asyncio.to_thread(self.catalogue.mend)
        except SonicaError as error:  # tomorrow is another night
            log.warning("packs not mended", code=error.code, reason=error.message)
            return
        if made:
            log.info("packs mended", packs=made)

    async def draw_charts(self) -> None:
        """Draws the charts anew."""
        await self.charts.draw()

    async def keep_house(self) -> None:
        """Makes the partitions of recognitions for the coming months, and forgets what may be forgotten."""
        for made in await self.records.make_partitions(dt.datetime.now(dt.UTC).date()):
            log.info("partition made", name=made)
        await self.records.forget()

    async def make_pack(self, name: str) -> None:
        """Makes a pack that was asked for."""
        row = await self.packs.making(name)
        top = await self.charts.top("year", language=row.order.language, most=MOST_POPULAR) if row else []
        await self.packs.make(name, self.catalogue, [place.song_id for place in top])

    async def renew_packs(self) -> None:
        """Has all packs be made anew: songs have come, and others have become popular."""
        for name in await self.packs.names():
            await ask_for_pack(self.jobs, name)


async def ask_for_pack(jobs: Jobs, name: str) -> None:
    """Has a worker make a pack as it was ordered. Raises DatabaseError."""
    await jobs.defer(PACK, f"{PACK}:{name}", name=name)


async def ask_to_mend(jobs: Jobs) -> None:
    """Has a worker make packs that are damaged anew. Raises DatabaseError."""
    await jobs.defer(MEND, MEND)


async def ask_for_ingest(jobs: Jobs, id_: uuid.UUID) -> None:
    """Has a worker work on an ingest. Raises DatabaseError."""
    await jobs.defer(INGEST, f"{INGEST}:{id_}", ingest=str(id_))


def run_worker(options: Options, url: str, on_ready: Callable[[], None]) -> None:
    """Does jobs until SIGINT or SIGTERM. Raises SettingsError and DatabaseError."""
    asyncio.run(_run(options, url, on_ready))


def workshop(options: Options, database: Database, jobs: Jobs) -> AbstractAsyncContextManager[Workshop]:
    """The workshop of the data folder that the settings name."""
    limits, places = recording_limits(options.longest_s), Places(options.folders, options.prefixes)
    return Workshop.open(options.home, database, jobs, limits=limits, places=places)


async def _run(options: Options, url: str, on_ready: Callable[[], None]) -> None:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    database = Database(url, smallest=IN_BACKGROUND.kept, largest=IN_BACKGROUND.database)
    try:
        await migrate(database)
        async with Jobs(url) as jobs, workshop(options, database, jobs), jobs.working():
            on_ready()
            await stop.wait()
    finally:
        await database.close()
