"""New tags in a file that is there: everything else in it stays, and above all its sound."""

import hashlib
import os
import shutil
from dataclasses import fields
from pathlib import Path

import av
from av.stream import Disposition

from sonica import _engine
from sonica.audio.decoder import opened
from sonica.audio.errors import AudioError
from sonica.audio.files import open_file
from sonica.audio.limits import LIMITS, Limits
from sonica.audio.sound import Cover, Tags
from sonica.audio.tags import opened_with_tags
from sonica.platform.files import replacing


def write_tags(path: str | os.PathLike[str], tags: Tags, limits: Limits = LIMITS) -> bool:
    """Makes the file say what `tags` says; a field that is empty there stays as it is in the file.

    MP3 (as ID3v2.4), FLAC, M4A and MP4, Ogg Vorbis, Opus. All is done to a copy, which takes the place of
    the file only when its tags read back and its sound is the same packet by packet: whatever goes wrong,
    the file is the old or the new one. Returns whether there was anything to write. Raises AudioError:
    `not_taggable`, `not_written`, and those of reading.
    """
    path = Path(path)
    wanted = _missing(path, tags, limits)
    if not wanted:
        return False
    before = _sound(path, limits)
    place = path.resolve()  # a link goes on leading there
    try:
        if not os.access(place, os.W_OK):
            raise AudioError("not_written", "The file may not be written to.", "Check its permissions.")
        with replacing(place) as copy:
            with open_file(place, limits) as old, copy.open("xb") as new:
                shutil.copyfileobj(old, new)
            shutil.copystat(place, copy)
            _write(copy, wanted)
            if _missing(copy, tags, limits) or _sound(copy, limits) != before:
                raise _not_taggable("they would not read back, or the sound would change")
            os.utime(copy)
    except OSError as error:
        raise AudioError("not_written", f"The file could not be written ({error.strerror}).") from error
    return True


def _missing(path: Path, tags: Tags, limits: Limits) -> dict[str, str | int | Cover]:
    """What `tags` says and the file does not."""
    with opened_with_tags(path, limits, with_cover=True, name="") as (_, said):
        named = [field.name for field in fields(Tags)]
        return {name: new for name in named if (new := getattr(tags, name)) and new != getattr(said, name)}


def _write(path: Path, wanted: dict[str, str | int | Cover]) -> None:
    cover = wanted.get("cover")
    texts = [(name, str(value)) for name, value in wanted.items() if name != "cover"]
    try:
        _engine.write_tags(path, texts, (cover.data, cover.mime) if isinstance(cover, Cover) else None)
    except _engine.EngineError as error:
        raise _not_taggable(error.message) from error


def _not_taggable(why: str) -> AudioError:
    return AudioError("not_taggable", f"The tags of this file cannot be written ({why.rstrip('.')}).")


def _sound(path: Path, limits: Limits) -> bytes:
    """A digest of all that a player would be given: every packet that is no cover, and when it is due."""
    digest = hashlib.blake2b(digest_size=32)
    with opened(path, limits) as container:
        streams = [s for s in container.streams if not s.disposition & Disposition.attached_pic]
        try:
            for packet in container.demux(streams):
                digest.update(f"{packet.stream_index} {packet.pts} {packet.duration} {packet.size} ".encode())
                digest.update(bytes(packet))
        except av.FFmpegError as error:
            raise AudioError("corrupt", "The file is cut off or damaged, and is left as it is.") from error
    return digest.digest()
