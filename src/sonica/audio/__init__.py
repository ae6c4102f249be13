"""Any file or stream to fingerprint, samples and tags, and back; songs that Sonica composes itself."""

from typing import TYPE_CHECKING

from sonica.platform import lazy

if TYPE_CHECKING:
    from sonica.audio.decoder import decode, open_stream
    from sonica.audio.encode import write_audio
    from sonica.audio.errors import AudioError
    from sonica.audio.files import open_file
    from sonica.audio.hearing import listen
    from sonica.audio.limits import BROADCAST, LIMITS, RECORDING, WHOLE, Limits, recording_limits
    from sonica.audio.microphone import open_microphone, open_raw
    from sonica.audio.retag import write_tags
    from sonica.audio.sandbox import Sandbox
    from sonica.audio.sound import Audio, Cover, Heard, Listen, Stream, Tags
    from sonica.audio.tags import read_tags
    from sonica.audio.text import clean
else:
    __getattr__ = lazy.parts(
        __name__,
        decoder="decode open_stream",
        encode="write_audio",
        errors="AudioError",
        files="open_file",
        hearing="listen",
        limits="BROADCAST LIMITS RECORDING WHOLE Limits recording_limits",
        microphone="open_microphone open_raw",
        retag="write_tags",
        sandbox="Sandbox",
        sound="Audio Cover Heard Listen Stream Tags",
        tags="read_tags",
        text="clean",
    )

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
