"""A slow side slows the other one down: bytes wait in the sockets, not in the memory of the gateway."""

import hashlib
import threading

from harness.polling import eventually, steady
from harness.wire import make_response

MEGABYTE = 1 << 20
SIZE = 192 * MEGABYTE
PIECE = bytes(range(256)) * 256
# Both sockets of both connections may fill; the kernel bounds each by a few MiB.
IN_SOCKETS_MAX = 64 * MEGABYTE
GROWTH_KILOBYTES_MAX = 16 * 1024


def whole_digest():
    digest = hashlib.sha256()
    for _ in range(SIZE // len(PIECE)):
        digest.update(PIECE)
    return digest.hexdigest()


def test_slow_reader_of_a_large_answer(proxy):
    sent = 0

    def answer(_):
        nonlocal sent
        yield b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % SIZE
        for _ in range(SIZE // len(PIECE)):
            yield PIECE
            sent += len(PIECE)

    gateway, _ = proxy(answer, service={"response_timeout": "60s"}, route={"timeout": "120s"})
    gateway.fetch("/health")
    before = gateway.resident_kilobytes()
    with gateway.connect(receive_buffer=64 * 1024) as connection:
        connection.send_request("GET", "/")
        status, headers = connection.read_head()
        stalled = steady(lambda: sent, "the instance stalls")
        assert 0 < stalled < IN_SOCKETS_MAX
        assert gateway.resident_kilobytes() - before < GROWTH_KILOBYTES_MAX
        digest = hashlib.sha256()
        for piece in connection.read_body(status, headers):
            digest.update(piece)
        assert digest.hexdigest() == whole_digest()
    assert gateway.resident_kilobytes() - before < GROWTH_KILOBYTES_MAX


def test_slow_instance_and_a_large_upload(proxy):
    start, taken = threading.Event(), hashlib.sha256()

    def answer(request):
        start.wait(60)
        for piece in request.pieces():
            taken.update(piece)
        return make_response(body=taken.hexdigest().encode())

    gateway, behind = proxy(answer, service={"response_timeout": "60s"}, route={"timeout": "120s"},
                            gateway={"idle_timeout": "60s"})
    gateway.fetch("/health")
    before = gateway.resident_kilobytes()
    with gateway.connect(timeout=60) as connection:
        sent = 0

        def upload():
            nonlocal sent
            connection.send(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % SIZE)
            for _ in range(SIZE // len(PIECE)):
                connection.send(PIECE)
                sent += len(PIECE)

        client = threading.Thread(target=upload, daemon=True)
        client.start()
        eventually(lambda: behind.requests, "the head reaches the instance")
        stalled = steady(lambda: sent, "the client stalls")
        assert 0 < stalled < IN_SOCKETS_MAX
        assert gateway.resident_kilobytes() - before < GROWTH_KILOBYTES_MAX
        start.set()
        assert connection.read_response().body.decode() == whole_digest()
        client.join(20)
    assert gateway.resident_kilobytes() - before < GROWTH_KILOBYTES_MAX


def test_stalled_transfer_holds_up_nobody_else(proxy):
    def answer(request):
        if request.target == "/large":
            return [b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % SIZE, *[PIECE] * (SIZE // len(PIECE))]
        return make_response(body=b"small")

    gateway, _ = proxy(answer, workers=1)
    with gateway.connect(receive_buffer=64 * 1024) as stalled, gateway.connect() as other:
        stalled.send_request("GET", "/large")
        stalled.read_head()
        for _ in range(100):
            assert other.request("GET", "/small").body == b"small"
