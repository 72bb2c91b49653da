"""How much longer the imports of the first page take than `import streamlit` alone: python benchmarks/first_page.py

Each is run in fresh interpreters, in turns, and the fastest run counts; in processor time, since the clock of a shared
machine says more about its other users.
"""

import ast
import os
import subprocess
import sys
import tempfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
ROUNDS = 7
LIMIT = 1.3
FIRST_PAGE = ("app.py", "pages/frame.py", "pages/stage1_summary.py")
TIMED = "import time\nstart = time.process_time()\n{}\nprint(time.process_time() - start)"


def imports_of(file: Path, seen: set[Path]) -> list[str]:
    """The imports that loading the file runs, with those of the parts of pages that it takes."""
    if file in seen or not file.is_file():
        return []
    seen.add(file)
    statements = []
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("pages."):
            statements += imports_of(PROJECT.joinpath(*str(node.module).split(".")).with_suffix(".py"), seen)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            statements.append(ast.unparse(node))
    return statements


def cases() -> dict[str, str]:
    """What is timed, by its name; Streamlit alone is the first."""
    seen: set[Path] = set()
    imports = "\n".join(statement for name in FIRST_PAGE for statement in imports_of(PROJECT / name, seen))
    return {
        "import streamlit": "import streamlit",
        "imports of the first page": imports,
        "the same, core started": f"{imports}\nfrom kraftd_core import core\ncore()",
    }


def milliseconds(statements: str, data_dir: str) -> float:
    """The time that the statements take in a fresh interpreter."""
    run = subprocess.run(
        [sys.executable, "-c", TIMED.format(statements)], cwd=PROJECT, env=os.environ | {"KRAFTD_DATA_DIR": data_dir},
        capture_output=True, text=True, check=True,
    )
    return 1000 * float(run.stdout.split()[-1])


def main() -> int:
    """Prints the times and their ratios; 1 where the imports are over the limit."""
    timed = cases()
    with tempfile.TemporaryDirectory() as folder:
        rounds = [[milliseconds(statements, folder) for statements in timed.values()] for _ in range(ROUNDS)]
    best = [min(times) for times in zip(*rounds, strict=True)]
    for name, time in zip(timed, best, strict=True):
        print(f"{name:26} {time:5.0f} ms {time / best[0]:6.2f}")
    print(f"the imports may take {LIMIT} times as long as Streamlit's")
    return int(best[1] > LIMIT * best[0])


if __name__ == "__main__":
    sys.exit(main())
