"""`sonica serve --engine`: processes of their own search, and any of them may be stopped or killed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.service.client import FINGERPRINT, Service, eventually, serving
from tests.service.engines import Engine, searching

M4A = "audio/mp4"


def ready(service: Service, engines: int) -> None:
    """Once it can ask so many."""
    eventually(lambda: service.ask("GET", "/readyz").json["engines"] == engines)


@pytest.fixture
def one(home: Path, reachable: Path) -> Iterator[tuple[Service, Engine]]:
    """A service, and the engine that it asks."""
    with (
        searching(home, f"unix:{reachable / 'a.sock'}") as engine,
        serving(home, "--engine", engine.address) as service,
    ):
        ready(service, 1)
        yield service, engine


def plain(answer: dict[str, object]) -> dict[str, object]:
    """Without what no two answers have in common."""
    return {
        name: value for name, value in answer.items() if name not in {"id", "feedback_token", "timings_ms"}
    }


def test_it_answers_as_one_process_does(
    one: tuple[Service, Engine], home: Path, fingerprint: bytes, clip: Path
) -> None:
    bodies = [(fingerprint, FINGERPRINT), (clip.read_bytes(), M4A), (b"no fingerprint", FINGERPRINT)]
    answers = [one[0].recognize(*body) for body in bodies]
    assert answers[0].json["song"]["id"] == 3
    with serving(home) as service:
        expected = [service.recognize(*body) for body in bodies]
    assert [answer.status for answer in answers] == [answer.status for answer in expected]
    assert [plain(answer.json) for answer in answers[:2]] == [plain(answer.json) for answer in expected[:2]]
