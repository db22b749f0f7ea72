"""The proxies that can be measured, in the order of the tables."""

from .caddy import Caddy
from .envoy import Envoy
from .gateway import Gateway
from .haproxy import HAProxy
from .nginx import Nginx
from .relay import Relay

PEERS = [Nginx, HAProxy, Caddy, Envoy]

__all__ = ["PEERS", "Caddy", "Envoy", "Gateway", "HAProxy", "Nginx", "Relay"]
