"""The kinds of exchanges. Each takes a client, does one thing over a connection, and checks all of the answer."""

import asyncio
import contextlib
import itertools
import random
import struct
from dataclasses import dataclass
from socket import SO_LINGER, SOL_SOCKET

from .ledger import Failed, Wrong
from .pattern import fingerprint, pattern
from .wire import Head, connect, read_body

NUMBERS = itertools.count()
STYLES = ("length", "chunked", "length", "chunked", "end", "slow")
BROKEN = (
    b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 2\r\n\r\nxx",
    b"GET / HTTP/1.1\r\nHost : a\r\n\r\n",
    b"GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n",
)


@dataclass
class Question:
    """A request and the answer that it must have."""
    method: str = "GET"
    size: int = 0
    style: str = "length"
    body: bytes = b""
    chunks: bool = False
    version: str = "1.1"
    fields: tuple = ()

    def __post_init__(self):
        self.name = f"n{next(NUMBERS)}"

    def head(self):
        lines = [f"{self.method} /soak/{self.name}/{self.size}/{self.style} HTTP/{self.version}", "Host: soak.example"]
        lines += self.fields
        if self.chunks:
            lines.append("Transfer-Encoding: chunked")
        elif self.body:
            lines.append(f"Content-Length: {len(self.body)}")
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    def pieces(self):
        """The body as it goes out."""
        for start in range(0, len(self.body), step := random.randrange(1 << 10, 32 << 10)):
            piece = self.body[start:start + step]
            yield b"%x\r\n%b\r\n" % (len(piece), piece) if self.chunks else piece
        if self.chunks:
            yield b"0\r\n\r\n"

    def check(self, head, body):
        expected = pattern(self.name, self.size) if self.method != "HEAD" else b""
        received = f"{len(self.body)} {fingerprint(self.body)}"
        if head.get("x-name") != self.name:
            raise Wrong(f"the answer of {head.get('x-name')} for {self.name}")
        if head.get("x-received") != received:
            raise Wrong(f"the instance received {head.get('x-received')} instead of {received}")
        if fingerprint(body) != fingerprint(expected):
            if len(body) < len(expected) and expected.startswith(body) and self.ends_with_connection(head):
                raise Failed("cut without a sign", has_begun=True)
            raise Wrong(f"{len(body)} bytes of a wrong body for {self.size} of {self.name}")

    def ends_with_connection(self, head):
        """Nothing but the end of the connection says that this body is over: a killed instance may end it early."""
        return self.style == "end" or not head.get("transfer-encoding") and not head.get("content-length")


class Client:
    """A user of the gateway, with one connection that is kept as long as the gateway keeps it."""

    def __init__(self, address, ledger):
        self.address, self.ledger = address, ledger
        self.kept = None
        self.version_seen = 0

    async def connection(self):
        if not self.kept:
            self.kept = await connect(self.address)
            self.version_seen = 0
        return self.kept

    def drop(self):
        if self.kept:
            self.kept[1].close()
            self.kept = None

    async def read_answer(self, reader, question, pause=None):
        """Checks the answer, and returns whether the connection goes on."""
        began = False
        body = bytearray()
        try:
            head = await Head.read(reader)
            while head and head.status == 100:
                head = await Head.read(reader)
            if not head:
                raise Wrong("the connection ended instead of an answer")
            if head.status != 200:
                raise Failed(f"{head.status}")
            began = True
            if question.method != "HEAD":
                async for piece in read_body(reader, head):
                    body += piece
                    if pause:
                        await asyncio.sleep(pause)
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            if not began:
                raise Wrong(f"no whole head of an answer: {error!r}") from error
            raise Failed("cut", has_begun=True) from error
        question.check(head, body)
        return head.keeps and head.get("content-length", head.get("transfer-encoding")) is not None

    async def send(self, writer, question):
        """The body may go unread when the answer is an error."""
        writer.write(question.head())
        with contextlib.suppress(ConnectionError):
            for piece in question.pieces():
                writer.write(piece)
                await writer.drain()

    async def exchange(self, question):
        reader, writer = await self.connection()
        await self.send(writer, question)
        if not await self.read_answer(reader, question):
            self.drop()


async def get(client):
    await client.exchange(Question(size=random.choice((0, 1, 100, 1024, 5000, 65536)), style=random.choice(STYLES)))


async def head(client):
    await client.exchange(Question("HEAD", size=1024))


async def post(client):
    body = pattern(f"up{random.random()}", random.choice((1, 1000, 16384, 200_000)))
    await client.exchange(Question("POST", size=100, body=body, chunks=random.random() < 0.5))


async def post_after_continue(client):
    question = Question("PUT", size=10, body=pattern("continue", 5000), fields=("Expect: 100-continue",))
    await client.exchange(question)


async def large(client):
    await client.exchange(Question(size=4 << 20, style=random.choice(("length", "chunked"))))


async def pipelined(client):
    questions = [Question(size=random.randrange(3000), style=random.choice(("length", "chunked"))) for _ in range(5)]
    reader, writer = await client.connection()
    writer.write(b"".join(question.head() for question in questions))
    for question in questions:
        if not await client.read_answer(reader, question):
            raise Wrong("a pipeline that ends before its last answer")


async def old(client):
    """HTTP/1.0."""
    question = Question(size=random.randrange(20_000), style=random.choice(STYLES), version="1.0")
    reader, writer = await connect(client.address)
    try:
        await client.send(writer, question)
        await client.read_answer(reader, question)
        if await reader.read(1):
            raise Wrong("something after the answer to HTTP/1.0")
    finally:
        writer.close()


async def slow_reader(client):
    question = Question(size=1 << 20, style=random.choice(("length", "chunked")))
    reader, writer = await connect(client.address, receive_buffer=8 << 10)
    try:
        await client.send(writer, question)
        await client.read_answer(reader, question, pause=0.02)
    finally:
        writer.close()


async def aborting(client):
    """Leaves in the middle of an answer or of its own body, with or without a reset."""
    question = random.choice((Question(size=1 << 20), Question("POST", body=bytes(100_000)), Question(style="slow")))
    _, writer = await connect(client.address)
    writer.write(question.head() + question.body[:50_000])
    await asyncio.sleep(random.random() * 0.02)
    if random.random() < 0.5:
        writer.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()
    writer.close()


async def broken(client):
    """What no server should take is refused, and the connection ends."""
    reader, writer = await connect(client.address)
    try:
        writer.write(random.choice(BROKEN))
        head = await Head.read(reader)
        if not head or head.status != 400 or head.keeps:
            raise Wrong(f"{head and head.line} for a broken request")
        async for _ in read_body(reader, head):
            pass
        if await reader.read(1):
            raise Wrong("something after the refusal")
    finally:
        writer.close()


async def version(client):
    """Answered by the gateway itself; a connection never sees a revision older than one that it has seen."""
    reader, writer = await client.connection()
    writer.write(b"GET /version HTTP/1.1\r\nHost: soak.example\r\n\r\n")
    head = await Head.read(reader)
    if not head or head.status != 200:
        raise Wrong(f"{head and head.line} for /version")
    seen = int(b"".join([piece async for piece in read_body(reader, head)]))
    if seen < client.version_seen:
        raise Wrong(f"version {seen} after {client.version_seen}")
    client.version_seen = seen


async def tunnel(client):
    reader, writer = await connect(client.address)
    name = f"n{next(NUMBERS)}"
    try:
        writer.write(
            b"GET /soak/%b/0/length HTTP/1.1\r\nHost: soak.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n" % name.encode())
        head = await Head.read(reader)
        if not head:
            raise Wrong("the connection ended instead of an answer")
        if head.status != 101:
            raise Failed(f"{head.status}")
        for turn in range(5):
            data = pattern(f"{name}-{turn}", random.randrange(1, 20_000))
            writer.write(data)
            if await reader.readexactly(len(data)) != data:
                raise Wrong("other bytes than were sent come back through a tunnel")
    except (asyncio.IncompleteReadError, ConnectionError) as error:
        raise Failed("cut", has_begun=True) from error
    finally:
        writer.close()


@dataclass(frozen=True)
class Kind:
    """`may_repeat`: whether the gateway may send the request again; `count`: how many requests it is."""
    run: object
    weight: int
    may_repeat: bool
    count: int = 1


KINDS = [
    Kind(get, 40, True), Kind(head, 6, True), Kind(post, 20, False), Kind(post_after_continue, 4, False),
    Kind(large, 1, True), Kind(pipelined, 6, True, 5), Kind(old, 6, True), Kind(slow_reader, 1, True),
    Kind(aborting, 5, True), Kind(broken, 4, True), Kind(version, 7, True), Kind(tunnel, 3, False),
]
