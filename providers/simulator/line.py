"""A bad line between a provider and the server: calls that end with a 5xx, before or after the server has seen them."""

from __future__ import annotations

import httpx


class BadLine(httpx.BaseTransport):
    """Every ``often``-th call fails: in turn it never arrives, or it is done and its answer is lost.

    The same call made again gets through, as it would in the world.
    """

    def __init__(self, line: httpx.BaseTransport, often: int = 4) -> None:
        self.line, self.often, self.calls = line, often, 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.calls += 1
        if self.calls % self.often:
            return self.line.handle_request(request)
        if self.calls // self.often % 2:
            return httpx.Response(503, request=request)
        done = self.line.handle_request(request)
        done.read()
        done.close()
        return httpx.Response(500, request=request)

    def close(self) -> None:
        self.line.close()
