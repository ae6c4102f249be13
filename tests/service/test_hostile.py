"""What nobody should send: a clear refusal, bounded memory, and answers for everybody else meanwhile."""

import json
import os
import struct
import subprocess
import sys
import threading
import zlib
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from tests.handmade import unfolding_flac
from tests.service.client import FINGERPRINT, SMALL, Reply, Service, eventually, request_head, serving

M4A, OCTETS, PROBLEM = "audio/mp4", "application/octet-stream", "application/problem+json"
MOST_MB = {"service": 400, "decoder": 700}
"""Of memory, at the most that it ever was: half a gigabyte is what a decoder may take of the system."""


@pytest.fixture(scope="module")
def service(home: Path) -> Iterator[Service]:
    with serving(home) as started:
        yield started


# --- the whole description ----------------------------------------------------------------------------


CHECKS = "".join(
    f"""
[[operations]]
include-name = "{name}"
[operations.checks]
positive_data_acceptance.enabled = false
"""
    for name in ("POST /v1/recognize", "POST /v1/scan", "GET /v1/songs", "GET /v1/charts")
)
"""No description says which bytes are sound, which cursors were given out, or which words are languages."""

KINDS = """
import json
import schemathesis

@schemathesis.serializer("application/vnd.sonica.fingerprint")
def as_it_is(context, value):
    return value if isinstance(value, bytes) else str(value).encode()

@schemathesis.deserializer("application/x-ndjson")
def last_line(context, response):
    return [json.loads(line) for line in response.content.splitlines()][-1]
"""
"""For a fingerprint as body, and an answer in lines: each must be JSON, and the last as it is described."""


def schemathesis(service: Service, folder: Path, *arguments: object) -> None:
    """All that can be derived from the description is sent, and each answer held against it."""
    (folder / "schemathesis.toml").write_text(CHECKS)
    (folder / "kinds.py").write_text(KINDS)
    program = Path(sys.executable).with_name("schemathesis")
    url = f"http://{service.host}:{service.port}/openapi.json"
    options = ["--no-color", "--generation-database", "none", "--continue-on-failure"]
    command = [str(program), "run", url, *options, *map(str, arguments)]
    hooks = {"SCHEMATHESIS_HOOKS": "kinds", "PYTHONPATH": str(folder)}
    ran = subprocess.run(
        command, cwd=folder, env={**os.environ, **hooks}, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "No test cases" not in ran.stdout
    assert not any("Traceback" in json.dumps(line) for line in service.log)
    assert service.ask("GET", "/healthz").status == 200


def test_what_the_description_allows_and_forbids(service: Service, tmp_path: Path) -> None:
    schemathesis(service, tmp_path, "-n", 10, "--seed", 1, "--phases", "examples,coverage,fuzzing")


@pytest.mark.heavy
def test_what_the_description_allows_and_forbids_at_length(service: Service, tmp_path: Path) -> None:
    schemathesis(service, tmp_path, "-n", 400, "--workers", 2)


# --- media ----------------------------------------------------------------------------------------


def element(name: int, content: bytes) -> bytes:
    """One of EBML, of which WebM is made."""
    size = struct.pack(">Q", len(content) | 1 << 56)
    return name.to_bytes((name.bit_length() + 7) // 8, "big") + size + content


def unfolding_webm(count: int) -> bytes:
    """Packets of 16-bit sound, each a few kilobytes that are `zlib` for megabytes of zeros."""
    bomb = zlib.compress(bytes(8 << 20), 9)
    packing = element(0x6D80, element(0x6240, element(0x5034, element(0x4254, b"\0"))))
    sound = element(
        0xE1, element(0xB5, struct.pack(">d", 8000.0)) + element(0x9F, b"\1") + element(0x6264, b"\x10")
    )
    track = b"".join(
        (element(0xD7, b"\1"), element(0x73C5, b"\1"), element(0x83, b"\2"), element(0x86, b"A_PCM/INT/LIT"))
    )
    head = element(0x1A45DFA3, element(0x4282, b"matroska"))
    blocks = b"".join(
        element(0xA3, b"\x81" + struct.pack(">hB", number, 0x80) + bomb) for number in range(count)
    )
    cluster = element(0x1F43B675, element(0xE7, b"\0") + blocks)
    return head + element(0x18538067, element(0x1654AE6B, element(0xAE, track + packing + sound)) + cluster)


def wav(samples: bytes, *, rate: int = 8_000, channels: int = 1) -> bytes:
    """32-bit floats, with whatever its head says."""
    frame = 4 * channels
    head = struct.pack("<HHIIHH", 3, channels, rate, rate * frame % 2**32, frame % 2**16, 32)
    data = b"data" + struct.pack("<I", len(samples)) + samples
    return b"RIFF" + struct.pack("<I", 2**32 - 1) + b"WAVEfmt " + struct.pack("<I", len(head)) + head + data


def hostile(clip: Path) -> dict[str, tuple[bytes, str]]:
    """Bodies by name, with the type that they are declared to have."""
    audio, rng = clip.read_bytes(), np.random.default_rng(5)
    floats = rng.choice([np.nan, np.inf, -np.inf, 3e38, 1e-45, -0.0], 80_000).astype(np.float32)
    spoiled = np.frombuffer(audio, np.uint8).copy()
    spoiled[rng.integers(0, len(spoiled), 400)] ^= 0x5A
    return {
        "nothing but a head": (audio[:64], M4A),
        "the first half": (audio[: len(audio) // 2], M4A),
        "spoiled here and there": (spoiled.tobytes(), M4A),
        "noise": (rng.bytes(2 << 20), OCTETS),
        "zeros": (bytes(8 << 20), OCTETS),
        "no numbers": (wav(floats.tobytes()), "audio/wav"),
        "65,535 channels": (wav(bytes(1 << 20), channels=0xFFFF), "audio/wav"),
        "4 GHz": (wav(bytes(1 << 20), rate=0xFFFFFFFF), "audio/wav"),
        "no rate": (wav(bytes(1 << 20), rate=0), "audio/wav"),
        "ten hours of silence": (unfolding_flac(36_000 * 8_000 // 65_535), "audio/flac"),
        "gigabytes in a few packets": (unfolding_webm(200), "audio/webm"),
        "a page": (b"<html>" + b"<b>" * 100_000, "audio/mpeg"),
        "a picture": (b"\x89PNG\r\n\x1a\n" + rng.bytes(100_000), "video/mp4"),
        "a list of other files": (b"#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n", OCTETS),
    }


def peak_mb(pid: int) -> float:
    """The most memory that a process ever had."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def decoders(service: Service) -> list[int]:
    """Processes of the service that decode."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            is_decoder = b"sonica.audio.worker" in (entry / "cmdline").read_bytes()
        except OSError:  # it has ended meanwhile
            continue
        if parent == service.process.pid and is_decoder:
            found.append(int(entry.name))
    return found


def test_hostile_media_from_many_at_once(service: Service, clip: Path, fingerprint: bytes) -> None:
    bodies = hostile(clip)
    ended = threading.Event()
    good: list[Reply] = []

    def ask() -> None:
        while not ended.is_set():
            good.append(service.recognize(fingerprint, FINGERPRINT))

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        with ThreadPoolExecutor(4) as pool:
            replies = dict(
                zip(bodies, pool.map(lambda one: service.recognize(*one), bodies.values()), strict=True)
            )
    finally:
        ended.set()
        asking.join()
    for name, reply in replies.items():
        if reply.status == 200:  # what is left of it may be sound
            assert reply.json["status"] in {"match", "none", "unsure"}, name
        else:
            assert reply.status in {413, 422}, (name, reply.body)
            assert reply.headers["content-type"] == PROBLEM
            assert reply.json["code"], name
            assert "passwd" not in reply.body.decode()
    assert replies["ten hours of silence"].status in {200, 422}
    assert {replies[name].status for name in ("noise", "zeros", "a page", "a picture")} == {422}
    assert good
    assert {reply.json["status"] for reply in good} == {"match"}
    assert peak_mb(service.process.pid) < MOST_MB["service"]
    assert all(peak_mb(pid) < MOST_MB["decoder"] for pid in decoders(service))
    assert not any("Traceback" in json.dumps(line) for line in service.log)


# --- how it is sent -----------------------------------------------------------------------------------


def test_many_who_send_slowly_keep_nobody_waiting(home: Path, fingerprint: bytes) -> None:
    with serving(home, "8", "2", "10000000", script=SMALL) as small:
        slow = [small.connect() for _ in range(60)]
        for connection in slow:
            connection.sendall(request_head(FINGERPRINT, "Content-Length: 900") + b"x")
        eventually(lambda: b"requests_open 61.0" in small.ask("GET", "/metrics").body)
        assert small.recognize(fingerprint, FINGERPRINT).json["status"] == "match"
        for connection in slow:
            with connection:
                assert connection.recv(1 << 16).startswith(b"HTTP/1.1 408")
        eventually(lambda: b"requests_open 1.0" in small.ask("GET", "/metrics").body)


def test_a_body_without_end(service: Service, fingerprint: bytes) -> None:
    def endless() -> Iterable[bytes]:
        while True:
            yield bytes(1 << 16)

    with pytest.raises(OSError, match=r"reset|Broken pipe"):  # it is not read to its end
        service.recognize(endless(), M4A)
    assert service.recognize(fingerprint, FINGERPRINT).status == 200


def test_a_packed_body_is_not_unpacked(service: Service, fingerprint: bytes) -> None:
    for kind in ("gzip", "br", "GZIP, identity", "zstd"):
        headers = {"Content-Type": FINGERPRINT, "Content-Encoding": kind}
        told = service.ask("POST", "/v1/recognize", fingerprint, headers).problem(415, "unsupported-type")
        assert "Content-Encoding" in told["detail"]
    headers = {"Content-Type": FINGERPRINT, "Content-Encoding": "identity"}
    assert service.ask("POST", "/v1/recognize", fingerprint, headers).status == 200


def test_what_is_not_done_says_what_is(service: Service) -> None:
    for method, path, allowed in (
        ("TRACE", "/healthz", {"GET"}),
        ("GET", "/v1/recognize", {"POST"}),
        ("DELETE", "/openapi.json", {"GET", "HEAD"}),
        ("PUT", "/v1/songs/1", {"DELETE", "GET", "PATCH"}),
    ):
        reply = service.ask(method, path)
        reply.problem(405, "method-not-allowed")
        assert set(reply.headers["allow"].split(", ")) == allowed
