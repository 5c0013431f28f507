"""A range of dates of completejourney, one after the other, over rows that are read once: `backfill.py pandas`."""

from pathlib import Path

from driver import drive
from pipeline_pandas import read_completejourney, segment_date
from segments import published_figures


def prepare(settings):
    out = Path(settings["out"])

    def run():
        rows = read_completejourney(settings["folder"])
        for fecha in settings["dates"]:
            model, files = segment_date(rows, {**settings, "fecha": fecha}, out)
        return model, files

    return run, published_figures


if __name__ == "__main__":
    drive(prepare)
