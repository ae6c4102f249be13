"""Music below a prefix of an object store: which objects there are, and copies of them to listen to."""

import errno
import hashlib
import os
import shutil
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePosixPath

from sonica.audio import RECORDING
from sonica.catalogue import Added, Catalogue, CatalogueError, Found, is_music
from sonica.platform.files import end_of_name
from sonica.platform.objects import Objects, ObjectsError, is_away, objects_at
from sonica.platform.parallel import in_order

AT_ONCE = 4
"""Objects that are fetched side by side."""
FULL = {errno.ENOSPC, errno.EDQUOT}
"""What the disk says where no other object would have room, either."""
MOST_NAME = 80
"""Characters of the name of an object that its copy keeps: it may have to do for a title."""


def find_objects(prefix: str) -> list[Found]:
    """The music below a prefix (a URL), by key; hidden things are passed over. Raises SonicaError."""
    keys = sorted(one.key for one in objects_at(prefix).list() if one.size and _is_music(one.key))
    if not keys:
        hint = "Name a prefix with audio files below it."
        raise CatalogueError("no_music", "There is no music below this prefix.", hint)
    return [Found(Path(key), at=f"{prefix}/{key}") for key in keys]


def add_objects(
    catalogue: Catalogue, prefix: str, found: Sequence[Found], folder: Path, *, dedupe: bool
) -> list[Added]:
    """What became of each, once it is in the catalogue, and its original is kept.

    Copies lie in `folder` as long as this lasts. Raises SonicaError where not only one object is to blame.
    """
    try:
        copied = list(
            in_order(partial(_copied, catalogue, objects_at(prefix), prefix, folder), found, AT_ONCE)
        )
        fresh = [one for one in copied if isinstance(one, Found)]
        added = iter(list(catalogue.add(fresh, dedupe=dedupe, keep=True)))
        return [next(added) if isinstance(one, Found) else one for one in copied]
    except OSError as error:
        said = f"Objects could not be copied to {folder} ({error.strerror})."
        raise CatalogueError("not_writable", said, "Check that the disk is not full.") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _copied(catalogue: Catalogue, objects: Objects, prefix: str, folder: Path, found: Found) -> Found | Added:
    """The copy of an object; or what became of it, where that is known without one."""
    if found.problem:
        return found
    key = found.at.removeprefix(f"{prefix}/")
    try:
        about = objects.find(key)
        if about and (entry := catalogue.unchanged(found.at, about.size, about.changed_ns)):
            return Added(file=found.at, status="known", entry=entry)
        if about and about.size > RECORDING.bytes:
            said = f"The object has {about.size:,} bytes; at most {RECORDING.bytes:,} are taken."
            return replace(found, problem=CatalogueError("too_large", said, "Cut it into shorter pieces."))
        name = end_of_name(PurePosixPath(key).name, MOST_NAME)
        copy = folder / hashlib.sha256(key.encode()).hexdigest()[:16] / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        objects.fetch(key, copy)
        if about:
            os.utime(copy, ns=(about.changed_ns, about.changed_ns))
    except ObjectsError as error:
        if is_away(error):
            raise
        return replace(found, problem=error)
    except OSError as error:
        if error.errno in FULL:
            raise
        said = f"The object could not be copied ({error.strerror})."
        return replace(found, problem=CatalogueError("not_writable", said, "Add it again."))
    return replace(found, path=copy)


def _is_music(key: str) -> bool:
    *folders, name = key.split("/")
    return is_music(name) and not any(folder.startswith(".") for folder in folders)
