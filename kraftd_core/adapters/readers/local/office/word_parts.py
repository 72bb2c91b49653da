"""Brings the parts of a Word document into the plain form that its reader knows: controls, insertions and text boxes."""

from typing import Any

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_COMPATIBLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_WRAPPERS = ("ins", "moveTo", "fldSimple", "smartTag", "customXml")
_PROPERTIES = tuple(f"{_WORD}{name}Pr" for name in ("sdt", "sdtEnd", "smartTag", "customXml"))


def made_plain(root: Any) -> None:
    """Puts what controls, tracked insertions and fields hold in their place, and text boxes behind their paragraphs."""
    for fallback in list(root.iter(f"{_COMPATIBLE}Fallback")):  # the same text box once more, for older programs
        fallback.getparent().remove(fallback)
    for control in list(root.iter(f"{_WORD}sdt")):
        content = control.find(f"{_WORD}sdtContent")
        _replace(control, [] if content is None else list(content))
    for name in _WRAPPERS:
        for wrapper in list(root.iter(f"{_WORD}{name}")):
            if wrapper.getparent() is not None and not wrapper.getparent().tag.endswith("Pr"):
                _replace(wrapper, list(wrapper))
    for box in list(root.iter(f"{_WORD}txbxContent")):
        host = next((above for above in box.iterancestors(f"{_WORD}p")), None)
        if host is not None:
            for inner in reversed(list(box)):
                host.addnext(inner)


def _replace(element: Any, inner: list[Any]) -> None:
    parent = element.getparent()
    at = parent.index(element)
    parent.remove(element)
    for offset, child in enumerate(child for child in inner if child.tag not in _PROPERTIES):
        parent.insert(at + offset, child)
