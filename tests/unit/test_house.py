"""The rules of the house (CONTRIBUTING.md), as far as no linter keeps them."""

import ast
import itertools
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from sonica import _engine

ROOT = Path(__file__).resolve().parents[2]
NOT_OURS = {".git", ".venv", ".demo", "target", "build", "dist", "node_modules", "__pycache__", ".next"}
"""Folders of what is installed, built or composed; caches of tools end in `_cache`."""

NOT_WRITTEN = {
    "bench/data",
    "bench/results/accuracy",
    "clients/sdk/src/generated",
    "clients/web/out",
    "clients/web/public/engine",
    "clients/web/src/i18n/compiled",
    ".hypothesis",
}
"""The same, where the name alone does not tell."""

CODE = {".rs", ".py", ".pyi", ".js", ".mjs", ".ts", ".tsx", ".css", ".sh", ".md", ".toml"}
LONGEST = 400
LONGER: dict[str, str] = {
    "docs/reference/api.md": "every route, made of the code",
    "docs/reference/commands.md": "every command, made of the code",
}
"""Files that may have more lines than LONGEST, and why."""

FORBIDDEN = {
    "a path of one machine": re.compile(r"(?<![\w.~])/(?:home|root|Users|work|mnt|tmp)/\w"),
    "a registry's address": re.compile(r"https?://\S*(?:pypi|pythonhosted|artifactory|npmjs|crates\.io)"),
    "a note to self": re.compile(r"\b(?:T[O]DO|FIX[M]E|X[X]X)\b"),
    "a number that means nothing here": re.compile(r"\b[Ii]ssue #?\d"),
    "the mark of a merge": re.compile(r"^(?:<{7}|>{7}) ", re.MULTILINE),
    "a test that is skipped": re.compile(
        r"mark\.ski[p]|importorski[p]|pytest\.ski[p]\(|#\[ignor[e]\]|\b(?:test|it|describe)\.(?:skip|fixme|only|todo)"
    ),
}
NOT_KEPT = re.compile(
    r"\.(wav|mp3|m4a|aac|ogg|opus|flac|webm|npy|npz|onnx|pt|safetensors|wasm|so|whl|zip|gz)$"
)
"""Names of what is recorded, trained or built."""


def files() -> Iterator[Path]:
    """Every file of the checkout that is ours."""
    folders = [ROOT]
    for folder in folders:
        for path in sorted(folder.iterdir()):
            if path.is_dir() and path.name not in NOT_OURS and not path.name.endswith("_cache"):
                if path.relative_to(ROOT).as_posix() not in NOT_WRITTEN:
                    folders.append(path)
            elif path.is_file():
                yield path


FILES = list(files())
TEXTS = [path for path in FILES if path.suffix in CODE or path.name in {"Makefile", "run"}]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def table(path: str) -> dict[str, object]:
    return tomllib.loads((ROOT / path).read_text())


def test_the_walk_finds_the_house() -> None:
    found = {name(path) for path in TEXTS}
    assert {"Makefile", ".ci/run", "README.md", "engine/core/src/lib.rs", "tests/unit/test_house.py"} <= found


def test_no_file_needs_scrolling() -> None:
    lines = {name(path): len(path.read_text().splitlines()) for path in TEXTS}
    long = {path for path, count in lines.items() if count > LONGEST}
    assert long == set(LONGER), "split these, or list them with a reason (or take them off the list)"


@pytest.mark.parametrize("what", FORBIDDEN)
def test_nothing_holds(what: str) -> None:
    found = [
        f"{name(path)}:{number}: {line.strip()}"
        for path in TEXTS
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if FORBIDDEN[what].search(line)
    ]
    assert not found, what


def test_nothing_is_kept_that_is_recorded_trained_or_built() -> None:
    built_in_place = {"src/sonica/_engine.abi3.so"}  # by maturin; git ignores it
    assert {name(path) for path in FILES if NOT_KEPT.search(path.name)} <= built_in_place


def test_shell_scripts_stop_at_the_first_error_and_can_be_run() -> None:
    scripts = [path for path in FILES if path.suffix == ".sh"] + [ROOT / ".ci" / "run"]
    for script in scripts:
        assert "set -euo pipefail" in script.read_text(), name(script)
        assert script.stat().st_mode & 0o111, f"chmod +x {name(script)}"


# --- documents --------------------------------------------------------------------------------------


def test_every_link_between_documents_leads_somewhere() -> None:
    broken = [
        f"{name(document)}: {target}"
        for document in FILES
        if document.suffix == ".md"
        for target in re.findall(r"\]\(([^)#\s]+)", document.read_text())
        if "://" not in target and not (document.parent / target).exists()
    ]
    assert not broken


def test_every_decision_has_its_page_its_number_and_its_line_in_the_index() -> None:
    folder = ROOT / "docs" / "decisions"
    pages = sorted(folder.glob("[0-9]*.md"))
    index = (folder / "README.md").read_text()
    headings = re.findall(r"^## .*$", (folder / "template.md").read_text(), re.MULTILINE)
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    for page in pages:
        text = page.read_text()
        title = re.match(r"# (\d{4}): (.+)\n", text)
        assert title is not None, f"{page.name} starts with `# {page.name[:4]}: the decision`"
        assert title[1] == page.name[:4]
        assert f"| [{title[1]}]({page.name}) | {title[2]} |" in index
        assert re.findall(r"^## .*$", text, re.MULTILINE) == headings, page.name


def test_every_make_target_that_a_document_names_is_in_the_help() -> None:
    explained = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert {"setup", "run", "test", "test-all", "lint", "bench", "train", "help"} <= explained
    documents = [path.read_text() for path in FILES if path.suffix == ".md"]
    named = {target for text in documents for target in re.findall(r"`(?:V=1 )?make ([a-z-]+)", text)}
    assert named <= explained


# --- numbers that stand in several places -----------------------------------------------------------


def test_versions_agree() -> None:
    cargo = table("Cargo.toml")["workspace"]
    project = table("pyproject.toml")["project"]
    assert isinstance(cargo, dict)
    assert isinstance(project, dict)
    latest = re.search(r"^## (\S+),", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert latest is not None
    assert project["version"] == cargo["package"]["version"] == latest[1]
    rust = cargo["package"]["rust-version"]
    for document in ("README.md", "scripts/tools.py"):
        assert f"Rust {rust}" in (ROOT / document).read_text(), document


def test_the_lock_is_plain_and_fits_the_project() -> None:
    lines = [line for line in (ROOT / "requirements.lock").read_text().splitlines() if line[:1] != "#"]
    locked = {}
    for line in lines:
        plain = re.fullmatch(r"([A-Za-z0-9._-]+)==([A-Za-z0-9.+!]+)", line)
        assert plain is not None, f"`name==version` alone: {line}"
        locked[plain[1].lower().replace("_", "-")] = plain[2]
    project = table("pyproject.toml")["project"]
    assert isinstance(project, dict)
    for line in [*project["dependencies"], *itertools.chain(*project["optional-dependencies"].values())]:
        wanted = re.fullmatch(r"([a-z0-9-]+)>=([0-9.]+),<([0-9.]+)", line)
        assert wanted is not None, f"`name>=lowest,<first too high`: {line}"
        lowest, version, too_high = (numbers(text) for text in (wanted[2], locked[wanted[1]], wanted[3]))
        assert lowest <= version < too_high, f"{line}: run `make lock`"


def numbers(version: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", version)]


def test_both_float_types_are_kept_from_the_mathematics_library() -> None:
    methods = table("clippy.toml")["disallowed-methods"]
    assert isinstance(methods, list)
    paths = {method["path"] for method in methods}
    of = {kind: {path[5:] for path in paths if path.startswith(f"{kind}::")} for kind in ("f32", "f64")}
    assert of["f32"] == of["f64"]
    assert {"sin", "cos", "ln", "log10", "exp", "powf", "powi", "mul_add"} <= of["f32"]


def test_the_stub_describes_the_engine_that_is_there() -> None:
    tree = ast.parse((ROOT / "src" / "sonica" / "_engine.pyi").read_text())
    described = set()
    for node in tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            described.add(node.name)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            described.add(node.target.id)
    there = {item for item in vars(_engine) if not item.startswith("_")}
    assert described == there
