"""Routes that are asked most: what the framework would look up for each request is looked up once.

Its general way to the parameters and the answer takes twice as long as all that a recognition needs beside
the engine. The description is made of such a route as of any other.
"""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute


class Direct(APIRoute):
    """A route whose parameters are headers that may be left out, and whose endpoint gives a Response."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """What answers a request. Raises RequestValidationError, as the framework does."""
        headers, endpoint = self.dependant.header_params, self.endpoint

        async def handle(request: Request) -> Response:
            values, wrong = dict[str, Any](), list[Any]()
            for header in headers:
                said = request.headers.get(header.alias)
                if said is not None:
                    values[header.name], errors = header.validate(said, loc=("header", header.alias))
                    wrong += errors
            if wrong:
                raise RequestValidationError(wrong)
            response: Response = await endpoint(request, **values)
            return response

        return handle
