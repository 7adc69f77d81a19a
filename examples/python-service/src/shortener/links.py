"""Short names for long addresses."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from urllib.parse import urlsplit

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


class InvalidAddressError(ValueError):
    """The address cannot be shortened."""


def short_name(address: str, length: int = 7) -> str:
    """The same address always gets the same name."""
    number = int.from_bytes(hashlib.sha256(address.encode()).digest()[:8], "big")
    letters = []
    for _ in range(length):
        number, letter = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[letter])
    return "".join(letters)


@dataclass
class Links:
    """Names and the addresses they stand for."""

    addresses: dict[str, str] = field(default_factory=dict)

    def add(self, address: str) -> str:
        """Takes an address of the web and returns its name."""
        parts = urlsplit(address)
        if parts.scheme not in {"http", "https"} or not parts.netloc:
            raise InvalidAddressError(address)
        name = short_name(address)
        self.addresses[name] = address
        return name

    def find(self, name: str) -> str | None:
        """The address behind a name."""
        return self.addresses.get(name)
