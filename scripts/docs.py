"""Builds the site of the documents into build/site: `docs.py [--check]`.

The pages of docs/ link to files of the repository beside it, as on a code host. So all that they link to is
laid out with them in build/docs, below `repository/`, with the links turned; then Zensical builds that, and
any link that leads nowhere ends it. `--check` only looks: it builds in a folder of its own and removes it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import pages

ROOT = Path(__file__).resolve().parent.parent
CONFIGURATION = "docs/zensical.toml"
STAGE, SITE = "build/docs", "build/site"
"""Where the pages are laid out, and the site that is made of them: as the configuration says, from build/."""
DECISIONS = '"decisions/index.md",'
"""In the configuration: behind it come all decisions."""
BESIDE = "repository"
"""Below this are the files of the checkout that are not in docs/."""
ALSO = (
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "bench/README.md",
    "bench/results/README.md",
    "clients/sdk/README.md",
)
"""What the navigation names, whether a page links to it or not."""
LEFT_OUT = {"docs/decisions/template.md"}
"""Of docs/: forms to fill in, which are no pages. A link to one leads to its text."""
LINK = re.compile(r"(\]\(|\bsrc=\"|\bhref=\")([^)#\s\"]+)")
"""What leads somewhere, in Markdown and in HTML."""
FENCE = re.compile(r"^( *)(`{3,}|~{3,}).*?^\1\2 *$", re.MULTILINE | re.DOTALL)


class DocsError(Exception):
    """The site cannot be built; the text says what to mend."""


@dataclass
class Stage:
    """Pages laid out for the generator. `root`: of the checkout; `folder`: where they go."""

    root: Path
    folder: Path
    waiting: list[str] = field(default_factory=list)
    done: dict[str, str] = field(default_factory=dict)
    """By the path in the checkout, that in `folder`."""

    def place(self, path: str) -> str:
        """Where a file or a folder of the checkout goes; it is taken along from now on."""
        if path not in self.done:
            name = path.removeprefix("docs/") if path.startswith("docs/") else f"{BESIDE}/{path}"
            if (self.root / path).is_dir():
                name = f"{name}/index.md"
            elif name.endswith("README.md"):
                name = name.removesuffix("README.md") + "index.md"
            elif path in LEFT_OUT:
                name += ".txt"
            self.done[path] = name
            self.waiting.append(path)
        return self.done[path]

    def lay_out(self) -> None:
        """Writes all pages, and what they link to, and what that links to."""
        documents = sorted(path for path in (self.root / "docs").rglob("*") if path.is_file())
        for path in (*(one.relative_to(self.root).as_posix() for one in documents), *ALSO):
            if path != CONFIGURATION:
                self.place(path)
        while self.waiting:
            self._write(self.waiting.pop())

    def _write(self, path: str) -> None:
        source, target = self.root / path, self.folder / self.done[path]
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            target.write_text(self._page(self._listing(path), f"{path}/index.md"))
        elif source.suffix == ".md" and path not in LEFT_OUT:
            target.write_text(self._page(source.read_text(), path))
        else:
            shutil.copyfile(source, target)

    def _listing(self, path: str) -> str:
        """A page for a folder that has none of its own."""
        names = sorted(file.name for file in (self.root / path).iterdir() if file.is_file())
        lines = "\n".join(f"- [{name}]({name})" for name in names)
        return f"# {path}\n\nThe files of this folder of the repository:\n\n{lines}\n"

    def _page(self, text: str, path: str) -> str:
        """A page with its links turned to where their targets are; what is shown as code stays."""
        pieces, end = [], 0
        for fence in FENCE.finditer(text):
            pieces += [self._turned(text[end : fence.start()], path), fence[0]]
            end = fence.end()
        return "".join([*pieces, self._turned(text[end:], path)])

    def _turned(self, text: str, path: str) -> str:
        def turn(found: re.Match[str]) -> str:
            target = found[2]
            if re.match(r"[a-z][a-z0-9+.-]*:", target):
                return found[0]
            there = os.path.normpath(os.path.join(os.path.dirname(path), target))  # noqa: PTH118, PTH120  a path in a page
            if there.startswith("..") or not (self.root / there).exists():
                raise DocsError(f"{path}: {target} leads nowhere. Mend the link, or add what it means.")
            if (self.root / there / "README.md").is_file():
                there += "/README.md"
            here = os.path.dirname(self.place(path) if path in self.done else self._of_folder(path))  # noqa: PTH120
            return found[1] + os.path.relpath(self.place(there), here or ".")

        # Python-Markdown looks into elements of HTML only where they ask for it.
        return LINK.sub(turn, text).replace("<details>", '<details markdown="1">')

    def _of_folder(self, path: str) -> str:
        return self.done[path.removesuffix("/index.md")]


def build(root: Path, folder: Path) -> Path:
    """Builds the site of the checkout `root` below `folder`; where it is. Raises DocsError."""
    stage = Stage(root, folder / STAGE)
    shutil.rmtree(stage.folder, ignore_errors=True)
    shutil.rmtree(folder / SITE, ignore_errors=True)
    stage.lay_out()
    said = (root / CONFIGURATION).read_text()
    decisions = [f'"decisions/{page.name}",' for page in sorted((root / "docs/decisions").glob("[0-9]*.md"))]
    configuration = folder / "build" / Path(CONFIGURATION).name
    configuration.write_text(said.replace(DECISIONS, " ".join([DECISIONS, *decisions])))
    zensical = Path(sys.executable).with_name("zensical")
    command = [str(zensical), "build", "--strict", "--clean", "--config-file", str(configuration)]
    done = subprocess.run(command, cwd=folder / "build", capture_output=True, text=True, check=False)
    if done.returncode:
        told = re.sub(r"\x1b\[[\d;]*m", "", done.stderr).partition("Traceback")[0]
        raise DocsError(f"Zensical refuses the pages (they lie in {stage.folder}):\n\n{told}")
    site = folder / SITE
    pages.mend(site)
    if wrong := [*pages.broken_links(site), *pages.loads_from_elsewhere(site)]:
        raise DocsError("The site is not whole:\n\n  " + "\n  ".join(wrong))
    return site


def main(arguments: list[str]) -> int:
    """Builds the site, or only looks whether it can be; 1 where it cannot."""
    try:
        if "--check" in arguments:
            with tempfile.TemporaryDirectory() as folder:
                build(ROOT, Path(folder))
            print("  ✓ Every link of the documents leads somewhere.")
        else:
            site = build(ROOT, ROOT)
            count = sum(1 for _ in site.rglob("*.html"))
            print(f"  ✓ {count} pages in {site.relative_to(ROOT)}: open {site.relative_to(ROOT)}/index.html")
    except DocsError as error:
        print(f"  ✗ {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
