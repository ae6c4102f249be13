"""Pages for people: what this is, what it answers, what can go wrong. They load nothing from elsewhere."""

import gzip
import html
import json
from functools import cache, partial
from importlib.resources import files
from string import Template
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from sonica import __version__
from sonica.gateway.advice import ADVICE, UNKNOWN
from sonica.gateway.conditional import DAY, conditional
from sonica.gateway.parts import parts_of
from sonica.gateway.problems import TITLES, TYPES, Problem

router = APIRouter(include_in_schema=False)

HTML = "text/html; charset=utf-8"
OURS, SWAGGER = "sonica.gateway", "fastapi_swagger"
ASSETS = {
    "docs.js": (OURS, "pages", "text/javascript; charset=utf-8"),
    "page.css": (OURS, "pages", "text/css; charset=utf-8"),
    "sonica.svg": (OURS, "pages", "image/svg+xml"),
    "swagger-ui-bundle.js": (SWAGGER, "resources", "text/javascript; charset=utf-8"),
    "swagger-ui.css": (SWAGGER, "resources", "text/css; charset=utf-8"),
}
"""What pages load: the package and the folder that it lies in, and its type."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; "
    "img-src 'self' data:"  # Swagger UI's style has its icons in itself
)
"""What a page may do: load from here alone."""
BUILDING = (
    "<p>The web app is not built yet: <code>make web</code> does it, and it is here at once.</p>",
    "<p>वेब ऐप अभी बना नहीं है: <code>make web</code> उसे बनाता है, और वह तुरंत यहाँ होगा।</p>",
)
"""How to come by the web app, in both languages."""
HEADERS = {"Content-Security-Policy": POLICY, "Referrer-Policy": "no-referrer"}


@router.api_route("/", methods=["GET", "HEAD"])
async def show_home(request: Request) -> Response:
    """The web app; where there is none, what this is, in English and Hindi."""
    web = parts_of(request).web
    app = await web.home(request) if web else None
    if app:
        return app
    english, hindi = BUILDING if web else ("", "")
    address = str(request.base_url)
    return _page(request, "home", address=address, version=__version__, english=english, hindi=hindi)


@router.api_route("/docs", methods=["GET", "HEAD"])
async def show_docs(request: Request) -> Response:
    """The description, to read and to try."""
    return _page(request, "docs")


@router.api_route("/problems", methods=["GET", "HEAD"])
async def show_problems(request: Request) -> Response:
    """Every type of problem."""
    items = (
        f'<li><a href="problems/{name}">{html.escape(title)}</a> <code>{name}</code></li>'
        for name, title in sorted(TITLES.items())
    )
    return _page(request, "problems", items="\n".join(items))


@router.api_route("/problems/{name}", methods=["GET", "HEAD"])
async def show_problem(request: Request, name: Annotated[str, Path(max_length=64)]) -> Response:
    """What a type of problem means and what to do: HTML, or JSON for who accepts no HTML."""
    if name not in TITLES:
        raise Problem(404, "not-found", "There is no problem of this type.")
    advice = ADVICE.get(name, UNKNOWN)
    accept = request.headers.get("accept", "").lower()
    vary = {"Vary": "Accept"}
    if "json" in accept and "html" not in accept:
        told = {"type": TYPES + name, "title": TITLES[name], "meaning": advice.meaning, "todo": advice.todo}
        return conditional(request, json.dumps(told, indent=1).encode(), "application/json", headers=vary)
    return _page(
        request,
        "problem",
        type=TYPES + name,
        title=html.escape(TITLES[name]),
        meaning=_marked(advice.meaning),
        todo="\n".join(f"<li>{_marked(one)}</li>" for one in advice.todo),
        headers=vary,
    )


@router.api_route("/assets/{name}", methods=["GET", "HEAD"])
async def show_asset(request: Request, name: Annotated[str, Path(max_length=64)]) -> Response:
    """What pages load."""
    if name not in ASSETS:
        raise Problem(404, "not-found", "Nothing is at this address.")
    answer = partial(conditional, request, media_type=ASSETS[name][2], cache=DAY)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return answer(content=_packed(name), headers={"Vary": "Accept-Encoding", "Content-Encoding": "gzip"})
    return answer(content=_asset(name), headers={"Vary": "Accept-Encoding"})


def _page(request: Request, page: str, *, headers: dict[str, str] | None = None, **texts: str) -> Response:
    """A page with texts that are HTML already, but for `address`."""
    if "address" in texts:
        texts["address"] = html.escape(texts["address"])
    content = _template(page).substitute(texts).encode()
    return conditional(request, content, HTML, headers={**HEADERS, **(headers or {})})


@cache
def _template(page: str) -> Template:
    return Template(files(OURS).joinpath("pages", f"{page}.html").read_text(encoding="utf-8"))


@cache
def _asset(name: str) -> bytes:
    package, folder, _ = ASSETS[name]
    return files(package).joinpath(folder, name).read_bytes()


@cache
def _packed(name: str) -> bytes:
    """Swagger UI is 1.7 MB, or half a megabyte."""
    return gzip.compress(_asset(name), 6, mtime=0)


def _marked(text: str) -> str:
    """Prose as HTML, with code between backticks."""
    pieces = html.escape(text).split("`")
    return "".join(f"<code>{piece}</code>" if number % 2 else piece for number, piece in enumerate(pieces))
