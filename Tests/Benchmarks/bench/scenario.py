"""What is asked of every proxy, and how."""

from dataclasses import dataclass, field

REALISTIC = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "Accept": "text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.8",
    "Accept-Language": "en-GB,en;q=0.7,fr;q=0.3",
    "Accept-Encoding": "gzip, deflate, br",
    "Referer": "https://shop.example.com/catalogue?page=3",
    "Origin": "https://shop.example.com",
    "Cookie": "session=8b1f0c3e5a7d4e92b6c0d1f2a3b4c5d6; consent=yes; theme=dark",
    "Cache-Control": "no-cache",
    "Sec-Fetch-Mode": "cors",
}


@dataclass(frozen=True)
class Scenario:
    name: str
    title: str
    label: str = ""
    routes: int = 1
    path: str = "items/42"
    headers: dict = field(default_factory=dict)
    body_bytes: int = 0
    connections: int = 64
    is_proxied: bool = True
    # Whether the client picks a route for every request, which costs it some time, even when there is only one.
    is_spread: bool = False

    @property
    def answer_bytes(self):
        return 64 << 10 if self.path == "large" else 1 << 10

    def target(self, route=0):
        return f"/service-{route}/{self.path}" if self.is_proxied else "/nothing/here"


COMPARED = [
    Scenario("S1", "plain GET, 1 KiB answer", "S1 plain"),
    Scenario("S1h", "GET with nine browser-like fields, 1 KiB answer", "S1h real head", headers=REALISTIC),
    Scenario("S2", "1,000 prefix routes, requests spread over them", "S2 1,000 routes", routes=1000, is_spread=True),
    Scenario("B64", "GET, 64 KiB answer", "B64 64 KiB answer", path="large"),
    Scenario("U64", "POST of 64 KiB, 1 KiB answer", "U64 64 KiB upload", body_bytes=64 << 10),
    Scenario("E404", "404 answered by the proxy itself", "E404 no route", is_proxied=False),
]
SCALING = [
    Scenario(f"R{routes}", f"{routes:,} prefix routes", routes=routes, is_spread=True)
    for routes in (1, 1000, 100_000)
]
