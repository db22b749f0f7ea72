"""A steady, bounded load over keep-alive connections that must notice nothing."""

import threading
import time

from .wire import Connection

PAUSE = 0.002


class SteadyLoad:
    """A few clients that ask for one target, each over one connection that it never renews."""

    def __init__(self, address, target, body=None, clients=4, requests_max=200_000):
        self.address, self.target, self.body = address, target, body
        self.requests_max = requests_max // clients
        self.answered = [0] * clients
        self.failures = []
        self._ending = threading.Event()
        self._threads = [threading.Thread(target=self._client, args=(index,), daemon=True) for index in range(clients)]

    def _client(self, index):
        try:
            with Connection(self.address) as connection:
                while not self._ending.is_set() and self.answered[index] < self.requests_max:
                    answer = connection.request("GET", self.target)
                    if answer.status != 200 or self.body is not None and answer.body != self.body:
                        self.failures.append(f"{answer.status} {answer.body[:200]!r}")
                    if answer.headers.get("Connection", "").lower() == "close":
                        self.failures.append("the gateway closes the connection")
                        return
                    self.answered[index] += 1
                    time.sleep(PAUSE)
        except (OSError, EOFError, AssertionError, ValueError) as error:
            self.failures.append(f"after {self.answered[index]} answers: {error!r}")

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind, *_):
        self._ending.set()
        for thread in self._threads:
            thread.join(30)
        if kind is None:
            assert not self.failures, f"{len(self.failures)} failures, first: {self.failures[:3]}"
            assert min(self.answered) > 0, f"a client got no answer: {self.answered}"
