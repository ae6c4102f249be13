"""Sets this checkout up, as far as is still needed: `setup.py PART...`.

build-tools  compilers; as root on Debian the missing ones are installed, elsewhere it says how
web-tools    further programs that make the web app, and the engine in WebAssembly
test-tools   further programs for linting and testing
heavy-tools  further programs for the tests that only `make test-all` runs
bench-tools  further programs that only the accuracy bench uses
python       .venv with the versions of requirements.lock
engine       sonica itself, editable, with its engine compiled for this Python
clients      Node and pnpm in build/node, and node_modules with the versions of pnpm-lock.yaml
web          the web app in clients/web/out, with the engine in WebAssembly

Each part remembers what it was made from (a digest), so that a second run costs a moment, an
interrupted one goes on, and two at a time wait for each other.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import platform
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from check import CHECKS
from step import NODE_FOLDER, ROOT, VENV, Step, run
from tools import BENCH_TOOLS, BUILD_TOOLS, HEAVY_TOOLS, TEST_TOOLS, WEB_TOOLS, Tool

BUILD = ROOT / "build"
ENGINE_SOURCES = ("Cargo.toml", "Cargo.lock", "pyproject.toml", "engine/core", "engine/python")
CLIENT_SOURCES = ("package.json", "pnpm-workspace.yaml", "pnpm-lock.yaml")
WEB_SOURCES = (
    *ENGINE_SOURCES[:2],
    "engine/core",
    "engine/wasm",
    "clients",
    "tsconfig.base.json",
    "pnpm-lock.yaml",
)
BUILT = {"node_modules", "dist", "out", ".next", "test", "test-results"}
"""Folders below these of what no build is made from."""
APP = ROOT / "clients" / "web" / "out" / "index.html"
NODE, PNPM = "24.21.0", "12.21.0"
"""Kept apart from the system's, which is often too old for the tools of the clients."""
MODULE = ROOT / "src" / "sonica" / "_engine.abi3.so"


def digest(paths: Iterator[Path], *words: str) -> str:
    """A digest of the words, and of the files' names and contents."""
    total = hashlib.sha256("\0".join(words).encode())
    for path in sorted(paths):
        total.update(f"\0{path.relative_to(ROOT)}\0".encode())
        total.update(path.read_bytes())
    return total.hexdigest()


def files(*names: str) -> Iterator[Path]:
    """All files under these names of the checkout; a name that is not there has none."""
    for name in names:
        path = ROOT / name
        yield from (file for file in [path, *path.rglob("*")] if file.is_file())


@contextmanager
def alone() -> Iterator[None]:
    """Lets one setup at a time work on this checkout."""
    BUILD.mkdir(exist_ok=True)
    with (BUILD / "setup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("  … Another setup is at work here; waiting for it", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def install_tools(wanted: tuple[Tool, ...]) -> bool:
    """Installs the programs that are missing where it can, else says what would."""
    missing = [tool for tool in wanted if not tool.present()]
    packages = sorted({package for tool in missing for package in tool.packages})
    if not missing:
        return True
    command = ("apt-get", "install", "-y", "--no-install-recommends", *packages)
    if can_apt():
        # Lists that cannot be renewed may still serve.
        update = ("sh", "-c", "apt-get update -q || echo 'Going on with the lists that are here.'")
        run(Step("apt", f"Debian packages: {', '.join(packages)}", "1 to 4 min", (update, unasked(command))))
        missing = [tool for tool in missing if not tool.present()]
    for tool in missing:
        print(f"  ✗ {tool.name} is missing. {tool.advice}")
    if missing and has_apt() and not can_apt():
        print(f"\n  On Debian, this installs all of it:\n\n      sudo {' '.join(command)}\n")
    return not missing


def can_apt() -> bool:
    """Whether this may install Debian packages: root, on a system that has apt."""
    return has_apt() and os.geteuid() == 0


def has_apt() -> bool:
    """Whether this system takes Debian packages."""
    return shutil.which("apt-get") is not None


def unasked(command: tuple[str, ...]) -> tuple[str, ...]:
    """The command, asking nothing and waiting for another apt to finish."""
    return ("env", "DEBIAN_FRONTEND=noninteractive", *command, "-q", "-o", "DPkg::Lock::Timeout=300")


def make_python() -> bool:
    """Makes .venv and installs the locked versions, when either has changed."""
    wanted = digest(files("requirements.lock"), platform.python_version(), str(VENV))
    mark = VENV / ".installed"
    if current(mark, wanted) and (VENV / "bin" / "python").exists():
        return True
    pip = (str(VENV / "bin" / "python"), "-m", "pip", "--disable-pip-version-check")
    commands = (
        # From nothing: a folder that was never finished, was moved, or holds what is no longer
        # asked for is not worth mending.
        (sys.executable, "-m", "venv", "--clear", str(VENV)),
        (*pip, "install", "--prefer-binary", "-r", "requirements.lock"),
        (*pip, "check"),
    )
    done = run(Step("python", "Python packages in .venv", "30 s to 3 min", commands)).ok
    if done:
        mark.write_text(wanted)
    return done


def make_engine() -> bool:
    """Compiles the engine and installs sonica in .venv, when its sources have changed."""
    wanted = digest(files(*ENGINE_SOURCES), (VENV / ".installed").read_text())
    mark = VENV / ".engine"
    if current(mark, wanted) and MODULE.exists():
        return True
    command = (str(VENV / "bin" / "maturin"), "develop", "--release")
    done = run(Step("engine", "Engine, compiled for Python", "cold 1 to 2 min, warm 20 s", (command,))).ok
    if done:
        mark.write_text(wanted)
    return done


def make_clients() -> bool:
    """Installs Node, pnpm and the locked packages, when the lock has changed."""
    wanted = digest(files(*CLIENT_SOURCES), NODE, PNPM)
    mark = NODE_FOLDER / ".installed"
    if current(mark, wanted) and (ROOT / "node_modules" / ".pnpm").is_dir():
        return True
    shutil.rmtree(NODE_FOLDER, ignore_errors=True)
    NODE_FOLDER.mkdir(parents=True)
    quiet = ("--no-audit", "--no-fund", "--no-package-lock", "--loglevel", "error")
    system, machine = platform.system().lower(), platform.machine().lower()
    processor = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64"}.get(machine, machine)
    node = f"node-{system}-{processor}@{NODE}"
    commands = (
        ("npm", "install", "--prefix", str(NODE_FOLDER), *quiet, node, f"pnpm@{PNPM}"),
        ("pnpm", "install", "--frozen-lockfile", "--reporter", "append-only"),
    )
    done = run(Step("clients", "Packages for the clients, in node_modules", "30 s to 2 min", commands)).ok
    if done:
        mark.write_text(wanted)
    return done


def make_web() -> bool:
    """Builds the web app, when anything that it is made from has changed."""
    sources = (path for path in files(*WEB_SOURCES) if BUILT.isdisjoint(path.relative_to(ROOT).parts))
    wanted = digest(sources, NODE, PNPM)
    mark = BUILD / "web.installed"
    if current(mark, wanted) and APP.exists():
        return True
    mark.unlink(missing_ok=True)
    done = all(run(CHECKS[name].step).ok for name in ("wasm-build", "web-build"))
    if done:
        mark.write_text(wanted)
    return done


def current(mark: Path, wanted: str) -> bool:
    """Whether the part behind the mark was made from just this."""
    return mark.exists() and mark.read_text() == wanted


PARTS = {
    "build-tools": lambda: install_tools(BUILD_TOOLS),
    "web-tools": lambda: install_tools(WEB_TOOLS),
    "test-tools": lambda: install_tools(TEST_TOOLS),
    "heavy-tools": lambda: install_tools(HEAVY_TOOLS),
    "bench-tools": lambda: install_tools(BENCH_TOOLS),
    "python": make_python,
    "engine": make_engine,
    "clients": make_clients,
    "web": make_web,
}


def main(names: list[str]) -> int:
    """Brings the named parts up to date; 1 when one of them could not be."""
    if not names or any(name not in PARTS for name in names):
        print(__doc__)
        return 2
    with alone():
        return 0 if all(PARTS[name]() for name in names) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
