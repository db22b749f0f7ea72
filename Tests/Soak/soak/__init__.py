"""A long run of mixed traffic through a gateway that is reloaded and whose instances are killed all the time."""
