"""Writes the sample documents into a folder: python scripts/make_samples.py OUT_DIR"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from kraftd_core.desk.samples import SAMPLES


def main(arguments: list[str]) -> int:
    """Writes every sample; 2 when called without a folder."""
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    for sample in SAMPLES:
        (folder / sample.filename).write_bytes(sample.content())
        print(folder / sample.filename)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
