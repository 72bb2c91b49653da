"""A comparison as HTML: the block that a page shows, and a file that stands alone. Everything from a document is escaped."""

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from kraftd_core.comparing import compare
from kraftd_core.document.wording import how_many, percent

_LONG = 400
"""Characters of a text that a page shows at first; a file shows all."""

COMPARE_CSS = """
.cmp { font-size: .9rem; line-height: 1.45; }
.cmp table { border-collapse: collapse; width: 100%; table-layout: fixed; margin: 0 0 1.2rem; }
.cmp caption { text-align: left; font-weight: 600; padding: .35rem 0; }
.cmp th, .cmp td { text-align: left; vertical-align: top; padding: .3rem .5rem; border: 0; border-bottom: 1px solid #8884;
  overflow-wrap: anywhere; font-weight: inherit; }
.cmp thead th { font-weight: 600; border-bottom-width: 2px; }
.cmp .m { width: 2rem; text-align: center; font-weight: 700; }
.cmp .l { width: 28%; }
.cmp .n { opacity: .75; font-size: .85em; display: block; }
.cmp del, .cmp ins { text-decoration-thickness: 2px; text-underline-offset: 2px; }
.cmp del { background: #c0392b22; text-decoration: line-through; }
.cmp ins { background: #1e844922; text-decoration: underline; }
.cmp .fold td { opacity: .75; text-align: center; font-style: italic; }
.cmp .none { opacity: .6; }
.cmp .vh { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.cmp :is(.changed, .moved, .moved_changed) .m { color: #b9770e; }
.cmp .added .m { color: #1e8449; } .cmp .removed .m { color: #c0392b; }
"""

_FILE_CSS = """
body { font-family: system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem; color: #222; }
h1 { font-size: 1.4rem; } .warn { border-left: 4px solid #b9770e; padding-left: .7rem; }
@media print { body { margin: 0; max-width: none; } tr { break-inside: avoid; } thead { display: table-header-group; } }
"""


def titles_of(sides: Sequence[compare.Side]) -> list[str]:
    """What each side is called: the version, and the document where that tells them apart."""
    are_of_one = len({side.workflow_id for side in sides}) == 1
    versions = [compare.VERSIONS[side.version] for side in sides]
    return versions if are_of_one else [f"{v} · {side.document_name}" for v, side in zip(versions, sides, strict=True)]


def full_titles_of(sides: Sequence[compare.Side]) -> list[str]:
    """What each side is called where nothing else names it."""
    return [f"{compare.VERSIONS[side.version]} · {side.document_name} · {side.workflow_id[:8]}" for side in sides]


def comparison_html(comparison: compare.Comparison, wanted: compare.Wanted, *, most: int | None = None) -> str:
    """The lines that are looked at as tables, one a section; at most so many lines in all.

    The lines that differ carry `id="change-1"`, `change-2`, … in reading order.
    """
    numbers = iter(range(1, len(comparison.lines) + 1))
    left = len(comparison.lines) if most is None else most
    parts = []
    for section, lines in compare.folded(comparison, wanted):
        if any(isinstance(line, compare.ComparedLine) for line in lines):
            rows = lines[:left]
            left -= len(rows)
            parts.append(_table(comparison.sides, section, rows, numbers, wanted.is_unified, is_short=most is not None))
        if left <= 0:
            break
    return f'<div class="cmp">{"".join(parts)}</div>'


def _table(
    sides: Sequence[compare.Side], section: str, lines: Iterable[compare.ComparedLine | compare.Folded], numbers: Iterator[int],
    is_unified: bool, is_short: bool,
) -> str:
    heads = ["What it says"] if is_unified else [escape(title) for title in titles_of(sides)]
    label = "Value" if section == compare.DETAILS else "ComparedLine"
    head = f'<th scope="col" class="m"><span class="vh">Kind</span></th><th scope="col" class="l">{label}</th>'
    head += "".join(f'<th scope="col">{title}</th>' for title in heads)
    width = 2 + len(heads)
    body = "".join(
        f'<tr class="fold"><td colspan="{width}">··· {_folded_told(line)} ···</td></tr>'
        if isinstance(line, compare.Folded)
        else _row(line, numbers, is_unified, is_short)
        for line in lines
    )
    return f"<table><caption>{escape(section)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _folded_told(run: compare.Folded) -> str:
    return f"{how_many(run.count, 'line')} {'the same' if run.are_same else 'not shown'}"


def _row(line: compare.ComparedLine, numbers: Iterator[int], is_unified: bool, is_short: bool) -> str:
    mark, word = compare.KINDS_OF_LINES[line.kind]
    anchor = "" if line.kind == "same" else f' id="change-{next(numbers)}"'
    sure = "" if line.confidence is None else f"read with {percent(line.confidence)}"
    note = " · ".join(filter(None, (line.note, sure)))
    label = escape(line.label) + (f'<span class="n">{escape(note)}</span>' if note else "")
    cells = _unified(line, is_short) if is_unified else "".join(f"<td>{cell}</td>" for cell in _cells(line, is_short))
    kind = f'<td class="m"><span aria-hidden="true">{mark}</span><span class="vh">{word}</span></td>'
    return f'<tr class="{line.kind}"{anchor}>{kind}<th scope="row">{label}</th>{cells}</tr>'


def _cells(line: compare.ComparedLine, is_short: bool) -> list[str]:
    """The texts side by side; what only one has is marked, and a third that says what the second says is an equals sign."""
    first, *others = line.texts
    last = next((text for text in others if text is not None), None)  # a summary is told by the first and the third
    shown = [_whole(text, is_short) for text in line.texts]
    if first is not None and last is not None and line.kind not in ("same", "moved"):
        old, new = compare.pieces(first, last)
        shown[0] = _pieced(old, "del", is_short)
        shown[1 + others.index(last)] = _pieced(new, "ins", is_short)
    if len(others) == 2 and others[1] is not None and others[0] == others[1]:
        shown[2] = '<span title="As in the column before">=</span>'
    return shown


def _unified(line: compare.ComparedLine, is_short: bool) -> str:
    first, second = line.texts[0], next((text for text in line.texts[1:] if text is not None), None)
    if line.kind in ("same", "moved"):
        return f"<td>{_whole(second, is_short)}</td>"
    if first is not None and second is not None:
        before, after = compare.pieces(first, second)
        old, new = _pieced(before, "del", is_short), _pieced(after, "ins", is_short)
    else:
        old = "" if first is None else f"<del>{_whole(first, is_short)}</del>"
        new = "" if second is None else f"<ins>{_whole(second, is_short)}</ins>"
    return f"<td>{'<br>'.join(filter(None, (old, new)))}</td>"


def _whole(text: str | None, is_short: bool) -> str:
    if text is None:
        return '<span class="none">–<span class="vh">not there</span></span>'
    return _lines(text if not is_short or len(text) <= _LONG else text[:_LONG] + "…")


def _pieced(parts: Sequence[compare.Piece], tag: str, is_short: bool) -> str:
    """The parts of a text; on a page a long one from a little before the first part that differs."""
    text = "".join(_lines(p.text) if p.is_shared else f"<{tag}>{_lines(p.text)}</{tag}>" for p in _cut(parts, is_short))
    return text or "“”"


def _cut(parts: Sequence[compare.Piece], is_short: bool) -> Iterator[compare.Piece]:
    if not is_short or sum(len(part.text) for part in parts) <= _LONG:
        yield from parts
        return
    for part in parts:
        keep = 60 if part.is_shared else _LONG
        if len(part.text) <= keep:
            yield part
        else:
            yield compare.Piece(part.text[: keep // 2] + " … " + part.text[-keep // 2 :], part.is_shared)


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def document(comparison: compare.Comparison, wanted: compare.Wanted) -> str:
    """A file that stands alone: no script, nothing fetched; it can be printed and read without colour."""
    names = " | ".join(map(escape, full_titles_of(comparison.sides)))
    told = filter(None, (*comparison.warnings, likeness_told(comparison), reading_told(comparison)))
    warned = "".join(f'<p class="warn">▲ {escape(text)}</p>' for text in told)
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}"><title>Comparison</title>'
        f"<style>{COMPARE_CSS}{_FILE_CSS}</style></head><body><h1>Comparison</h1><p>{names}</p>"
        f"<p><strong>{escape(comparison.headline)}</strong></p>{warned}"
        f"<p>{_legend()}</p>{comparison_html(comparison, wanted)}</body></html>\n"
    )


def likeness_told(comparison: compare.Comparison) -> str:
    """How lines were matched where they share no identity; nothing where they do."""
    if comparison.likeness is None:
        return ""
    if not comparison.likeness:
        return "No line of the one is like a line of the other, so none of them are matched."
    return f"Lines are matched by likeness: the matched ones agree in {percent(comparison.likeness)} of their values."


def reading_told(comparison: compare.Comparison) -> str:
    """Where the values of a delivered file come from, if not from the file itself."""
    if all(side.is_read_back for side in comparison.sides):
        return ""
    return "What was delivered is shown as the reviewed data that the file was made of; only JSON files are read back."


def _legend() -> str:
    return " · ".join(f"{mark} {word}" for mark, word in compare.KINDS_OF_LINES.values())
