"""Adding music as a job: by one worker, a few files at a time, each told of once it is in the catalogue."""

import asyncio
import contextlib
import shutil
import time
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import structlog

from sonica.catalogue import Added, Catalogue, CatalogueError, Found, find_files, read_manifest
from sonica.platform.database import DatabaseError
from sonica.platform.errors import SonicaError
from sonica.platform.failures import Failure
from sonica.platform.files import shown_path
from sonica.platform.ids import new_id
from sonica.platform.jobs import Interrupted, Jobs
from sonica.platform.objects import is_away
from sonica.work.ingests import Ingests, Waiting
from sonica.work.prefixes import add_objects, find_objects

Result = TypeVar("Result")

INCOMING = "incoming"
"""Where files that were sent lie until they are in the catalogue, which keeps a copy."""
OLD_S = 86_400
"""Age in seconds of files of no ingest that nobody will name any more: an upload lasts minutes."""
CHUNK = 16
"""Files between two looks whether to go on: what is told at once, and done again after a kill."""
BEAT_S = 3.0
"""Seconds between two signs of life."""
WAIT_S = 1.0
"""Seconds between two looks whether an ingest that another worker had is free."""
WAITED_FOR = {"not_writable"}
"""What else may be mended meanwhile, beside a store of objects that is away: a disk that is full."""
PAUSES_S = (1, 2, 4, 8, 16, 30)
"""Between tries while the store of objects is away, or the disk full. After these the job ends, so that
other jobs of the worker have its place, and is begun again each minute, for one try, until all is well.
"""
INTERNAL = Failure(code="internal", message="This is a bug; the log of the worker says more.")

log = structlog.get_logger("sonica.ingest")


class Places:
    """The folders on this machine, and the prefixes of object stores, from which music may be added by who
    only sends a request.
    """

    def __init__(self, folders: Sequence[Path], prefixes: Sequence[str] = ()) -> None:
        """`prefixes`: URLs without a slash at their ends."""
        self._folders = tuple(folder.resolve() for folder in folders)
        self._prefixes = tuple(prefixes)

    def allows(self, path: Path) -> bool:
        """Whether a path, with all links followed, is in one of them."""
        try:
            real = path.resolve()
        except (OSError, RuntimeError):  # a circle of links
            return False
        return any(real.is_relative_to(folder) for folder in self._folders)

    def allows_prefix(self, url: str) -> bool:
        """Whether a URL, which was checked, is one of the prefixes, or lies below one."""
        return any(f"{url}/".startswith(f"{prefix}/") for prefix in self._prefixes)


class Adder:
    """Adds what ingests ask for. `home`: the data folder."""

    def __init__(
        self, ingests: Ingests, catalogue: Catalogue, home: Path, places: Places, jobs: Jobs
    ) -> None:
        self._ingests, self._catalogue, self._jobs = ingests, catalogue, jobs
        self._home, self._places = home, places

    async def run(self, id_: uuid.UUID) -> None:
        """Works on an ingest until it is done, or is not to go on. Raises DatabaseError and Interrupted."""
        me = new_id()
        row = await self._leased(id_, me)
        if row is None:
            await self._tidy(id_)
            return
        try:
            async with self._alive(id_, me):
                await self._work(row, me)
        except (DatabaseError, Interrupted, asyncio.CancelledError):
            raise  # whoever comes next goes on
        except SonicaError as error:
            await self._ingests.fail(id_, me, Failure.of(error))
        except Exception:
            await self._ingests.fail(id_, me, INTERNAL)
            raise
        finally:
            with contextlib.suppress(DatabaseError):
                await self._ingests.release(id_, me)
                await self._tidy(id_)

    async def sweep(self) -> None:
        """Removes files of ingests that a crash left. Raises DatabaseError."""
        for id_ in await asyncio.to_thread(_old_uploads, self._home):
            await self._tidy(id_)

    async def _tidy(self, id_: uuid.UUID) -> None:
        """Removes the files of an ingest, where it will not go on."""
        now = await self._ingests.find(id_)
        if now is None or now.state in {"done", "cancelled"}:
            await asyncio.to_thread(forget_upload, self._home, id_)

    async def _leased(self, id_: uuid.UUID, me: uuid.UUID) -> Any:
        """The row, once nobody else works on it; None where nobody is to."""
        while (row := await self._ingests.lease(id_, me)) is None:
            found = await self._ingests.find(id_)
            if found is None or found.state not in {"queued", "running"}:
                return None
            self._check_stop()
            await asyncio.sleep(WAIT_S)
        return row

    @contextlib.asynccontextmanager
    async def _alive(self, id_: uuid.UUID, me: uuid.UUID) -> AsyncIterator[None]:
        """Shows meanwhile that this worker is alive."""

        async def beat() -> None:
            while True:
                await asyncio.sleep(BEAT_S)
                with contextlib.suppress(DatabaseError):  # tried again; where it stays away, so does all
                    await self._ingests.renew(id_, me)

        beating = asyncio.create_task(beat())
        try:
            yield
        finally:
            beating.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await beating

    async def _work(self, row: Any, me: uuid.UUID) -> None:
        if row.total is None:
            found = await self._patiently(row, me, partial(self._find, row.kind, row.place))
            if found is None:
                return
            await self._ingests.put_files(row.id, me, found)
        while chunk := await self._ingests.take(row.id, me, CHUNK):
            self._check_stop()
            outcomes = await self._patiently(row, me, partial(self._add, row, me, chunk))
            if outcomes is None:
                return
            await self._ingests.keep(row.id, me, outcomes)
            log.info("files added", ingest=str(row.id), files=len(outcomes))

    async def _patiently(self, row: Any, me: uuid.UUID, work: Callable[[], Result]) -> Result | None:
        """What comes of `work`, tried again while the store of objects is away, or the disk full.

        None where it is not to go on, or not now. Raises SonicaError and Interrupted.
        """
        pauses = iter(() if row.code else PAUSES_S)  # one that has waited before waits no longer
        while True:
            try:
                return await asyncio.to_thread(work)
            except SonicaError as error:
                if not is_away(error) and error.code not in WAITED_FOR:
                    raise
                await self._ingests.wait(row.id, me, Failure.of(error))
                pause = next(pauses, None)
                log.warning("ingest waits", ingest=str(row.id), code=error.code, seconds=pause)
            if pause is None:
                return None
            for _ in range(pause):
                self._check_stop()
                await asyncio.sleep(1.0)
                now = await self._ingests.find(row.id)
                if now is None or now.state != "running":
                    return None

    def _find(self, kind: str, named: str) -> list[Found]:
        """The files, those that may not be read among them as problems. Raises SonicaError."""
        if kind == "prefix":
            if not self._places.allows_prefix(named):
                raise not_allowed(named)
            return find_objects(named)
        place = Path(named)
        if not self._places.allows(place):
            raise not_allowed(place)
        found = find_files([place]) if kind == "folder" else read_manifest(place)
        return [
            one if self._places.allows(one.path) else replace(one, problem=not_allowed(one.path))
            for one in found
        ]

    def _add(self, row: Any, me: uuid.UUID, chunk: Sequence[Waiting]) -> list[tuple[int, Added]]:
        """What became of each, once it is in the catalogue. Raises SonicaError."""
        if row.keep:  # fetching and decoding are dear: not in vain
            self._catalogue.originals.check()
        if row.kind == "prefix":
            if not self._places.allows_prefix(row.place):  # the operator thought better of it
                raise not_allowed(row.place)
            objects = [one.found for one in chunk]
            # A worker that is thought dead may be alive, and remove its own.
            folder = upload_folder(self._home, row.id) / str(me)
            added = add_objects(self._catalogue, row.place, objects, folder, dedupe=row.dedupe)
            return list(zip((one.number for one in chunk), added, strict=True))
        is_upload = row.kind == "upload"
        may = {one.number: is_upload or self._places.allows(one.found.path) for one in chunk}
        files = [
            one.found if may[one.number] else replace(one.found, problem=not_allowed(one.found.path))
            for one in chunk
        ]
        told = self._catalogue.add(files, dedupe=row.dedupe, keep=row.keep)
        return list(zip((one.number for one in chunk), told, strict=True))

    def _check_stop(self) -> None:
        if self._jobs.is_stopping:
            raise Interrupted


def not_allowed(place: Path | str) -> SonicaError:
    """The operator did not allow to add from there."""
    said = f"{shown_path(place)} is in no place that music may be added from."
    return CatalogueError("not_readable", said, "SONICA_INGEST_FOLDERS and SONICA_INGEST_PREFIXES name them.")


def upload_folder(home: Path, id_: uuid.UUID) -> Path:
    """Where the file that was sent for an ingest lies, or copies of objects, in a folder for each run."""
    return home / INCOMING / str(id_)


def forget_upload(home: Path, id_: uuid.UUID) -> None:
    """Removes the file that was sent: the catalogue has its copy, or nobody wants it."""
    shutil.rmtree(upload_folder(home, id_), ignore_errors=True)


def _old_uploads(home: Path) -> list[uuid.UUID]:
    """The ingests whose files have lain there for long."""
    found = []
    for folder in (home / INCOMING).glob("*-*-*-*-*"):
        with contextlib.suppress(OSError, ValueError):  # gone meanwhile; not ours
            if folder.stat().st_mtime < time.time() - OLD_S:
                found.append(uuid.UUID(folder.name))
    return found
