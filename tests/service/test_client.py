"""`sonica.client` against a real service, and against servers that are none or come late."""

import asyncio
import http.server
import inspect
import json
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.service.client import Service, rows, serving
from tests.unit.test_docs import blocks, run

from sonica.audio import AudioError
from sonica.client import AsyncClient, Client, ClientError, ProblemError

PAGE = Path(__file__).resolve().parents[2] / "docs" / "client.md"
NONE: dict[str, Any] = {
    "id": str(uuid.UUID(int=1)),
    "feedback_token": "token",
    "status": "none",
    "timings_ms": {},
}
BUSY: dict[str, Any] = {"type": "/problems/busy", "title": "Too much", "status": 503, "detail": "Later."}
SESSION = "0123456789abcdef"


@pytest.fixture(scope="module")
def service(home: Path) -> Iterator[Service]:
    with serving(home) as started:
        yield started


def test_the_page_of_the_client(service: Service, clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(clip.parent)
    text = PAGE.read_text().replace("http://127.0.0.1:8000", f"http://{service.host}:{service.port}")
    space: dict[str, Any] = {}
    checked = sum(run(code, PAGE.name, space) for code in blocks(text))
    assert checked == text.count("  # → ") > 8


def test_both_clients_have_the_same_methods() -> None:
    def shown(kind: type) -> dict[str, str]:
        return {
            name: str(inspect.signature(method))
            for name, method in inspect.getmembers(kind, inspect.isfunction)
            if not name.startswith("_") or name == "__init__"
        }

    assert shown(Client) == shown(AsyncClient)
    for name in shown(Client):
        assert name == "__init__" or inspect.iscoroutinefunction(getattr(AsyncClient, name))


def test_feedback_is_kept(service: Service, home: Path, clip: Path) -> None:
    with Client(f"http://{service.host}:{service.port}") as client:
        answer = client.recognize(clip)
        client.give_feedback(answer, is_right=False, song_id=2)
        said = f"SELECT is_right, song_id FROM feedback WHERE recognition_id = '{answer.id}'"  # noqa: S608
        assert rows(home, said) == [(False, 2)]
        with pytest.raises(ProblemError) as told:
            client.give_feedback(answer.model_copy(update={"feedback_token": "x"}), is_right=True)
        assert (told.value.code, told.value.status) == ("not-found", 404)
        assert told.value.problem.request_id
        with pytest.raises(AudioError):
            client.recognize(clip.with_name("there is none"))


# --- servers that are none, or come late --------------------------------------------------------------


@contextmanager
def answering(*answers: tuple[int, dict[str, str], Any]) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """A server that gives these answers in turn; its address, and the headers of what it was asked."""
    asked: list[dict[str, str]] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            asked.append({name.lower(): value for name, value in self.headers.items()})
            status, headers, said = answers[len(asked) - 1]
            body = json.dumps(said).encode()
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", asked
        finally:
            server.shutdown()
            thread.join()


def ask(address: str, **options: Any) -> str:
    with Client(address, **options) as client:
        return client.recognize_fingerprint(b"x", session=SESSION).status


def ask_awaited(address: str, **options: Any) -> str:
    async def asked() -> str:
        async with AsyncClient(address, **options) as client:
            return (await client.recognize_fingerprint(b"x", session=SESSION)).status

    return asyncio.run(asked())


both = pytest.mark.parametrize("way", [ask, ask_awaited])


@both
def test_what_may_pass_is_tried_again_as_one_request(way: Any) -> None:
    with answering((503, {"Retry-After": "0"}, BUSY), (503, {}, BUSY), (200, {}, NONE)) as (address, asked):
        assert way(address) == "none"
    assert len(asked) == 3
    assert len({one["idempotency-key"] for one in asked}) == 1
    assert {one["sonica-session"] for one in asked} == {SESSION}


@both
def test_it_is_given_up_when_it_takes_too_long(way: Any) -> None:
    limit = {**BUSY, "type": "/problems/rate-limit", "status": 429}
    with answering((429, {"Retry-After": "600"}, limit)) as (address, asked):
        with pytest.raises(ProblemError) as told:
            way(address)
        assert (told.value.code, told.value.retry_after_s, len(asked)) == ("rate-limit", 600, 1)
        assert told.value.hint == "Try again in 600 s."
    with answering((503, {"Retry-After": "0"}, BUSY)) as (address, _), pytest.raises(ProblemError):
        way(address, tries=1)


@both
def test_who_is_not_there_or_is_somebody_else(way: Any) -> None:
    with answering((200, {}, {"hello": "world"}), (404, {}, "nothing")) as (address, _):
        for _ in range(2):
            with pytest.raises(ClientError) as told:
                way(address)
            assert told.value.code == "not_sonica"
    with pytest.raises(ClientError) as told:
        way(address, tries=2)
    assert told.value.code == "unreachable"
    assert "sonica serve" in told.value.hint
