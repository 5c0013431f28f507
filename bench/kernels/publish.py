"""A table in memory becomes a Parquet file: `publish.py <pandas|polars>`."""

import sys
from pathlib import Path

from driver import drive


def with_pandas(settings):
    import pandas as pd

    table = pd.read_parquet(settings["table"])
    file = Path(settings["out"], "pandas.parquet")
    return lambda: table.to_parquet(file, index=False, compression=settings["codec"]), lambda _: {"file": str(file)}


def with_polars(settings):
    import polars as pl

    table = pl.read_parquet(settings["table"])
    file = Path(settings["out"], "polars.parquet")
    return lambda: table.write_parquet(file, compression=settings["codec"]), lambda _: {"file": str(file)}


WAYS = {"pandas": with_pandas, "polars": with_polars}

if __name__ == "__main__":
    drive(WAYS[sys.argv[1]])
