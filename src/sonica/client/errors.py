"""What can go wrong between a client and the service."""

from sonica.gateway.schemas import ProblemDocument
from sonica.platform.errors import SonicaError


class ClientError(SonicaError):
    """Codes: `unreachable`, `timed_out`, `not_sonica` (the answer is none of the service's); of a
    ProblemError the name of its type, such as `busy`.
    """


class ProblemError(ClientError):
    """The service refused. `problem`: what it said; `retry_after_s`: seconds to wait, where it said so."""

    def __init__(self, problem: ProblemDocument, retry_after_s: float | None) -> None:
        hint = "" if retry_after_s is None else f"Try again in {retry_after_s:g} s."
        super().__init__(problem.type.rpartition("/")[2], problem.detail, hint)
        self.problem = problem
        self.retry_after_s = retry_after_s

    @property
    def status(self) -> int:
        """Of HTTP."""
        return self.problem.status
