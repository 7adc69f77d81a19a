import threading
from collections.abc import Iterator
from http.client import HTTPConnection

import pytest

from shortener.server import create


@pytest.fixture
def connection() -> Iterator[HTTPConnection]:
    server = create(0)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    client = HTTPConnection("127.0.0.1", server.server_address[1], timeout=10)
    yield client
    client.close()
    server.shutdown()
    thread.join()
    server.server_close()


def ask(connection: HTTPConnection, method: str, path: str, body: str = "") -> tuple[int, str, str | None]:
    connection.request(method, path, body.encode())
    response = connection.getresponse()
    return response.status, response.read().decode(), response.headers.get("Location")


def test_it_is_healthy(connection: HTTPConnection) -> None:
    assert ask(connection, "GET", "/health") == (200, "ok", None)


def test_a_name_redirects_to_its_address(connection: HTTPConnection) -> None:
    status, name, _ = ask(connection, "POST", "/", "https://example.com/a")
    assert status == 201
    assert ask(connection, "GET", "/" + name) == (302, "", "https://example.com/a")


def test_an_unknown_name_is_not_found(connection: HTTPConnection) -> None:
    assert ask(connection, "GET", "/nothing")[0] == 404


def test_what_is_no_address_is_refused(connection: HTTPConnection) -> None:
    assert ask(connection, "POST", "/", "javascript:alert(1)")[0] == 400
