"""A small DNS server (RFC 1035) on a port of its own, over UDP and TCP, whose answers a test changes at will."""

import socket
import struct
import threading

A, AAAA = 1, 28
NAME_ERROR, SERVER_FAILURE = 3, 2


class NameServer:
    """Answers from `records`: name -> list of addresses. A name that is missing does not exist."""

    def __init__(self, records=None, ttl=1):
        self.records = records or {}
        self.ttl = ttl
        self.silent = False
        self.failing = False
        self.truncates = False
        self.asked = []
        self.over_tcp = 0
        self.udp, self.tcp = self._bind()
        self.port = self.udp.getsockname()[1]
        for serve in (self._serve_datagrams, self._serve_streams):
            threading.Thread(target=serve, daemon=True).start()

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"

    @staticmethod
    def _bind():
        for _ in range(50):
            udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            udp.bind(("127.0.0.1", 0))
            try:
                return udp, socket.create_server(udp.getsockname())
            except OSError:
                udp.close()
        raise RuntimeError("no port that is free for both UDP and TCP")

    def _serve_datagrams(self):
        while True:
            try:
                query, peer = self.udp.recvfrom(4096)
            except OSError:
                return
            if not query:
                return
            if answer := self._answer(query, self.truncates):
                self.udp.sendto(answer, peer)

    def _serve_streams(self):
        while True:
            try:
                connection, _ = self.tcp.accept()
            except OSError:
                return
            threading.Thread(target=self._serve_stream, args=(connection,), daemon=True).start()

    def _serve_stream(self, connection):
        with connection, connection.makefile("rb") as stream:
            while len(head := stream.read(2)) == 2:
                self.over_tcp += 1
                if answer := self._answer(stream.read(struct.unpack(">H", head)[0]), False):
                    connection.sendall(struct.pack(">H", len(answer)) + answer)

    def _answer(self, query, truncated):
        if self.silent:
            return None
        number = query[:2]
        name, end = self._name(query)
        kind = struct.unpack(">H", query[end:end + 2])[0]
        self.asked.append((name, kind))
        known = self.records.get(name)
        code = SERVER_FAILURE if self.failing else NAME_ERROR if known is None else 0
        addresses = [] if truncated or code else [packed for packed in map(self._packed, known) if packed[0] == kind]
        flags = 0x8180 | (0x0200 if truncated else 0) | code
        question = query[12:end + 4]
        answers = b"".join(
            struct.pack(">HHHIH", 0xC00C, kind, 1, self.ttl, len(data)) + data for kind, data in addresses)
        return number + struct.pack(">HHHHH", flags, 1, len(addresses), 0, 0) + question + answers

    @staticmethod
    def _packed(address):
        if ":" in address:
            return AAAA, socket.inet_pton(socket.AF_INET6, address)
        return A, socket.inet_pton(socket.AF_INET, address)

    @staticmethod
    def _name(query):
        labels, position = [], 12
        while length := query[position]:
            labels.append(query[position + 1:position + 1 + length].decode())
            position += 1 + length
        return ".".join(labels).lower(), position + 1

    def stop(self):
        for sock in (self.udp, self.tcp):
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            sock.close()
