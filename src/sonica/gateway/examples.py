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
SCANNED = {
    "progress": {
        "summary": "How far it is",
        "value": {"event": "progress", "done_s": 840.0, "of_s": 3600.0},
    },
    "song": {
        "summary": "A song is certain",
        "value": {
            "event": "song",
            "song": SONG,
            "start_s": 512.0,
            "end_s": 741.25,
            "offset_s": 3.5,
            "speed": 1.04,
            "pitch_semitones": 0.68,
            "confidence": 0.9994,
        },
    },
    "end": {"summary": "That were all", "value": {"event": "end", "songs": 14, "of_s": 3600.0}},
}
FEEDBACK = {
    "right": {"summary": "That is the song", "value": {"token": FEEDBACK_TOKEN, "is_right": True}},
    "wrong": {
        "summary": "It is another",
        "value": {"token": FEEDBACK_TOKEN, "is_right": False, "song_id": 2},
    },
}


INGEST_ID = "0199a1b2-c3d4-7e5f-8a6b-9c0d1e2f3a4c"
ORIGINAL = "5c0fe1b2a4d98e7736f1c2d4b5a69788.flac"
SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
DETAIL = {
    "title": SONG["title"],
    "artist": "Sonica",
    "album": "",
    "language": "hi",
    "genre": "",
    "year": 2026,
    "isrc": "",
    "id": 6,
    "recordings": [{"id": 6, "duration_s": 41.3, "audio_url": f"/v1/originals/{ORIGINAL}"}],
}
MANIFEST = {
    "name": "bhojpuri-lite",
    "profile": "lite",
    "language": "bho",
    "recordings": 12,
    "bytes": 51_200,
    "sha256": SHA256,
    "made_at": "2026-11-28T06:00:00Z",
}
PACK = {
    **MANIFEST,
    "url": f"/v1/packs/bhojpuri-lite?sha256={SHA256}",
    "manifest": '{"name":"bhojpuri-lite"}',
    "signature": "bm8gc2lnbmF0dXJlLCBhbiBleGFtcGxl",
    "key_id": "1f0c8a77b2e4",
}
ORDER = {"profile": "lite", "language": "bho", "most_bytes": 0}
INGEST = {
    "id": INGEST_ID,
    "kind": "folder",
    "place": "/srv/music/new",
    "state": "running",
    "error": None,
    "total": 480,
    "counts": {"waiting": 432, "added": 45, "known": 2, "updated": 0, "error": 1},
    "created_at": "2026-11-28T06:00:00Z",
    "ended_at": None,
}
MODELS: dict[str, Any] = {
    "SongDetail": DETAIL,
    "SongList": {"items": [DETAIL], "next": "MC42"},
    "SongChange": {"title": "शाम की चिट्ठी", "year": 2026},
    "Merge": {"songs": [7, 9]},
    "Chart": {
        "items": [{"rank": 1, "song": DETAIL, "popularity": 12.5, "listens": 20, "listens_before": 8}],
        "next": None,
        "period": "week",
        "drawn_at": "2026-11-28T06:00:00Z",
    },
    "Manifest": MANIFEST,
    "PackList": {"items": [PACK], "next": None},
    "PackOrder": ORDER,
    "PublicKey": {
        "id": "1f0c8a77b2e4",
        "algorithm": "Ed25519",
        "public_key": "MTYgYnl0ZXMgYW5kIDE2IG1vcmUgYnl0ZXMgb2YgaXQ=",
        "pem": "-----BEGIN PUBLIC KEY-----\n…\n-----END PUBLIC KEY-----\n",
    },
    "Making": {
        "name": "bhojpuri-lite",
        "state": "queued",
        "error": "",
        "asked_at": "2026-11-28T06:00:00Z",
        "order": ORDER,
    },
    "Ingest": INGEST,
    "IngestList": {"items": [INGEST], "next": None},
    "IngestReport": {
        "items": [
            {
                "number": 17,
                "file": "/srv/music/new/17.mp3",
                "status": "error",
                "song_id": None,
                "recording_id": None,
                "error": {"code": "not_audio", "message": "This is no audio file."},
            }
        ],
        "next": None,
    },
}
"""Of the objects that travel, by the names of their schemas."""
PARAMETERS: dict[str, Any] = {
    "q": "chitthi",
    "limit": 50,
    "cursor": "",
    "period": "week",
    "language": "hi",
    "genre": "Bhojpuri Folk",
    "order": "rising",
    "sha256": SHA256,
    "status": "error",
    "dedupe": True,
    "keep": True,
    "action": "pause",
}
"""Of parameters that mean the same everywhere, by their names."""
IDS = {"/v1/songs": 6, "/v1/ingest": INGEST_ID}
"""Of the parameter `id`, by the beginning of the path."""


def add_examples(document: dict[str, Any]) -> None:
    """Gives the objects and parameters of an OpenAPI document the examples above, where they have none."""
    schemas = document["components"]["schemas"]
    for name, example in MODELS.items():
        schemas[name].setdefault("examples", [example])
    for path, operations in document["paths"].items():
        ids = [("id", example) for start, example in IDS.items() if path.startswith(start)]
        for operation in operations.values():
            for parameter in operation.get("parameters", []):
                example = (PARAMETERS | dict(ids)).get(parameter["name"])
                if example is not None and not {"example", "examples"} & {*parameter, *parameter["schema"]}:
                    parameter["example"] = example


def as_json(examples: dict[str, Any]) -> dict[str, Any]:
    """Content of JSON with these examples, for `responses` of a route or a body in `openapi_extra`."""
    return {"content": {"application/json": {"examples": examples}}}
