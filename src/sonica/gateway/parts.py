"""What the routes work with, put together once."""

import asyncio
import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Self

from starlette.requests import HTTPConnection

from sonica.audio import Limits, Sandbox
from sonica.gateway.access import Access
from sonica.gateway.bodies import BodyLimits, Held
from sonica.gateway.crew import Crew
from sonica.gateway.engines.hub import Hub
from sonica.gateway.figures import Figures
from sonica.gateway.limiter import Limiter, LocalLimiter
from sonica.gateway.remembered import Remembered
from sonica.gateway.room import Room
from sonica.gateway.talk import Talk
from sonica.gateway.together import SharedLimiter
from sonica.gateway.users import Users
from sonica.gateway.warm import Warming
from sonica.gateway.watch import Watch
from sonica.gateway.web import Web
from sonica.library import Recognizer
from sonica.platform.admins import Admins
from sonica.platform.cache import Cache, Caching
from sonica.platform.database import Database
from sonica.platform.jobs import Jobs
from sonica.platform.rotating import Rotating
from sonica.platform.telemetry import Metrics
from sonica.recognition import Thresholds
from sonica.recognition.records import Records
from sonica.work.adding import Places
from sonica.work.charts import Charts
from sonica.work.ingests import Ingests
from sonica.work.packs import PublishedPacks
from sonica.work.worker import ask_to_mend

DECODING = Limits(bytes=16 << 20, seconds=3600.0, decoding_seconds=20.0, stalled_seconds=10, memory=512 << 20)
"""What a query's audio may be; only its beginning is decoded."""


@dataclass(frozen=True)
class GatewayLimits:
    """How much is taken on. `room`: tasks of the engine, and of the decoder, waiting or at work."""

    body: BodyLimits = field(default_factory=BodyLimits)
    room: int = 64
    scans: int = 4
    """Of long recordings: one at work, and those that wait for it."""
    requests: int = 512
    """At work at a time, whatever they wait for."""
    listenings: int = 4096
    """Live ones, at a time; each holds a connection and some tens of kilobytes."""

    def shared(self, share: int) -> "GatewayLimits":
        """What one of so many processes may take on."""
        body, room = self.body.shared(share), -(-self.room // share)
        requests, listenings = -(-self.requests // share), -(-self.listenings // share)
        return replace(self, body=body, room=room, requests=requests, listenings=listenings)


@dataclass(frozen=True)
class Parts:
    """Recogniser, database, keys, and the threads for them.

    `engine` searches; `decoder` also decodes; `scanner` searches long recordings, one after the other.
    """

    recognizer: Recognizer
    records: Records
    admins: Admins
    packs: PublishedPacks
    ingests: Ingests
    charts: Charts
    places: Places
    jobs: Jobs
    home: Path
    database: Database
    metrics: Metrics
    figures: Figures
    users: Users
    cache: Cache
    remembered: Remembered
    engine: Crew
    decoder: Crew
    scanner: Crew
    sandbox: Sandbox
    objects: Watch
    listeners: Room
    warming: Warming
    limits: GatewayLimits
    held: Held
    access: Access
    limiter: Limiter | None
    web: Web | None
    engines: Hub | None
    """Where engine processes search: the way to them, and no packs are opened here."""
    others: Talk | None
    """Where several processes answer: the way to what they share."""

    @classmethod
    def make(
        cls,
        home: Path,
        thresholds: Thresholds,
        database: Database,
        jobs: Jobs,
        *,
        places: Places,
        limits: GatewayLimits | None = None,
        access: Access | None = None,
        caching: Caching | None = None,
        web: Path | None = None,
        engines: Sequence[str] = (),
        share: int = 1,
        others: Talk | None = None,
    ) -> Self:
        """All of it, for the songs in `home`. `places`: where music may be added from;
        `web`: where the web app lies, or will. `engines`: the addresses of those that search; here, where
        there are none.

        Where this is one of several processes that answer, `share` is how many, and `others` the way to them.
        """
        limits, access = limits or GatewayLimits(), access or Access()
        cores = -(-len(os.sched_getaffinity(0)) // share)
        sandbox, metrics, users = Sandbox(cores), Metrics(), Users()
        metrics.users.set_function(lambda: len(users))
        listeners = Room(limits.listenings)
        metrics.listenings.set_function(lambda: listeners.inside)
        listen = partial(sandbox.listen, limits=DECODING)
        recognizer = Recognizer(home, thresholds, listen)
        cache = (caching or Caching()).shared(share).open(metrics)
        engine, decoder = (Crew(name, cores, limits.room, metrics) for name in ("engine", "decoder"))
        hub = Hub(engines, thresholds, limits.room, metrics) if engines else None
        return cls(
            recognizer=recognizer,
            records=Records(database),
            admins=Admins(database),
            packs=PublishedPacks(database, home),
            ingests=Ingests(database),
            charts=Charts(database),
            places=places,
            jobs=jobs,
            home=home,
            database=database,
            metrics=metrics,
            figures=Figures(database, metrics),
            users=users,
            cache=cache,
            remembered=Remembered(cache, recognizer, access, Rotating(cache.far)),
            engine=engine,
            decoder=decoder,
            scanner=Crew("scanner", 1, limits.scans, metrics),
            sandbox=sandbox,
            objects=Watch(recognizer.catalogue.originals.check),
            listeners=listeners,
            warming=Warming(recognizer, metrics, mend=partial(ask_to_mend, jobs)),
            limits=limits,
            held=Held(limits.body.all_bytes, metrics.held),
            access=access,
            limiter=_limiter(access, metrics, others),
            web=Web(web) if web else None,
            engines=hub,
            others=others,
        )

    def start(self) -> None:
        """Begins what goes on beside the requests."""
        self.sandbox.warm()
        if self.engines:
            self.engines.start()
        else:
            self.warming.start()

    async def close(self) -> None:
        """Ends all of it; the caller's database is left open."""
        self.sandbox.close()
        self.objects.close()
        self.warming.close()
        await self.cache.close()
        if self.engines:
            await self.engines.close()
        crews = self.engine, self.decoder, self.scanner
        await asyncio.gather(*(asyncio.to_thread(crew.close) for crew in crews))


def _limiter(access: Access, metrics: Metrics, others: Talk | None) -> Limiter | None:
    if access.quota is None:
        return None
    if others:
        return SharedLimiter(access.quota, others)
    limiter = LocalLimiter(access.quota)
    metrics.callers.labels(access.quota.name).set_function(lambda: len(limiter))
    return limiter


def parts_of(request: HTTPConnection) -> Parts:
    """The parts of the application that answers the request, or the connection."""
    parts: Parts = request.app.state.parts
    return parts
