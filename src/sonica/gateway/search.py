"""What a fingerprint is of, as a caller is told: the same here and in an engine process."""

from sonica import _engine
from sonica.gateway.problems import Problem, of_answer
from sonica.recognition import QUERY_SECONDS, Answer, Recognizer


def of_fingerprint(recognizer: Recognizer, data: bytes, *, nominal: bool = False) -> Answer:
    """What a fingerprint is of (see `Recognizer.fingerprint`). Raises Problem."""
    try:
        told = _engine.read_fingerprint(data)
        if told.duration_s > QUERY_SECONDS:
            data = told.excerpt(0.0, QUERY_SECONDS)
    except _engine.EngineError as error:
        raise Problem(422, "bad-fingerprint", f"{error.message.capitalize()}.", code=error.code) from error
    answer = recognizer.fingerprint(data, nominal=nominal)
    if answer.error:
        raise of_answer(answer.error, "bad-fingerprint")
    return answer
