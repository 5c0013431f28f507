"""What our task `buildFeatures` makes of transactions, as one writes it by hand: `features.py <pandas|polars|duckdb>`.

Two Parquet files come of it: `purchases`, one row a customer and rubro, and `features`, one row a customer: number and mean
amount by rubro, recency, totals, shares of channels, numbers of places and months; `log1p` on counts and amounts.
"""

import sys
from datetime import date
from pathlib import Path

import numpy as np

from driver import drive

NEVER = {"desconocido", "otros"}
COUNTED = ("frecuencia:", "monto_medio", "transacciones", "monto_total", "rubros_distintos", "lugares_", "meses_")
CHANNELS_AT_MOST = 10


def chosen(customers_of, customers, min_share, at_most):
    """The categories with columns of their own, from `(name, customers)`: those that enough customers use, by name."""
    known = [(name, n) for name, n in customers_of if name is not None and name.lower() not in NEVER]
    often = sorted((-n, name) for name, n in known if n >= min_share * customers)[:at_most]
    return sorted(name for _, name in often)


def pandas_features(file, settings):
    """Returns (features, purchases); texts are read as categories, without which pandas takes several times as long."""
    import pandas as pd
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = ["dni", "fecha", "rubro", "canal", "monto", "ubicacion"]
    table = pq.read_table(file, columns=columns, read_dictionary=["dni", "rubro", "canal", "ubicacion"])
    table = table.set_column(4, "monto", table["monto"].cast(pa.float64()))
    return pandas_features_of(table.to_pandas(date_as_object=False), settings)


def pandas_features_of(rows, settings):
    import pandas as pd

    pairs = rows.groupby(["dni", "rubro"], observed=True)
    purchases = pairs.agg(compras=("monto", "size"), monto=("monto", "sum"), ultima=("fecha", "max")).reset_index()
    # Cents again: two customers who spent the same are to have the same sum.
    purchases["monto"] = purchases["monto"].round(4)
    by_channel = rows.groupby(["dni", "canal"], observed=True).size().unstack(fill_value=0)
    month = rows["fecha"].dt.year * 12 + rows["fecha"].dt.month
    visits = pd.DataFrame(
        {
            "lugares": rows.groupby("dni", observed=True)["ubicacion"].nunique(),
            "meses": month.groupby(rows["dni"], observed=True).nunique(),
        }
    )
    customers = len(visits)
    share, most = settings["minShare"], settings["maxRubros"]
    rubros = chosen(purchases["rubro"].value_counts().items(), customers, share, most)
    canales = chosen((by_channel > 0).sum().items(), customers, share, CHANNELS_AT_MOST)

    names = purchases["rubro"].astype(object).where(purchases["rubro"].isin(rubros), "otros")
    wide = purchases.assign(rubro=pd.Categorical(names, [*rubros, "otros"])).pivot_table(
        index="dni", columns="rubro", values=["compras", "monto"], aggfunc="sum", fill_value=0, observed=False
    )
    totals = purchases.groupby("dni", observed=True).agg(
        compras=("compras", "sum"), monto=("monto", "sum"), ultima=("ultima", "max")
    )
    known = purchases["rubro"] != "desconocido"
    counts, amounts = wide["compras"], wide["monto"]
    channels = by_channel.reindex(columns=canales, fill_value=0)
    digital = by_channel[[c for c in by_channel.columns if c.lower() in settings["digitalChannels"]]].sum(axis=1)
    rest = by_channel.sum(axis=1)

    features = {f"frecuencia:{name}": counts[name] for name in [*rubros, "otros"]}
    for name in [*rubros, "otros"]:
        features[f"monto_medio:{name}"] = amounts[name].div(counts[name]).where(counts[name] > 0, 0.0)
    features["recencia_dias"] = (pd.Timestamp(settings["fecha"]) - totals["ultima"]).dt.days
    features["transacciones"] = totals["compras"]
    features["monto_total"] = totals["monto"]
    features["monto_medio"] = totals["monto"] / totals["compras"]
    features["rubros_distintos"] = purchases[known].groupby("dni", observed=False).size()
    for name in canales:
        features[f"canal:{name}"] = channels[name] / totals["compras"]
    features["canal:otros"] = (totals["compras"] - channels.sum(axis=1)).div(totals["compras"])
    features["canal_digital"] = digital / totals["compras"]
    features["lugares_distintos"] = visits["lugares"]
    features["meses_activos"] = visits["meses"]
    table = pd.DataFrame(features, index=totals.index, dtype=float).fillna({"rubros_distintos": 0, "canal_digital": 0})
    heavy = [name for name in table.columns if name.startswith(COUNTED)]
    table[heavy] = np.sign(table[heavy]) * np.log1p(np.abs(table[heavy]))
    table = table.reset_index().astype({"dni": str}).sort_values("dni")
    purchases = purchases.astype({"dni": str, "rubro": str}).sort_values(["dni", "rubro"])
    return table, purchases


def with_pandas(settings):
    out = Path(settings["out"])

    def run():
        features, purchases = pandas_features(settings["transactions"], settings)
        features.to_parquet(out / "features.parquet", index=False, compression="snappy")
        purchases.to_parquet(out / "purchases.parquet", index=False, compression="snappy")

    return run, files_in(out)


def polars_features(rows, settings):
    """Returns (features, purchases) of a lazy frame of transactions."""
    import polars as pl

    rows = rows.with_columns(pl.col("monto").cast(pl.Float64))
    purchases, channels, visits = pl.collect_all(
        [
            rows.group_by("dni", "rubro").agg(
                pl.len().alias("compras"), pl.col("monto").sum().round(4), pl.col("fecha").max().alias("ultima")
            ),
            rows.group_by("dni", "canal").agg(pl.len().alias("compras")),
            rows.group_by("dni").agg(
                pl.col("ubicacion").n_unique().alias("lugares"),
                pl.col("fecha").dt.truncate("1mo").n_unique().alias("meses"),
            ),
        ]
    )
    share, most = settings["minShare"], settings["maxRubros"]
    rubros = chosen(purchases.group_by("rubro").len().iter_rows(), visits.height, share, most)
    canales = chosen(channels.group_by("canal").len().iter_rows(), visits.height, share, CHANNELS_AT_MOST)

    def of(column, names):
        """A condition for each name, and one for all others."""
        return [*(pl.col(column) == name for name in names), ~pl.col(column).is_in(names).fill_null(False)]

    p = purchases.group_by("dni").agg(
        *(pl.col("compras").filter(f).sum().alias(f"f{i}") for i, f in enumerate(of("rubro", rubros))),
        *(pl.col("monto").filter(f).sum().alias(f"m{i}") for i, f in enumerate(of("rubro", rubros))),
        pl.col("compras").sum(),
        pl.col("monto").sum(),
        pl.col("ultima").max(),
        (pl.col("rubro") != "desconocido").sum().alias("rubros"),
    )
    c = channels.group_by("dni").agg(
        *(pl.col("compras").filter(f).sum().alias(f"c{i}") for i, f in enumerate(of("canal", canales))),
        pl.col("compras")
        .filter(pl.col("canal").str.to_lowercase().is_in(settings["digitalChannels"]))
        .sum()
        .alias("digital"),
    )
    compras = pl.col("compras")
    features = {f"frecuencia:{name}": pl.col(f"f{i}") for i, name in enumerate([*rubros, "otros"])}
    for i, name in enumerate([*rubros, "otros"]):
        features[f"monto_medio:{name}"] = pl.when(pl.col(f"f{i}") == 0).then(0.0).otherwise(pl.col(f"m{i}") / pl.col(f"f{i}"))
    features["recencia_dias"] = (pl.lit(date.fromisoformat(settings["fecha"])) - pl.col("ultima")).dt.total_days()
    features["transacciones"] = compras
    features["monto_total"] = pl.col("monto")
    features["monto_medio"] = pl.col("monto") / compras
    features["rubros_distintos"] = pl.col("rubros")
    for i, name in enumerate([*canales, "otros"]):
        features[f"canal:{name}"] = pl.col(f"c{i}") / compras
    features["canal_digital"] = pl.col("digital") / compras
    features["lugares_distintos"] = pl.col("lugares")
    features["meses_activos"] = pl.col("meses")

    def logged(name, value):
        value = value.cast(pl.Float64)
        return (value.sign() * value.abs().log1p() if name.startswith(COUNTED) else value).alias(name)

    table = p.lazy().join(c.lazy(), on="dni").join(visits.lazy(), on="dni")
    table = table.select("dni", *(logged(name, value) for name, value in features.items())).sort("dni").collect()
    return table, purchases.sort("dni", "rubro")


def with_polars(settings):
    import polars as pl

    out = Path(settings["out"])

    def run():
        features, purchases = polars_features(pl.scan_parquet(settings["transactions"]), settings)
        features.write_parquet(out / "features.parquet", compression="snappy")
        purchases.write_parquet(out / "purchases.parquet", compression="snappy")

    return run, files_in(out)


def with_duckdb(settings):
    """The same by SQL, in the engine that ours uses: what our task costs beyond it."""
    import duckdb

    out = Path(settings["out"])
    source = f"read_parquet('{settings['transactions']}')"
    share, most = settings["minShare"], settings["maxRubros"]

    def run():
        db = duckdb.connect()
        db.execute(f"""COPY (SELECT dni, rubro, count(*)::INTEGER AS compras, sum(monto) AS monto, max(fecha) AS ultima
            FROM {source} GROUP BY dni, rubro ORDER BY dni, rubro) TO '{out}/purchases.parquet' (COMPRESSION snappy)""")
        db.execute(f"CREATE VIEW purchases AS SELECT * FROM '{out}/purchases.parquet'")
        db.execute(f"CREATE TABLE channels AS SELECT dni, canal, count(*) AS compras FROM {source} GROUP BY dni, canal")
        db.execute(f"""CREATE TABLE visits AS SELECT dni, count(DISTINCT ubicacion) AS lugares,
            count(DISTINCT date_trunc('month', fecha)) AS meses FROM {source} GROUP BY dni""")
        ((customers,),) = db.execute("SELECT count(*) FROM visits").fetchall()
        rubros = chosen(db.execute("SELECT rubro, count(*) FROM purchases GROUP BY rubro").fetchall(), customers, share, most)
        canales = db.execute("SELECT canal, count(*) FROM channels GROUP BY canal").fetchall()
        canales = chosen(canales, customers, share, CHANNELS_AT_MOST)

        def sums(value, column, names, alias):
            others = f"coalesce({column} NOT IN ({', '.join(map(quoted, ['', *names]))}), true)"
            tests = [*(f"{column} = {quoted(name)}" for name in names), others]
            return [f"coalesce(sum({value}) FILTER ({test}), 0) AS {alias}{i}" for i, test in enumerate(tests)]

        p = [*sums("compras", "rubro", rubros, "f"), *sums("monto", "rubro", rubros, "m")]
        c = sums("compras", "canal", canales, "c")
        digital = ", ".join(map(quoted, settings["digitalChannels"]))
        columns = {f"frecuencia:{name}": f"f{i}" for i, name in enumerate([*rubros, "otros"])}
        columns |= {f"monto_medio:{name}": f"if(f{i} = 0, 0, m{i} / f{i})" for i, name in enumerate([*rubros, "otros"])}
        columns |= {
            "recencia_dias": f"DATE '{settings['fecha']}' - ultima",
            "transacciones": "compras",
            "monto_total": "monto",
            "monto_medio": "monto / compras",
            "rubros_distintos": "rubros",
        }
        columns |= {f"canal:{name}": f"c{i} / compras" for i, name in enumerate([*canales, "otros"])}
        columns |= {"canal_digital": "digital / compras", "lugares_distintos": "lugares", "meses_activos": "meses"}
        values = [f"{logged(name, f'({sql})::DOUBLE')} AS \"{name}\"" for name, sql in columns.items()]
        db.execute(f"""COPY (SELECT dni, {', '.join(values)} FROM (SELECT dni, {', '.join(p)}, sum(compras) AS compras,
              sum(monto)::DOUBLE AS monto, max(ultima) AS ultima, count(*) FILTER (rubro <> 'desconocido') AS rubros
            FROM purchases GROUP BY dni) JOIN (SELECT dni, {', '.join(c)},
              coalesce(sum(compras) FILTER (lower(canal) IN ({digital})), 0) AS digital FROM channels GROUP BY dni)
            USING (dni) JOIN visits USING (dni) ORDER BY dni) TO '{out}/features.parquet' (COMPRESSION snappy)""")
        db.close()

    def quoted(name):
        return "'" + name.replace("'", "''") + "'"

    def logged(name, value):
        return f"sign({value}) * ln(1 + abs({value}))" if name.startswith(COUNTED) else value

    return run, files_in(out)


def files_in(out):
    return lambda _: {name: str(out / f"{name}.parquet") for name in ("features", "purchases")}


WAYS = {"pandas": with_pandas, "polars": with_polars, "duckdb": with_duckdb}

if __name__ == "__main__":
    drive(WAYS[sys.argv[1]])
