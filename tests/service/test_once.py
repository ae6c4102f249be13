"""Requests that come again with their key: one answer, whatever happened in between."""

import asyncio
import datetime as dt
import json
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.service.client import FINGERPRINT, Reply, Service, rows, serving
from tests.service.conftest import seed
from tests.service.test_database import MATCH, Twice, on, value

from sonica import _engine
from sonica.platform.database import Database
from sonica.platform.postgres import Postgres
from sonica.platform.postgres.place import Place
from sonica.recognition.once import KeyReusedError, Once, forget
from sonica.recognition.records import Records


@pytest.fixture(scope="module")
def postgres(module_folder: Path, cluster: Place) -> Iterator[Postgres]:
    seed(cluster, module_folder / "other")
    with Postgres(module_folder / "other") as started:
        yield started


@pytest.fixture(scope="module")
def service(home: Path) -> Iterator[Service]:
    with serving(home) as started:
        yield started


def key() -> str:
    return str(uuid.uuid4())


def ask(service: Service, body: bytes, key: str, kind: str = FINGERPRINT) -> Reply:
    return service.ask("POST", "/v1/recognize", body, {"Content-Type": kind, "Idempotency-Key": key})


# --- in the database ----------------------------------------------------------------------------------


def test_who_asks_again_gets_the_first_answer(postgres: Postgres) -> None:
    async def work(database: Database) -> None:
        records = Records(database)
        assert await records.find(Once("k" * 16, b"sound")) is None
        first = await records.keep(MATCH, "fingerprint", Once("k" * 16, b"sound"))
        other = MATCH.model_copy(update={"confidence": 0.5})
        again = await records.keep(other, "fingerprint", Once("k" * 16, b"sound"))
        found = await records.find(Once("k" * 16, b"sound"))
        assert found == again
        assert (again.id, again.token, again.is_replayed) == (first.id, first.token, True)
        assert (again.answer.model_dump(), first.is_replayed) == (MATCH.model_dump(), False)
        assert await value(database, "SELECT count(*) FROM recognitions") == 1
        assert await records.judge(first.id, first.token, is_right=True, song_id=None)
        for ask in (records.find, lambda once: records.keep(MATCH, "fingerprint", once)):
            with pytest.raises(KeyReusedError):
                await ask(Once("k" * 16, b"other sound"))

    on(postgres, work)


def test_at_the_same_moment(postgres: Postgres) -> None:
    async def work(database: Database) -> None:
        several = [Records(database) for _ in range(4)]  # as many processes would have
        once = Once("k" * 16, b"sound")
        kept = await asyncio.gather(*(one.keep(MATCH, "fingerprint", once) for one in several * 5))
        assert len({(one.id, one.token) for one in kept}) == 1
        assert [one.is_replayed for one in kept].count(False) == 1
        assert await value(database, "SELECT count(*) FROM recognitions") == 1

    on(postgres, work)


def test_a_commit_that_nobody_heard_of(postgres: Postgres) -> None:
    async def work(database: Database) -> None:
        twice = Twice(postgres.url)
        kept = await Records(twice).keep(MATCH, "fingerprint", Once("k" * 16, b"sound"))
        await twice.close()
        assert not kept.is_replayed
        assert await value(database, "SELECT array_agg(id) FROM recognitions") == [kept.id]

    on(postgres, work)


def test_keys_are_forgotten_after_a_day_and_never_kept(postgres: Postgres) -> None:
    async def work(database: Database) -> None:
        records = Records(database)
        once = Once("a key that nobody guesses", b"sound")
        kept = await records.keep(MATCH, "fingerprint", once)
        told = str(await value(database, "SELECT idempotency_keys::text FROM idempotency_keys"))
        assert "nobody" not in told
        assert b"nobody".hex() not in told
        assert kept.token not in told
        assert await records.forget() == 0
        now = dt.datetime.now(dt.UTC)
        assert await database.run(lambda connection: forget(connection, now + dt.timedelta(hours=23))) == 0
        assert await database.run(lambda connection: forget(connection, now + dt.timedelta(hours=25))) == 1
        assert await records.find(once) is None
        assert await value(database, "SELECT count(*) FROM recognitions") == 1

    on(postgres, work)


# --- over HTTP ----------------------------------------------------------------------------------------


def test_a_request_that_comes_again(service: Service, home: Path, fingerprint: bytes) -> None:
    mine = key()
    first, again = (ask(service, fingerprint, mine) for _ in range(2))
    assert (first.status, again.status) == (200, 200)
    assert again.body == first.body
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert ask(service, fingerprint, f'"{mine}"').body == first.body  # as the draft of the header spells it
    assert ask(service, fingerprint, key()).json["id"] != first.json["id"]
    problem = ask(service, fingerprint[:-1], mine).problem(422, "idempotency-key")
    assert problem["code"] == "key_reused"
    said = json.dumps({"token": again.json["feedback_token"], "is_right": True})
    assert service.judge(first.json["id"], said).status == 204
    kept = f"SELECT count(*) FROM recognitions WHERE id = '{uuid.UUID(first.json['id'])}'"  # noqa: S608
    assert rows(home, kept) == [(1,)]


def test_audio_that_comes_again_at_once(service: Service, clip: Path) -> None:
    mine, audio = key(), clip.read_bytes()
    with ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(lambda _: ask(service, audio, mine, "audio/mp4"), range(4)))
    assert {reply.status for reply in replies} == {200}
    assert len({reply.json["id"] for reply in replies}) == 1


def test_what_failed_may_be_asked_again(service: Service, fingerprint: bytes) -> None:
    mine = key()
    ask(service, b"nonsense", mine).problem(422, "bad-fingerprint")
    assert ask(service, fingerprint, mine).status == 200


@pytest.mark.parametrize("bad", ["", "short", "x" * 256, "with a space in it", "ключ"])
def test_what_is_no_key(service: Service, fingerprint: bytes, bad: str) -> None:
    if bad.isascii():
        ask(service, fingerprint, bad).problem(422, "bad-request")
    else:
        ask(service, fingerprint, bad.encode().decode("latin-1")).problem(422, "bad-request")


def test_an_answer_outlives_the_service(service: Service, home: Path, fingerprint: bytes) -> None:
    mine = key()
    with serving(home) as other:
        first = ask(other, fingerprint, mine)
        other.process.kill()
        other.process.wait()
    assert ask(service, fingerprint, mine).body == first.body


def test_stages(service: Service, fingerprint: bytes) -> None:
    part = _engine.read_fingerprint(fingerprint).excerpt(0.5, 5.0)  # which nobody has asked before
    searched = ["receive", "wait", "decode", "fingerprint", "search", "store"]
    for expected in (searched, ["receive", "remembered", "store"]):
        told = service.recognize(part, FINGERPRINT).headers["server-timing"]
        assert [stage.partition(";dur=")[0] for stage in told.split(", ")] == expected
        assert all(float(stage.partition(";dur=")[2]) >= 0 for stage in told.split(", "))
