"""A clock that jumps under the service, while that of its database does not."""

import asyncio
import datetime as dt
import subprocess
import uuid
from pathlib import Path

from tests.service.client import FINGERPRINT, Reply, eventually, rows, serving
from tests.service.faults import recognize
from tests.service.test_ingest import ask, ended, make_key, sound

from sonica.platform.ids import time_of
from sonica.platform.jobs import Jobs
from sonica.platform.postgres import Postgres
from sonica.work.worker import CHARTS

SOURCE = Path(__file__).with_name("clock.c")
FAR = dt.timedelta(days=400)
"""Beyond all partitions that there are."""
KEY = "the-same-key-before-and-after"


class Clock:
    """What the time of day of programs is off by, which are started with its `variables`."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "shift"
        self.jump(dt.timedelta())
        library = folder / "clock.so"
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, SOURCE, "-ldl"], check=True)
        self.variables = {"LD_PRELOAD": str(library), "CLOCK_SHIFT": str(self._file)}

    def jump(self, by: dt.timedelta) -> None:
        """From the true time."""
        with self._file.open("r+b" if self._file.exists() else "xb") as file:
            file.write(int(by.total_seconds()).to_bytes(8, "little", signed=True))


def left(reply: Reply) -> int:
    """Of the quota."""
    return int(reply.headers["ratelimit"].partition("r=")[2].partition(";")[0])


def test_forwards_and_backwards(home: Path, fingerprint: bytes, reachable: Path, tmp_path: Path) -> None:
    clock = Clock(reachable)
    with serving(home, SONICA_RATE_LIMIT="6/1h", **clock.variables) as service:
        key = make_key(home)
        first = recognize(service, fingerprint, KEY)
        assert left(first) == 5
        for number, by in enumerate((FAR, -FAR)):
            clock.jump(by)
            answer = service.recognize(fingerprint, FINGERPRINT)
            assert (answer.status, answer.json["song"]["id"]) == (200, 3)
            when = time_of(uuid.UUID(answer.json["id"])) - dt.datetime.now(dt.UTC)
            assert abs(when - by) < dt.timedelta(hours=1)  # it has jumped
            assert left(answer) == 4 - 2 * number  # what was used is used
            again = recognize(service, fingerprint, KEY)
            assert (again.status, again.json["id"]) == (200, first.json["id"])
            assert again.headers["idempotency-replayed"] == "true"
            content, _ = sound(tmp_path, 60 + number)
            id_ = ask(service, key, "POST", "", content, kind="audio/flac").json["id"]
            assert ended(service, key, id_)["counts"]["added"] == 1
            kept = {str(one) for (one,) in rows(home, "SELECT id FROM recognitions")}
            assert {answer.json["id"], first.json["id"]} <= kept
        assert service.recognize(fingerprint, FINGERPRINT).status == 200
        assert service.recognize(fingerprint, FINGERPRINT).status == 429
        assert not [line for line in service.log if line["event"] == "a bug"]


async def put_off(url: str) -> None:
    """A job that somebody has queued whose clock is 400 days ahead."""
    async with Jobs(url) as jobs:
        when = dt.datetime.now(dt.UTC) + FAR
        await jobs._app.configure_task(CHARTS, schedule_at=when).defer_async()


def test_a_job_that_was_put_off_by_a_wrong_clock_is_done_now(home: Path) -> None:
    with serving(home), Postgres(home) as postgres:
        asyncio.run(put_off(postgres.url))
        eventually(lambda: rows(home, "SELECT count(*) FROM jobs.procrastinate_jobs") == [(0,)])
