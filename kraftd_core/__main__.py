"""The command line: the same core without a browser. Progress on standard error, results on standard output."""

import argparse
import asyncio
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from kraftd_core.bootstrap import back_up, build_desk, restore, try_engines
from kraftd_core.desk.desk import Desk
from kraftd_core.desk.upkeep.logs import log_to_stderr
from kraftd_core.desk.upkeep.tried import said_of_engine
from kraftd_core.desk.upkeep.unconfirmed import said_of
from kraftd_core.document.cells import value_of
from kraftd_core.document.changes import parse_path
from kraftd_core.document.checks.checking import check, told
from kraftd_core.document.filenames import clean_name
from kraftd_core.document.jsontypes import Data, clean_text, fields_of, tables_of, without_row_ids
from kraftd_core.document.kinds import KINDS
from kraftd_core.document.ledger.check import rows_read
from kraftd_core.document.wording import how_many
from kraftd_core.errors import (
    AddressRefused,
    AgentUnavailable,
    ClockInDoubt,
    DocumentRefused,
    ExtractorUnavailable,
    KraftdError,
    NotFound,
    SettingsError,
)
from kraftd_core.people.actor import Actor
from kraftd_core.ports.keeping import HistoryFilter, WorkflowLine
from kraftd_core.ports.reading import Extraction, Progress
from kraftd_core.recording.service import utc_now
from kraftd_core.recording.stage2_modifications import found_in_history
from kraftd_core.recording.verification import Judged
from kraftd_core.records.bundle import LARGEST_BYTES, read_bundle, verify_bundle
from kraftd_core.records.chain import bytes_of
from kraftd_core.records.plan import DocumentTemplate, ExportFormat
from kraftd_core.records.stages import UserPreferences, rfc3339
from kraftd_core.settings import Settings, load_settings, readable_by_others, unknown_settings

_TOLD_EVERY = 100

Verb = Callable[[Desk, argparse.Namespace], Coroutine[Any, Any, int]]

DONE, OUR_FAULT, REFUSED, DOES_NOT_HOLD = 0, 1, 2, 3
RULES_WRITE = 'The rule-based summary is had by KRAFTD_AGENT = "rules".'


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; 0 done, 2 the input was refused (one sentence on standard error says why), 1 our fault,
    3 what was verified does not hold."""
    asked = _parser().parse_args(arguments)
    log_to_stderr("warning", "text", repeats=False)
    try:
        if asked.command == "check":
            return _check(asked)
        if "verb" not in asked:  # to verify takes neither settings nor a desk
            return _verify(asked)
        settings = load_settings()
        log_to_stderr(settings.log_level or "warning", settings.log_format, repeats=False)
        for sentence in unknown_settings():
            _tell(sentence)
        if asked.verb in (_back_up, _restore):  # they take the data folder as it lies on the disk
            return int(asked.verb(settings, asked))
        verb: Verb = asked.verb
        return asyncio.run(_with_desk(verb, settings, asked))
    except (AddressRefused, DocumentRefused, NotFound) as refusal:
        _tell(str(refusal))
        return REFUSED
    except KraftdError as error:
        _tell(str(error))
        return OUR_FAULT


async def _with_desk(verb: Verb, settings: Settings, asked: argparse.Namespace) -> int:
    asked.actor = Actor.of(getattr(asked, "owner", None) or settings.owner)
    desk = build_desk(settings)
    try:
        code = await verb(desk, asked)
        for sentence in said_of(await desk.waiting(asked.actor)):
            _tell(sentence)
        return code
    finally:
        await desk.close()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m kraftd_core", description=__doc__)
    verbs = parser.add_subparsers(required=True, metavar="COMMAND", dest="command")

    checked = verbs.add_parser("check", help="try each engine as it is set; exit code 2 where one fails or a setting is unknown")
    checked.add_argument("--json", action="store_true", dest="as_json")

    extract = verbs.add_parser("extract", help="print what is read out of a document, as JSON")
    extract.add_argument("file", type=Path)
    extract.add_argument("--type", choices=list(KINDS), dest="document_type", help="what it is, where that is known")
    extract.set_defaults(verb=_extract)

    export = verbs.add_parser("export", help="take documents through all three stages; prints a JSON line a file")
    export.add_argument("files", type=Path, nargs="+", metavar="FILE")
    export.add_argument("--template", choices=[t.value for t in DocumentTemplate], default=DocumentTemplate.STANDARD.value)
    export.add_argument("--format", choices=[f.value for f in ExportFormat], default=ExportFormat.PDF.value)
    export.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE", type=_assignment, dest="assignments")
    export.add_argument("--instructions", default="", metavar="TEXT", help="how the file should look, in your words")
    export.add_argument("--out", type=Path, default=Path(), metavar="DIR")
    export.add_argument("--owner")
    export.set_defaults(verb=_export)

    history = verbs.add_parser("history", help="list the owner's workflows, newest first")
    history.add_argument("--owner")
    history.add_argument("--json", action="store_true", dest="as_json")
    history.add_argument("--search", default="", metavar="WORDS", help="words of the name, supplier or number")
    history.add_argument("--since", type=_day, metavar="YYYY-MM-DD", help="the first day, in this machine's time zone")
    history.add_argument("--until", type=_day, metavar="YYYY-MM-DD", help="the last day, in this machine's time zone")
    history.set_defaults(verb=_history)

    show = verbs.add_parser("show", help="print the records of a workflow")
    show.add_argument("workflow")
    show.add_argument("--owner")
    show.add_argument("--bundle", action="store_true", help="print the workflow as a bundle that anyone can verify")
    show.set_defaults(verb=_show)

    verify = verbs.add_parser("verify", help="check a bundle, which needs no data, a file that was delivered here, or --all")
    what = verify.add_mutually_exclusive_group(required=True)
    what.add_argument("file", type=Path, nargs="?")
    what.add_argument("--all", action="store_true", dest="everything", help="all records and files, from where it was broken off")
    verify.add_argument("--owner", help="to whom the file was delivered")
    verify.add_argument("--key", metavar="BASE64", type=_public_key, help="the public key that must have signed it all")

    backup = verbs.add_parser("backup", help="copy records and files to a new folder, while the application runs")
    backup.add_argument("target", type=Path)
    backup.set_defaults(verb=_back_up)

    restored = verbs.add_parser("restore", help="verify a backup and put it into the data folder, which must be empty")
    restored.add_argument("source", type=Path)
    restored.set_defaults(verb=_restore)

    purged = verbs.add_parser("purge", help="remove what has expired: whole workflows, and files")
    purged.add_argument("--clock-is-right", action="store_true", help="also where nothing was recorded for a week")
    purged.set_defaults(verb=_purge)
    return parser


def _assignment(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise argparse.ArgumentTypeError(f"{text!r} is not FIELD=VALUE")
    return name, value


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day, as in 2026-01-31") from None


def _public_key(text: str) -> str:
    try:
        if len(bytes_of(text)) == 32:
            return text
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(f"{text!r} is not 32 bytes in base64")


# The commands


def _check(asked: argparse.Namespace) -> int:
    """A line an engine: what was reached and as whom, or what is missing. What is wrong with a setting is a line too."""
    try:
        settings, unknown = load_settings(), unknown_settings()
    except SettingsError as error:
        _tell(str(error))
        return REFUSED
    log_to_stderr("error", settings.log_format)
    lines = [("settings", False, sentence) for sentence in unknown]
    lines[:0] = [(str(stands.role), *said_of_engine(stands, found)) for stands, found in try_engines(settings)]
    for engine, is_well, says in lines:
        if asked.as_json:
            _print({"engine": engine, "ok": is_well, "says": says})
        else:
            print(f"{'ok    ' if is_well else 'FAILED'}  {engine:<8}  {says}")  # noqa: T201  results
    if remark := readable_by_others():
        _tell(remark)
    return DONE if all(is_well for _, is_well, _ in lines) else REFUSED


def _verify(asked: argparse.Namespace) -> int:
    """A bundle proves itself; of any other file the records of this computer are asked. Exit code 3: it does not hold."""
    if asked.everything:
        return asyncio.run(_with_desk(_verify_all, load_settings(), asked))
    content = _content(asked.file, LARGEST_BYTES + 1)
    if asked.key is None and b'"bundle_version"' not in content:
        asked.content = content
        return asyncio.run(_with_desk(_verify_file, load_settings(), asked))
    verdict = verify_bundle(read_bundle(content), asked.key)
    if not verdict.holds:
        _tell(verdict.sentence)
        return DOES_NOT_HOLD
    _print({"holds": verdict.holds, "sentence": verdict.sentence, "stage": verdict.stage})
    return DONE


async def _verify_all(desk: Desk, asked: argparse.Namespace) -> int:  # noqa: ARG001  like all verbs
    """A JSON line for whatever does not hold, and one at the end that counts."""
    seen, flaws = Counter[str](), 0
    async for found in desk.scrub():
        seen[found.what] += 1
        if found.flaw:
            flaws += 1
            _print({name: value for name, value in asdict(found).items() if value})
        if found.what == "workflow" and not seen["workflow"] % _TOLD_EVERY:
            _tell(f"{how_many(seen['workflow'], 'workflow')} verified")
    _print({"workflows": seen["workflow"], "journals": seen["journal"], "does_not_hold": flaws})
    return DOES_NOT_HOLD if flaws else DONE


async def _verify_file(desk: Desk, asked: argparse.Namespace) -> int:
    judged = await desk.verify_file(asked.actor, asked.file.name, asked.content)
    if judged.answer != "delivered":
        _tell(judged.sentence)
        return REFUSED if judged.answer == "unknown" else DOES_NOT_HOLD
    _print({"answer": judged.answer, "sentence": judged.sentence} | _workflow_of(judged))
    return DONE


def _workflow_of(judged: Judged) -> dict[str, Any]:
    return {"export_workflow_id": judged.origin.export_workflow_id} if judged.origin else {}


async def _extract(desk: Desk, asked: argparse.Namespace) -> int:
    extraction = await desk.extract(clean_name(asked.file.name), _content(asked.file), _steps(), asked.document_type)
    _print(_flat(extraction), indent=2)
    return DONE


def _flat(extraction: Extraction) -> dict[str, Any]:
    data = extraction.data
    return {
        "document_type": extraction.document_type,
        "fields": {name: {"value": value} | _place(extraction, name) for name, value in fields_of(data)},
        "tables": {name: without_row_ids({name: rows})[name] for name, rows in tables_of(data)},
        "checks": [
            asdict(finding) for finding in [*check(data, utc_now().date()), *told(rows_read(extraction.ledger, data))]
        ],
        "ledger": None if extraction.ledger is None else [entry.model_dump() for entry in extraction.ledger],
        "notices": extraction.notices,
        "method": extraction.method,
    }


def _place(extraction: Extraction, name: str) -> dict[str, Any]:
    place = extraction.places.get(name)
    return place.model_dump() if place else {"confidence": None, "page": None, "polygon": None}


async def _export(desk: Desk, asked: argparse.Namespace) -> int:
    """Goes on after a file that is refused or that a service fails, so that it does not stop a batch.

    The exit code is 2 if any file was refused, else 1 if a service failed any, or if the chosen store does not take the records
    until somebody mends it. What merely follows by itself is no failure, and is said.
    """
    outcomes = []
    if (await desk.waiting(asked.actor)).following:
        await desk.send_waiting()
    for file in asked.files:
        try:
            _print(await _exported(desk, asked, file))
        except (DocumentRefused, AgentUnavailable, ExtractorUnavailable) as failure:
            way_on = f" {RULES_WRITE}" if isinstance(failure, AgentUnavailable) else ""
            _tell(f"{clean_name(file.name)}: {failure}{way_on}")
            outcomes.append(REFUSED if isinstance(failure, DocumentRefused) else OUR_FAULT)
    waiting = await desk.waiting(asked.actor)
    if waiting.stopped or (waiting.following and not waiting.passes):
        outcomes.append(OUR_FAULT)
    return max(outcomes, default=DONE)


async def _exported(desk: Desk, asked: argparse.Namespace, file: Path) -> dict[str, Any]:
    content = _content(file)
    same_as = await desk.seen_before(asked.actor, content)
    if same_as:
        _tell(f"{clean_name(file.name)}: you had this very file before, as {_called(same_as)}.")
    tell = _steps()
    workflow_id = await desk.read(asked.actor, file.name, content, tell)
    read = (await desk.workflow(asked.actor, workflow_id)).data
    preferences = UserPreferences(
        export_format=ExportFormat(asked.format),
        document_template=DocumentTemplate(asked.template),
        transformation_instructions=clean_text(asked.instructions),
    )
    stage2 = await desk.record_unseen(asked.actor, workflow_id, _assigned(read, asked.assignments), preferences)
    for finding in found_in_history(stage2.findings):
        _tell(f"{clean_name(file.name)}: {finding.message}")
    number_known = await desk.known_number(asked.actor, workflow_id)
    if number_known and asked.assignments:  # which may have made it one that is known
        _tell(f"{clean_name(file.name)}: the supplier and number are those of {_called(number_known)}.")
    stage3 = await desk.produce(asked.actor, workflow_id, tell)
    for entry in stage3.presentation_plan.not_carried_out if stage3.presentation_plan else []:
        _tell(f"Not carried out: “{entry.words}”. {entry.reason}")
    for left_out in stage3.prose_decision.statements if stage3.prose_decision else []:
        _tell(f"Left out of the text, because nobody looked at it: “{left_out.text}”")
    made = await desk.deliverable(asked.actor, workflow_id)
    asked.out.mkdir(parents=True, exist_ok=True)
    path = asked.out / made.filename
    path.write_bytes(made.content)
    return {
        "export_workflow_id": workflow_id,
        "deliverable": str(path),
        "content_hash": stage3.deliverable.content_hash,
        "same_as": _earlier(same_as),
        "number_known": _earlier(number_known),
        "not_confirmed": await desk.unconfirmed(asked.actor, workflow_id),
    }


def _called(line: WorkflowLine) -> str:
    """A workflow by its document, its day on this machine's calendar, and its id."""
    return f"{line.document_name} on {line.started_at.astimezone():%Y-%m-%d}, workflow {line.export_workflow_id}"


def _earlier(line: WorkflowLine | None) -> dict[str, str] | None:
    if line is None:
        return None
    named = {name: getattr(line, name) for name in ("export_workflow_id", "document_name", "status")}
    return named | {"started_at": rfc3339(line.started_at)}


def _assigned(data: Data, assignments: Sequence[tuple[str, str]]) -> Data:
    """The data with fields set as asked, typed like what stood there; a table is not set by one value."""
    tables = dict(tables_of(data))
    for name, text in assignments:
        if parse_path(name).row_id is not None or name in tables:
            known = ", ".join(dict(fields_of(data)))
            raise DocumentRefused(f"{name} is not a field, so --set cannot set it. Name one of: {known}.")
        data = data | {name: value_of(text, data.get(name))}
    return data


async def _history(desk: Desk, asked: argparse.Namespace) -> int:
    wanted = HistoryFilter(text=asked.search, since=asked.since, until=asked.until, zone=None)
    cursor: str | None = None
    while True:
        page = await desk.history(asked.actor, wanted, limit=200, cursor=cursor)
        for line in page.lines:
            if asked.as_json:
                _print({name: _jsonable(value) for name, value in asdict(line).items()})
            else:
                parts = (rfc3339(line.started_at), line.export_workflow_id, line.status, line.document_name)
                print("  ".join(parts))  # noqa: T201  results go to standard output
        if page.damaged:
            _tell(f"{how_many(page.damaged, 'line')} left out: damaged in the file of the records. Run verify --all.")
        if (cursor := page.cursor) is None:
            return DONE


async def _show(desk: Desk, asked: argparse.Namespace) -> int:
    if asked.bundle:
        _print(await desk.bundle(asked.actor, asked.workflow))
    else:
        _print([dict(record) for record in await desk.records(asked.actor, asked.workflow)], indent=2)
    return DONE


async def _purge(desk: Desk, asked: argparse.Namespace) -> int:
    if not asked.clock_is_right and (doubt := await desk.clock_doubt()):
        raise ClockInDoubt(f"{doubt} Nothing was removed. If the date is right, add --clock-is-right.")
    _print(asdict(await desk.purge()))
    return DONE


def _back_up(settings: Settings, asked: argparse.Namespace) -> int:
    return _kept(lambda: back_up(settings, asked.target))


def _restore(settings: Settings, asked: argparse.Namespace) -> int:
    return _kept(lambda: restore(settings, asked.source))


def _kept(keep: Callable[[], Any]) -> int:
    try:
        _print(asdict(keep()))
    except KraftdError as refusal:
        _tell(str(refusal))
        return REFUSED
    return DONE


def _jsonable(value: Any) -> Any:
    if hasattr(value, "model_dump"):
        return value.model_dump()
    return rfc3339(value) if hasattr(value, "astimezone") else value


def _content(file: Path, at_most: int = -1) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(at_most)
    except OSError as error:
        raise DocumentRefused(f"{file.name} cannot be read ({error.strerror}). Check the name and try again.") from error


def _print(value: Any, indent: int | None = None) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=indent))  # noqa: T201  results go to standard output


def _steps() -> Progress:
    """Tells each step, and not again what was told last: desk and reader may both begin with the same words."""
    last = ""

    def tell(step: str) -> None:
        nonlocal last
        if step != last:
            _tell(step)
        last = step

    return tell


def _tell(step: str) -> None:
    with suppress(BrokenPipeError):
        print(step, file=sys.stderr)  # noqa: T201  progress goes to standard error


def _ended(code: int) -> NoReturn:
    """Ends the process after `check`, which changes nothing, with whatever hangs in it: Python would wait for its threads."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    if sys.argv[1:2] == ["check"]:
        _ended(main())
    sys.exit(main())
