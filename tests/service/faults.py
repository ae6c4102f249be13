"""Faults: writers of a service that wait amid their writing, processes of it, and load beside that."""

import http.client
import os
import signal
import threading
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from tests.service.client import FINGERPRINT, PATIENCE_S, Reply, Service, eventually, rows

GATE = 77
"""The advisory lock that writers wait for."""
WRITES = {
    "recognitions": "BEFORE INSERT",
    "changes": "BEFORE INSERT",
    "published_packs": "BEFORE UPDATE WHEN (NEW.state = 'ready')",
}
"""Where a writer stops: an answer is being stored, files of a song are on the disk, and a pack's file is."""


@contextmanager
def refused(url: str, table: str) -> Iterator[None]:
    """Every row that is written to the table meets a full disk, as PostgreSQL says it."""
    with psycopg.connect(url, autocommit=True) as connection:
        _trigger(
            connection, table, "BEFORE INSERT", "RAISE disk_full USING MESSAGE = 'could not extend file';"
        )
        yield
        connection.execute(f"DROP TRIGGER fault ON {table}")


@dataclass(frozen=True)
class Gate:
    """What writers wait at."""

    url: str

    def waiting(self) -> int:
        """How many do now."""
        with psycopg.connect(self.url) as connection:
            found = connection.execute(
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND (locktype = 'advisory' AND objid = %s"
                " OR relation = 'feedback'::regclass)",
                (GATE,),
            ).fetchone()
        assert found
        return int(found[0])


@contextmanager
def gate(url: str) -> Iterator[Gate]:
    """Whoever writes what WRITES names, or draws the charts, waits until the end of this, or the server's."""
    with psycopg.connect(url, autocommit=True) as connection:
        for table, when in WRITES.items():
            _trigger(connection, table, when, f"PERFORM pg_advisory_xact_lock({GATE});")
    holder = psycopg.connect(url)
    try:
        holder.execute("SELECT pg_advisory_xact_lock(%s)", (GATE,))
        holder.execute("LOCK TABLE feedback IN ACCESS EXCLUSIVE MODE")
        yield Gate(url)
    finally:
        holder.close()


def no_gate(url: str) -> None:
    """Takes away what is left of it, once the server answers again."""

    def is_gone() -> bool:
        try:
            with psycopg.connect(url, autocommit=True) as connection:
                for table in WRITES:
                    connection.execute(f"DROP TRIGGER IF EXISTS fault ON {table}")
        except psycopg.OperationalError:
            return False
        return True

    eventually(is_gone)


@dataclass
class Load:
    """Fingerprints that are asked again and again; no request is tried twice."""

    replies: list[Reply] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    """What became of requests that were not answered at all."""

    def lost(self, home: Path) -> set[str]:
        """Recognitions that were acknowledged and are not kept."""
        kept = {str(id_) for (id_,) in rows(home, "SELECT id FROM recognitions")}
        return {reply.json["id"] for reply in self.replies if reply.status == 200} - kept

    def answered(self) -> int:
        return sum(reply.status == 200 for reply in self.replies)


@contextmanager
def load(services: Sequence[Service], fingerprint: bytes, threads: int = 4) -> Iterator[Load]:
    """Asks these services from so many threads, until the end of the block; half of them keep connections."""
    told, ended = Load(), threading.Event()

    def ask(number: int) -> None:
        service = services[number % len(services)]
        connection = http.client.HTTPConnection(service.host, service.port, timeout=PATIENCE_S)
        while not ended.is_set():
            try:
                headers = {"Content-Type": FINGERPRINT, "Idempotency-Key": str(uuid.uuid4())}
                connection.request("POST", "/v1/recognize", fingerprint, headers)
                answer = connection.getresponse()
                told.replies.append(Reply(answer.status, dict(answer.headers), answer.read()))
            except (OSError, http.client.HTTPException) as error:
                told.failed.append(repr(error))
                ended.wait(0.05)
                connection.close()
            if number % 2:  # the others ask on one connection until they are told that it ends
                connection.close()
        connection.close()

    asking = [threading.Thread(target=ask, args=(number,)) for number in range(threads)]
    for thread in asking:
        thread.start()
    try:
        yield told
    finally:
        ended.set()
        for thread in asking:
            thread.join()


def recognize(service: Service, fingerprint: bytes, key: str) -> Reply:
    headers = {"Content-Type": FINGERPRINT, "Idempotency-Key": key}
    return service.ask("POST", "/v1/recognize", fingerprint, headers)


def decoders(service: Service) -> list[int]:
    """Processes that decode for it, and for what it started."""
    return [pid for pid in _below(service.process.pid) if "sonica.audio.worker" in _command(pid)]


def stop_decoders(service: Service) -> list[int]:
    """Has them do nothing, so that whoever needs one waits; which they are."""
    eventually(lambda: decoders(service))
    stopped = decoders(service)
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    return stopped


def _below(pid: int) -> list[int]:
    try:
        tasks = list(Path(f"/proc/{pid}/task").glob("*/children"))
        children = [int(child) for task in tasks for child in task.read_text().split()]
    except OSError:  # it has ended meanwhile
        return []
    return [one for child in children for one in (child, *_below(child))]


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def _trigger(connection: "psycopg.Connection[object]", table: str, when: str, action: str) -> None:
    event, _, condition = when.partition(" WHEN ")
    connection.execute(
        f"CREATE OR REPLACE FUNCTION fault_{table}() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN {action} RETURN NEW; END $$;"
        f"CREATE TRIGGER fault {event} ON {table} FOR EACH ROW {f'WHEN {condition}' if condition else ''}"
        f" EXECUTE FUNCTION fault_{table}()"
    )
