"""The JSON in an answer: models put it in a fence, behind the tags in which they think, or a word of greeting."""

import json
import re
from collections.abc import Collection
from typing import Any

from kraftd_core.document.wording import in_sentence

_THOUGHT = re.compile(r"(?is)\A\s*(?:<(think|thinking|reasoning|thought)>.*?</\1>\s*)+")
_THOUGHT_OPEN = re.compile(r"(?is)\A\s*<(?:think|thinking|reasoning|thought)>")
_THOUGHT_END = re.compile(r"(?is)</(?:think|thinking|reasoning|thought)>")
_FENCE = re.compile(r"(?s)```[\w-]*[ \t]*\n?(.*?)(?:```|\Z)")
_FIELD_NAME = re.compile(r"[`'“\"]?\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b[`'”\"]?")


def without_thought(text: str) -> str:
    """The answer without what a model thought aloud before it; nothing while it still thinks."""
    text = _THOUGHT.sub("", text)
    if not _THOUGHT_OPEN.match(text) and not text.lstrip().startswith("{") and (end := _THOUGHT_END.search(text)):
        return text[end.end() :].lstrip()  # some servers cut the tag that opens
    return "" if _THOUGHT_OPEN.match(text) else text


def json_in(text: str) -> Any:
    """The JSON object of an answer; raises ValueError or RecursionError where it holds none."""
    said = without_thought(text).strip()
    try:
        return json.loads(said)
    except ValueError:
        return json.loads(_unwrapped(said))


def _unwrapped(text: str) -> str:
    """What stands in the fence, else from the first brace to the last."""
    for fenced in _FENCE.findall(text):
        if fenced.lstrip().startswith("{"):
            return str(fenced).strip()
    return text[text.find("{") : text.rfind("}") + 1]


def begun_json(text: str) -> str:
    """The beginning of the JSON object of an answer that still comes."""
    said = without_thought(text)
    return said[said.find("{") :] if "{" in said else ""


def without_field_names(text: str, names: Collection[str]) -> str:
    """The prose with fields called as people call them: no reader knows `invoice_total`."""

    def called(match: re.Match[str]) -> str:
        name = match[0].strip("`'“”\"")
        return in_sentence(name) if name in names else match[0]

    return _FIELD_NAME.sub(called, text)
