"""The feature table of `completejourney`, computed by pandas from its definition alone.

Run with Python 3.11, pandas 3.1.1, numpy 2.4.6, pyarrow 26.0.1 (see requirements.txt), from the root of the project:

    pip install -r test/golden/requirements.txt
    python test/golden/features_pandas.py <folder of completejourney>

The folder holds `transactions.parquet` and `products.parquet` ("Complete Journey 2.0", 84.51 degrees).
Writes, beside this file: features-completejourney-<fecha_modelo>.parquet (dni as string, the rest float64; one row a
customer, by dni) and features-completejourney.json (the counts behind each table).

The tests of the pipeline compare what it builds with these files, so nothing here is taken from the pipeline's code.
"""

import json
import sys
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

DATES = [date(2017, 7, 3), date(2017, 12, 25)]
WINDOW_DAYS = 180
MIN_CUSTOMERS_SHARE_PERCENT = 1
MAX_RUBROS = 30
MAX_CANALES = 10
DIGITAL_CHANNELS: set[str] = set()
UNKNOWN = "desconocido"
OTHER = "otros"
# Amounts are whole numbers of 1e-4: sums of them are exact in int64, whatever the order.
UNITS = 10_000

HERE = Path(__file__).parent


def read_events(folder: Path) -> pd.DataFrame:
    """Every row of the source under the contract's names, with `repetida` on the second and later of equal rows."""
    source = pd.read_parquet(folder / "transactions.parquet")
    products = pd.read_parquet(folder / "products.parquet", columns=["product_id", "department"])
    assert products["product_id"].is_unique
    joined = source[["product_id"]].merge(products, on="product_id", how="left", validate="many_to_one")
    rubro = joined["department"].astype("object").map(clean_rubro)
    return pd.DataFrame(
        {
            "dni": source["household_id"].astype(str).astype("object"),
            "fecha": source["transaction_timestamp"].dt.normalize(),
            "rubro": rubro.to_numpy(),
            "canal": None,
            "monto": np.rint(source["sales_value"].to_numpy() * UNITS).astype(np.int64),
            "ubicacion": source["store_id"].to_numpy(),
            "repetida": source.duplicated(keep="first").to_numpy(),
        }
    )


def clean_rubro(value: object) -> str:
    return " ".join(value.split()) or UNKNOWN if isinstance(value, str) else UNKNOWN


def categories(rows: pd.DataFrame, column: str, customers: int, limit: int) -> list[str]:
    """The values bought by at least 1% of the customers: the `limit` with most customers, then in order of name."""
    known = rows[rows[column].notna() & (rows[column] != UNKNOWN)]
    buyers = known.groupby(column)["dni"].nunique()
    # In whole numbers: 1% of 2,300 customers is 23, which 0.01 * 2300 need not reach.
    kept = [(-count, name) for name, count in buyers.items() if count * 100 >= customers * MIN_CUSTOMERS_SHARE_PERCENT]
    return sorted(name for _, name in sorted(kept)[:limit])


def feature_table(usable: pd.DataFrame, as_of: pd.Timestamp) -> tuple[pd.DataFrame, list[str], list[str]]:
    """One row a dni, before log1p; and the categories of rubro and canal, in the order of their columns."""
    # Python compares strings by code point, which is the order asked for; no locale takes part.
    dnis = sorted(usable["dni"].unique())
    by_dni = usable.groupby("dni")
    count = by_dni.size().reindex(dnis)
    total = by_dni["monto"].sum().reindex(dnis) / UNITS

    rubros = categories(usable, "rubro", len(dnis), MAX_RUBROS)
    canales = categories(usable, "canal", len(dnis), MAX_CANALES)
    rubro = usable["rubro"].where(usable["rubro"].isin(rubros), OTHER)
    canal = usable["canal"].where(usable["canal"].isin(canales), OTHER)

    columns: dict[str, pd.Series] = {}
    counts = usable.groupby(["dni", rubro]).size().unstack(fill_value=0)
    counts = counts.reindex(index=dnis, columns=[*rubros, OTHER], fill_value=0)
    sums = usable.groupby(["dni", rubro])["monto"].sum().unstack(fill_value=0)
    sums = sums.reindex(index=dnis, columns=[*rubros, OTHER], fill_value=0)
    for name in [*rubros, OTHER]:
        columns[f"frecuencia:{name}"] = counts[name]
    for name in [*rubros, OTHER]:
        columns[f"monto_medio:{name}"] = (sums[name] / UNITS / counts[name]).where(counts[name] > 0, 0.0)

    columns["recencia_dias"] = (as_of - by_dni["fecha"].max().reindex(dnis)).dt.days
    columns["transacciones"] = count
    columns["monto_total"] = total
    columns["monto_medio"] = total / count
    known = usable[usable["rubro"] != UNKNOWN]
    columns["rubros_distintos"] = known.groupby("dni")["rubro"].nunique().reindex(dnis, fill_value=0)

    for name in [*canales, OTHER]:
        columns[f"canal:{name}"] = (canal == name).groupby(usable["dni"]).sum().reindex(dnis) / count
    columns["canal_digital"] = usable["canal"].isin(DIGITAL_CHANNELS).groupby(usable["dni"]).sum().reindex(dnis) / count
    columns["lugares_distintos"] = by_dni["ubicacion"].nunique().reindex(dnis)
    month = usable["fecha"].dt.year * 12 + usable["fecha"].dt.month
    columns["meses_activos"] = month.groupby(usable["dni"]).nunique().reindex(dnis)

    table = pd.DataFrame(columns, index=dnis).astype(np.float64)
    assert table.notna().all(axis=None) and (table["recencia_dias"] >= 1).all()
    return table, [*rubros, OTHER], [*canales, OTHER]


def logged(name: str) -> bool:
    return name.startswith(("frecuencia:", "monto_medio:")) or name in {
        "transacciones",
        "monto_total",
        "monto_medio",
        "rubros_distintos",
        "lugares_distintos",
        "meses_activos",
    }


def with_log1p(table: pd.DataFrame) -> pd.DataFrame:
    return table.apply(lambda c: np.sign(c) * np.log1p(np.abs(c)) if logged(c.name) else c)


def write_parquet(table: pd.DataFrame, path: Path) -> None:
    columns = [pa.array(list(table.index), pa.string())]
    columns += [pa.array(table[name].to_numpy(), pa.float64()) for name in table.columns]
    pq.write_table(
        pa.table(columns, names=["dni", *table.columns]), path, compression="zstd", compression_level=19
    )


def counts_of(events: pd.DataFrame, as_of: pd.Timestamp) -> tuple[dict, pd.DataFrame]:
    """The counts of rows and customers of one date, and the rows its features are computed from."""
    start = as_of - timedelta(days=WINDOW_DAYS)
    visible = events[events["fecha"] < as_of]
    distinct = visible[~visible["repetida"]]
    positive = distinct["monto"] > 0
    inside = distinct["fecha"] >= start
    usable = distinct[positive & inside]

    seen = set(distinct["dni"])
    segmented = set(usable["dni"])
    with_rows_inside = set(distinct.loc[inside, "dni"])
    counts = {
        "window": {"from": str(start.date()), "before": str(as_of.date()), "days": WINDOW_DAYS},
        "rows": {
            "source": len(events),
            "not_before_date": len(events) - len(visible),
            "before_date": len(visible),
            "duplicada": int(visible["repetida"].sum()),
            # The two below cover all distinct rows before the date, then the same split by the window.
            "monto_no_positivo": int((~positive).sum()),
            "monto_no_positivo_in_window": int((~positive & inside).sum()),
            "distinct_in_window": int(inside.sum()),
            "distinct_before_window": int((~inside).sum()),
            "positive_before_window": int((positive & ~inside).sum()),
            "usable_in_window": len(usable),
            "usable_in_window_rubro_desconocido": int((usable["rubro"] == UNKNOWN).sum()),
        },
        "customers": {
            "seen_before_date": len(seen),
            "with_features": len(segmented),
            "without_segment": {
                "no_row_in_window": len(seen - with_rows_inside),
                "no_usable_row_in_window": len(with_rows_inside - segmented),
            },
            "without_segment_dnis": sorted(seen - segmented),
        },
        "monto_total_usable": usable["monto"].sum() / UNITS,
    }
    return counts, usable


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit("Expected one argument: the folder that holds transactions.parquet and products.parquet")
    events = read_events(Path(sys.argv[1]))
    report = {}
    for day in DATES:
        as_of = pd.Timestamp(day)
        counts, usable = counts_of(events, as_of)
        table, rubros, canales = feature_table(usable, as_of)
        path = HERE / f"features-completejourney-{day}.parquet"
        write_parquet(with_log1p(table), path)
        report[str(day)] = {
            **counts,
            "rubros": rubros,
            "canales": canales,
            "columns": ["dni", *table.columns],
        }
        print(f"{path.name}: {len(table)} rows, {len(table.columns) + 1} columns, {path.stat().st_size} bytes")
    text = json.dumps(report, indent=2, ensure_ascii=False)
    (HERE / "features-completejourney.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
