"""How often an address may ask, over real HTTP."""

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from tests.service.client import FINGERPRINT, Reply, Service, serving

SESSION = "0123456789abcdef-"


def limited(home: Path, limit: str = "3/15m", **environ: str) -> AbstractContextManager[Service]:
    return serving(home, SONICA_RATE_LIMIT=limit, **environ)


@pytest.fixture
def service(home: Path) -> Iterator[Service]:
    with limited(home) as started:
        yield started


def ask(service: Service, body: bytes, **headers: str) -> Reply:
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return service.ask("POST", "/v1/recognize", body, {"Content-Type": FINGERPRINT, **told})


def left(reply: Reply) -> int:
    assert reply.headers["ratelimit-policy"] == '"anonymous";q=3;w=900'
    found = re.fullmatch(r'"anonymous";r=(\d+);t=(\d+)', reply.headers["ratelimit"])
    assert found
    assert 0 < int(found[2]) <= 900
    assert not any(name.startswith("x-ratelimit") for name in reply.headers)
    return int(found[1])


def test_who_asks_too_often_is_told_when_to_try_again(service: Service, fingerprint: bytes) -> None:
    assert [left(ask(service, fingerprint)) for _ in range(2)] == [2, 1]
    spoiled = ask(service, b"x")
    spoiled.problem(422, "bad-fingerprint")
    assert left(spoiled) == 0
    refused = ask(service, fingerprint)
    told = refused.problem(429, "rate-limit")
    assert told["detail"] == "This address has asked 3 times in 15 minutes."
    assert left(refused) == 0
    assert 0 < int(refused.headers["retry-after"]) <= 900
    said = refused.headers["ratelimit"].rpartition("=")[2]
    assert said == refused.headers["retry-after"]
    # Nothing that costs little is counted, and nobody is believed to be somebody else.
    for path in ("/healthz", "/openapi.json", "/problems/rate-limit"):
        other = service.ask("GET", path)
        assert other.status == 200
        assert "ratelimit" not in other.headers
    for header in ("X-Forwarded-For", "Forwarded", "X-Real-IP", "CF-Connecting-IP", "True-Client-IP"):
        ask(service, fingerprint, **{header: "192.0.2.1"}).problem(429, "rate-limit")
    metrics = service.ask("GET", "/metrics").body.decode()
    assert 'sonica_rate_limit_refused_total{quota="anonymous"} 6.0' in metrics
    assert 'sonica_rate_limit_callers{quota="anonymous"} 1.0' in metrics


def test_looks_at_one_listening_count_once(service: Service, fingerprint: bytes) -> None:
    looks = [left(ask(service, fingerprint, Sonica_Session=SESSION)) for _ in range(5)]
    assert looks == [2] * 5
    assert left(ask(service, fingerprint, Sonica_Session=SESSION[::-1])) == 1
    for said in ("short", "x" * 65, "a b" * 10):
        ask(service, fingerprint, Sonica_Session=said).problem(422, "bad-request")
    assert left(ask(service, fingerprint)) == 0
    assert ask(service, fingerprint, Sonica_Session=SESSION).status == 200


def test_only_a_proxy_that_is_trusted_speaks_for_others(home: Path, fingerprint: bytes) -> None:
    with limited(home, SONICA_TRUSTED_PROXIES="127.0.0.0/8, 10.1.0.0/16") as service:
        for _ in range(3):
            ask(service, fingerprint, X_Forwarded_For="192.0.2.1")
        ask(service, fingerprint, X_Forwarded_For="192.0.2.1").problem(429, "rate-limit")
        # What the caller wrote before the trusted ones is not looked at.
        ask(service, fingerprint, X_Forwarded_For="8.8.8.8, 192.0.2.1").problem(429, "rate-limit")
        ask(service, fingerprint, X_Forwarded_For="192.0.2.1, 10.1.2.3").problem(429, "rate-limit")
        assert ask(service, fingerprint, X_Forwarded_For="192.0.2.2").status == 200
        assert ask(service, fingerprint).status == 200
    with limited(home, SONICA_TRUSTED_PROXIES="192.0.2.9") as service:
        for number in range(3):
            ask(service, fingerprint, X_Forwarded_For=f"192.0.2.{number}")
        ask(service, fingerprint, X_Forwarded_For="192.0.2.7").problem(429, "rate-limit")


def test_without_a_limit_no_header_speaks_of_one(home: Path, fingerprint: bytes) -> None:
    with limited(home, "off") as service:
        for _ in range(5):
            reply = ask(service, fingerprint)
            assert reply.status == 200
            assert "ratelimit" not in reply.headers
