"""The web app at the service's own address: which file answers what, and what its pages may do."""

import gzip
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.service.client import Reply, Service, serving
from tests.service.conftest import seed

from sonica.gateway.web import MOST_SHARED, accepts
from sonica.gateway.web import POLICY as DIRECTIVES
from sonica.platform.postgres.place import Place

SCRIPT, POLICY = b"console.log('hear');" * 40, "content-security-policy"
SHORT = b"short in a browser that takes it"
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
FILES = {
    "index.html": b"<h1>Home</h1>",
    "history.html": b"<h1>History</h1>",
    "charts/index.html": b"<h1>Charts</h1>",
    "share.html": b"<h1>Share</h1>",
    "404.html": b"<h1>Nowhere</h1>",
    "csp.json": b'{"/index.html": ["sha256-aGFzaA==", "sha384-b3RoZXI="], "/404.html": ["sha256-NDA0"], '
    b'"/charts/index.html": ["x\'; script-src *", 4]}',
    "sw.js": b"self",
    "manifest.webmanifest": b"{}",
    "engine/sonica.wasm": b"\0asm",
    "engine/sonica.wasm.br": SHORT,
    "icons/app.png": b"\x89PNG",
    "fonts/inter.woff2": b"wOF2",
    "songs.tar.gz": b"alone",
    "_next/static/chunks/main-1f0c.js": SCRIPT,
    "_next/static/chunks/main-1f0c.js.br": SHORT,
    "_next/static/chunks/main-1f0c.js.gz": gzip.compress(SCRIPT),
    "_next/static/chunks/[id]-2e.css": b"body{}",
    "history.txt": b"1:x",
    ".secret": b"hidden",
    ".well/known.html": b"hidden",
    "docs.html": b"never seen",
    "v1/songs.html": b"never seen",
    "healthz": b"never seen",
}
CHUNK = "/_next/static/chunks/main-1f0c.js"


def write(folder: Path) -> None:
    for name, content in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    (folder.parent / "outside.html").write_bytes(b"not yours")
    (folder / "leak.html").symlink_to(folder.parent / "outside.html")
    (folder / "leaks").symlink_to(folder.parent)
    (folder / "shown.html").symlink_to(folder / ".secret")
    (folder / "policy").symlink_to(folder / "csp.json")
    (folder / "again.html").symlink_to(folder / "history.html")
    (folder / "loop.html").symlink_to(folder / "loop.html")


@pytest.fixture(scope="module")
def home(module_folder: Path, cluster: Place) -> Path:
    home = module_folder / "home"
    seed(cluster, home)
    return home


@pytest.fixture(scope="module")
def app(module_folder: Path) -> Path:
    folder = module_folder / "app"
    write(folder)
    return folder


@pytest.fixture(scope="module")
def service(home: Path, app: Path) -> Iterator[Service]:
    with serving(home, SONICA_WEB=str(app), SONICA_RATE_LIMIT="1/1h") as started:
        yield started


def is_guarded(reply: Reply) -> None:
    policy = reply.headers[POLICY]
    assert policy.startswith("default-src 'self'; script-src 'self' 'wasm-unsafe-eval'")
    assert policy.endswith(
        "; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' blob:; "
        "connect-src 'self'; font-src 'self'; worker-src 'self'; manifest-src 'self'; object-src 'none'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
    assert {name: reply.headers[name] for name in reply.headers if "policy" in name and name != POLICY} == {
        "referrer-policy": "no-referrer",
        "permissions-policy": "microphone=(self), camera=(), geolocation=()",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
    }
    assert reply.headers["x-content-type-options"] == "nosniff"


# --- which file -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "name", "kind"),
    [
        ("/", "index.html", "text/html; charset=utf-8"),
        ("/index.html", "index.html", "text/html; charset=utf-8"),
        ("/?utm=1", "index.html", "text/html; charset=utf-8"),
        ("/history", "history.html", "text/html; charset=utf-8"),
        ("/history/", "history.html", "text/html; charset=utf-8"),
        ("/history.html", "history.html", "text/html; charset=utf-8"),
        ("/again", "history.html", "text/html; charset=utf-8"),
        ("/history.txt", "history.txt", "text/plain; charset=utf-8"),
        ("/charts", "charts/index.html", "text/html; charset=utf-8"),
        ("/charts/", "charts/index.html", "text/html; charset=utf-8"),
        ("/share", "share.html", "text/html; charset=utf-8"),
        ("/sw.js", "sw.js", "text/javascript; charset=utf-8"),
        ("/manifest.webmanifest", "manifest.webmanifest", "application/manifest+json"),
        ("/engine/sonica.wasm", "engine/sonica.wasm", "application/wasm"),
        ("/icons/app.png", "icons/app.png", "image/png"),
        ("/fonts/inter.woff2", "fonts/inter.woff2", "font/woff2"),
        ("/songs.tar.gz", "songs.tar.gz", "application/octet-stream"),
        (CHUNK, CHUNK[1:], "text/javascript; charset=utf-8"),
        (
            "/_next/static/chunks/%5Bid%5D-2e.css",
            "_next/static/chunks/[id]-2e.css",
            "text/css; charset=utf-8",
        ),
    ],
)
def test_which_file_answers(service: Service, path: str, name: str, kind: str) -> None:
    reply = service.ask("GET", path)
    assert (reply.status, reply.body, reply.headers["content-type"]) == (200, FILES[name], kind)
    assert reply.headers["content-length"] == str(len(reply.body))
    is_hashed = name.startswith("_next/static/")
    cache = "public, max-age=31536000, immutable" if is_hashed else "no-cache"
    assert reply.headers["cache-control"] == cache
    is_guarded(reply)
    head = service.ask("HEAD", path)
    assert (head.status, head.body) == (200, b"")
    assert {**head.headers, **volatile(reply)} == reply.headers


def volatile(reply: Reply) -> dict[str, str]:
    """What is of one answer alone."""
    return {name: value for name, value in reply.headers.items() if name in {"date", "x-request-id"}}


def test_what_the_service_answers_comes_first(service: Service) -> None:
    assert service.ask("GET", "/healthz").json == {"status": "ok"}
    assert "swagger" in service.ask("GET", "/docs", headers=BROWSER).body.decode()
    assert service.ask("GET", "/v1/songs", headers=BROWSER).json == {"items": [], "next": None}
    service.ask("GET", "/v1/recognize", headers=BROWSER).problem(405, "method-not-allowed")
    service.ask("GET", "/v1/nothing", headers=BROWSER).problem(404, "not-found")
    service.ask("GET", "/problems/none-of-ours", headers=BROWSER).problem(404, "not-found")
    assert service.ask("GET", "/openapi.json").json["info"]["title"] == "Sonica"


def test_who_wants_a_page_is_told_by_one_that_there_is_none(service: Service) -> None:
    for path in ("/nowhere", "/a/b/c", "/404", "/_next/static/chunks/old.js"):
        reply = service.ask("GET", path, headers=BROWSER)
        assert (reply.status, reply.body) == (404, FILES["404.html"])
        assert (reply.headers["cache-control"], "etag" in reply.headers) == ("no-cache", False)
        is_guarded(reply)
        head = service.ask("HEAD", path, headers=BROWSER)
        assert (head.status, head.body) == (404, b"")
        asked = {**BROWSER, "If-None-Match": "*", "If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}
        assert service.ask("GET", path, headers=asked).status == 404
    for accept in ({}, {"Accept": "*/*"}, {"Accept": "application/json"}):
        reply = service.ask("GET", "/nowhere", headers=accept)
        reply.problem(404, "not-found")
        assert "Accept" in reply.headers["vary"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "BREW"])
def test_files_are_only_read(service: Service, method: str) -> None:
    for path in ("/history", CHUNK):
        reply = service.ask(method, path, b"x", BROWSER)
        reply.problem(405, "method-not-allowed")
        assert reply.headers["allow"] == "GET, HEAD"
    service.ask(method, "/nowhere", b"x", BROWSER).problem(404, "not-found")
    service.ask(method, "/", b"x", BROWSER).problem(405, "method-not-allowed")


@pytest.mark.parametrize(
    "path",
    [
        "/../outside",
        "/..%2foutside",
        "/..%2Foutside.html",
        "/%2e%2e/outside.html",
        "/charts/../../outside.html",
        "/charts/..%2f..%2foutside.html",
        "/..%5coutside.html",
        "/..\\outside.html",
        "/charts\\index.html",
        "/%2fetc%2fpasswd",
        "//etc/passwd",
        "/charts//index.html",
        "/./history",
        "/charts/./index.html",
        "/history%00",
        "/%00",
        "/history%0a",
        "/%c3%28/%ff",
        "/sw.js/",
        "/sw.js/x",
        "/leak",
        "/leak.html",
        "/leaks/outside.html",
        "/shown.html",
        "/loop",
        "/.secret",
        "/.well/known",
        "/%2esecret",
        "/csp.json",
        "/policy",
        "/engine/sonica.wasm.br",
        "/_next/static/chunks/main-1f0c.js.gz",
        "/_next",
        "/" + "a" * 300,
        "/" + "a/" * 600,
        "/" + "a" * 20_000,
    ],
)
def test_what_nobody_is_shown(service: Service, path: str) -> None:
    reply = service.ask("GET", path)
    reply.problem(404, "not-found")
    page = service.ask("GET", path, headers=BROWSER)
    assert (page.status, page.body) == (404, FILES["404.html"])


# --- how it is sent ---------------------------------------------------------------------------------


def test_who_has_it_is_not_sent_it_again(service: Service) -> None:
    first = service.ask("GET", "/history")
    etag, date = first.headers["etag"], first.headers["last-modified"]
    for asked in (
        *({"If-None-Match": said} for said in (etag, f"W/{etag}", f'"other", {etag}', "*")),
        {"If-Modified-Since": date},
    ):
        again = service.ask("GET", "/history", headers=asked)
        assert (again.status, again.body, again.headers["etag"]) == (304, b"", etag)
        assert again.headers["cache-control"] == "no-cache"
        is_guarded(again)
    for asked in ({"If-None-Match": '"other"', "If-Modified-Since": date}, {"If-None-Match": "nonsense"}):
        assert service.ask("GET", "/history", headers=asked).body == first.body
    for said in ("bytes=0-3", "bytes=9-1", "bytes=-0", "lines=1"):
        whole = service.ask("GET", "/history", headers={"Range": said})
        assert (whole.status, whole.body) == (200, first.body)
        assert "accept-ranges" not in whole.headers


@pytest.mark.parametrize(
    ("said", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("GZIP ; q=0.1", "gzip"),
        ("*", "br"),
        ("*, br;q=0.000", "gzip"),
        ("br;q=0, *;q=0", None),
        ("deflate", None),
        ("brotli, xgzip", None),
        ("", None),
    ],
)
def test_who_takes_it_packed_gets_it_so(service: Service, said: str, encoding: str | None) -> None:
    reply = service.ask("GET", CHUNK, headers={"Accept-Encoding": said})
    body = {"br": SHORT, "gzip": FILES[f"{CHUNK[1:]}.gz"], None: SCRIPT}[encoding]
    assert (reply.status, reply.body, reply.headers.get("content-encoding")) == (200, body, encoding)
    assert reply.headers["content-type"] == "text/javascript; charset=utf-8"
    assert "Accept-Encoding" in reply.headers["vary"]
    etag = reply.headers["etag"]
    again = service.ask("GET", CHUNK, headers={"Accept-Encoding": said, "If-None-Match": etag})
    assert (again.status, again.body, again.headers["vary"]) == (304, b"", reply.headers["vary"])
    other = service.ask("GET", CHUNK, headers={"Accept-Encoding": "identity", "If-None-Match": etag})
    assert other.status == (200 if encoding else 304)
    for name in ("br", "gzip"):
        assert accepts(said, name) or name != encoding


def test_only_what_is_there_packed_is_sent_so(service: Service) -> None:
    wasm = service.ask("GET", "/engine/sonica.wasm", headers={"Accept-Encoding": "gzip"})
    assert wasm.body == b"\0asm"
    assert "Accept-Encoding" in wasm.headers["vary"]
    wasm = service.ask("GET", "/engine/sonica.wasm", headers={"Accept-Encoding": "gzip, br"})
    assert (wasm.body, wasm.headers["content-type"]) == (SHORT, "application/wasm")
    page = service.ask("GET", "/history", headers={"Accept-Encoding": "gzip, br"})
    assert "Accept-Encoding" not in page.headers.get("vary", "")
    assert "content-encoding" not in page.headers


def test_each_page_may_run_its_own_scripts_alone(service: Service) -> None:
    def scripts(path: str) -> str:
        policy = service.ask("GET", path, headers=BROWSER).headers[POLICY]
        return next(one for one in policy.split("; ") if one.startswith("script-src"))

    usual = "script-src 'self' 'wasm-unsafe-eval'"
    for path in ("/", "/index.html", "/?q=1"):
        assert scripts(path) == f"{usual} 'sha256-aGFzaA==' 'sha384-b3RoZXI='"
    assert scripts("/nowhere") == f"{usual} 'sha256-NDA0'"
    for path in ("/history", "/sw.js", CHUNK, "/charts"):  # of /charts the build says nonsense
        assert scripts(path) == usual


def test_what_is_shared_before_the_app_can_take_it(service: Service) -> None:
    for body in (b"", b"x" * 100_000, [b"x" * 65_536] * 3):
        reply = service.ask("POST", "/share", body, {"Content-Type": "multipart/form-data; boundary=x"})
        assert (reply.status, reply.headers["location"], reply.body) == (303, "/share", b"")
        assert reply.headers["referrer-policy"] == "no-referrer"
    with service.connect() as connection:
        connection.sendall(b"POST /share HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000000\r\n\r\n")
        sent = 0
        try:
            while sent < 20 * MOST_SHARED:
                sent += connection.send(bytes(1 << 20))
        except OSError:  # nobody reads on
            pass
        assert sent < 20 * MOST_SHARED
    assert service.ask("GET", "/history").status == 200


def test_files_count_against_no_quota(service: Service) -> None:
    for _ in range(5):
        reply = service.ask("GET", "/history")
        assert reply.status == 200
        assert not any("ratelimit" in name for name in reply.headers)


def test_log_and_metrics_have_one_name_for_all_files(service: Service) -> None:
    service.ask("GET", "/a-name-that-somebody-made-up")
    told = service.ask("GET", "/metrics").body.decode()
    assert "made-up" not in told
    assert 'path="/{file:path}"' in told or 'route="/{file:path}"' in told
    assert not any(line.get("event") == "a bug" for line in service.log)


# --- whether it is there ----------------------------------------------------------------------------


def test_a_new_build_shows_at_once(home: Path, module_folder: Path) -> None:
    folder = module_folder / "later"
    folder.mkdir()
    with serving(home, "--workers", "2", SONICA_WEB=str(folder)) as service:
        page = service.ask("GET", "/").body.decode()
        assert page.count("<code>make web</code>") == 2
        service.ask("GET", "/history", headers=BROWSER).problem(404, "not-found")
        service.ask("POST", "/share", b"x").problem(404, "not-found")
        write(folder)
        for _ in range(8):  # both processes answer
            assert service.ask("GET", "/").body == FILES["index.html"]
        before = service.ask("GET", "/history").headers["etag"]
        (folder / "history.html").write_bytes(b"<h1>History, again</h1>")
        after = service.ask("GET", "/history", headers={"If-None-Match": before})
        assert (after.status, after.body) == (200, b"<h1>History, again</h1>")
        for broken in (b"{", b"[]", b"null", b'{"/index.html": 4}', b"\xff"):
            (folder / "csp.json").write_bytes(broken)
            is_guarded(service.ask("GET", "/"))
        (folder / "404.html").unlink()
        service.ask("GET", "/nowhere", headers=BROWSER).problem(404, "not-found")
        shutil.rmtree(folder)
        assert "<h1>Sonica</h1>" in service.ask("GET", "/").body.decode()


def test_where_no_app_is_wanted_there_is_none(home: Path, app: Path) -> None:
    for command, web in (("serve", "none"), ("api", str(app))):
        with serving(home, command=command, SONICA_WEB=web) as service:
            page = service.ask("GET", "/", headers=BROWSER).body.decode()
            assert "<h1>Sonica</h1>" in page
            assert "make web" not in page
            service.ask("GET", "/history", headers=BROWSER).problem(404, "not-found")


def test_pages_of_the_app_say_the_same_policy_as_the_service() -> None:
    """Where a plain host serves them there is only what the build writes into each."""
    told = (Path(__file__).parents[2] / "clients" / "web" / "scripts" / "pages.mjs").read_text()
    in_header_only = "frame-ancestors 'none'"
    assert [directive for directive in DIRECTIVES if directive not in told] == [in_header_only]
