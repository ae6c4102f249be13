"""A client of the service, for programs: typed, with and without asyncio.

from sonica.client import Client

with Client("http://127.0.0.1:8000") as client:
print(client.recognize("clip.m4a").song)
"""

from sonica.client.asking import FINGERPRINT, fingerprint_of
from sonica.client.asynchronous import AsyncClient
from sonica.client.errors import ClientError, ProblemError
from sonica.client.synchronous import Client
from sonica.gateway.schemas import ProblemDocument, Readiness, Recognized

__all__ = [
    "FINGERPRINT",
    "AsyncClient",
    "Client",
    "ClientError",
    "ProblemDocument",
    "ProblemError",
    "Readiness",
    "Recognized",
    "fingerprint_of",
]
