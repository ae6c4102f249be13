"""What must hold of the built site: links that lead somewhere, and nothing that is loaded from elsewhere."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

LOADS = {
    "script": ("src",),
    "link": ("href",),
    "img": ("src", "srcset"),
    "iframe": ("src",),
    "source": ("src", "srcset"),
    "video": ("src", "poster"),
    "audio": ("src",),
    "object": ("data",),
    "embed": ("src",),
    "use": ("href",),
    "image": ("href",),
}
"""Elements that fetch something by themselves, and the attributes that say what."""
SAYS_ONLY = {"canonical", "prev", "next", "author", "license"}
"""Relations of `link` that fetch nothing."""
STYLE_LOADS = re.compile(r"(?:url\(\s*[\"']?|@import\s+[\"'])((?:https?:)?//[^\"')\s]+)")
POLICY = (
    '<meta http-equiv="Content-Security-Policy" content="'
    "default-src 'self' data: blob:; script-src 'self' 'unsafe-inline' blob:; "
    "style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; form-action 'none'\">"
)
"""No page loads or asks anything of other hosts, whatever its scripts know of."""


class _Page(HTMLParser):
    """The links, the anchors and the loads of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.styles: list[str] = []
        self._in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes what the element is called, leads to and loads."""
        said = {name: value or "" for name, value in attrs}
        self.anchors.update(said[name] for name in ("id", "name") if name in said)
        self._in_style = tag == "style"
        self.styles.append(said.get("style", ""))
        if tag == "a" and "href" in said:
            self.links.append(said["href"])
        if tag == "link" and SAYS_ONLY & set(said.get("rel", "").split()):
            return
        for name in LOADS.get(tag, ()):
            self.loads += [one.split()[0] for one in said.get(name, "").split(",") if one.strip()]

    def handle_data(self, data: str) -> None:
        """Notes styles."""
        if self._in_style:
            self.styles.append(data)
            self._in_style = False


def read(page: Path) -> _Page:
    """A page, taken apart."""
    parser = _Page()
    parser.feed(page.read_text(encoding="utf-8"))
    return parser


def mend(site: Path) -> None:
    """Gives every page a policy by which browsers load from the site alone."""
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        page.write_text(text.replace("<head>", f"<head>{POLICY}", 1), encoding="utf-8")


def broken_links(site: Path) -> Iterator[str]:
    """Links, pictures, scripts and styles of the site that lead nowhere in it, and anchors that are none."""
    there_is = {path for path in site.rglob("*") if path.is_file()}
    folders = {path.parent for path in there_is}
    parsed = {page: read(page) for page in sorted(site.rglob("*.html"))}
    for page, found in parsed.items():
        if page.name == "404.html":  # its links are from the root, wherever that will be
            continue
        for target in [*found.links, *found.loads]:
            parts = urlsplit(target)
            if parts.scheme or parts.netloc:
                continue
            path = os.path.normpath(page.parent / unquote(parts.path)) if parts.path else page
            there = Path(path, "index.html") if Path(path) in folders else Path(path)
            where = f"{page.relative_to(site)}: {target}"
            if there not in there_is:
                yield f"{where} leads nowhere"
            elif parts.fragment and there in parsed and not _has(parsed[there], parts.fragment):
                yield f"{where} has no such place"


def _has(page: _Page, fragment: str) -> bool:
    return unquote(fragment) in page.anchors


def loads_from_elsewhere(site: Path) -> Iterator[str]:
    """What a page or a style would load from another host, and pages without the policy that forbids it."""
    for page in sorted(site.rglob("*.html")):
        found = read(page)
        styles = [match for style in found.styles for match in STYLE_LOADS.findall(style)]
        for target in [*found.loads, *styles]:
            if urlsplit(target).netloc:
                yield f"{page.relative_to(site)}: loads {target}"
        if POLICY not in page.read_text(encoding="utf-8"):
            yield f"{page.relative_to(site)}: has no policy"
    for sheet in sorted(site.rglob("*.css")):
        for target in STYLE_LOADS.findall(sheet.read_text(encoding="utf-8")):
            yield f"{sheet.relative_to(site)}: loads {target}"
