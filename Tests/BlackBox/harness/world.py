"""What tests of reloads look at: routes that tell their version, clients that must not notice, the state everywhere."""

from contextlib import contextmanager

from .load import SteadyLoad
from .polling import eventually


def versions(**named):
    """Routes that answer with a text."""
    return {"routes": {name: {"path_pattern": f"/{name}", "response": {"body": body}} for name, body in named.items()}}


@contextmanager
def unnoticed(gateway):
    """Inside, clients must see nothing but answers, on the connections that they began with."""
    with SteadyLoad(gateway.address, "/steady", b"steady") as load:
        eventually(lambda: min(load.answered) > 0, "the load runs")
        yield
        after = [count + 5 for count in load.answered]
        eventually(
            lambda: load.failures or all(now > then for now, then in zip(load.answered, after, strict=True)),
            "the load goes on")


def check_active(gateway, revision=None):
    """The three places that tell the state come to agree. Workers serve a revision a moment before it is told."""

    def agree():
        health, status = gateway.health(), gateway.status()
        assert revision is None or health["revision"] == revision
        assert health["status"] == "ok" and health["ready"]
        assert health["revision"] == status["revision"] == gateway.metric("gateway_config_revision")
        assert health["reload"]["state"] == status["reload"]["state"] == "serving"
        return gateway.metric("gateway_config_last_reload_successful") == 1

    eventually(agree, "the files on disk are what serves, by all accounts")


def check_rejected(gateway, revision):
    """The same for files that are refused while an older revision serves."""

    def agree():
        health, status = gateway.health(), gateway.status()
        assert health["status"] == "degraded" and health["ready"]
        assert health["revision"] == status["revision"] == revision
        assert health["reload"]["state"] == status["reload"]["state"] == "rejected"
        return gateway.metric("gateway_config_last_reload_successful") == 0

    eventually(agree, f"the files on disk are refused and revision {revision} serves, by all accounts")
