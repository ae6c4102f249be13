"""Charts over HTTP, from recognitions of different ages."""

import asyncio
import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection
from tests.conftest import CommandLine
from tests.service.client import FINGERPRINT, Service, eventually, rows, serving

from sonica import _engine
from sonica.platform.database import Database
from sonica.platform.ids import new_id
from sonica.platform.migrate import migrate
from sonica.platform.postgres import Postgres
from sonica.recognition.records import Records
from sonica.work.charts import Charts

HEARD: dict[int, list[float]] = {
    1: [0.1] * 4,  # song: ages of its recognitions in days
    2: [0.1, 3, 3, 3, 3, 3],
    3: [6.9] * 6,
    4: [20] * 30,
    5: [0.2, 10],
    6: [300] * 40,
}
QUEUED = "SELECT count(*) FROM jobs.procrastinate_jobs WHERE status != 'failed'"
WRONG = [0.1] * 20
"""Of song 6, of which listeners said that they were wrong."""


async def hear(database: Database, song_id: int, days: float, *, is_right: bool | None = None) -> None:
    """A recognition that was so long ago."""
    when = dt.datetime.now(dt.UTC) - dt.timedelta(days=days)
    await Records(database).make_partitions(when.date())

    async def work(connection: AsyncConnection) -> None:
        said: dict[str, Any] = {"id": new_id(), "when": when, "song": song_id}
        await connection.execute(
            text(
                "INSERT INTO recognitions VALUES"
                " (:id, :when, 'audio', 'match', false, :song, :song, 1, 1, 0, 0.9, '[]', 0, 0, 0, '')"
            ),
            said,
        )
        if is_right is not None:
            await connection.execute(
                text("INSERT INTO feedback VALUES (:id, :when, :is_right, NULL, now())"),
                {**said, "is_right": is_right},
            )

    await database.run(work)


async def prepare(url: str) -> None:
    database = Database(url)
    try:
        await migrate(database)
        for song_id, ages in HEARD.items():
            for days in ages:
                await hear(database, song_id, days)
        for days in WRONG:
            await hear(database, 6, days, is_right=False)
        await Charts(database).draw()
    finally:
        await database.close()


async def draw(url: str, times: int = 1) -> None:
    database = Database(url)
    try:
        await asyncio.gather(*(Charts(database).draw() for _ in range(times)))
    finally:
        await database.close()


@pytest.fixture(scope="module")
def heard(home: Path) -> Path:
    """A data folder whose songs 1 to 6 were recognised."""
    with serving(home):  # which takes the songs of the folder in
        pass
    with Postgres(home) as postgres:
        asyncio.run(prepare(postgres.url))
    return home


def chart(service: Service, query: str) -> list[int]:
    reply = service.ask("GET", f"/v1/charts?{query}")
    assert reply.status == 200, reply.body
    assert [one["rank"] for one in reply.json["items"]] == list(range(1, len(reply.json["items"]) + 1))
    return [one["song"]["id"] for one in reply.json["items"]]


def test_charts(heard: Path, fingerprint: bytes) -> None:
    with serving(heard) as service:
        assert chart(service, "period=day") == [1, 2, 5]
        assert chart(service, "period=week") == [1, 2, 3, 5]  # 4 new ones before 6 older ones
        assert chart(service, "period=month")[0] == 4
        assert chart(service, "period=year")[:2] == [4, 6]
        assert chart(service, "order=rising&period=week")[0] in {1, 2, 3}
        assert chart(service, "period=week") == chart(service, "")
        languages = {one: service.ask("GET", f"/v1/songs/{one}").json["language"] for one in HEARD}
        for tag in ("hi", "bho"):
            assert chart(service, f"language={tag}") == [one for one in (1, 2, 3, 5) if languages[one] == tag]
        assert chart(service, "language=Hindi") == chart(service, "language=hi")
        assert chart(service, "limit=1") == [1]
        assert chart(service, "genre=nothing") == []
        whole = service.ask("GET", "/v1/charts")
        first = whole.json["items"][0]
        assert (first["listens"], first["listens_before"]) == (4, 0)
        assert 3.8 < first["popularity"] < 4.0
        assert whole.headers["cache-control"] == "public, max-age=300"
        same = service.ask("GET", "/v1/charts", headers={"If-None-Match": whole.headers["etag"]})
        assert same.status == 304
        for query in ("period=decade", "limit=0", "limit=201", "language=!!", "genre=%00", "order=x"):
            service.ask("GET", f"/v1/charts?{query}").problem(422, "bad-request")
        ahead = rows(
            heard, "SELECT count(*) FROM pg_class WHERE relname LIKE 'recognitions_20%' AND relkind = 'r'"
        )
        assert ahead[0][0] >= 4
        assert service.recognize(fingerprint, FINGERPRINT).status == 200


def test_a_chart_is_made_once_for_all_who_ask(heard: Path) -> None:
    with serving(heard) as service, Postgres(heard) as postgres:

        def told(result: str) -> float:
            line = f'sonica_cache_requests_total{{level="memory",name="popular",result="{result}"}} '
            said = service.ask("GET", "/metrics").body.decode().splitlines()
            return sum(float(each.removeprefix(line)) for each in said if each.startswith(line))

        queries = ["", "period=day", "limit=1", "order=rising", "language=hi", "language=hi&limit=1"]
        eventually(lambda: rows(heard, QUEUED) == [(0,)])  # it is drawn up at the start, too
        first = [service.ask("GET", f"/v1/charts?{query}").body for query in queries]
        assert told("miss") == len(queries)
        assert [service.ask("GET", f"/v1/charts?{query}").body for query in queries] == first
        assert (told("miss"), told("hit")) == (len(queries), len(queries))
        asyncio.run(draw(postgres.url))
        second = [service.ask("GET", f"/v1/charts?{query}").json for query in queries]
        assert all(
            new["drawn_at"] > json.loads(old)["drawn_at"] for new, old in zip(second, first, strict=True)
        )
        for query in ("genre=nothing", "genre=nothing", "genre=a:week:popular:50"):
            assert chart(service, query) == []  # which is not kept
        assert told("hit") == len(queries)


def test_a_worker_draws_them_and_makes_partitions(heard: Path) -> None:
    newest = (
        "SELECT relname FROM pg_class WHERE relname LIKE 'recognitions_20%' AND relkind = 'r' ORDER BY 1 DESC"
    )
    with serving(heard) as service:
        before = rows(heard, "SELECT max(drawn_at) FROM popular_songs_by_language")[0][0]
        (name,) = rows(heard, f"{newest} LIMIT 1")[0]
        rows(heard, f'ALTER TABLE recognitions DETACH PARTITION "{name}"')
        rows(heard, f'DROP TABLE "{name}"')
        eventually(lambda: rows(heard, QUEUED) == [(0,)])
        assert service.ask("GET", "/readyz").status == 200
    with serving(heard):
        eventually(lambda: rows(heard, f"{newest} LIMIT 1")[0] == (name,))
        drawn = "SELECT max(drawn_at) FROM popular_songs_by_language"
        eventually(lambda: rows(heard, drawn)[0][0] > before)
        failed = "SELECT count(*) FROM jobs.procrastinate_jobs WHERE status = 'failed'"
        assert rows(heard, failed) == [(0,)]


def test_a_song_that_was_merged_or_removed(heard: Path) -> None:
    command = CommandLine(heard, is_alone=True)
    with serving(heard) as service, Postgres(heard) as postgres:
        assert command("songs", "join", 2, 1).status == 0
        assert command("songs", "remove", "--yes", 3).status == 0
        assert chart(service, "") == [1, 5]  # at once: what is not there is not shown
        asyncio.run(draw(postgres.url, times=3))
        assert chart(service, "") == [1, 5]
        first = service.ask("GET", "/v1/charts").json["items"][0]
        assert first["listens"] == len(HEARD[1]) + len(HEARD[2])


def test_a_pack_that_cannot_hold_all_holds_what_is_popular(heard: Path) -> None:
    command = CommandLine(heard, is_alone=True)
    (made,) = command("admin", "key", "--json").lines
    headers = {"Authorization": f"Bearer {made['key']}", "Content-Type": "application/json"}
    with serving(heard) as service:
        state = "/v1/packs/hot/making"

        def publish(body: bytes) -> dict[str, Any]:
            assert service.ask("PUT", "/v1/packs/hot", body, headers).status == 202
            eventually(lambda: service.ask("GET", state, headers=headers).json["state"] != "waiting")
            found: dict[str, Any] = service.ask("GET", "/v1/packs").json["items"][0]
            return found

        most = publish(b"{}")["bytes"] - 1
        assert publish(b'{"most_bytes": %d}' % most)["bytes"] <= most
        pack = _engine.Pack.from_bytes(service.ask("GET", "/v1/packs/hot").body)
    held = {row.song_id for row in pack.recordings()}
    assert 4 in held  # the most popular one of the year
    assert 5 not in held  # and the least
