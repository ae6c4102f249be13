"""What requests and answers look like, for the OpenAPI document: a song of the demo, heard in a tea shop."""

from typing import Any

RECOGNITION_ID = "0199a1b2-c3d4-7e5f-8a6b-9c0d1e2f3a4b"
FEEDBACK_TOKEN = "yWqS0mZcQ1u4hXk2bT7nVw"  # noqa: S105  an example
SESSION = "8f14e45fceea167a5a36dedd4bea2543"
KEY = "5e0f3f1c-5f0c-4f7b-9a53-0a9a0b6f4f6e"

SONG = {
    "id": 6,
    "recording_id": 6,
    "title": "शाम की चिट्ठी (Shaam ki Chitthi)",
    "artist": "Sonica",
    "language": "hi",
    "path": "",
}
TIMINGS = {"decode": 0.0, "fingerprint": 0.0, "search": 4.8}

MATCH = {
    "id": RECOGNITION_ID,
    "feedback_token": FEEDBACK_TOKEN,
    "status": "match",
    "ambiguous": False,
    "song": SONG,
    "offset_s": 18.02,
    "speed": 1.1,
    "pitch_semitones": 1.65,
    "confidence": 0.9994,
    "alternatives": [],
    "timings_ms": TIMINGS,
    "error": None,
}
UNSURE = {
    **MATCH,
    "status": "unsure",
    "song": None,
    "offset_s": None,
    "speed": None,
    "pitch_semitones": None,
    "confidence": 0.41,
    "alternatives": [
        {"song": SONG, "offset_s": 18.02, "speed": 1.1, "pitch_semitones": 1.65, "confidence": 0.41}
    ],
}
NONE = {**UNSURE, "status": "none", "confidence": 0.0003, "alternatives": []}

RECOGNIZED = {
    "match": {"summary": "The song is named", "value": MATCH},
    "unsure": {"summary": "It may be one of these", "value": UNSURE},
    "none": {"summary": "No song that is known, or no music", "value": NONE},
}
FEEDBACK = {
    "right": {"summary": "That is the song", "value": {"token": FEEDBACK_TOKEN, "is_right": True}},
    "wrong": {
        "summary": "It is another",
        "value": {"token": FEEDBACK_TOKEN, "is_right": False, "song_id": 2},
    },
}


def as_json(examples: dict[str, Any]) -> dict[str, Any]:
    """Content of JSON with these examples, for `responses` of a route or a body in `openapi_extra`."""
    return {"content": {"application/json": {"examples": examples}}}
