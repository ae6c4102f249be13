"""Why the service cannot begin."""

from sonica.platform.errors import SonicaError


class ServeError(SonicaError):
    """Codes: `address_taken`, `address_bad`, `not_started`."""
