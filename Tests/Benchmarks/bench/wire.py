"""Single requests, to see whether a proxy is there and does what it should."""

import http.client
import re
import socket


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.body = response.read()


def ask(port, target, method="GET", body=None, timeout=10):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request(method, target, body=body)
        return Answer(connection.getresponse())
    finally:
        connection.close()


def answer_length(port, target):
    """How many bytes an answer has on the wire, head and body."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        head = b""
        while b"\r\n\r\n" not in head:
            head += connection.recv(4096)
        head = head[:head.index(b"\r\n\r\n") + 4]
        return len(head) + int(re.search(rb"(?i)content-length: (\d+)", head)[1])
