"""What can be wrong with a piece of audio, as a closed set."""

from typing import Literal

from sonica.platform.errors import SonicaError

AudioErrorCode = Literal[
    "not_found",
    "not_a_file",
    "unreadable",
    "empty",
    "not_audio",
    "no_audio",
    "corrupt",
    "silent",
    "too_short",
    "too_large",
    "too_long",
    "channels",
    "rate",
    "time",
    "memory",
    "crashed",
    "no_process",
    "no_microphone",
    "bad_address",
    "no_stream",
    "not_written",
    "not_taggable",
]

HINTS: dict[AudioErrorCode, str] = {
    "not_found": "Check the spelling of the path.",
    "not_a_file": "Name a file; `sonica add` also takes folders.",
    "unreadable": "Check that you may read the file, and that its disk is well.",
    "empty": "The copy or download may have stopped early: fetch the file again.",
    "not_audio": (
        "Give a music or video file: MP3, M4A, AAC, OGG, Opus, FLAC, WAV, AIFF, WMA, WebM, MP4, 3GP, AMR."
    ),
    "no_audio": "Give a file that has sound in it.",
    "corrupt": "The file is damaged: fetch it again, or convert it with another program.",
    "silent": "Check that the recording worked and that the microphone was not muted.",
    "too_short": "Give more of the song.",
    "too_large": "Cut the file into shorter pieces.",
    "too_long": "Cut it into shorter pieces, or allow more to `sonica add`: SONICA_LONGEST_MINUTES=240.",
    "channels": "Mix the file down to mono or stereo.",
    "rate": "Convert the file to 44.1 or 48 kHz.",
    "time": "Convert the file with another program, or cut it into shorter pieces.",
    "memory": "Convert the file with another program, to FLAC or MP3.",
    "crashed": "The file is damaged: fetch it again, or convert it with another program.",
    "no_process": "Check that memory and processes are free, and that the installation of Sonica is whole.",
    "no_microphone": (
        "Plug one in and choose it in the sound settings, or name it with --device; see that parec or "
        "arecord is installed. A recording is named by `sonica recognize FILE`."
    ),
    "bad_address": "It is like https://radio.example/stream, with http or https.",
    "no_stream": "Check that the address plays in a browser, and that this machine has a network.",
    "not_written": "Check that the folder may be written to and that its disk is not full.",
    "not_taggable": "Convert the file to FLAC, MP3, M4A, OGG or Opus with another program, and name that.",
}
"""What to do about each. Every code has one; a test keeps it so."""


class AudioError(SonicaError):
    """Audio that cannot be used, or not be written. The codes are `AudioErrorCode`."""

    def __init__(self, code: AudioErrorCode, message: str, hint: str = "") -> None:
        super().__init__(code, message, hint or HINTS[code])
        self.code: AudioErrorCode = code
