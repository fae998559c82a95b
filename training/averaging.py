"""The mean of readers that were trained on from one start, each without a part of the documents.

    python -m training.averaging OUT FOLDER…

Each is judged by what it has not seen; together they have seen all, so nothing judges their mean
but sets that none of them learnt from.
"""

import argparse
from pathlib import Path

from training.fitting import average
from training.train import finish


def main() -> None:
    """Write the mean of the folders' weights to OUT, as ONNX too."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("folders", type=Path, nargs="+", help="as training.continuing leaves them")
    given = parser.parse_args()
    average(given.folders, given.out)
    finish(given.out)


if __name__ == "__main__":
    main()
