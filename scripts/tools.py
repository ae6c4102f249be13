"""The programs of the system that Sonica is built and tested with, and where they come from."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

DEBIAN_RUST = Path("/usr/lib/rustlib/src/rust/library/std")
"""Where Debian's rust-web-src puts the standard library's sources."""


@dataclass(frozen=True)
class Tool:
    """A program, how to see that it is there, and how to get it."""

    name: str
    packages: tuple[str, ...]
    """Debian's packages that bring it."""
    advice: str
    """What to do where it cannot be installed by us."""
    command: tuple[str, ...] = ()
    """Prints its version; it is there when this succeeds."""
    oldest: tuple[int, ...] = ()
    path: Path | None = None
    """A file that has to be there as well."""

    def present(self) -> bool:
        """Whether it is there, new enough and complete."""
        if self.path is not None and not self.path.exists():
            return False
        if not self.command:
            return True
        if shutil.which(self.command[0]) is None:
            return False
        answer = subprocess.run(self.command, capture_output=True, text=True, check=False)
        return answer.returncode == 0 and version(answer.stdout) >= self.oldest


def version(text: str) -> tuple[int, ...]:
    """The first dotted number in a text: (1, 95, 0) of `rustc 1.95.0 (5980761)`; () without one."""
    found = re.search(r"\d+(\.\d+)+", text)
    return tuple(map(int, found[0].split("."))) if found else ()


BUILD_TOOLS = (
    Tool(
        "Python 3.11 or newer, with venv",
        ("python3", "python3-venv"),
        "Install it, or name one: make setup PYTHON=python3.12",
        (sys.executable, "-c", "import ensurepip, platform; print(platform.python_version())"),
        (3, 11),
    ),
    Tool("A C compiler, as linker", ("gcc", "libc6-dev"), "Install gcc or clang.", ("cc", "--version")),
    Tool(
        "Rust 1.95 or newer (cargo)",
        ("cargo-web", "rustc-web"),
        "Install it with rustup (rustup.rs), or `rustup update`.",
        ("cargo", "--version"),
        (1, 95),
    ),
)
"""What the engine and the command line need."""

BENCH_TOOLS = (
    Tool("ffmpeg", ("ffmpeg",), "Install ffmpeg: the bench uses its codecs.", ("ffmpeg", "-version")),
    Tool(
        "rubberband",
        ("rubberband-cli",),
        "Install rubberband: the bench changes speed and pitch with it.",
        ("rubberband", "--version"),
    ),
    Tool(
        "espeak-ng",
        ("espeak-ng",),
        "Install espeak-ng: the bench lets it talk over the music.",
        ("espeak-ng", "--version"),
    ),
)
"""What makes degraded queries for the accuracy bench."""

WEB_TOOLS = (
    Tool("Node 18 or newer", ("nodejs",), "Install it (nodejs.org).", ("node", "--version"), (18,)),
    Tool(
        "npm, which brings Node and pnpm for the clients",
        ("npm",),
        "Install it; it comes with Node.",
        ("npm", "--version"),
    ),
    # The three below build the engine for browsers. rustup's own WASM target is used where it is
    # there; the build without WASM's newer instructions always makes its standard library itself.
    Tool(
        "wasm-ld, the linker for WebAssembly",
        ("lld",),
        "Install LLVM's lld.",
        ("wasm-ld", "--version"),
    ),
    Tool(
        "wasm2js, WebAssembly to JavaScript",
        ("binaryen",),
        "Install binaryen.",
        ("wasm2js", "--version"),
    ),
    Tool(
        "Rust with the sources of its standard library",
        ("cargo-web", "rustc-web", "rust-web-src"),
        "Only Debian's packages were tried: cargo-web, rustc-web, rust-web-src.",
        ("/usr/bin/cargo", "--version"),
        (1, 95),
        DEBIAN_RUST,
    ),
)
"""What the web app needs besides."""

TEST_TOOLS = (
    *BENCH_TOOLS,  # the degradations are tested, too
    *WEB_TOOLS,
    Tool(
        "Clippy, the linter of Rust",
        ("rust-web-clippy",),
        "Run `rustup component add clippy`.",
        ("cargo", "clippy", "--version"),
    ),
    Tool(
        "rustfmt, the formatter of Rust",
        ("rustfmt-web",),
        "Run `rustup component add rustfmt`.",
        ("cargo", "fmt", "--version"),
    ),
    Tool(
        "Redis, the server",
        ("redis-server",),
        "Install Redis 7 or newer.",
        ("redis-server", "--version"),
        (7,),
    ),
    Tool(
        "Chromium, in which the clients are tested",
        ("chromium",),
        "Install Chromium or Chrome, or say where it is in CHROMIUM.",
        ("sh", "-c", '"${CHROMIUM:-$(command -v chromium || command -v google-chrome)}" --version'),
    ),
)
"""What linting and testing need besides."""

HEAVY_TOOLS = (
    Tool(
        "PostgreSQL 15 or newer, where Debian has it",
        ("postgresql",),
        "Only Debian's package was tried: postgresql.",
        ("sh", "-c", '"$(ls /usr/lib/postgresql/*/bin/postgres | sort -V | tail -n 1)" --version'),
        (15,),
    ),
)
"""What the heavy tests need besides."""
