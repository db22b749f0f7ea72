"""HTTP/1.1 on asyncio's streams, as client and as server, strict about what comes."""

import asyncio
import socket

PIECE = 64 << 10


class Head:
    """A first line and its fields; names in lower case."""

    def __init__(self, line, fields):
        self.line, self.fields = line, fields

    @classmethod
    async def read(cls, reader):
        """None when the connection ended before the first byte."""
        try:
            raw = await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError as error:
            if error.partial:
                raise
            return None
        first, *rest = raw[:-4].decode("latin-1").split("\r\n")
        return cls(first, [(name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in rest)])

    def get(self, name, default=None):
        values = [value for key, value in self.fields if key == name]
        if len(values) > 1:
            raise ValueError(f"{name} is there {len(values)} times")
        return values[0] if values else default

    @property
    def status(self):
        return int(self.line.split(" ")[1])

    @property
    def keeps(self):
        return self.line.startswith("HTTP/1.1") and self.get("connection", "").lower() != "close"


async def read_body(reader, head, is_request=False):
    """The pieces of a body. One that ends too early raises `IncompleteReadError`."""
    if (head.get("transfer-encoding") or "").lower() == "chunked":
        while size := int((await reader.readuntil(b"\r\n")).partition(b";")[0], 16):
            yield await reader.readexactly(size)
            if await reader.readexactly(2) != b"\r\n":
                raise ValueError("a chunk does not end where it should")
        while await reader.readuntil(b"\r\n") != b"\r\n":
            pass
    elif (length := head.get("content-length")) is not None:
        left = int(length)
        while left:
            piece = await reader.read(min(left, PIECE))
            if not piece:
                raise asyncio.IncompleteReadError(b"", left)
            left -= len(piece)
            yield piece
    elif not is_request:
        while piece := await reader.read(PIECE):
            yield piece


async def connect(address, receive_buffer=None):
    """Reader and writer of a new connection."""
    connection = socket.socket()
    connection.setblocking(False)
    if receive_buffer:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    await asyncio.get_running_loop().sock_connect(connection, address)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return await asyncio.open_connection(sock=connection, limit=1 << 16)
