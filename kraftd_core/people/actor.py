"""The actor: who asks. Made once at the edge (settings, command line, session), and passed on as it is."""

import re
import unicodedata
from dataclasses import dataclass

from kraftd_core.errors import AddressRefused

_ADDRESS = re.compile(r"[!-?A-~]+@[!-?A-~]+")  # printable ASCII without blanks around one @
_REFUSED = "This is no e-mail address that can be used here. Write it like ann@example.com, in plain letters without blanks."
_LONGEST = 254  # RFC 5321, 4.5.3.1.3


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, or a service, by the canonical e-mail address; `subject` is what the issuer of a sign-in calls them.

    Records are kept under the address, so that it has one form only: `Actor.of` is the way to make one.
    """

    email: str
    name: str | None = None
    subject: str | None = None
    roles: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls, address: str, name: str | None = None, subject: str | None = None, roles: frozenset[str] = frozenset()
    ) -> "Actor":
        """The actor of this address, in whatever capitals it is written; raises AddressRefused for what is none."""
        return cls(canonical_email(address), name, subject, roles)


def canonical_email(address: str) -> str:
    """The one form of an address: lower case, without blanks around it.

    Raises AddressRefused for anything but ASCII: the Kelvin sign, lower-cased, would be another person's k.
    """
    if not isinstance(address, str):
        raise AddressRefused(_REFUSED)
    written = address.strip()
    if len(written) > _LONGEST or not _ADDRESS.fullmatch(written) or unicodedata.normalize("NFKC", written) != written:
        raise AddressRefused(_REFUSED)
    return written.lower()
