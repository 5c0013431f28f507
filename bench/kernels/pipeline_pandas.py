"""The outputs of the segmentation DAG for a date, by pandas, scikit-learn and pyarrow, as one would write them by hand."""

import json
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from features import pandas_features_of
from segments import fit_segments, name_segments

SCORES = ["supermercado", "farmacia", "restaurante"]


def read_cards(file):
    """Rows as the made transactions have them, each once: texts as categories, days without a time."""
    table = pq.read_table(file, read_dictionary=["dni", "rubro", "canal", "ubicacion", "producto"])
    rows = table.to_pandas().drop_duplicates()
    return canonical(rows)


def read_completejourney(folder):
    """The grocer's rows under our names; a product that is not in the list has an unknown rubro, and there is no channel."""
    rows = pd.read_parquet(Path(folder, "transactions.parquet")).drop_duplicates()
    products = pd.read_parquet(Path(folder, "products.parquet"), columns=["product_id", "department"]).drop_duplicates()
    rows = rows.merge(products, on="product_id", how="left")
    found = pd.DataFrame(
        {
            "dni": rows["household_id"].astype(str).astype("category"),
            "fecha": rows["transaction_timestamp"],
            "rubro": rows["department"].astype("category"),
            "canal": pd.Categorical(["otros"] * len(rows)),
            "monto": rows["sales_value"].astype(float),
            "ubicacion": rows["store_id"].astype(str).astype("category"),
        }
    )
    return canonical(found)


def canonical(rows):
    rubro = rows["rubro"].astype("category")
    if "desconocido" not in rubro.cat.categories:
        rubro = rubro.cat.add_categories("desconocido")
    return rows.assign(fecha=rows["fecha"].dt.normalize(), rubro=rubro.fillna("desconocido"))


def segment_date(rows, settings, out):
    """Writes what is published of a date; returns the model and the paths of its tables."""
    fecha = pd.Timestamp(settings["fecha"])
    before = rows[(rows["fecha"] < fecha) & rows["dni"].notna() & rows["fecha"].notna()]
    in_window = before["fecha"] >= fecha - pd.Timedelta(days=settings["window"])
    usable = in_window & (before["monto"] > 0)
    window = before[usable]
    seen = pd.Index(before["dni"].unique().astype(str))
    lately = set(before.loc[in_window, "dni"].unique().astype(str))

    features, purchases = pandas_features_of(window, settings)
    dnis = features["dni"].to_numpy()
    matrix, labels, model = fit_segments(features.drop(columns="dni"), settings)
    assigned = pd.Series(labels, index=pd.Index(dnis, name="dni"), name="cluster_id")
    segments, named = profiles(purchases, assigned, settings, fecha)

    known = purchases[(purchases["rubro"] != "desconocido") & (purchases["monto"] > 0)]
    scores = known[["dni", "rubro"]].assign(score=known.groupby("rubro")["monto"].rank(pct=True))
    top = purchases.assign(unknown=purchases["rubro"] == "desconocido").sort_values(
        ["unknown", "monto", "compras", "rubro"], ascending=[True, False, False, True]
    )
    top = top.drop_duplicates("dni").set_index("dni")["rubro"]

    customers = pd.DataFrame(index=pd.Index(sorted(seen), name="dni"))
    customers["cluster_id"] = assigned.reindex(customers.index).astype("Int32")
    names = {number: one["name"] for number, one in enumerate(named)}
    customers["cluster_nombre"] = customers["cluster_id"].map(names).astype(object).fillna("sin_segmento")
    customers["rubro_top"] = top.reindex(customers.index)
    segmented = customers["cluster_id"].notna()
    for name in SCORES:
        bought = purchases[purchases["rubro"].isin(settings["scores"][name])]
        # Cents again, as of one rubro: equal amounts are to have equal ranks.
        amounts = bought.groupby("dni")["monto"].sum().round(4)
        ranks = amounts[amounts > 0].rank(pct=True).reindex(customers.index).fillna(0.0)
        customers[f"score_{name}"] = ranks.where(segmented)
    reasons = np.where(customers.index.isin(lately), "sin_filas_usables", "sin_compras_en_ventana")
    customers["motivo"] = pd.Series(reasons, index=customers.index, dtype=object).where(~segmented, None)

    tables = {
        "clientes": customers.reset_index(),
        "scores": scores.sort_values(["dni", "rubro"]),
        "segmentos": segments,
    }
    files = {name: publish(table, name, settings, out) for name, table in tables.items()}
    export(tables["clientes"], settings, out)
    # The index of an exact search is its points.
    names = pa.array(dnis)
    points = pa.FixedSizeListArray.from_arrays(pa.array(matrix.ravel()), matrix.shape[1])
    with pa.OSFile(str(out / "index.arrow"), "wb") as sink:
        index = pa.table({"dni": names, "values": points})
        with pa.ipc.new_file(sink, index.schema) as writer:
            writer.write_table(index)
    (out / "model.json").write_text(json.dumps(model))
    return model, files


def profiles(purchases, assigned, settings, fecha):
    """The table of segments, and their names."""
    joined = purchases.join(assigned, on="dni")
    people = joined.groupby("dni").agg(
        cluster_id=("cluster_id", "first"), compras=("compras", "sum"), monto=("monto", "sum"), ultima=("ultima", "max")
    )
    people["recencia"] = (fecha - people["ultima"]).dt.days
    figures = people.groupby("cluster_id").agg(
        clientes=("compras", "size"),
        compras_promedio=("compras", "mean"),
        monto_promedio=("monto", "mean"),
        recencia_mediana=("recencia", "median"),
    )
    everyone = {"compras": people["compras"].mean(), "recencia": people["recencia"].median()}
    known = joined[joined["rubro"] != "desconocido"]
    label = known["rubro"].map(lambda rubro: settings["labels"].get(rubro, rubro))
    bought = known.groupby(["cluster_id", label])["compras"].sum().unstack(fill_value=0)
    share = bought.div(bought.sum(axis=1), axis=0)
    lift = share / (bought.sum() / bought.to_numpy().sum())
    segments = [
        {
            "compras": row.compras_promedio,
            "recencia": row.recencia_mediana,
            "lifts": [
                (name, share.at[row.Index, name], lift.at[row.Index, name])
                for name in bought.columns
                if bought.at[row.Index, name] > 0
            ],
        }
        for row in figures.itertuples()
    ]
    named = name_segments(segments, everyone)
    figures.insert(0, "cluster_nombre", [one["name"] for one in named])
    figures.insert(2, "participacion", figures["clientes"] / len(people))
    figures.insert(3, "rubro_distintivo", [one["label"] for one in named])
    figures.insert(4, "lift", [one["lift"] for one in named])
    return figures.reset_index(), named


def publish(table, name, settings, out):
    """Readers of the folder see the old file or the new one."""
    folder = out / name / f"fecha_modelo={settings['fecha']}"
    folder.mkdir(parents=True, exist_ok=True)
    table.to_parquet(folder / "part.tmp", index=False, compression="snappy")
    os.replace(folder / "part.tmp", folder / "part-0.parquet")
    return str(folder / "part-0.parquet")


def export(customers, settings, out):
    folder = out / "exports" / f"fecha_modelo={settings['fecha']}"
    folder.mkdir(parents=True, exist_ok=True)
    dated = customers.assign(fecha_modelo=settings["fecha"])
    dated.to_csv(folder / "clientes.csv", index=False)
    dated.to_json(folder / "clientes.jsonl", orient="records", lines=True)
