"""The outputs of the segmentation DAG for a date, by polars and scikit-learn, as one would write them by hand."""

import json
import os
from datetime import date, timedelta

import polars as pl
from features import polars_features
from segments import fit_segments, name_segments

SCORES = ["supermercado", "farmacia", "restaurante"]


def read_cards(file):
    """Rows as the made transactions have them, each once; a day without a time."""
    rows = pl.scan_parquet(file).unique()
    return rows.with_columns(pl.col("fecha").dt.date(), pl.col("rubro").fill_null("desconocido"))


def segment_date(rows, settings, out):
    """Writes what is published of a date; returns the model and the paths of its tables."""
    fecha = date.fromisoformat(settings["fecha"])
    start = fecha - timedelta(days=settings["window"])
    before = rows.filter(pl.col("fecha") < fecha, pl.col("dni").is_not_null()).collect()
    in_window = pl.col("fecha") >= start
    seen = before.group_by("dni").agg(in_window.any().alias("lately"))
    window = before.lazy().filter(in_window, pl.col("monto") > 0)

    features, purchases = polars_features(window, settings)
    matrix, labels, model = fit_segments(features.drop("dni").to_numpy(), settings)
    assigned = pl.DataFrame({"dni": features["dni"], "cluster_id": labels})
    segments, named = profiles(purchases, assigned, settings, fecha)

    known = purchases.filter(pl.col("rubro") != "desconocido", pl.col("monto") > 0)
    rank = pl.col("monto").rank("average").over("rubro") / pl.len().over("rubro")
    scores = known.select("dni", "rubro", rank.alias("score")).sort("dni", "rubro")
    order = [pl.col("rubro") == "desconocido", -pl.col("monto"), -pl.col("compras").cast(pl.Int64), pl.col("rubro")]
    top = purchases.sort(order).unique("dni", keep="first", maintain_order=True).select("dni", rubro_top="rubro")

    names = pl.DataFrame({"cluster_id": range(len(named)), "cluster_nombre": [one["name"] for one in named]})
    customers = (
        seen.join(assigned, on="dni", how="left")
        .join(names.cast({"cluster_id": pl.Int32}), on="cluster_id", how="left")
        .join(top, on="dni", how="left")
    )
    for name in SCORES:
        bought = purchases.filter(pl.col("rubro").is_in(settings["scores"][name]))
        # Cents again, as of one rubro: equal amounts are to have equal ranks.
        amounts = bought.group_by("dni").agg(pl.col("monto").sum().round(4))
        ranks = amounts.filter(pl.col("monto") > 0).select(
            "dni", (pl.col("monto").rank("average") / pl.len()).alias(f"score_{name}")
        )
        customers = customers.join(ranks, on="dni", how="left")
    segmented = pl.col("cluster_id").is_not_null()
    reason = pl.when("lately").then(pl.lit("sin_filas_usables")).otherwise(pl.lit("sin_compras_en_ventana"))
    customers = customers.select(
        "dni",
        "cluster_id",
        pl.col("cluster_nombre").fill_null("sin_segmento"),
        "rubro_top",
        *(pl.when(segmented).then(pl.col(f"score_{name}").fill_null(0.0)).alias(f"score_{name}") for name in SCORES),
        pl.when(segmented).then(None).otherwise(reason).alias("motivo"),
    ).sort("dni")

    tables = {"clientes": customers, "scores": scores, "segmentos": segments}
    files = {name: publish(table, name, settings, out) for name, table in tables.items()}
    export(customers, settings, out)
    points = pl.DataFrame([features["dni"], pl.Series("values", matrix)])
    points.write_ipc(out / "index.arrow")
    (out / "model.json").write_text(json.dumps(model))
    return model, files


def profiles(purchases, assigned, settings, fecha):
    """The table of segments, and their names."""
    joined = purchases.join(assigned, on="dni")
    people = joined.group_by("dni").agg(
        pl.col("cluster_id").first(), pl.col("compras").sum(), pl.col("monto").sum(), pl.col("ultima").max()
    )
    people = people.with_columns(recencia=(pl.lit(fecha) - pl.col("ultima")).dt.total_days())
    figures = people.group_by("cluster_id").agg(
        clientes=pl.len(),
        compras_promedio=pl.col("compras").mean(),
        monto_promedio=pl.col("monto").mean(),
        recencia_mediana=pl.col("recencia").median(),
    )
    figures = figures.sort("cluster_id")
    everyone = {"compras": people["compras"].mean(), "recencia": people["recencia"].median()}
    known = joined.filter(pl.col("rubro") != "desconocido").with_columns(pl.col("rubro").replace(settings["labels"]))
    bought = known.group_by("cluster_id", "rubro").agg(pl.col("compras").sum())
    compras = pl.col("compras")
    lifts = bought.with_columns(
        share=compras / compras.sum().over("cluster_id"), of_all=compras.sum().over("rubro") / compras.sum()
    )
    segments = [
        {
            "compras": row["compras_promedio"],
            "recencia": row["recencia_mediana"],
            "lifts": [
                (one["rubro"], one["share"], one["share"] / one["of_all"])
                for one in lifts.filter(pl.col("cluster_id") == row["cluster_id"]).iter_rows(named=True)
            ],
        }
        for row in figures.iter_rows(named=True)
    ]
    named = name_segments(segments, everyone)
    table = figures.select(
        "cluster_id",
        pl.Series("cluster_nombre", [one["name"] for one in named]),
        "clientes",
        participacion=pl.col("clientes") / people.height,
        rubro_distintivo=pl.Series([one["label"] for one in named], dtype=pl.String),
        lift=pl.Series([one["lift"] for one in named], dtype=pl.Float64),
        compras_promedio="compras_promedio",
        monto_promedio="monto_promedio",
        recencia_mediana="recencia_mediana",
    )
    return table, named


def publish(table, name, settings, out):
    """Readers of the folder see the old file or the new one."""
    folder = out / name / f"fecha_modelo={settings['fecha']}"
    folder.mkdir(parents=True, exist_ok=True)
    table.write_parquet(folder / "part.tmp", compression="snappy")
    os.replace(folder / "part.tmp", folder / "part-0.parquet")
    return str(folder / "part-0.parquet")


def export(customers, settings, out):
    folder = out / "exports" / f"fecha_modelo={settings['fecha']}"
    folder.mkdir(parents=True, exist_ok=True)
    dated = customers.with_columns(fecha_modelo=pl.lit(settings["fecha"]))
    dated.write_csv(folder / "clientes.csv")
    dated.write_ndjson(folder / "clientes.jsonl")
