"""Which values say where to pay, whatever they are called, and when two of them name the same account."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, TypeAlias

from kraftd_core.document.cells import folded, text_of
from kraftd_core.document.changes import path_of
from kraftd_core.document.jsontypes import ROW_ID, Data, is_table

BankKind: TypeAlias = Literal["iban", "bic", "sort_code", "account", "bank", "payee", "address"]

BANK_LABELS: dict[BankKind, str] = {
    "iban": "IBAN", "bic": "BIC", "sort_code": "sort code", "account": "account", "bank": "bank",
    "payee": "payee", "address": "payment address",
}  # fmt: skip
_KIND_OF_NAME: tuple[tuple[BankKind, "re.Pattern[str]"], ...] = (
    ("iban", re.compile("iban")),
    ("bic", re.compile("(?:^|_)(?:bic|swift)|(?:bic|swift)_?code")),
    ("sort_code", re.compile(
        "(?:^|_)(?:sort_?codes?|blz|bankleitzahl|bank_?code|bank_?sort|routing|aba|bsb|ifsc|transit|clearing|code_banque"
        "|code_guichet|guichet|abi|cab|banco_codigo)(?:_|$)"
    )),
    ("account", re.compile(
        "(?:^|_)(?:bank_?)?(?:accounts?|acct|acc|a_c|konto|kontos|kto|compte|cuenta|conto|rekening|rekeningnummer|clabe|ccc|rib"
        "|bban|cbu|cvu|bankgiro|plusgiro|postgiro|pankkigiro)(?:nr|nummer|number|no|inhaber|holder|name)?(?:_|$)|kontonummer|kontonr|bankkonto|bankrekening|rekeningnr"
    )),
    ("bank", re.compile("(?:^|_)(?:banks?|banque|banca|banco)(?:_|$)|bank_?name|bankverbindung|kreditinstitut|bancaire")),
    ("payee", re.compile("^(?:payee|beneficiary|beneficiaire|beneficiario|remit_to|pay_to|(?:make_)?payable_to)(?:_name)?$")),
    ("address", re.compile(  # where money is sent without an account
        "(?:^|_)(?:pix|upi|vpa|paypal|venmo|wallet|twint|paynow|mobilepay|swish)(?:_|$)"
        "|(?:^|_)(?:payment|pay)_?(?:link|url|page|address)(?:_|$)|(?:bitcoin|btc|crypto)_address"
    )),
)  # fmt: skip
_NO_BANK = re.compile("(?:^|_)account_(?:manager|executive|director|handler)|(?:^|_)bank_holiday")
_OF_CUSTOMER = re.compile("(?:^|_)(?:customer|client|cliente|kunde|kunden|buyer|debtor|payer)(?:s)?(?:_|$)")
_IBAN_IN_TEXT = re.compile(r"(?<![A-Z0-9])[A-Z]{2}\d{2}(?:[ .-]?[A-Z0-9]){11,30}(?![A-Z0-9])")
_BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")
_LONGEST = 500  # characters
_MOST_ROWS = 20  # accounts stand in short tables; the lines of a long document are not gone through
_MASKED = re.compile(r"X{3}|\*{3}|0{10}")
_PLACEHOLDERS = frozenset((
    "na", "none", "null", "nil", "unknown", "tbd", "tba", "ka", "keine", "keineangabe", "notavailable", "notapplicable",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class BankDetail:
    """A value that says where to pay: its place, its value as written, and the code by which it is the same elsewhere."""

    path: str
    kind: BankKind
    written: str
    code: str


def is_placeholder(text: str) -> bool:
    """Whether the text only fills a place: a dash, "n/a", "none"."""
    bare = "".join(c for c in folded(text).casefold() if c.isalnum())
    return not bare or bare in _PLACEHOLDERS or set(bare) == {"x"}


@lru_cache(maxsize=4096)
def _kind_of_name(name: str) -> BankKind | None:
    plain = _plain_name(name)
    if _NO_BANK.search(plain):
        return None
    return next((kind for kind, pattern in _KIND_OF_NAME if pattern.search(plain)), None)


def _plain_name(name: str) -> str:
    """`BankAccountNo`, "Bank account no." and `bank_account_no` alike: small words joined by underscores, without accents."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    bare = "".join(c for c in unicodedata.normalize("NFKD", parted) if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", "_", bare).strip("_").lower()


def bank_kind(name: str, *values: Any) -> BankKind | None:
    """What kind of bank detail the name means, or any of the values is by itself: a valid IBAN is one under every name."""
    found = _kind_of_name(name)
    if found is None and any(isinstance(value, str) and iban_in(value) for value in values):
        return "iban"
    return found


def iban_in(text: str) -> str | None:
    """The first IBAN in the text whose check digits hold, in capitals and without blanks; of long texts, in their beginning."""
    return _iban_in(text[:_LONGEST])


@lru_cache(maxsize=4096)
def _iban_in(text: str) -> str | None:
    from stdnum import iban

    for found in _IBAN_IN_TEXT.finditer(folded(text).upper()):
        pieces = re.split(r"[ .-]", found[0])
        for end in range(len(pieces), 0, -1):  # words in capitals may follow it
            code = "".join(pieces[:end])
            if len(code) >= 15 and not _MASKED.search(code) and iban.is_valid(code, check_country=False):
                return code
    return None


def code_of(kind: BankKind, value: Any) -> str | None:
    """By what the value is the same however it is written; None where it says nothing that can be right."""
    text = text_of(value) or ""
    if isinstance(value, (bool, dict, list)) or is_placeholder(text):
        return None
    if kind == "iban":
        return iban_in(text)
    bare = "".join(c for c in folded(text).upper() if c.isalnum())
    if kind == "bic":
        return bare.removesuffix("XXX") if _BIC.fullmatch(bare) else None
    return None if kind != "bank" and _MASKED.search(folded(text).upper()) else bare


def bank_details(data: Data) -> list[BankDetail]:
    """The supplier's bank details that can be right, of fields and tables, in the document's order."""
    return [detail for path, name, value in _values(data) if (detail := _detail(path, name, value))]


def _values(data: Data) -> Iterator[tuple[str, str, Any]]:
    for name, value in data.items():
        if not isinstance(value, list):
            yield path_of(name), name, value
        elif len(value) <= _MOST_ROWS and is_table(value):
            for row in value:
                yield from ((path_of(name, row[ROW_ID], column), column, row[column]) for column in row if column != ROW_ID)


def _detail(path: str, name: str, value: Any) -> BankDetail | None:
    kind = None if _OF_CUSTOMER.search(_plain_name(name)) else bank_kind(name, value)
    code = code_of(kind, value) if kind else None
    return BankDetail(path, kind, text_of(value) or "", code) if kind and code else None
