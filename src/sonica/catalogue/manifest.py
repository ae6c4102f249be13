"""A table of files and what they are called, for collections whose own tags are wrong.

CSV with a header, or one JSON object a line; the columns are `path` and any of `title`, `artist`,
`album`, `language`, `genre`, `year`, `isrc`. A relative path is meant from the table's folder. An
empty field says nothing: there the file's own tag holds.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from sonica.catalogue.about import FIELDS, field_of
from sonica.catalogue.errors import CatalogueError
from sonica.catalogue.ingest import Found

COLUMNS = ("path", *FIELDS)
MOST_BYTES = 1 << 30
HINT = f"A manifest is CSV with a header, or one JSON object a line, with the columns {', '.join(COLUMNS)}."


def read_manifest(path: Path) -> list[Found]:
    """The files that a manifest names, with what it says of them. Raises CatalogueError (`bad_manifest`)."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise _bad(path, "it is larger than 1 GB")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise _bad(path, error.strerror or "it cannot be read") from error
    except UnicodeDecodeError as error:
        raise _bad(path, "it is not UTF-8") from error
    is_json = text.lstrip().startswith("{")
    found: dict[str, Found] = {}
    for number, row in (_objects if is_json else _rows)(path, text):
        one = _found(path, number, row)
        if one.location in found:
            raise _bad(path, f"line {number} names {one.path} once more")
        found[one.location] = one
    return list(found.values())


def with_manifest(files: Iterable[Found], manifest: Iterable[Found]) -> list[Found]:
    """The files, with what the manifest says of those that it names."""
    said = {one.location: one.said for one in manifest}
    return [Found(one.path, one.problem, said.get(one.location, {})) for one in files]


def _rows(path: Path, text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        names = [name.strip() for name in reader.fieldnames or ()]
        if "path" not in names:
            raise _bad(path, "its header names no column path")
        reader.fieldnames = names
        for row in reader:
            if None in row:
                raise _bad(path, f"line {reader.line_num} has more fields than the header")
            yield reader.line_num, row
    except csv.Error as error:
        raise _bad(path, f"line {reader.line_num}: {error}") from error


def _objects(path: Path, text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise _bad(path, f"line {number} is no JSON") from error
        if not isinstance(row, dict):
            raise _bad(path, f"line {number} is no JSON object")
        yield number, row


def _found(manifest: Path, number: int, row: Mapping[str, Any]) -> Found:
    unknown = sorted(row.keys() - set(COLUMNS))
    if unknown:
        raise _bad(manifest, f"line {number} has a column {unknown[0]!r}, which is none of them")
    name = row.get("path")
    if not isinstance(name, str) or not name or "\0" in name or not _is_text(name):
        raise _bad(manifest, f"line {number} has no path")
    said: dict[str, str | int] = {}
    for column in FIELDS:
        value = row.get(column)
        if value is None or value == "":
            continue
        try:
            said[column] = field_of(column, value)
        except ValueError as error:
            raise _bad(manifest, f"in line {number}, {error}") from None
    return Found(manifest.parent / name, said=said)


def _is_text(name: str) -> bool:
    """Whether it is Unicode, and no half of a pair of surrogates, as JSON may hold."""
    return name == name.encode("utf-8", "replace").decode()


def _bad(path: Path, why: str) -> CatalogueError:
    return CatalogueError("bad_manifest", f"The manifest {path} cannot be used: {why}.", HINT)
