"""What sentences of contracts, requests and orders say, in texts that the tests make themselves."""

import pytest
from prose_texts import TEXTS

from kraftd_core.adapters.readers.common.prose.passages import passages_of_texts
from kraftd_core.adapters.readers.common.prose.telling import told_in
from kraftd_core.adapters.readers.common.values import manner_of


def told(kind, text):
    """The fields of a text, amounts as numbers."""
    passages = passages_of_texts([text])
    manner = manner_of([passage.text for passage in passages])
    return told_in(kind, passages, manner)
