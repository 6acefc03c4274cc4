"""What a page costs that nobody has asked for before: nothing of it is kept yet."""

import http.client
import time
from collections.abc import Sequence
from statistics import median

from tests.benchmarks.contenders import Server


def first_and_again(server: Server, addresses: Sequence[str]) -> tuple[float, float]:
    """Median ms of the first and of the second answer to each address, one after the other over one
    connection. The server must have been asked for nothing yet."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    passes = [[_milliseconds(connection, address) for address in addresses] for _ in range(2)]
    connection.close()
    first, again = map(median, passes)
    return first, again


def _milliseconds(connection: http.client.HTTPConnection, address: str) -> float:
    began = time.perf_counter()
    connection.request("GET", address)
    connection.getresponse().read()
    return (time.perf_counter() - began) * 1000
