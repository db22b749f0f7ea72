"""Measures the gateway beside other proxies on one machine. `README.md` beside this package says how and why."""
