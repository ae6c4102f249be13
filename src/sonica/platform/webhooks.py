"""Events to a server of somebody else, signed as Standard Webhooks says: at least once, under one id."""

import base64
import binascii
import hashlib
import hmac
import os
import random
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

import httpx

from sonica.platform.errors import SonicaError
from sonica.platform.outbox import Outbox, OutboxError
from sonica.platform.settings import without_user

SECRET_VARIABLE = "SONICA_WEBHOOK_SECRET"  # noqa: S105  its name
PREFIX = "whsec_"
KEY_BYTES = range(24, 65)
"""How long a key may be."""
PLACE = "webhook"
"""The name of the receiver in the outbox."""

TIMEOUT_S = 15.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 300.0
"""Seconds before an event is sent again; twice as long each time, by chance up to half of that shorter."""
LAST_S = 5.0
"""Seconds that what waits is still offered at the end."""
REFUSED_S = 0.2
"""Seconds after an event that was refused: the next ones may be, too."""
LATER = frozenset({408, 425, 429})
"""Refusals that are not about the event, as all of 500 and more."""


class WebhookError(SonicaError):
    """Codes: `webhook_address`, `webhook_secret`."""


def read_secret(file: Path | None) -> bytes:
    """The key to sign with, from the file or else from SONICA_WEBHOOK_SECRET. Raises WebhookError."""
    make = f'echo "{PREFIX}$(head -c 32 /dev/urandom | base64)" > secret'
    hint = f"Make one, which the receiver needs, too: {make}"
    if file is None:
        said, where = os.environ.get(SECRET_VARIABLE, ""), SECRET_VARIABLE
        if not said:
            message = f"A webhook needs a secret: name a file with --secret-file, or set {SECRET_VARIABLE}."
            raise WebhookError("webhook_secret", message, hint)
    else:
        where = str(file)
        try:
            said = file.read_text(encoding="ascii")
        except (OSError, UnicodeDecodeError) as error:
            why = getattr(error, "strerror", None) or "it is no text"
            raise WebhookError("webhook_secret", f"{where} could not be read ({why}).", hint) from error
    try:
        key = base64.b64decode(said.strip().removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) not in KEY_BYTES:
        message = (
            f"{where} holds no secret: {PREFIX} and the base64 of {KEY_BYTES[0]} to {KEY_BYTES[-1]} bytes."
        )
        raise WebhookError("webhook_secret", message, hint)
    return key


def checked_address(url: str) -> str:
    """The address of a receiver. Raises WebhookError."""
    try:
        parts = urlsplit(url)
        is_one = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
        httpx.URL(url).raw_host.decode("ascii").encode("idna")  # as who connects does: a label may be empty
    except (ValueError, httpx.InvalidURL):
        is_one = False
    if not is_one:
        said = f"{without_user(url)} is not the address of a webhook."
        raise WebhookError(
            "webhook_address", said, "It is like https://example.org/plays, with http or https."
        )
    return url


def signature(key: bytes, id_: str, timestamp: int, body: bytes) -> str:
    """The value of `webhook-signature` for an event; `timestamp`: seconds since 1970."""
    signed = hmac.new(key, f"{id_}.{timestamp}.".encode() + body, hashlib.sha256)
    return f"v1,{base64.b64encode(signed.digest()).decode('ascii')}"


class Deliverer:
    """Sends what waits in the outbox in `file`, in a thread of its own, in order while the receiver takes it.

    One that is away is offered the same event again, later and later; an event that it refuses is set aside
    and the next ones go on. `on_trouble` hears why, once for each time of trouble, from that thread.
    """

    def __init__(self, file: Path, url: str, key: bytes, on_trouble: Callable[[str], None]) -> None:
        self._file, self._url, self._key = file, url, key
        self._on_trouble = on_trouble
        self._wake = threading.Event()
        self._end_by: float | None = None
        self._is_in_trouble = False
        self._thread = threading.Thread(target=self._run, name="sonica-webhook", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Still offers what waits, for LAST_S at most; the rest stays for the next time.

        What the receiver does not answer by then is offered again, too, under the same id.
        """
        self._end_by = time.monotonic() + LAST_S
        self._wake.set()
        self._thread.join(LAST_S)

    def wake(self) -> None:
        """There is something new."""
        self._wake.set()

    def _run(self) -> None:
        failed = 0
        with httpx.Client(timeout=TIMEOUT_S) as client:
            while True:
                try:
                    with Outbox(self._file) as outbox:
                        self._deliver(client, outbox)
                        return
                except OutboxError as error:
                    self._in_trouble(f"{error.message} {error.hint}")
                pause, failed = _pause(failed), failed + 1
                if self._end_by is not None and time.monotonic() + pause > self._end_by:
                    return
                self._wait(pause)

    def _deliver(self, client: httpx.Client, outbox: Outbox) -> None:
        """Until the end. Raises OutboxError."""
        failed = 0
        while self._end_by is None or time.monotonic() < self._end_by:
            self._wake.clear()
            pause = 1.0
            event = outbox.next(PLACE)
            if event:
                status = self._send(client, event.id, event.body.encode())
                if 200 <= status < 300:
                    outbox.done(PLACE, event.seq)
                    failed, self._is_in_trouble = 0, False
                    continue
                if 400 <= status < 500 and status not in LATER:
                    outbox.later(PLACE, event.seq, time.time() + _pause(event.tries))
                    self._wait(REFUSED_S)
                    continue
                pause, failed = _pause(failed), failed + 1
            if self._end_by is not None:
                if event is None or time.monotonic() + pause > self._end_by:
                    return
                time.sleep(pause)
            elif event is None:
                self._wake.wait(pause)
            else:
                self._wait(pause)

    def _wait(self, seconds: float) -> None:
        """Waits; shorter where the end has come."""
        until = time.monotonic() + seconds
        while self._end_by is None and (left := until - time.monotonic()) > 0:
            time.sleep(min(left, 0.2))

    def _send(self, client: httpx.Client, id_: str, body: bytes) -> int:
        """The status that the receiver answered; 0 where it did not. Of what it says no more is read."""
        now = int(time.time())
        headers = {
            "content-type": "application/json",
            "webhook-id": id_,
            "webhook-timestamp": str(now),
            "webhook-signature": signature(self._key, id_, now, body),
        }
        try:
            with client.stream("POST", self._url, content=body, headers=headers) as response:
                status = response.status_code
                why = f"it answered {status}"
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError, OSError) as error:
            status, why = 0, str(error) or type(error).__name__
        if not 200 <= status < 300:
            self._in_trouble(
                f"The webhook could not be delivered ({why}); it is tried again, and nothing is lost."
            )
        return status

    def _in_trouble(self, said: str) -> None:
        if not self._is_in_trouble:
            self._is_in_trouble = True
            self._on_trouble(said)


def _pause(tries: int) -> float:
    pause = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0 ** min(tries, 20))
    return pause * random.uniform(0.5, 1.0)  # noqa: S311  no secret: many senders shall not come together
