"""The outputs of our DAG `lookalikes` on the generated table, by pandas and scikit-learn, as one would write it by hand.

    python lookalikes_pandas.py <openpyxl|calamine>

Then a line of JSON for each run, `{"table": <xlsx>, "out": <folder>, "figures": <file>}`, is answered by a line when its
outputs and, in `figures`, its seconds by step are written. The script knows the columns and words of the generated table
(`demo/customers/argentina.ts`), as whoever writes such a script knows his.
"""

import json
import os
import re
import sys
import time
import unicodedata
from difflib import get_close_matches
from pathlib import Path

import matplotlib

matplotlib.use("svg")

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.decomposition import PCA
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import KFold
from sklearn.neighbors import NearestNeighbors

SPENDS = ["spend_almacen", "spend_frescos", "spend_bebidas", "spend_limpieza", "spend_electronica"]
WORDS = {
    "gender": {"F": ["femenino", "mujer", "fem"], "M": ["masculino", "hombre", "varón"]},
    "region_clean": {
        "buenos aires": ["CABA", "Bs. As.", "Capital Federal", "AMBA"],
        "pampeana": ["La Pampa"],
        "centro": ["Córdoba"],
        "litoral": ["NEA", "Mesopotamia"],
        "norte": ["NOA"],
        "cuyo": ["Mendoza"],
        "patagonia": ["Sur"],
    },
    "fav_category": {
        "almacén": ["abarrotes"],
        "frescos": ["verdulería"],
        "bebidas": ["drinks"],
        "limpieza": ["art. de limpieza"],
        "electrónica": ["electro"],
    },
    "signup_channel": {
        "app": ["aplicación"],
        "web": ["sitio web"],
        "sucursal": ["tienda", "local"],
        "redes sociales": ["instagram"],
        "referido": ["amigo"],
    },
}
MISSING = {"", "n/a", "na", "none", "null", "-", "--", "s/d", "nan", "#n/a", "?", "ver ficha", "error", "???", "#¡ref!"}
WEEKDAYS = {name: day + 1 for day, name in enumerate(["lun", "mar", "mie", "jue", "vie", "sab", "dom"])}
NEVER = {"nunca", "never"}
BOUNDS = {
    "age": (14, 110),
    "income": (0, 1e8),
    "tenure_months": (0, None),
    "total_spent": (0, None),
    "pct_reordered": (0, 1),
}
NUMBERS = [
    "age",
    "income",
    "tenure_months",
    "total_orders",
    "frequency",
    "days_since_last_purchase",
    "pct_reordered",
    "avg_items_per_order",
    "total_spent",
    *SPENDS,
]
CATEGORIES = ["gender", "region_clean", "fav_category", "signup_channel"]
CYCLES = {"fav_hour": 24, "fav_weekday": 7}
KS = [10, 20, 50, 100, 200, 400]
EMPHASES = [0, 1, 2, 3]


def plain(text):
    """Without accents, case and superfluous blanks."""
    bare = "".join(c for c in unicodedata.normalize("NFD", str(text)) if not unicodedata.combining(c))
    return " ".join(bare.lower().split())


def per_value(column, read):
    """Reads each different value once."""
    values = column.astype(object).where(column.notna(), None)
    known = {value: read(value) for value in set(values)}
    return values.map(known)


def read_number(value, decimals=2):
    """A number, also with a currency and with either sign before the decimals; NaN where it is none."""
    if value is None or isinstance(value, (int, float)):
        return np.nan if value is None else float(value)
    text = plain(value)
    if text in MISSING:
        return np.nan
    negative = text.startswith("-") or text.startswith("(")
    digits = re.sub(r"[^0-9.,]", "", text).strip(".,")
    if not digits:
        return np.nan
    point, comma = digits.rfind("."), digits.rfind(",")
    if point >= 0 and comma >= 0:
        decimal = "." if point > comma else ","
        digits = digits.replace("," if decimal == "." else ".", "").replace(decimal, ".")
    elif max(point, comma) >= 0:
        sign = "." if point >= 0 else ","
        tail = len(digits) - digits.rfind(sign) - 1
        groups = digits.count(sign) > 1 or (tail == 3 and decimals == 2)
        digits = digits.replace(sign, "" if groups else ".")
    return -float(digits) if negative else float(digits)


def read_age(value):
    if isinstance(value, str):
        found = re.search(r"\d+", value)
        return float(found.group()) if found else np.nan
    return np.nan if value is None else float(value)


def read_days(value):
    number = read_age(value)
    return np.nan if value == -1 or number in (999, -1) else number


def read_percent(value):
    if isinstance(value, str) and "%" in value:
        return read_number(value.replace("%", ""), 1) / 100
    number = read_number(value, 1)
    return number / 100 if number > 1 else number


def read_hour(value):
    number = read_age(value)
    return number if 0 <= number <= 23 else np.nan


def read_weekday(value):
    if isinstance(value, str) and not value.strip().isdigit():
        return WEEKDAYS.get(plain(value)[:3], np.nan)
    return np.nan if value is None else float(value)


def read_flag(value):
    text = plain(value)
    if text in {"true", "si", "1", "s", "yes", "verdadero", "1.0"}:
        return True
    return False if text in {"false", "no", "0", "n", "falso", "0.0"} else None


def word_reader(words):
    known = {plain(other): word for word, others in words.items() for other in [word, *others]}

    def read(value):
        text = plain(value if value is not None else "")
        if text in MISSING:
            return None
        close = [text] if text in known else get_close_matches(text, known, n=1, cutoff=0.8)
        return known[close[0]] if close else "desconocida"

    return read


def clean(raw):
    raw = raw[raw["customer_id"].notna()]
    out = pd.DataFrame({"customer_id": raw["customer_id"].map(lambda value: str(value).strip())})
    readers = {
        "age": (["age", "age_str_dirty"], read_age),
        "income": (["income"], read_number),
        "tenure_months": (["tenure_months"], read_number),
        "total_orders": (["total_orders"], read_number),
        "frequency": (["frequency"], read_number),
        "days_since_last_purchase": (["days_since_last_purchase", "days_since_last_purchase_dirty"], read_days),
        "pct_reordered": (["pct_reordered"], read_number),
        "avg_items_per_order": (["avg_items_per_order"], read_number),
        "total_spent": (["total_spent_dirty"], read_number),
        **{name: ([name], read_number) for name in SPENDS},
        "fav_hour": (["fav_hour"], read_hour),
        "fav_weekday": (["fav_weekday"], read_weekday),
        "vip_flag": (["vip_flag"], read_flag),
        "vip_score": (["vip_score"], read_number),
    }
    for name, (columns, read) in readers.items():
        first, *others = [per_value(raw[column], read) for column in columns]
        for other in others:
            first = first.where(first.notna(), other)
        out[name] = first
    # Shares in the clean column, every notation in the other.
    shares = out["pct_reordered"]
    out["pct_reordered"] = shares.where(shares.notna(), per_value(raw["pct_reordered_dirty"], read_percent))
    dirty = raw["days_since_last_purchase_dirty"]
    never = dirty.map(plain).isin(NEVER) | dirty.isin([999, -1]) | raw["days_since_last_purchase"].isin([999, -1])
    out["days_since_last_purchase_never"] = never
    regions = raw["region"].where(raw["region"].notna(), raw["region_dirty"])
    for name, column in [
        ("gender", raw["gender"]),
        ("region_clean", regions),
        ("fav_category", raw["fav_category"]),
        ("signup_channel", raw["signup_channel"]),
    ]:
        out[name] = per_value(column, word_reader(WORDS[name]))
    dates = per_value(raw["signup_date"], lambda value: None if value is None else str(value)[:10].strip())
    iso = pd.to_datetime(dates, format="%Y-%m-%d", errors="coerce")
    for form in ["%d/%m/%Y", "%d-%m-%Y", "%d/%m/%y"]:
        iso = iso.where(iso.notna(), pd.to_datetime(dates, format=form, errors="coerce"))
    out["signup_date"] = iso.dt.date
    flags = pd.Series("", index=out.index)
    for name, (low, high) in BOUNDS.items():
        outside = out[name].lt(low) | (out[name].gt(high) if high is not None else False)
        flags = flags.where(~outside, flags + f"{name};")
    out["flags"] = flags.str.rstrip(";")
    # Of rows with one id: the one with most values, then the later.
    out["_values"] = out.notna().sum(axis=1)
    out["_row"] = range(len(out))
    out = out.sort_values(["customer_id", "_values", "_row"]).drop_duplicates("customer_id", keep="last")
    return out.drop(columns=["_values", "_row"]).reset_index(drop=True)


def encode(customers):
    """Every source column with an expected squared distance of about 2, as ours."""
    blocks, rows = [], len(customers)
    for name in NUMBERS:
        values = customers[name].astype(float)
        if name in BOUNDS:
            low, high = BOUNDS[name]
            values = values.where((values >= low) & ((values <= high) if high is not None else True))
        missing = values.isna()
        values = values.fillna(values.median())
        if values.min() >= 0 and values.skew() > 1:
            values = np.log1p(values)
        parts = [(values / (values.std(ddof=0) or 1)).to_numpy()]
        if missing.any():
            parts.append((missing / max(missing.std(ddof=0), 0.5)).to_numpy(dtype=float))
        blocks.append(np.column_stack(parts))
    for name in CATEGORIES:
        hot = pd.get_dummies(customers[name].fillna("(sin dato)")).to_numpy(dtype=float)
        blocks.append(hot / np.sqrt(max(hot.var(axis=0).sum(), 0.5)))
    for name, period in CYCLES.items():
        turn = customers[name].astype(float) * 2 * np.pi / period
        circle = np.column_stack([np.sin(turn), np.cos(turn)])
        circle = np.where(np.isnan(circle), np.nanmean(circle, axis=0), circle)
        missing = customers[name].isna()
        indicator = (missing / max(missing.std(ddof=0), 0.5)).to_numpy(dtype=float)
        blocks.append(np.column_stack([circle / np.sqrt(max(circle.var(axis=0).sum(), 0.5)), indicator]))
    blocks = [block / np.sqrt(max(block.var(axis=0).sum(), 1)) for block in blocks]
    matrix = np.hstack(blocks)
    assert matrix.shape[0] == rows
    return (matrix - matrix.mean(axis=0)).astype(np.float32)


def separation(matrix, seeds, background):
    """Column by column: the difference of the means in units of the deviation within the groups; the largest is 1."""
    a, b = matrix[seeds], matrix[background]
    within = np.sqrt((a.var(axis=0) * len(a) + b.var(axis=0) * len(b)) / (len(a) + len(b)))
    found = np.abs(a.mean(axis=0) - b.mean(axis=0)) / np.where(within == 0, 1, within)
    return found / (found.max() or 1)


def nearest_rows(queries, reference, k):
    """The `k + 1` nearest, in order. On 400 neighbours several times as fast as `NearestNeighbors`, which keeps heaps."""
    lengths, found = (reference**2).sum(axis=1), []
    for start in range(0, len(queries), 2000):
        squared = lengths - 2 * queries[start : start + 2000] @ reference.T
        near = np.argpartition(squared, k, axis=1)[:, : k + 1]
        order = np.argsort(np.take_along_axis(squared, near, axis=1), axis=1)
        found.append(np.take_along_axis(near, order, axis=1))
    return np.vstack(found)


def audience(matrix, customers, rng, size=1000):
    """The share of seeds among the nearest of a sample of seeds and others; k and the columns' weights by held-out seeds."""
    is_seed = customers["vip_flag"].eq(True).to_numpy()
    seeds, others = np.flatnonzero(is_seed), np.flatnonzero(~is_seed)

    def sample(rows, most):
        return rng.choice(rows, min(most, len(rows)), replace=False)

    background, probes = sample(others, 4000), sample(others, 1500)

    def score(rows, reference_seeds, ks, emphasis):
        weights = (separation(matrix, reference_seeds, background) ** emphasis).astype(np.float32)
        labels = np.r_[np.ones(len(reference_seeds)), np.zeros(len(background))]
        reference = matrix[np.r_[reference_seeds, background]] * weights
        near = nearest_rows(matrix[rows] * weights, reference, max(ks))
        return {k: labels[near[:, 1 : k + 1]].mean(axis=1) for k in ks}

    areas = {(k, emphasis): [] for emphasis in EMPHASES for k in KS}
    for kept, out in KFold(5, shuffle=True, random_state=0).split(seeds):
        held, kept = sample(seeds[out], 500), sample(seeds[kept], 2000)
        truth = np.r_[np.ones(len(held)), np.zeros(len(probes))]
        for emphasis in EMPHASES:
            scores = score(np.r_[held, probes], kept, KS, emphasis)
            for k in KS:
                areas[k, emphasis].append(roc_auc_score(truth, scores[k]))
    k, emphasis = max(areas, key=lambda way: np.mean(areas[way]))
    scores = score(others, sample(seeds, 2000), [k], emphasis)[k]
    best = np.argsort(-scores, kind="stable")[:size]
    return pd.DataFrame({"customer_id": customers["customer_id"].to_numpy()[others[best]], "score": scores[best]})


def plots(customers, coordinates, out):
    for name in ["income", "total_spent", "frequency", "days_since_last_purchase"]:
        figure, axes = plt.subplots()
        axes.hist(customers[name].dropna().astype(float), bins=40)
        axes.set_title(name)
        figure.savefig(out / f"{name}.svg")
        plt.close(figure)
    figure, axes = plt.subplots()
    some = np.random.default_rng(0).choice(len(customers), min(4000, len(customers)), replace=False)
    vip = customers["vip_flag"].eq(True).to_numpy()[some]
    for mask, colour in [(~vip, "lightgrey"), (vip, "crimson")]:
        axes.scatter(*coordinates[some][mask, :2].T, s=3, c=colour)
    figure.savefig(out / "pca.svg")
    plt.close(figure)


def run(engine, table, out, figures):
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(42)
    seconds, started = {}, time.perf_counter()

    def lap(step):
        nonlocal started
        now = time.perf_counter()
        seconds[step] = now - started
        started = now

    raw = pd.read_excel(table, engine=engine, dtype={"customer_id": str}, keep_default_na=False, na_values=[""])
    lap("read")
    customers = clean(raw)
    del raw
    customers.to_parquet(out / "clientes_limpios.parquet")
    customers.to_csv(out / "clientes_limpios.csv", index=False)
    lap("clean")
    matrix = encode(customers)
    np.save(out / "matrix.npy", matrix)
    lap("encode and scale")
    coordinates = PCA(n_components=3, svd_solver="full").fit_transform(matrix)
    pca = pd.DataFrame(coordinates, columns=["pc1", "pc2", "pc3"])
    pca.insert(0, "customer_id", customers["customer_id"])
    pca.to_parquet(out / "clientes_pca.parquet")
    lap("components")
    audience(matrix, customers, rng).to_parquet(out / "audiencias.parquet")
    lap("audience")
    plots(customers, coordinates, out)
    lap("plots")
    index = NearestNeighbors(n_neighbors=11, algorithm="brute").fit(matrix)
    _, near = index.kneighbors(matrix[np.linspace(0, len(matrix) - 1, 1000).astype(int)])
    np.save(out / "neighbours.npy", near)
    lap("questions")
    Path(figures).write_text(json.dumps({"customers": len(customers), "seconds": seconds}))


if __name__ == "__main__":
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    print("ready", file=answers)
    for line in sys.stdin:
        run(sys.argv[1], **json.loads(line))
        print("done", file=answers)
