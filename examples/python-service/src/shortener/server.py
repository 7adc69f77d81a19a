"""The service over HTTP: POST / with an address, GET /NAME redirects."""

from __future__ import annotations

from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from shortener.links import InvalidAddressError, Links

LONGEST = 4096


class Handler(BaseHTTPRequestHandler):
    """Answers requests; the links live in the class made for a server."""

    links: Links

    def do_POST(self) -> None:
        """Shortens the address in the body."""
        length = min(int(self.headers.get("Content-Length", "0")), LONGEST)
        address = self.rfile.read(length).decode("utf-8", "replace").strip()
        try:
            self.answer(HTTPStatus.CREATED, self.links.add(address))
        except InvalidAddressError:
            self.answer(HTTPStatus.BAD_REQUEST, "not an address")

    def do_GET(self) -> None:
        """Redirects to the address behind a name."""
        if self.path == "/health":
            self.answer(HTTPStatus.OK, "ok")
            return
        address = self.links.find(self.path.removeprefix("/"))
        if address is None:
            self.answer(HTTPStatus.NOT_FOUND, "no such name")
            return
        self.send_response(HTTPStatus.FOUND)
        self.send_header("Location", address)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def answer(self, status: HTTPStatus, text: str) -> None:
        """Sends a line of text."""
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keeps quiet."""


def create(port: int) -> ThreadingHTTPServer:
    """A server on this machine, with links of its own."""
    handler = type("BoundHandler", (Handler,), {"links": Links()})
    return ThreadingHTTPServer(("127.0.0.1", port), handler)
