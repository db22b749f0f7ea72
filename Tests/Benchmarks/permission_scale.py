#!/usr/bin/env python3
"""What rules cost: to load, in memory, for each request and for each pre-check.

Usage: permission_scale.py [GATEWAY] [--rules 5,100,1000,5000] [--seconds 3]

Prints a table. Half of the rules name a role, the others have a condition; 200 routes ask for two permissions each; the
caller has three roles. CPU time is the gateway's, all threads together, per request or per check, over the loopback
interface and one connection.
"""
import argparse
import base64
import hashlib
import hmac
import json
import pathlib
import re
import socket
import subprocess
import tempfile
import time

KEY = "0123456789abcdef" * 4
ROUTES = 200


def write_configuration(directory: pathlib.Path, rules: int) -> None:
    content = {
        "gateway": {
            "listeners": {"public": {"host": "127.0.0.1", "port": 0}}, "access_log": {"path": "off"},
            "endpoints": {"permissions": "/permissions"},
        },
        "auth": {"staff": {"jwt": {"algorithms": ["HS256"], "secret": {"env": "KEY"}}}},
        "roles": {f"role-{number}": {} for number in range(max(3, rules // 4))},
        "routes": {"open": {"path_pattern": "/open", "response": {"status": 204}}} | {
            f"route-{number}": {
                "path_pattern": f"/{{tenant}}/things-{number}/*", "response": {"status": 204},
                "permissions": [f"things-{number}:read", f"things-{number}:audit"],
            } for number in range(ROUTES)
        },
        "permissions": {},
    }
    for number in range(rules):
        # The first rules let the caller through; the others are what an installation has beside them.
        role = number if number < 3 else number % len(content["roles"])
        thing = f"things-{number % ROUTES}" if number >= 2 else "*"
        rule = {"grants": [f"{thing}:read" if number % 2 else f"{thing}:audit"] if thing != "*" else ["*"]}
        if number % 2 == 0:
            rule["to"] = {"roles": [f"role-{role}"]}
        else:
            rule["when"] = f'claims.tenant == path.tenant && claims.level >= {number % 9}'
        if number % 50 == 49:
            rule = {"effect": "deny", "to": {"groups": [f"group-{number}"]}}
        content["permissions"][f"rule-{number}"] = rule
    (directory / "gateway.json.yaml").write_text(json.dumps(content))


def token() -> str:
    def part(value):
        return base64.urlsafe_b64encode(value).rstrip(b"=")

    claims = {"sub": "ann", "roles": ["role-0", "role-1", "role-2"], "tenant": "acme", "level": 5,
              "exp": int(time.time()) + 3600}
    signed = part(json.dumps({"alg": "HS256"}).encode()) + b"." + part(json.dumps(claims).encode())
    return (signed + b"." + part(hmac.new(KEY.encode(), signed, hashlib.sha256).digest())).decode()


class Daemon:
    def __init__(self, gateway: str, directory: pathlib.Path) -> None:
        self.process = subprocess.Popen(
            [gateway, "run", directory / "gateway.d", "--state", directory / "state", "--workers", "1"],
            env={"KEY": KEY}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for line in self.process.stdout:
            if found := re.search(r"listening on \S+?:(\d+) \(public\)", line):
                self.socket = socket.create_connection(("127.0.0.1", int(found[1])))
                return
        raise SystemExit("the gateway has not started")

    def cpu(self) -> float:
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")")[1].split()
        return (int(fields[11]) + int(fields[12])) / 100

    def resident(self) -> float:
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024

    def measure(self, requests: list[bytes], statuses: bytes, seconds: float) -> tuple[float, float]:
        """Requests a second, and CPU µs for each. All that are given are on the way at once, again and again."""
        stream = b"".join(requests)
        count, start, cpu = 0, time.monotonic(), self.cpu()
        while time.monotonic() < start + seconds:
            self.socket.sendall(stream)
            answered = b""
            while (heads := answered.count(b"HTTP/1.1 ")) < len(requests) or not self.whole(answered):
                answered += self.socket.recv(1 << 20)
            assert answered.count(statuses) == heads, answered[:500]
            count += len(requests)
        wall = time.monotonic() - start
        return count / wall, (self.cpu() - cpu) / count * 1e6

    @staticmethod
    def whole(answered: bytes) -> bool:
        last = answered[answered.rfind(b"HTTP/1.1 "):]
        head, _, body = last.partition(b"\r\n\r\n")
        if b"\r\n\r\n" not in last:
            return False
        length = re.search(rb"(?i)content-length: (\d+)", head)
        return length is None or len(body) == int(length[1])

    def stop(self) -> None:
        self.socket.close()
        self.process.terminate()
        self.process.wait(30)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("gateway", nargs="?", default=".build/release/gateway")
    parser.add_argument("--rules", default="5,100,1000,5000")
    parser.add_argument("--seconds", type=float, default=3)
    arguments = parser.parse_args()
    print("| rules | validate s | daemon MiB | open route µs | ruled route µs | checks/s | µs per check | listing ms |")
    print("|---|---|---|---|---|---|---|---|", flush=True)
    for rules in map(int, arguments.rules.split(",")):
        with tempfile.TemporaryDirectory() as scratch:
            directory = pathlib.Path(scratch)
            (directory / "gateway.d").mkdir()
            write_configuration(directory / "gateway.d", rules)
            start = time.monotonic()
            subprocess.run(
                [arguments.gateway, "validate", directory / "gateway.d"], check=True, env={"KEY": KEY},
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            load = time.monotonic() - start
            daemon = Daemon(arguments.gateway, directory)
            try:
                line = f"HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token()}\r\n"
                opened = [f"GET /open {line}\r\n".encode()] * 50
                ruled = [f"GET /acme/things-{n % ROUTES}/x {line}\r\n".encode() for n in range(50)]
                urls = [{"method": "GET", "url": f"/acme/things-{n % ROUTES}/x"} for n in range(100)]
                body = json.dumps({"checks": urls})
                check = f"POST /permissions/check {line}Content-Length: {len(body)}\r\n\r\n{body}".encode()
                _, plain = daemon.measure(opened, b"HTTP/1.1 204", arguments.seconds)
                _, decided = daemon.measure(ruled, b"HTTP/1.1 204", arguments.seconds)
                rate, cpu = daemon.measure([check], b"HTTP/1.1 200", arguments.seconds)
                _, listed = daemon.measure([f"GET /permissions/me {line}\r\n".encode()], b"HTTP/1.1 200",
                                           arguments.seconds)
                memory = daemon.resident()
            finally:
                daemon.stop()
        print(f"| {rules:,} | {load:.2f} | {memory:.0f} | {plain:.2f} | {decided:.2f} | {rate * 100:,.0f} "
              f"| {cpu / 100:.2f} | {listed / 1000:.2f} |", flush=True)


if __name__ == "__main__":
    main()
