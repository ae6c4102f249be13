"""`bench/music.csv`: each file that results were measured with, its licence, origin and hash."""

import csv
import hashlib
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from urllib.parse import quote

from bench.accuracy.files import write_atomically
from bench.accuracy.truth import BadTableError

MUSIC = Path(__file__).parents[1] / "music.csv"
ROLES = ("catalogue", "unknown", "noise", "rooms")
PUBLISHED = "https://raw.githubusercontent.com"
SAFE = re.compile(r"[A-Za-z0-9._+-]+")
"""What a file may be called: the manifest may be someone else's, and must not lead out of the folder."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One file. `file` lies in the folder of its role; `sha256` is of the file that was measured with."""

    file: str
    title: str
    artist: str
    genre: str
    language: str
    licence: str
    source: str
    """Address of what was published: whole, and in its first format."""
    bytes: int
    sha256: str

    @property
    def role(self) -> str:
        """What it is used for: the folder."""
        return self.file.partition("/")[0]

    @property
    def published_as(self) -> str:
        """The same name with the ending of what was published."""
        return str(Path(self.file).with_suffix(Path(self.source.rpartition("/")[2]).suffix))


COLUMNS = tuple(f.name for f in fields(Piece))


def read_music(path: Path = MUSIC) -> list[Piece]:
    """All pieces. Raises BadTableError where a line is not what it should be."""
    try:
        with path.open(newline="", encoding="utf-8") as file:
            table = csv.DictReader(file)
            if tuple(table.fieldnames or ()) != COLUMNS:
                raise BadTableError(f"{path} must have the columns {', '.join(COLUMNS)}")
            return [_piece(path, place, row) for place, row in enumerate(table, 2)]
    except FileNotFoundError:
        raise BadTableError(f"there is no {path}: name another with --music") from None


def _piece(path: Path, line: int, row: dict[str, str]) -> Piece:
    role, slash, name = row["file"].partition("/")
    problem = None
    if role not in ROLES or not slash or not SAFE.fullmatch(name) or name.startswith("."):
        problem = f"file {row['file']!r}: one of {', '.join(ROLES)}, a slash and a plain name"
    elif not re.fullmatch(r"[0-9a-f]{64}", row["sha256"] or ""):
        problem = f"sha256 {row['sha256']!r}: 64 digits from 0 to f"
    elif not (row["bytes"] or "").isdigit() or int(row["bytes"]) == 0:
        problem = f"bytes {row['bytes']!r}: a number"
    elif not (row["source"] or "").startswith("https://"):
        problem = f"source {row['source']!r}: an address that begins with https://"
    elif not row["licence"]:
        problem = "licence: missing"
    if problem:
        raise BadTableError(f"{path}, line {line}: {problem}")
    return Piece(**{**row, "bytes": int(row["bytes"])})  # type: ignore[arg-type]


def list_music(data: Path) -> list[Piece]:
    """The pieces of a data folder, hashed anew. Raises BadTableError where its manifest says otherwise."""
    pieces: list[Piece] = []
    if not (data / "manifest.csv").exists():
        raise BadTableError(f"there is no {data / 'manifest.csv'}: see bench/README.md")
    with (data / "manifest.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            path = data / row["file"]
            if not path.exists():
                raise BadTableError(f"{path} is missing, though the manifest lists it: get it")
            content = path.read_bytes()
            found = hashlib.sha256(content).hexdigest()
            if row.get("sha256") not in (None, "", found):
                raise BadTableError(f"{path} is not the file that the manifest describes: get it anew")
            where = f"{row['source_repo']}/HEAD/{row['source_path']}"
            piece = Piece(
                file=row["file"],
                title=row["title"],
                artist=row["artist"],
                genre=row["genre"],
                language=row["language"],
                licence=row["licence"],
                source=f"{PUBLISHED}/{quote(where)}",
                bytes=len(content),
                sha256=found,
            )
            pieces.append(piece)
    return sorted(pieces, key=lambda p: (ROLES.index(p.role), p.file))


def write_music(path: Path, pieces: Iterable[Piece]) -> None:
    """Writes the list in one step."""
    with write_atomically(path) as file:
        table = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        table.writeheader()
        table.writerows(asdict(p) for p in pieces)
