"""From a file of transactions to what is published of a date: `pipeline.py <pandas|polars>`."""

import sys
from pathlib import Path

from driver import drive
from segments import published_figures

if sys.argv[1] == "pandas":
    from pipeline_pandas import read_cards, segment_date
else:
    from pipeline_polars import read_cards, segment_date


def prepare(settings):
    out = Path(settings["out"])

    def run():
        return segment_date(read_cards(settings["source"]), settings, out)

    return run, published_figures


if __name__ == "__main__":
    drive(prepare)
