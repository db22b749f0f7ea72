"""An instance of the service: `python3 instance.py PORT`, 0 for a free one; prints the port. Made to be killed.

The target `/soak/NAME/SIZE/STYLE` asks for a body of SIZE bytes that belongs to NAME. Styles: `length`, `chunked`,
`end` (the body ends with the connection), `slow` (in pieces). The answer tells length and hash of the request's body.
"""

import asyncio
import contextlib
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from soak.pattern import fingerprint, pattern  # noqa: E402
from soak.wire import Head, read_body  # noqa: E402

PIECE = 16 << 10


async def serve(reader, writer):
    with contextlib.suppress(OSError, EOFError, asyncio.IncompleteReadError):
        while head := await Head.read(reader):
            if head.get("expect"):
                writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            if head.get("upgrade"):
                await tunnel(reader, writer)
                break
            body = b"".join([piece async for piece in read_body(reader, head, is_request=True)])
            if not await answer(writer, head, body):
                break
    writer.close()


async def answer(writer, head, body):
    """Returns whether the connection goes on."""
    method, target, _ = head.line.split(" ")
    _, _, name, size, style = target.partition("?")[0].split("/")
    content = pattern(name, int(size))
    fields = [f"X-Name: {name}", f"X-Received: {len(body)} {fingerprint(body)}", "Content-Type: text/plain"]
    framing = {"chunked": "Transfer-Encoding: chunked", "end": "Connection: close"}
    fields.append(framing.get(style, f"Content-Length: {len(content)}"))
    writer.write(("HTTP/1.1 200 OK\r\n" + "\r\n".join(fields) + "\r\n\r\n").encode())
    if method != "HEAD":
        pieces = max(1, len(content) // 4) if style == "slow" else PIECE
        for start in range(0, len(content), pieces):
            piece = content[start:start + pieces]
            writer.write(b"%x\r\n%b\r\n" % (len(piece), piece) if style == "chunked" else piece)
            await writer.drain()
            if style == "slow":
                await asyncio.sleep(0.02)
        if style == "chunked":
            writer.write(b"0\r\n\r\n")
    await writer.drain()
    return style != "end" and head.get("connection", "").lower() != "close"


async def tunnel(reader, writer):
    """What comes goes back."""
    writer.write(b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
    while data := await reader.read(1 << 16):
        writer.write(data)
        await writer.drain()


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", int(sys.argv[1]), backlog=1024, reuse_address=True)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main())
