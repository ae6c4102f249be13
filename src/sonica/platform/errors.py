"""The one shape of everything that can go wrong and that a person can do something about."""


class SonicaError(Exception):
    """A failure that Sonica expects: what happened, and what to do next.

    `code` comes from a closed set that each part of Sonica states, so that a program can tell
    failures apart; `message` says what happened, `hint` what to do about it. Both are whole
    sentences for a person. Anything else that is raised is a bug.
    """

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint

    def __reduce__(self) -> tuple[type["SonicaError"], tuple[str, str, str]]:
        return type(self), (self.code, self.message, self.hint)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.code!r}, {self.message!r})"
