"""Every error of ours, in one tree; each message tells the user what happened and what to do.

    KraftdError
    ├── SettingsError              the start is stopped: a setting is missing or wrong
    ├── AddressRefused             an e-mail address that can name nobody
    ├── DocumentRefused            the uploaded file cannot be taken, and why
    ├── ExtractorUnavailable       the service that reads documents did not read this one
    ├── AgentUnavailable           the service that writes summaries gave no text that can be used
    ├── NotFound                   no such workflow, document or file for this owner
    ├── RecordingError
    │   ├── CallRefused            what a program handed over cannot be recorded
    │   ├── StageAlreadyRecorded   the stage stands with other content
    │   ├── StageOutOfOrder        the stage before it is missing, or does not match
    │   ├── RecordRejected         the store will never take this record
    │   └── StoreUnavailable       the store did not confirm
    ├── ChangesDoNotFit            changes applied to other data than they were made from
    ├── ClockInDoubt               the clock of this computer is not believed
    ├── RenderingError             the deliverable cannot be made
    └── FileDamaged                stored bytes are missing or not those that were stored
"""


class KraftdError(Exception):
    """The root: its text is one sentence that may be shown to the user as it stands."""


class SettingsError(KraftdError):
    """A setting is missing or wrong; names the setting."""


class ClockInDoubt(KraftdError):
    """The clock of this computer is not believed, so that nothing is removed by it."""


class AddressRefused(KraftdError):
    """This is no e-mail address that can name a person here."""


class DocumentRefused(KraftdError):
    """The file cannot be taken; says why and what to do."""


class ExtractorUnavailable(KraftdError):
    """The service that reads documents gave no answer that can be used, or does not let us in."""


class AgentUnavailable(KraftdError):
    """The service that writes summaries gave no text that can be used, or does not let us in."""


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


class ChangesDoNotFit(KraftdError):
    """The changes were made from other data."""


class RenderingError(KraftdError):
    """The deliverable cannot be made from this data."""


class FileDamaged(KraftdError):
    """Stored bytes are missing, or are not the bytes that were stored."""
