"""A store of objects that takes connections and never answers: only what needs it waits, with an end."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import CommandLine
from tests.service.client import FINGERPRINT, eventually, serving
from tests.service.test_ingest import ask, make_key, sound

pytestmark = pytest.mark.heavy  # a request to a store may take a minute


@pytest.fixture
def store() -> Iterator[dict[str, str]]:
    """The variables by which such a store is found."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as silent:
        yield {
            "OBJECTS_URL": "s3://music/sonica",
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{silent.getsockname()[1]}",
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "a-key",
            "AWS_SECRET_ACCESS_KEY": "open-sesame",
        }


def test_it_keeps_nobody_else_waiting(
    home: Path, fingerprint: bytes, store: dict[str, str], tmp_path: Path
) -> None:
    """While it never answers, each of these is answered all the same."""
    content, _ = sound(tmp_path, 70)
    with serving(home, **store) as service:
        key = make_key(home)
        id_ = ask(service, key, "POST", "", content, kind="audio/flac").json["id"]

        def told() -> Any:
            return ask(service, key, "GET", f"/{id_}").json

        for _ in range(3):
            ready = service.ask("GET", "/readyz")
            assert (ready.status, ready.json["objects"]) == (200, False)
            assert service.recognize(fingerprint, FINGERPRINT).json["song"]["id"] == 3
            assert service.ask("GET", "/v1/songs").status == 200
        eventually(lambda: (told()["error"] or {}).get("code") == "objects_away")
        assert told()["state"] == "running"
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        said = json.dumps({"title": "meanwhile"}).encode()
        assert service.ask("PATCH", "/v1/songs/1", said, headers).status == 200
    assert service.process.returncode == 0
    (home / "incoming" / id_).rename(tmp_path / "sent")  # it was kept, to be added later
    assert CommandLine(home, is_alone=True)("verify").status == 0
