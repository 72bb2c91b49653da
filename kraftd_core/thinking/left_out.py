"""How it is said that a service saw a part of a document only: sentences of our own, whose sizes are none of the document."""

import re

from kraftd_core.document.wording import how_many


def rows_said(rows: int, table: str, shown: int) -> str:
    """That of a long table only the first rows were told one by one."""
    of_rows = f"Of {how_many(rows, 'row')} of {table}"
    return f"{of_rows}, the first {shown:,} were looked at one by one, all of them by what they come to."


def texts_said(characters: int, members: int) -> str:
    """That long texts and lists were told by their beginnings."""
    return f"Of long texts and lists, only the first {characters:,} characters and {members:,} members were looked at."


def fields_said(missing: int, fields: int) -> str:
    """That fields were not told at all."""
    return f"{how_many(missing, 'field')} of {fields:,} {'was' if missing == 1 else 'were'} not looked at."


def only_said(shown: int, every: int, noun: str) -> str:
    """That of many alike only some were told."""
    return f"Only {shown:,} of {how_many(every, noun)} were looked at."


_SIZES = re.compile(
    r"(?<!\w)(?:(?<=, )the first [\d,]+(?= were looked at one by one)|Only [\d,]+ of(?= [\d,]+ [\w ]{1,40} were looked at\.)"
    r"|only the first [\d,]+ characters and [\d,]+ members(?= were looked at\.)"
    r"|[\d,]+ fields? of [\d,]+(?= (?:was|were) not looked at\.))"
)


def without_sizes(text: str) -> str:
    """The text, as long as it was, without the sizes that say only how much a service was told."""
    return _SIZES.sub(lambda said: " " * len(said[0]), text)
