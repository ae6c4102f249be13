"""Any file or stream to fingerprint, samples and tags, and back; songs that Sonica composes itself."""

from sonica.audio.decode import Audio, Stream, decode, open_file, open_stream
from sonica.audio.encode import write_audio
from sonica.audio.errors import AudioError
from sonica.audio.limits import BROADCAST, LIMITS, RECORDING, WHOLE, Limits, recording_limits
from sonica.audio.listen import Heard, Listen, listen
from sonica.audio.microphone import open_microphone, open_raw
from sonica.audio.retag import write_tags
from sonica.audio.sandbox import Sandbox
from sonica.audio.tags import Cover, Tags, read_tags
from sonica.audio.text import clean

__all__ = [
    "BROADCAST",
    "LIMITS",
    "RECORDING",
    "WHOLE",
    "Audio",
    "AudioError",
    "Cover",
    "Heard",
    "Limits",
    "Listen",
    "Sandbox",
    "Stream",
    "Tags",
    "clean",
    "decode",
    "listen",
    "open_file",
    "open_microphone",
    "open_raw",
    "open_stream",
    "read_tags",
    "recording_limits",
    "write_audio",
    "write_tags",
]
