"""Objects: whole files under keys, in a folder or in a store that speaks S3. The only file that knows which.

An object is never changed: its key says what it holds. It is there as a whole or not at all, and once `put`
has returned, it stays there when the machine loses power.
"""

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol
from urllib.parse import unquote, urlsplit

import structlog

from sonica.platform.errors import SonicaError
from sonica.platform.files import TEMPORARY_PREFIX, replacing
from sonica.platform.settings import SettingsError

if TYPE_CHECKING:
    from obstore.store import ClientConfig, RetryConfig

OBJECTS_VARIABLE = "OBJECTS_URL"
ENDPOINT_VARIABLE = "AWS_ENDPOINT_URL"
PIECE = 8 << 20
"""Bytes that travel in one request: what is larger is sent and fetched in parts."""
FOREVER = "public, max-age=31536000, immutable"
"""What caches are told of an object."""
CONNECT_S, REQUEST_S = 5, 60
"""Seconds to wait for a connection, and for one request with its answer."""
TRIES, TRYING_S = 3, 20
"""How often a request is made again, and for how many seconds at most: whoever asks may wait longer."""

log = structlog.get_logger("sonica.objects")


class ObjectsError(SonicaError):
    """Codes: `objects_away` (try again later), `objects_denied`, `object_missing`, `object_changed`,
    `objects_bad_name` (a key that no path can have).
    """


def is_away(error: Exception) -> bool:
    """Whether it is the store that is not to be had, so that the same may be done later."""
    return isinstance(error, ObjectsError) and error.code in {"objects_away", "objects_denied"}


class Object(NamedTuple):
    """What is told of one. `changed_ns`: when it was put there, in nanoseconds after 1970."""

    key: str
    size: int
    changed_ns: int


class Objects(Protocol):
    """Where objects are. All methods block, may be used by several threads, and raise ObjectsError."""

    def put(self, key: str, file: Path, kind: str) -> None:
        """Puts a file there, unless it is there already. `kind`: its media type.

        Raises OSError where the file cannot be read.
        """

    def find(self, key: str) -> Object | None:
        """One of them, if it is there."""

    def list(self, prefix: str = "") -> Iterator[Object]:
        """All whose keys begin so; `prefix` is empty, or ends with a slash."""

    def fetch(self, key: str, to: Path) -> None:
        """Copies one into a new file. Raises OSError, too."""

    def remove(self, keys: Iterable[str]) -> None:
        """Removes those that are there."""

    def check(self) -> None:
        """Raises ObjectsError where they cannot be used just now."""

    def path(self, key: str) -> Path | None:
        """Its file, where it is one."""

    def signed(self, key: str, seconds: int, method: Literal["GET", "HEAD"] = "GET") -> str | None:
        """An address at which everybody may read it for so long, where there are such."""


def checked_objects_url(said: str, variable: str = OBJECTS_VARIABLE) -> str:
    """The URL of a place for objects, without a slash at its end. Raises SettingsError."""
    url = said.strip().removesuffix("/")
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    is_folder = parts.scheme == "file" and parts.netloc in {"", "localhost"} and parts.path.startswith("/")
    is_bucket = parts.scheme == "s3" and bool(parts.netloc) and not {"@", ":"} & set(parts.netloc)
    is_plain = url.isprintable() and not {"?", "#"} & set(url)
    if not is_plain or not (is_folder or is_bucket) or {"", ".", ".."} & set(parts.path.split("/")[1:]):
        raise SettingsError(  # it may hold a secret: it is not repeated
            "option_bad_value",
            f"{variable} names no place for objects.",
            "Say file:///srv/objects or s3://bucket/prefix; keys stand in AWS_ACCESS_KEY_ID and others.",
        )
    return url


def open_objects(home: Path, environ: Mapping[str, str] = os.environ) -> Objects:
    """The objects of a data folder: where OBJECTS_URL says, or else in that folder. Raises SettingsError."""
    said = environ.get(OBJECTS_VARIABLE, "")
    return objects_at(checked_objects_url(said)) if said else Folder(home)


def objects_at(url: str) -> Objects:
    """Those of a URL that was checked."""
    parts = urlsplit(url)
    return Folder(Path(unquote(parts.path))) if parts.scheme == "file" else Bucket(url)


class Folder:
    """Objects as files in a folder, which is made with the first."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, key: str, file: Path, kind: str) -> None:  # noqa: ARG002  a file has none
        """As `Objects` says. Synced before it has its name, so that what has the name is whole."""
        target, size = self.path(key), file.stat().st_size
        if target.is_file() and target.stat().st_size == size:
            return
        try:
            with replacing(target) as temporary:
                shutil.copyfile(file, temporary)
        except OSError as error:
            if not os.access(file, os.R_OK):  # it is the file that is to blame
                raise
            raise self._away(error) from error

    def find(self, key: str) -> Object | None:
        """As `Objects` says."""
        try:
            status = self.path(key).stat()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise self._away(error) from error
        return Object(key, status.st_size, status.st_mtime_ns)

    def list(self, prefix: str = "") -> Iterator[Object]:
        """As `Objects` says."""
        for path in sorted((self._folder / prefix).rglob("*")):
            if path.is_file() and not path.name.startswith(TEMPORARY_PREFIX):
                found = self.find(path.relative_to(self._folder).as_posix())
                if found:
                    yield found

    def fetch(self, key: str, to: Path) -> None:
        """As `Objects` says."""
        source = self.path(key)
        if not source.is_file():
            raise _missing()
        shutil.copyfile(source, to)

    def remove(self, keys: Iterable[str]) -> None:
        """As `Objects` says."""
        for key in keys:
            try:
                self.path(key).unlink(missing_ok=True)
            except OSError as error:
                raise self._away(error) from error

    def check(self) -> None:
        """As `Objects` says: one that is not there yet is made in the next above it."""
        nearest = next(one for one in (self._folder, *self._folder.parents) if one.exists())
        if not nearest.is_dir() or not os.access(nearest, os.R_OK | os.W_OK | os.X_OK):
            raise self._away(None)

    def path(self, key: str) -> Path:
        """As `Objects` says."""
        return self._folder / key

    def signed(self, key: str, seconds: int, method: Literal["GET", "HEAD"] = "GET") -> None:
        """As `Objects` says: there are none."""

    def _away(self, error: OSError | None) -> ObjectsError:
        why = error.strerror if error else "not to be read or written"
        said = f"The folder of objects {self._folder} cannot be used ({why})."
        hint = f"Check that the disk is not full and that you may write there, or set {OBJECTS_VARIABLE}."
        return ObjectsError("objects_away", said, hint)


class Bucket:
    """Objects in a bucket of S3, or of what speaks as it does; below a prefix, if the URL has a path.

    Keys, region and endpoint are those of the usual variables of AWS.
    """

    def __init__(self, url: str) -> None:
        import obstore  # noqa: PLC0415  who has a folder need not load it

        self._obstore: Any = obstore
        client: ClientConfig = {
            "connect_timeout": timedelta(seconds=CONNECT_S),
            "timeout": timedelta(seconds=REQUEST_S),
            # Whoever writes http:// there means it: a store in the same house.
            "allow_http": os.environ.get(ENDPOINT_VARIABLE, "").startswith("http://"),
        }
        retry: RetryConfig = {"max_retries": TRIES, "retry_timeout": timedelta(seconds=TRYING_S)}
        parts = urlsplit(url)
        with self._told():
            self._store = obstore.store.S3Store(
                parts.netloc, prefix=parts.path.strip("/") or None, client_options=client, retry_config=retry
            )

    def put(self, key: str, file: Path, kind: str) -> None:
        """As `Objects` says. Two that put the same key at a time put the same bytes."""
        size, found = file.stat().st_size, self.find(key)
        if found and found.size == size:
            return
        # A store may keep what is new from taking the place of what is there, but only in one request.
        is_small = size <= PIECE and not found
        how = {"mode": "create" if is_small else "overwrite", "chunk_size": PIECE, "max_concurrency": 4}
        about = {"Content-Type": kind, "Cache-Control": FOREVER}
        with self._told(is_writing=True), suppress(self._obstore.exceptions.AlreadyExistsError):
            self._obstore.put(self._store, key, file, attributes=about, **how)

    def find(self, key: str) -> Object | None:
        """As `Objects` says. Of a bucket that is not there it says that nothing is in it."""
        with self._told(), suppress(FileNotFoundError):
            return _object(self._obstore.head(self._store, key))
        return None

    def list(self, prefix: str = "") -> Iterator[Object]:
        """As `Objects` says."""
        with self._told():
            for page in self._obstore.list(self._store, prefix=prefix or None):
                yield from map(_object, page)

    def fetch(self, key: str, to: Path) -> None:
        """As `Objects` says: in parts, so that a slow line breaks none of them."""
        with to.open("wb") as file, self._told():
            about = self._obstore.head(self._store, key)
            while (start := file.tell()) < about["size"]:
                end = min(start + PIECE, about["size"])
                options = {"range": (start, end), "if_match": about["e_tag"]}
                file.write(self._obstore.get(self._store, key, options=options).bytes())

    def remove(self, keys: Iterable[str]) -> None:
        """As `Objects` says."""
        gone = list(keys)
        if gone:
            with self._told():
                self._obstore.delete(self._store, gone)

    def check(self) -> None:
        """As `Objects` says."""
        with self._told():
            next(iter(self._obstore.list(self._store, chunk_size=1)), None)

    def path(self, key: str) -> None:
        """As `Objects` says: there is none."""

    def signed(self, key: str, seconds: int, method: Literal["GET", "HEAD"] = "GET") -> str:
        """As `Objects` says. Nothing is asked of the store for it."""
        with self._told():
            signed = self._obstore.sign(self._store, method, key, timedelta(seconds=seconds))
        return str(signed)

    @contextmanager
    def _told(self, *, is_writing: bool = False) -> Iterator[None]:
        """Raises ObjectsError for what goes wrong in the store."""
        known = self._obstore.exceptions
        try:
            yield
        except FileNotFoundError as error:
            if is_writing:
                raise _away(error, "there is no such bucket") from error
            raise _missing() from error
        except known.PreconditionError as error:
            said = "The object was changed while it was fetched."
            raise ObjectsError("object_changed", said, "Add it again.") from error
        except (known.PermissionDeniedError, known.UnauthenticatedError) as error:
            said = "The object store does not let us in."
            hint = "Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_REGION, and what this key may."
            log.warning("objects denied", reason=_reason(error))
            raise ObjectsError("objects_denied", said, hint) from error
        except known.InvalidPathError as error:
            said = "Something in the object store has a name that cannot be used, such as one with `..`."
            raise ObjectsError("objects_bad_name", said, "Give it another name there.") from error
        except known.BaseError as error:
            raise _away(error, "it does not answer, or has no such bucket") from error


def _object(about: Mapping[str, Any]) -> Object:
    changed = about["last_modified"]
    return Object(about["path"], about["size"], int(changed.timestamp()) * 10**9 + changed.microsecond * 1000)


def _away(error: Exception, why: str) -> ObjectsError:
    log.warning("objects away", reason=_reason(error))
    hint = f"Check {OBJECTS_VARIABLE} and {ENDPOINT_VARIABLE}, and whether the store runs; the log says more."
    return ObjectsError("objects_away", f"The object store cannot be used: {why}.", hint)


def _missing() -> ObjectsError:
    return ObjectsError("object_missing", "The object is no longer there.", "Put it there again.")


def _reason(error: Exception) -> str:
    """The first line of what the store said; what follows is the library's own."""
    return (str(error).splitlines() or [""])[0][:300]
