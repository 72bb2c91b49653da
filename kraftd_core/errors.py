"""Every error of ours, in one tree; each message tells the user what happened and what to do.

    KraftdError
    ├── SettingsError              the start is stopped: a setting is missing or wrong
    ├── AddressRefused             an e-mail address that can name nobody
    ├── DocumentRefused            the uploaded file cannot be taken, and why
    ├── ExtractorUnavailable       the service that reads documents did not read this one
    ├── AgentUnavailable           the service that writes summaries gave no text that can be used
    │   └── OtherLanguage          it wrote in another language than was asked for, twice
    ├── NotFound                   no such workflow, document or file for this owner
    ├── RecordingError
    │   ├── CallRefused            what a program handed over cannot be recorded
    │   ├── StageAlreadyRecorded   the stage stands with other content
    │   ├── StageOutOfOrder        the stage before it is missing, or does not match
    │   ├── RecordRejected         the store will never take this record
    │   └── StoreUnavailable       the store did not confirm
    │       └── StoreRefused       the store does not let us in, or is none: it will not pass by itself
    ├── ChangesDoNotFit            changes applied to other data than they were made from
    ├── ClockInDoubt               the clock of this computer is not believed
    ├── RenderingError             the deliverable cannot be made
    └── FileDamaged                stored bytes are missing or not those that were stored
"""

import re

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
_SETTING = "KRAFTD_"
_TO_WHOM = "Whoever looks after this application finds in its log what has to be set."
IF_IT_STAYS = "If it stays so,"
_WHOM_THEN = f"{IF_IT_STAYS} tell whoever looks after this application."


def plainly(told: str) -> str:
    """A text without its sentences that name a setting; in their place one that says who is to be asked, and whether now."""
    sentences = _SENTENCE_END.split(told)
    plain, for_others = [s for s in sentences if _SETTING not in s], [s for s in sentences if _SETTING in s]
    if for_others:
        plain.append(_WHOM_THEN if all(s.startswith(IF_IT_STAYS) for s in for_others) else _TO_WHOM)
    return " ".join(plain)


class KraftdError(Exception):
    """The root: its text says what happened and what to do, to the user or, where it names a setting, to an administrator."""

    @property
    def plainly(self) -> str:
        """What is said to somebody who only uses the application: sentences that name a setting are not for them."""
        return plainly(str(self))

    @property
    def cause(self) -> str:
        """The first sentence: what happened."""
        return _SENTENCE_END.split(self.plainly, 1)[0]


class SettingsError(KraftdError):
    """A setting is missing or wrong; names the setting."""


class ClockInDoubt(KraftdError):
    """The clock of this computer is not believed, so that nothing is removed by it."""


class AddressRefused(KraftdError):
    """This is no e-mail address that can name a person here."""


class DocumentRefused(KraftdError):
    """The file cannot be taken; says why and what to do."""


class ReadingTooSlow(DocumentRefused):
    """Reading the file took longer than is allowed; on a machine that is less busy it may not."""


class ExtractorUnavailable(KraftdError):
    """The service that reads documents gave no answer that can be used, or does not let us in."""


class AgentUnavailable(KraftdError):
    """The service that writes summaries gave no text that can be used, or does not let us in."""


class OtherLanguage(AgentUnavailable):
    """The service wrote in another language than was asked for, also when it was asked once more."""


class NotFound(KraftdError):
    """Nothing by that name belongs to this owner."""


class RecordingError(KraftdError):
    """A stage was not recorded; nothing changed."""


class CallRefused(RecordingError):
    """What a program handed over cannot be recorded; names it, and what it must be."""


class StageAlreadyRecorded(RecordingError):
    """The stage stands already, with other content."""


class StageOutOfOrder(RecordingError):
    """The stage before is missing, belongs to someone else, or has another hash."""


class RecordRejected(RecordingError):
    """The store says that it will never take this record: it is too large, or malformed for it."""


class StoreUnavailable(RecordingError):
    """The store gave no confirmation."""


class StoreRefused(StoreUnavailable):
    """The store does not let us in, or what we need is not there: it lasts until somebody mends it."""


class ChangesDoNotFit(KraftdError):
    """The changes were made from other data."""


class RenderingError(KraftdError):
    """The deliverable cannot be made from this data."""


class FileDamaged(KraftdError):
    """Stored bytes are missing, or are not the bytes that were stored."""
