"""What the service keeps of answers, for whoever asks again: documents of songs, charts, recognitions.

    sonica:{state}:song:{id}                            the document
    sonica:{state}:popular:{language}:{genre}:…         the document, as of when the charts were drawn
    sonica:{state}:recognition:{hash}                   of a match only: ids, place, speed, how sure

`state` stands for all that an answer depends on: the songs as they are now, the thresholds, where music may
be heard, this version of Sonica. The hash is keyed with a secret that is another one every hour: without it
nobody can tell by a key whether a sound was asked. What belongs to a user will have a place of its own,
`user:{id}:prefs`, with the state of that user.
"""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable
from urllib.parse import quote

from sonica import __version__
from sonica.catalogue import CatalogueError
from sonica.gateway.access import Access
from sonica.gateway.problems import of_catalogue
from sonica.library import Recognizer
from sonica.platform.cache import Cache, Kind
from sonica.platform.rotating import Rotating
from sonica.recognition import Answer
from sonica.recognition.outcome import Outcome

FORM = 1
"""Of what is kept: one more where that changes."""
NOBODY = b'{"items":[],'
"""How a chart begins in which nothing is: not worth keeping, and anybody may think of genres."""


def _same(document: bytes) -> bytes:
    return document


SONG: Kind[bytes] = Kind("song", _same, _same)
POPULAR: Kind[bytes] = Kind("popular", lambda chart: None if chart.startswith(NOBODY) else chart, _same)
RECOGNITION: Kind[Outcome] = Kind(
    "recognition",
    lambda outcome: outcome.model_dump_json().encode() if outcome.status == "match" else None,
    Outcome.model_validate_json,
)

Make = Callable[[], Awaitable[bytes]]


class Remembered:
    """Asks the cache, by keys that say what an answer is of."""

    def __init__(self, cache: Cache, recognizer: Recognizer, access: Access, secret: Rotating) -> None:
        self._cache, self._recognizer, self._secret = cache, recognizer, secret
        sure = recognizer.thresholds
        self._settled = json.dumps([FORM, __version__, sure.match_at, sure.unsure_at, access.audio]).encode()

    async def song(self, id_: int, make: Make) -> bytes:
        """The document of a song, as it is now. Raises Problem, and what `make` raises."""
        return await self._cache.get_or_make(SONG, f"{await self._state()}:song:{id_}", make)

    async def chart(self, drawn: str, language: str, genre: str, which: str, make: Make) -> bytes:
        """The document of a chart, drawn at a time; `which`: all else it depends on. Raises as `song`."""
        key = f"{await self._state()}:popular:{quote(language, '')}:{quote(genre, '')}:{which}:{drawn}"
        return await self._cache.get_or_make(POPULAR, key, make)

    async def recognition(self, digest: bytes, make: Callable[[], Awaitable[Answer]]) -> tuple[Answer, bool]:
        """What a sound is, of which this is the SHA-256; and whether that was known. Raises as `song`."""
        made = list[Answer]()

        async def outcome() -> Outcome:
            made.append(await make())
            return Outcome.of(made[0])

        keyed = hmac.digest(await self._secret.now(), digest, "sha256").hex()
        found = await self._cache.get_or_make(
            RECOGNITION, f"{await self._state()}:recognition:{keyed}", outcome
        )
        if made:
            return made[0], False
        songs = await asyncio.to_thread(self._recognizer.describe, found.recording_ids)
        answer = found.answer(songs)
        if answer is None:  # it was removed just now
            return await make(), False
        return answer, True

    async def _state(self) -> str:
        edition = self._recognizer.catalogue.edition
        try:
            told = edition.glance()
            if told is None:
                told = await asyncio.to_thread(edition.read)
        except CatalogueError as error:
            raise of_catalogue(error) from error
        return hashlib.sha256(told.encode() + self._settled).hexdigest()[:32]
