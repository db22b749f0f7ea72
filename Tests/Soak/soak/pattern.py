"""Bodies that belong to one name and to no other: a byte of somebody else's answer changes their hash."""

import hashlib


def pattern(name, size):
    digest = hashlib.sha256(name.encode()).digest()
    return (digest * (size // len(digest) + 1))[:size]


def fingerprint(data):
    return hashlib.sha256(data).hexdigest()
