"""The page about the routes for people: made of the OpenAPI document, with nothing fetched from elsewhere and no script."""

import json
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from kraftd_core.web.api.problems import OF_HTTP, STATUS_OF, problem

_STYLE = """
:root { color-scheme: light dark; --line: #d3dae1; --soft: #f0f3f6; --accent: #1f5f8b; }
@media (prefers-color-scheme: dark) { :root { --line: #3a4650; --soft: #1f272e; --accent: #7ab8de; } }
body { font: 16px/1.55 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h2 { border-top: 1px solid var(--line); padding-top: 1.2rem; } h3 { margin-bottom: .2rem; } a { color: var(--accent); }
code, pre { font-family: ui-monospace, monospace; font-size: .9em; background: var(--soft); border-radius: 4px; }
code { padding: .1em .3em; overflow-wrap: anywhere; } pre { padding: .8rem; overflow: auto; }
table { border-collapse: collapse; width: 100%; } td, th { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0; }
tr + tr td { border-top: 1px solid var(--line); } .method { font-weight: 700; color: var(--accent); }
"""


def human_page(document: Mapping[str, Any]) -> str:
    """The whole page as HTML."""
    info = document["info"]
    return "".join([
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>",
        "<meta name='viewport' content='width=device-width, initial-scale=1'>",
        f"<title>{escape(info['title'])}</title><style>{_STYLE}</style></head><body>",
        f"<h1>{escape(info['title'])}</h1>{_prose(info['description'])}",
        "<p>The same for programs: <a href='openapi.json'>openapi.json</a>.</p>",
        *_routes(document),
        *_problems(),
        "</body></html>",
    ])  # fmt: skip


def _routes(document: Mapping[str, Any]) -> Iterator[str]:
    (server,) = document["servers"]
    for tag in document["tags"]:
        yield f"<h2>{escape(tag['name'])}</h2>"
        for path, operations in document["paths"].items():
            for method, operation in operations.items():
                if tag["name"] in operation["tags"]:
                    yield from _route(method, server["url"] + path, operation)


def _route(method: str, path: str, operation: Mapping[str, Any]) -> Iterator[str]:
    name, called = escape(operation["operationId"]), f"<span class='method'>{method.upper()}</span> <code>{escape(path)}</code>"
    yield f"<h3 id='{name}'>{called}</h3>"
    yield _prose(operation["description"])
    asked = [(p["name"], f"{p['in']}{', required' if p.get('required') else ''}", p) for p in operation.get("parameters", ())]
    if asked:
        rows = (f"<tr><td><code>{escape(name)}</code></td><td>{where}</td><td>{_says(p)}</td></tr>" for name, where, p in asked)
        yield f"<table><tr><th>Parameter</th><th>In</th><th>Says</th></tr>{''.join(rows)}</table>"
    for kind, content in operation.get("requestBody", {}).get("content", {}).items():
        yield f"<p>Body: <code>{escape(kind)}</code>{_fields(content['schema'])}</p>"
        for example in content.get("examples", {}).values():
            text = json.dumps(example["value"], indent=2, ensure_ascii=False)
            yield f"<p>{escape(example['summary'])}</p><pre>{escape(text)}</pre>"
    answers = (
        f"<tr><td>{status}</td><td>{_kinds(answer)}</td><td>{_inline(answer['description'])}</td></tr>"
        for status, answer in operation["responses"].items()
    )
    yield f"<table><tr><th>Answer</th><th>As</th><th>Says</th></tr>{''.join(answers)}</table>"


def _says(parameter: Mapping[str, Any]) -> str:
    schema = parameter["schema"]
    bounds = [f"{word} {schema[name]}" for name, word in _BOUNDS.items() if name in schema]
    return _inline(". ".join(filter(None, [parameter.get("description", "").rstrip("."), ", ".join(bounds)])))


_BOUNDS = {"minimum": "from", "maximum": "to", "default": "usually"}


def _fields(schema: Mapping[str, Any]) -> str:
    names = ", ".join(f"<code>{escape(name)}</code>" for name in schema.get("properties", {}))
    return f" with {names}" if names else ""


def _kinds(answer: Mapping[str, Any]) -> str:
    return "<br>".join(f"<code>{escape(kind)}</code>" for kind in answer.get("content", {}))


def _problems() -> Iterator[str]:
    yield "<h2>Problems</h2><p>Every refusal is <code>application/problem+json</code> (RFC 9457). Its <code>detail</code> is a "
    yield "sentence for people, its <code>type</code> leads here.</p><table><tr><th>Problem</th><th>Status</th><th>Says</th></tr>"
    ours = {kind.__name__: (status, (kind.__doc__ or "").partition("\n")[0]) for kind, status in STATUS_OF.items()}
    for name, (status, says) in (ours | {kind: (status, says) for status, (kind, says) in OF_HTTP.items()}).items():
        told = problem(name, status, says)
        row = f"<td>{escape(told.title)}</td><td>{status}</td><td>{_inline(says)}</td>"
        yield f"<tr id='{told.type.partition('#')[2]}'>{row}</tr>"
    yield "</table>"


def _prose(text: str) -> str:
    return "".join(f"<p>{_inline(paragraph)}</p>" for paragraph in text.split("\n\n"))


def _inline(text: str) -> str:
    """The text with what stands between backticks as code."""
    return "".join(f"<code>{escape(t)}</code>" if n % 2 else escape(t) for n, t in enumerate(text.split("`")))
