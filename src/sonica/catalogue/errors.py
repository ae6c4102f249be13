"""What can go wrong with the catalogue itself, as a closed set."""

from typing import Literal

from sonica.platform.errors import SonicaError

CatalogueErrorCode = Literal["damaged", "newer", "version", "not_readable", "not_writable", "no_music"]

RESTORE = "Restore the data folder from a backup, or move it away and run `sonica add` on your music again."
UPDATE = "Update Sonica, or move the data folder away and run `sonica add` on your music again."


class CatalogueError(SonicaError):
    """Codes: `CatalogueErrorCode`. `version`: of a pack, older or newer than this Sonica reads."""

    def __init__(self, code: CatalogueErrorCode, message: str, hint: str) -> None:
        super().__init__(code, message, hint)
