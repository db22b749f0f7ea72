"""The floor: `native/relay.c`, which forwards bytes and looks at none."""

from ..target import Target
from ..wire import answer_length


class Relay(Target):
    name = "relay"
    parses = False
    can_reload = False

    def __init__(self, programs):
        self.programs = programs

    def program(self):
        return self.programs / "relay"

    def version(self):
        return "the floor"

    def write(self, job):
        pass

    def command(self, job):
        target = "/service-0/large" if job.answer_bytes > 1 << 10 else "/service-0/items/42"
        return [self.program(), job.port, answer_length(job.upstream_ports[0], target), *job.upstream_ports]
