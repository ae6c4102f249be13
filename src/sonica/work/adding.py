"""Adding music as a job: by one worker, a few files at a time, each told of once it is in the catalogue."""

import asyncio
import contextlib
import shutil
import uuid
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import structlog

from sonica.catalogue import Added, Catalogue, CatalogueError, Found, find_files, read_manifest
from sonica.platform.database import DatabaseError
from sonica.platform.errors import SonicaError
from sonica.platform.failures import Failure
from sonica.platform.files import shown_path
from sonica.platform.ids import new_id
from sonica.platform.jobs import Interrupted, Jobs
from sonica.work.ingests import Ingests, Waiting

INCOMING = "incoming"
"""Where files that were sent lie until they are in the catalogue, which keeps a copy."""
CHUNK = 16
"""Files between two looks whether to go on: what is told at once, and done again after a kill."""
BEAT_S = 3.0
"""Seconds between two signs of life."""
WAIT_S = 1.0
"""Seconds between two looks whether an ingest that another worker had is free."""
INTERNAL = Failure(code="internal", message="This is a bug; the log of the worker says more.")

log = structlog.get_logger("sonica.ingest")


class Places:
    """The folders on this machine from which music may be added by who only sends a request."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = tuple(folder.resolve() for folder in folders)

    def allows(self, path: Path) -> bool:
        """Whether a path, with all links followed, is in one of them."""
        try:
            real = path.resolve()
        except (OSError, RuntimeError):  # a circle of links
            return False
        return any(real.is_relative_to(folder) for folder in self._folders)


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
            found = await asyncio.to_thread(self._find, row.kind, Path(row.place))
            await self._ingests.put_files(row.id, me, found)
        while chunk := await self._ingests.take(row.id, me, CHUNK):
            self._check_stop()
            outcomes = await asyncio.to_thread(self._add, row, chunk)
            await self._ingests.keep(row.id, me, outcomes)
            log.info("files added", ingest=str(row.id), files=len(outcomes))
        now = await self._ingests.find(row.id)
        if row.kind == "upload" and (now is None or now.state in {"done", "cancelled"}):
            await asyncio.to_thread(forget_upload, self._home, row.id)

    def _find(self, kind: str, place: Path) -> list[Found]:
        """The files, those that may not be read among them as problems. Raises CatalogueError."""
        if not self._places.allows(place):
            raise not_allowed(place)
        found = find_files([place]) if kind == "folder" else read_manifest(place)
        return [
            one if self._places.allows(one.path) else replace(one, problem=not_allowed(one.path))
            for one in found
        ]

    def _add(self, row: Any, chunk: Sequence[Waiting]) -> list[tuple[int, Added]]:
        """What became of each, once it is in the catalogue. Raises CatalogueError."""
        is_upload = row.kind == "upload"
        may = {one.number: is_upload or self._places.allows(one.found.path) for one in chunk}
        files = [
            one.found if may[one.number] else replace(one.found, problem=not_allowed(one.found.path))
            for one in chunk
        ]
        added = self._catalogue.add(files, dedupe=row.dedupe, keep=is_upload)
        return list(zip((one.number for one in chunk), added, strict=True))

    def _check_stop(self) -> None:
        if self._jobs.is_stopping:
            raise Interrupted


def not_allowed(path: Path) -> SonicaError:
    """The operator did not allow to add from there."""
    said = f"{shown_path(path)} is in no folder that music may be added from."
    return CatalogueError("not_readable", said, "SONICA_INGEST_FOLDERS names them.")


def upload_folder(home: Path, id_: uuid.UUID) -> Path:
    """Where the file that was sent for an ingest lies."""
    return home / INCOMING / str(id_)


def forget_upload(home: Path, id_: uuid.UUID) -> None:
    """Removes the file that was sent: the catalogue has its copy, or nobody wants it."""
    shutil.rmtree(upload_folder(home, id_), ignore_errors=True)
