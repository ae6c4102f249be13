"""`sonica serve` over real HTTP: recognition, hostile bodies, too much to do, and death of every part."""

import json
import os
import signal
import struct
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.conftest import CommandLine
from tests.service.client import FINGERPRINT, Service, eventually, request_head, rows, serving
from tests.service.test_postgres import processes

from sonica.audio import listen, write_audio
from sonica.audio.compose import Song
from sonica.audio.degrade import excerpt
from sonica.platform.postgres.keeper import pid_file
from sonica.platform.postgres.place import find_place

M4A = "audio/mp4"


@pytest.fixture(scope="module")
def service(home: Path) -> Iterator[Service]:
    with serving(home) as started:
        yield started
    assert not processes(home)


def form(content: bytes, *, name: str = "file", kind: str = M4A) -> tuple[bytes, str]:
    """The body of a form with one file, and its type."""
    about = f'Content-Disposition: form-data; name="{name}"; filename="a"\r\nContent-Type: {kind}'
    return (
        f"--xyz\r\n{about}\r\n\r\n".encode() + content + b"\r\n--xyz--\r\n",
        "multipart/form-data; boundary=xyz",
    )


# --- recognition ------------------------------------------------------------------------------------


def test_an_answer_is_that_of_the_command_line(
    service: Service, home: Path, fingerprint: bytes, module_folder: Path
) -> None:
    file = module_folder / "clip.fp"
    file.write_bytes(fingerprint)
    (wanted,) = CommandLine(home, is_alone=True)("recognize", "--json", file).lines
    reply = service.recognize(fingerprint, FINGERPRINT)
    assert reply.status == 200, reply.body
    answer = reply.json
    assert list(answer) == ["id", "feedback_token", *list(wanted)[1:]]
    assert wanted["status"] == "match"
    for told in (answer, wanted):
        told["timings_ms"].pop("search")
    wanted["song"]["path"] = ""  # nobody's business
    assert {name: answer[name] for name in list(wanted)[1:]} == {
        name: wanted[name] for name in list(wanted)[1:]
    }
    assert "search;dur=" in reply.headers["server-timing"]


@pytest.mark.parametrize("way", ["raw", "form", "octets", "form with a fingerprint"])
def test_audio_by_each_way(service: Service, clip: Path, fingerprint: bytes, way: str) -> None:
    audio = clip.read_bytes()
    body, kind = {
        "raw": (audio, M4A),
        "octets": (audio, "application/octet-stream"),
        "form": form(audio),
        "form with a fingerprint": form(fingerprint, kind=FINGERPRINT),
    }[way]
    answer = service.recognize(body, kind).json
    assert (answer["status"], answer["song"]["id"], round(answer["offset_s"])) == ("match", 3, 12)


def test_what_is_no_song(service: Service, tmp_path: Path) -> None:
    noise = np.random.default_rng(0).uniform(-0.3, 0.3, 80_000).astype(np.float32)
    for name, samples in (("noise", noise), ("silence", np.zeros(80_000, np.float32))):
        write_audio(tmp_path / f"{name}.flac", samples, 8_000)
        answer = service.recognize((tmp_path / f"{name}.flac").read_bytes(), "audio/flac").json
        assert (answer["status"], answer["song"], answer["error"]) == ("none", None, None), name


def test_hours_of_silence_cost_half_a_minute(service: Service, tmp_path: Path) -> None:
    write_audio(tmp_path / "long.flac", np.zeros(3_600 * 8_000, np.float32), 8_000)
    assert service.recognize((tmp_path / "long.flac").read_bytes(), "audio/flac").json["status"] == "none"


def test_a_song_that_was_added_meanwhile_is_known(service: Service, home: Path, songs: list[Song]) -> None:
    new = home.parent / "new.flac"
    turned = np.ascontiguousarray(songs[1].samples[::-1])
    write_audio(new, turned, songs[1].rate)
    query = home.parent / "query.flac"
    write_audio(query, excerpt(turned, songs[1].rate, 10.0, 10.0), songs[1].rate)
    assert service.recognize(query.read_bytes(), "audio/flac").json["status"] != "match"
    command = CommandLine(home, is_alone=True)
    (added,) = command("add", "--json", new).lines
    try:
        assert service.recognize(query.read_bytes(), "audio/flac").json["song"]["id"] == added["song"]["id"]
    finally:
        assert command("songs", "remove", "--yes", added["song"]["id"]).status == 0


def test_what_is_answered_is_kept(service: Service, home: Path, fingerprint: bytes) -> None:
    answer = service.recognize(fingerprint, FINGERPRINT).json
    kept = rows(
        home,
        f"SELECT status, source, song_id FROM recognitions WHERE id = '{uuid.UUID(answer['id'])}'",  # noqa: S608
    )
    assert kept == [("match", "fingerprint", 3)]


def test_feedback(service: Service, home: Path, fingerprint: bytes) -> None:
    answer = service.recognize(fingerprint, FINGERPRINT).json
    id_, token = answer["id"], answer["feedback_token"]
    other = service.recognize(fingerprint, FINGERPRINT).json["feedback_token"]
    service.judge(id_, json.dumps({"token": other, "is_right": True})).problem(404, "not-found")
    service.judge(str(uuid.uuid4()), json.dumps({"token": token, "is_right": True})).problem(404, "not-found")
    assert service.judge(id_, json.dumps({"token": token, "is_right": True})).status == 204
    assert service.judge(id_, json.dumps({"token": token, "is_right": False, "song_id": 2})).status == 204
    said = f"SELECT is_right, song_id FROM feedback WHERE recognition_id = '{uuid.UUID(id_)}'"  # noqa: S608
    assert rows(home, said) == [(False, 2)]


@pytest.mark.parametrize(
    "said",
    [
        "",
        "nonsense",
        "[]",
        '{"token": "%s"}',
        '{"token": "%s", "is_right": NaN}',
        '{"token": "%s", "is_right": "yes"}',
        '{"token": "%s", "is_right": true, "song_id": 0}',
        '{"token": "%s", "is_right": true, "song_id": 1e400}',
        '{"token": "%s", "is_right": true, "song_id": 9223372036854775808}',
        '{"token": "%s", "is_right": true, "more": 1}',
        '{"token": "\\u0000", "is_right": true, "song_id": NaN}',
        "[" * 50_000,
    ],
)
def test_feedback_that_makes_no_sense(service: Service, fingerprint: bytes, said: str) -> None:
    answer = service.recognize(fingerprint, FINGERPRINT).json
    reply = service.judge(answer["id"], said.replace("%s", answer["feedback_token"]))
    reply.problem(400 if said.startswith("[[") else 422, "bad-request")
    service.judge("nonsense", '{"token": "a", "is_right": true}').problem(422, "bad-request")


# --- hostile bodies ---------------------------------------------------------------------------------


def wav_of_nan() -> bytes:
    data = np.full(80_000, np.nan, np.float32).tobytes()
    format_ = struct.pack("<HHIIHH", 3, 1, 8_000, 32_000, 4, 32)
    chunks = (
        b"fmt " + struct.pack("<I", len(format_)) + format_ + b"data" + struct.pack("<I", len(data)) + data
    )
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks


def test_hostile_audio_is_refused_and_costs_nobody_else(
    service: Service, clip: Path, fingerprint: bytes
) -> None:
    audio = clip.read_bytes()
    noise = np.random.default_rng(1).bytes(50_000)
    bodies = [audio[:40], audio[: len(audio) // 2], audio[:-200], noise, b"\0" * 50_000, b"ftyp" + noise]
    for body in bodies:
        reply = service.recognize(body, M4A)
        if reply.status != 200:  # what is left of it may be all that it takes
            assert reply.problem(422, "audio")["code"]
    assert service.recognize(wav_of_nan(), "audio/wav").status in {200, 422}
    assert service.recognize(fingerprint, FINGERPRINT).json["status"] == "match"


def test_hostile_fingerprints(service: Service, fingerprint: bytes) -> None:
    for body in (b"x", fingerprint[:-1], fingerprint[: len(fingerprint) // 2], fingerprint + b"x"):
        assert service.recognize(body, FINGERPRINT).problem(422, "bad-fingerprint")["code"]
    spoiled = bytearray(fingerprint)
    for place in range(0, len(spoiled), 37):
        spoiled[place] ^= 0x55
        service.recognize(bytes(spoiled), FINGERPRINT).problem(422, "bad-fingerprint")


def test_a_long_fingerprint_is_heard_for_half_a_minute(
    service: Service, songs: list[Song], tmp_path: Path
) -> None:
    many = np.concatenate([songs[2].samples] * 4)
    write_audio(tmp_path / "long.flac", many, songs[2].rate)
    long = listen(tmp_path / "long.flac").fingerprint
    answer = service.recognize(long, FINGERPRINT).json
    assert (answer["status"], answer["song"]["id"]) == ("match", 3)


def test_bodies_of_no_type_or_a_wrong_one(service: Service, fingerprint: bytes) -> None:
    for kind in ("", "text/plain", "application/json", "audio", "application/vnd.sonica.fingerprints"):
        service.recognize(fingerprint, kind).problem(415, "unsupported-type")
    for kind in (FINGERPRINT, M4A):
        service.recognize(b"", kind).problem(400, "body-missing")


def test_forms_that_are_none(service: Service, clip: Path) -> None:
    audio = clip.read_bytes()
    service.recognize(*form(audio, name="other")).problem(400, "body-missing")
    body, kind = form(audio)
    service.recognize(body, "multipart/form-data").problem(400, "bad-multipart")
    service.recognize(body.replace(b"\r\n\r\n", b"\r\n", 1), kind).problem(400, "bad-multipart")
    service.recognize(body.replace(b"filename", b"nonsense"), kind).problem(400, "bad-multipart")
    two = body.replace(b"--xyz--\r\n", b"") + body
    service.recognize(two, kind).problem(400, "bad-multipart")
    assert service.recognize(body[:200], kind).status in {400, 422}  # cut off


def test_bodies_that_are_too_large(service: Service, fingerprint: bytes) -> None:
    def pieces(count: int) -> Iterator[bytes]:
        for _ in range(count):
            yield b"\0" * (1 << 10)

    # Told before anything was sent, and, where nobody says how much there is, when it is too much.
    for kind in (FINGERPRINT, M4A, "multipart/form-data; boundary=xyz"):
        with service.connect() as connection:
            connection.sendall(request_head(kind, "Content-Length: 99999999999"))
            answer = connection.recv(1 << 16)
            assert answer.startswith(b"HTTP/1.1 413")
    with service.connect() as connection:
        connection.sendall(request_head(FINGERPRINT, "Transfer-Encoding: chunked"))
        for piece in pieces(65):
            connection.sendall(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
        assert connection.recv(1 << 16).startswith(b"HTTP/1.1 413")
    service.recognize(*form(b"\0" * (100 << 10), kind=FINGERPRINT)).problem(413, "body-too-large")
    assert service.recognize(fingerprint, FINGERPRINT).status == 200


def test_what_is_no_http(service: Service, fingerprint: bytes) -> None:
    for sent in (b"\0\1\2\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"y" * 100_000):
        with service.connect() as connection:
            connection.sendall(sent)
            assert connection.recv(1 << 16).startswith(b"HTTP/1.1 400")
    with service.connect() as connection:  # and who leaves in the middle
        connection.sendall(request_head(M4A, "Content-Length: 9") + b"x")
    assert service.recognize(fingerprint, FINGERPRINT).status == 200
    eventually(lambda: any(line.get("status") == 499 for line in service.log))


# --- operations -------------------------------------------------------------------------------------


def test_operations(service: Service, fingerprint: bytes) -> None:
    assert service.ask("GET", "/healthz").json == {"status": "ok"}
    assert service.ask("GET", "/readyz").json == {
        "status": "ready",
        "database": True,
        "catalogue": True,
        "objects": True,
    }
    service.recognize(fingerprint, FINGERPRINT)
    service.ask("GET", "/nowhere").problem(404, "not-found")
    service.ask("DELETE", "/healthz").problem(405, "method-not-allowed")
    service.ask("BREW", "/v1/recognize").problem(405, "method-not-allowed")
    told = service.ask("GET", "/metrics").body.decode()
    for line in (
        'sonica_recognition_latency_seconds_bucket{le="0.5",source="fingerprint"}',
        'sonica_http_requests_total{method="other",route="/v1/recognize",status="405"}',
        'sonica_errors_total{error_type="not-found",service="gateway"}',
        "sonica_catalogue_recordings 6.0",
    ):
        assert line in told, line


def test_the_document_describes_the_routes(service: Service) -> None:
    document = service.ask("GET", "/openapi.json").json
    named = {
        operation["operationId"]: f"{method.upper()} {path}"
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    }
    assert named == {
        "fetch_original": "GET /v1/originals/{name}",
        "is_alive": "GET /healthz",
        "is_ready": "GET /readyz",
        "recognize": "POST /v1/recognize",
        "scan": "POST /v1/scan",
        "give_feedback": "POST /v1/recognitions/{id}/feedback",
        "list_songs": "GET /v1/songs",
        "show_song": "GET /v1/songs/{id}",
        "edit_song": "PATCH /v1/songs/{id}",
        "remove_song": "DELETE /v1/songs/{id}",
        "merge_songs": "POST /v1/songs/{id}/merge",
        "show_chart": "GET /v1/charts",
        "list_packs": "GET /v1/packs",
        "show_pack_key": "GET /v1/packs/key",
        "fetch_pack": "GET /v1/packs/{name}",
        "publish_pack": "PUT /v1/packs/{name}",
        "remove_pack": "DELETE /v1/packs/{name}",
        "show_pack_manifest": "GET /v1/packs/{name}/manifest",
        "show_pack_making": "GET /v1/packs/{name}/making",
        "add_music": "POST /v1/ingest",
        "list_ingests": "GET /v1/ingest",
        "show_ingest": "GET /v1/ingest/{id}",
        "show_ingest_files": "GET /v1/ingest/{id}/files",
        "steer_ingest": "POST /v1/ingest/{id}/{action}",
    }
    text = json.dumps(document)
    assert "HTTPValidationError" not in text
    assert document["components"]["schemas"]["ProblemDocument"]["properties"]["type"]
    assert FINGERPRINT in document["paths"]["/v1/recognize"]["post"]["requestBody"]["content"]


def test_request_ids_and_logs(service: Service, fingerprint: bytes) -> None:
    headers = {"Content-Type": FINGERPRINT, "X-Request-ID": "from-the-edge.1"}
    reply = service.ask("POST", "/v1/recognize", fingerprint, headers)
    assert reply.headers["x-request-id"] == "from-the-edge.1"
    bad = service.ask("GET", "/healthz", headers={"X-Request-ID": "a b\tc" + "x" * 99})
    assert uuid.UUID(bad.headers["x-request-id"]).version == 7

    def line() -> dict[str, Any]:
        return next((one for one in service.log if one.get("request_id") == "from-the-edge.1"), {})

    eventually(line)
    assert line()["recognition"] == reply.json["id"]
    assert (line()["status"], line()["route"], line()["song"]) == (200, "/v1/recognize", 3)
    assert reply.json["feedback_token"] not in json.dumps(service.log)
    assert not any("Traceback" in json.dumps(one) for one in service.log)


def test_two_services_share_a_database(service: Service, home: Path, fingerprint: bytes) -> None:
    with serving(home) as other:
        answer = other.recognize(fingerprint, FINGERPRINT).json
        said = json.dumps({"token": answer["feedback_token"], "is_right": True})
        assert service.judge(answer["id"], said).status == 204
    assert service.recognize(fingerprint, FINGERPRINT).status == 200  # the other's end was not the server's


def test_an_address_that_is_taken(service: Service, home: Path) -> None:
    ran = CommandLine(home, is_alone=True)("serve", "--port", service.port)
    assert (ran.status, ran.out) == (1, "")
    assert f"cannot listen at 127.0.0.1:{service.port}" in ran.err
    assert "--port" in ran.err


def test_kill_9_of_postgresql_amid_requests(service: Service, home: Path, fingerprint: bytes) -> None:
    ended = threading.Event()
    replies = []

    def ask() -> None:
        while not ended.is_set():
            replies.append(service.recognize(fingerprint, FINGERPRINT))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    eventually(lambda: len(replies) > 20)
    os.kill(int(pid_file(find_place(home).data)[0]), signal.SIGKILL)
    before = len(replies)
    eventually(lambda: len(replies) > before + 20 and replies[-1].status == 200)
    ended.set()
    for thread in threads:
        thread.join()
    for reply in replies:
        assert reply.status == 200 or reply.problem(503, "database")
    there = {str(id_) for (id_,) in rows(home, "SELECT id FROM recognitions")}
    assert {reply.json["id"] for reply in replies if reply.status == 200} <= there
    assert service.ask("GET", "/readyz").status == 200
