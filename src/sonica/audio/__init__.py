"""Any file or stream to mono samples and tags, and back; songs that Sonica composes itself."""

from sonica.audio.decode import Audio, Limits, Stream, decode, open_file, open_stream
from sonica.audio.encode import write_audio
from sonica.audio.errors import AudioError
from sonica.audio.tags import Tags, clean, read_tags

__all__ = [
    "Audio",
    "AudioError",
    "Limits",
    "Stream",
    "Tags",
    "clean",
    "decode",
    "open_file",
    "open_stream",
    "read_tags",
    "write_audio",
]
