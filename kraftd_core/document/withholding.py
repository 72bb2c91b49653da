"""Keeps values out of what a service is told: account numbers, addresses of mail, telephone numbers, days of birth."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, TypeAlias, get_args

Withheld: TypeAlias = Literal["iban", "email", "phone", "birth_date"]
"""What of a document may be kept out of all that a service is told."""

EVERY_WITHHELD: tuple[Withheld, ...] = get_args(Withheld)

_SAID: dict[Withheld, str] = {
    "iban": "account number", "email": "e-mail address", "phone": "telephone number", "birth_date": "date of birth",
}  # fmt: skip
_NAMES: dict[Withheld, re.Pattern[str]] = {
    "iban": re.compile(r"iban|(?:^|_)(?:bank_?)?(?:account|acct|konto|kto|compte|cuenta)(?:_?(?:no|nr|number|nummer|numero))?$"),
    "email": re.compile(r"e_?mail|correo"),
    "phone": re.compile(
        r"phone|(?:^|_)(?:tel|fax|mobile|handy|cell|portable|movil|mobil)(?:_|$)|telefon|telefax|rufnummer"
    ),
    "birth_date": re.compile(r"birth|geburt|naissance|nacimiento|(?:^|_)dob(?:_|$)"),
}
_DAY = (
    r"(?:\d{4}-\d{2}-\d{2}|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{1,2}\.? (?:de )?[^\W\d_]{3,10}\.?,? (?:de )?\d{4}"
    r"|[^\W\d_]{3,10} \d{1,2},? \d{4})"
)
_TEXTS: dict[Withheld, tuple[re.Pattern[str], ...]] = {
    "iban": (
        re.compile(
            r"(?<![A-Z0-9])(?=[A-Z]{2}\d{2}(?:[ .\u00a0-]?[A-Z0-9]){11,30})[A-Z]{2}\d{2}(?:[ .\u00a0-]?[A-Z0-9]{4}){2,7}"
            r"(?:[ .\u00a0-]?[A-Z0-9]{1,3})?(?![A-Za-z0-9])"
        ),
        re.compile(r"(?i)(?<![a-z0-9])[a-z]{2}\d{2}(?=[a-z]{0,6}\d{5})[a-z0-9]{11,30}(?![a-z0-9])"),
    ),
    "email": (re.compile(r"[\w.+%'-]+ ?(?:@|\(at\)|\[at\]) ?[\w-]+(?:\.[\w-]+)+"),),
    "phone": (
        re.compile(
            r"(?<![\w.,+])(?=(?:\W{0,3}\d){9,17})(?:\+|00)[1-9]\d{0,2}[ ./-]?(?:\(0?\d*\)[ ./-]?)?\d{1,5}"
            r"(?:[ ./-]?\d{2,5}){1,5}(?![\w%]|[.,]\d)"
        ),
        re.compile(r"(?<![\w.,/-])\(?0\d{1,5}\)?[ /–-]{1,3}\d{2,}(?:[ -]?\d{2,})+(?![\w%]|[.,]\d)"),
        re.compile(
            r"(?i)(?:phone|tel|fax|mobile|mobil|handy|cell|telefon|téléphone|teléfono|telefax|portable|móvil)\b\.?"
            r"[^\w\n+(]{0,4}(?P<value>[+(]?\d[\d ()./–-]{5,24}\d)"
        ),
    ),
    "birth_date": (
        re.compile(
            r"(?i)(?:born|birth|dob|geboren|geburt\w*|geb\.|né|née|naissance|nacid[oa]|nacimiento)\b\W{0,3}(?:\w{1,3} ){0,2}"
            rf"(?P<value>{_DAY})"
        ),
    ),
}
_SHORTEST = 5  # characters of a value that is looked for elsewhere


class Withholding:
    """Replaces the chosen values wherever they stand in what is told of one document."""

    def __init__(self, kinds: Iterable[Withheld], data: Mapping[str, Any]) -> None:
        self._kinds = tuple(kinds)
        values = dict(_values(data, self._kind_of))
        longest = sorted(values, key=len, reverse=True)
        self._known = re.compile("|".join(map(_anywhere, longest))) if longest else None
        self._kind_by_key = {_key(value): kind for value, kind in values.items()}

    def told(self, value: Any, name: str = "") -> Any:
        """The same without the values: what stands under such a name goes whole, in other texts what looks like one."""
        if isinstance(value, dict):
            where = str(value.get("where", name)) if "from" in value or "to" in value else None
            names = {key: where if where and key in ("from", "to") else str(key) for key in value}
            return {self.text(str(key)): self.told(member, names[key]) for key, member in value.items()}
        if isinstance(value, list):
            return [self.told(member, name) for member in value]
        if value is None or isinstance(value, bool) or not self._kinds:
            return value
        if kind := self._kind_of(name):
            return _instead(kind)
        if isinstance(value, str):
            return self.text(value)
        kind = self._kind_by_key.get(_key(str(value)))
        return _instead(kind) if kind else value

    def text(self, text: str) -> str:
        """A text without the values that stand in it."""
        if self._known is not None:
            text = self._known.sub(lambda match: _instead(self._kind_by_key.get(_key(match[0]), self._kinds[0])), text)
        for kind in self._kinds:
            for pattern in _TEXTS[kind]:
                text = pattern.sub(lambda match, kind=kind: _replaced(match, kind), text)  # type: ignore[misc]
        return text

    def _kind_of(self, name: str) -> Withheld | None:
        folded = re.sub(r"[^a-z]+", "_", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower())
        return next((kind for kind in self._kinds if _NAMES[kind].search(folded)), None)


def _values(value: Any, kind_of: Any, name: str = "") -> Iterator[tuple[str, Withheld]]:
    """The values that stand under such names, as texts, with their kinds."""
    if isinstance(value, Mapping):
        for key, member in value.items():
            yield from _values(member, kind_of, str(key))
    elif isinstance(value, list):
        for member in value:
            yield from _values(member, kind_of, name)
    elif value is None or isinstance(value, bool) or not (kind := kind_of(name)):
        return
    else:
        yield from ((text, kind) for text in _written(str(value)) if len(_key(text)) >= _SHORTEST)


def _written(value: str) -> Iterator[str]:
    """The value as it may stand in a text; a day also with its parts in other orders."""
    yield value
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        year, month, day = value.split("-")
        yield from (f"{day}.{month}.{year}", f"{month}/{day}/{year}")
        yield from (f"{int(day)}.{int(month)}.{year}", f"{int(month)}/{int(day)}/{year}")


def _anywhere(value: str) -> str:
    """The value as it may stand in a text: with other spaces and marks between its letters and digits."""
    marks = r"[\s./()–-]{0,2}"
    return rf"(?<![^\W_]){marks.join(map(re.escape, _key(value)))}(?![^\W_])" if _key(value) else re.escape(value)


def _key(value: str) -> str:
    return re.sub(r"[\s./()–-]+", "", value)


def _replaced(match: re.Match[str], kind: Withheld) -> str:
    if "value" not in match.re.groupindex:
        return _instead(kind)
    return match[0][: match.start("value") - match.start()] + _instead(kind)


def _instead(kind: Withheld) -> str:
    return f"[withheld: {_SAID[kind]}]"
