"""What the service says of itself: its description, its pages, and what browsers of other origins may do."""

import gzip
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from tests.service.client import FINGERPRINT, Reply, Service, serving

from sonica.gateway.advice import ADVICE
from sonica.gateway.problems import TITLES

KEPT = Path(__file__).resolve().parents[2] / "openapi.json"
PAGES = ["/", "/docs", "/problems", *(f"/problems/{name}" for name in sorted(TITLES))]
METHODS = {"get", "put", "post", "delete", "patch"}


@pytest.fixture(scope="module")
def service(home: Path) -> Iterator[Service]:
    with serving(home) as started:
        yield started


@pytest.fixture(scope="module")
def document(service: Service) -> dict[str, Any]:
    told: dict[str, Any] = service.ask("GET", "/openapi.json").json
    return told


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, there in document["paths"].items():
        for method, operation in there.items():
            if method in METHODS:
                yield f"{method} {path}", operation


# --- the description --------------------------------------------------------------------------------


def test_the_description_is_the_one_that_is_kept(service: Service) -> None:
    reply = service.ask("GET", "/openapi.json")
    assert reply.headers["content-type"] == "application/json"
    assert reply.body == KEPT.read_bytes(), "run `make openapi`, and look at what changed"


def has_example(content: dict[str, Any], document: dict[str, Any]) -> bool:
    schema = content.get("schema", {})
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return any("example" in one or "examples" in one for one in (content, schema))


def test_every_operation_has_words_and_examples(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        assert operation["summary"], name
        assert operation["description"], name
        for parameter in operation.get("parameters", []):
            assert has_example(parameter, document), f"{name}: {parameter['name']}"
        bodies = [operation["requestBody"]] if "requestBody" in operation else []
        for told in [*bodies, *operation["responses"].values()]:
            for kind, content in told.get("content", {}).items():
                if kind.endswith("json"):
                    assert has_example(content, document), f"{name}: {kind}"


def test_every_answer_tells_its_request(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        for status, answer in operation["responses"].items():
            assert "X-Request-ID" in answer["headers"], name
            assert ("Retry-After" in answer["headers"]) == (status in {"429", "503"}), name


# --- pages ------------------------------------------------------------------------------------------


class Links(HTMLParser):
    """What a page loads and leads to, and whether it has code in itself."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.leads: list[str] = []
        self.inline: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        said = dict(attributes)
        for name in ("src", "href"):
            if target := said.get(name):
                (self.leads if tag == "a" else self.loads).append(target)
        if tag == "style" or (tag == "script" and "src" not in said):
            self.inline.append(tag)
        self.inline += [name for name in said if name == "style" or name.startswith("on")]


def read(reply: Reply) -> Links:
    assert reply.status == 200
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    links = Links()
    links.feed(reply.body.decode())
    return links


@pytest.mark.parametrize("path", PAGES)
def test_a_page_loads_only_what_is_here(service: Service, path: str) -> None:
    reply = service.ask("GET", path)
    links = read(reply)
    assert not links.inline
    assert links.loads
    for target in [*links.loads, *links.leads]:
        assert "//" not in target, target
        assert service.ask("GET", urljoin(path, target)).status == 200, target
    policy = reply.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert reply.headers["x-content-type-options"] == "nosniff"


def test_the_home_page_speaks_both_languages(service: Service) -> None:
    text = service.ask("GET", "/").body.decode()
    assert '<section lang="en">' in text
    assert '<section lang="hi">' in text
    assert f"http://{service.host}:{service.port}/v1/recognize" in text
    told = service.ask("GET", "/", headers={"Host": 'a"><script>x</script>'}).body.decode()
    assert "<script>" not in told
    assert "prefers-color-scheme: dark" in service.ask("GET", "/assets/page.css").body.decode()


def test_every_problem_has_a_page_that_says_what_to_do(service: Service) -> None:
    assert set(ADVICE) == set(TITLES), "write what to do about each type of problem, in advice.py"
    for name, title in TITLES.items():
        page = service.ask("GET", f"/problems/{name}", headers={"Accept": "text/html"})
        assert f"<h1>{title}</h1>" in page.body.decode()
        assert page.body.decode().count("<li>") == len(ADVICE[name].todo) > 0
        told = service.ask("GET", f"/problems/{name}", headers={"Accept": "application/json"}).json
        assert told["type"] == f"/problems/{name}"
        assert told["todo"] == list(ADVICE[name].todo)
    failed = service.recognize(b"x", FINGERPRINT).json
    assert service.ask("GET", failed["type"]).status == 200
    service.ask("GET", "/problems/none-of-ours").problem(404, "not-found")
    service.ask("GET", "/assets/..%2fapp.py").problem(404, "not-found")


def test_the_docs_ask_no_other_server(service: Service) -> None:
    script = service.ask("GET", "/assets/docs.js").body.decode()
    assert "validatorUrl: null" in script
    assert "http" not in script
    style = service.ask("GET", "/assets/swagger-ui.css").body.decode()
    assert "@import" not in style
    assert set(re.findall(r"url\(\s*['\"]?(.{5})", style)) <= {"data:"}
    whole = service.ask("GET", "/assets/swagger-ui-bundle.js").body
    packed = service.ask("GET", "/assets/swagger-ui-bundle.js", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == whole
    assert len(packed.body) < len(whole) / 2


@pytest.mark.parametrize("path", ["/openapi.json", "/assets/page.css", *PAGES[:4]])
def test_who_has_it_is_not_sent_it_again(service: Service, path: str) -> None:
    first = service.ask("GET", path)
    etag = first.headers["etag"]
    head = service.ask("HEAD", path)
    assert (head.status, head.body, head.headers["etag"]) == (200, b"", etag)
    for said in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        again = service.ask("GET", path, headers={"If-None-Match": said})
        assert (again.status, again.body, again.headers["etag"]) == (304, b"", etag)
        assert again.headers["cache-control"] == first.headers["cache-control"]
    for said in ('"other"', "nonsense", ""):
        assert service.ask("GET", path, headers={"If-None-Match": said}).body == first.body


# --- pages of other origins -------------------------------------------------------------------------


def preflight(service: Service, origin: str) -> Reply:
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type,idempotency-key",
    }
    return service.ask("OPTIONS", "/v1/recognize", headers=asked)


def may(service: Service, origin: str) -> bool:
    """Whether a page of that origin may ask, and read answers and failures alike."""
    before = preflight(service, origin)
    told = {
        before.headers.get("access-control-allow-origin"),
        *(
            service.ask("GET", path, headers={"Origin": origin}).headers.get("access-control-allow-origin")
            for path in ("/healthz", "/nowhere")
        ),
    }
    assert "access-control-allow-credentials" not in before.headers
    assert told in ({origin}, {"*"}, {None})
    assert (before.status == 200) == (told != {None})
    return told != {None}


def test_only_pages_of_this_machine_may_ask(service: Service) -> None:
    for origin in ("http://localhost:3000", "http://127.0.0.1:8000", "https://localhost"):
        assert may(service, origin), origin
    for origin in ("https://songs.example", "http://localhost.evil.example", "null", "http://127.0.0.1.evil"):
        assert not may(service, origin), origin
    reply = service.ask("GET", "/healthz", headers={"Origin": "http://localhost:3000"})
    exposed = reply.headers["access-control-expose-headers"].lower()
    assert {"etag", "x-request-id", "retry-after", "server-timing"} <= set(exposed.split(", "))


@pytest.mark.parametrize(
    ("said", "allowed", "refused"),
    [
        (
            "https://songs.example, https://other.example:8443",
            "https://other.example:8443",
            "http://localhost",
        ),
        ("*", "https://songs.example", ""),
        ("none", "", "http://localhost:3000"),
    ],
)
def test_the_operator_says_which_pages_may(home: Path, said: str, allowed: str, refused: str) -> None:
    with serving(home, SONICA_CORS_ORIGINS=said) as service:
        assert not allowed or may(service, allowed)
        assert not refused or not may(service, refused)


def test_the_kept_description_is_json() -> None:
    assert json.loads(KEPT.read_text())["openapi"].startswith("3.1")
