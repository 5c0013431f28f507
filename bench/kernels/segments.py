"""What the scripts for the whole pipeline share: the choice of segments by scikit-learn, and their names."""

import numpy as np
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score
from sklearn.preprocessing import StandardScaler

SILHOUETTE_SAMPLE = 2_000
MIN_SHARE = 0.1
HABITS = [(1.5, "muy frecuentes"), (1, "frecuentes"), (0.5, "ocasionales"), (0, "esporádicos")]


def fit_segments(features, settings):
    """Scales a table of features, fits k-means for every k, and takes the k at the elbow: (matrix, labels, model)."""
    matrix = StandardScaler().fit_transform(features).astype(np.float32)
    sample = np.random.default_rng(settings["seed"]).permutation(len(matrix))[:SILHOUETTE_SAMPLE]
    models = {}
    by_k = []
    for k in settings["ks"]:
        model = KMeans(k, n_init=settings["restarts"], random_state=settings["seed"]).fit(matrix)
        score = silhouette_score(matrix[sample], model.labels_[sample])
        models[k] = model
        by_k.append({"k": k, "inertia": float(model.inertia_), "silhouette": float(score)})
    k = elbow(by_k)
    # Numbered by size, the largest first.
    order = np.argsort(-np.bincount(models[k].labels_, minlength=k), kind="stable")
    number = np.empty(k, dtype=np.int32)
    number[order] = np.arange(k)
    model = {"k": k, "byK": by_k, "centroids": models[k].cluster_centers_[order].tolist()}
    return matrix, number[models[k].labels_], model


def elbow(by_k):
    """Where the curve of inertia is farthest below the line between its ends; the best silhouette where it is nowhere."""
    ks = np.array([one["k"] for one in by_k], dtype=float)
    inertias = np.array([one["inertia"] for one in by_k])
    if len(ks) > 2 and np.ptp(inertias) > 0:
        bend = 1 - (inertias - inertias.min()) / np.ptp(inertias) - (ks - ks[0]) / np.ptp(ks)
        at = int(bend[1:-1].argmax()) + 1
        if bend[at] > 0:
            return int(ks[at])
    return max(by_k, key=lambda one: one["silhouette"])["k"]


def name_segments(segments, everyone):
    """A name for each segment, by what it buys more than everyone does: `[{"name", "label", "lift"}]`.

    Of a segment and of everyone: `compras` and `recencia`; of a segment also `lifts`, a list of (label, share, lift).
    """
    taken = {"sin_segmento"}
    named = []
    for segment in segments:
        ranked = sorted((-lift, label) for label, share, lift in segment["lifts"] if share >= MIN_SHARE)
        first = ranked[0][1] if ranked else "General"
        idle = segment["recencia"] > 2 * everyone["recencia"] and segment["compras"] < 0.5 * everyone["compras"]
        base = ["Inactivos", f"Inactivos de {first}"] if idle else [first]
        pairs = [f"{base[-1]} y {ranked[1][1]}"] if len(ranked) > 1 else []
        habit = next(word for least, word in HABITS if segment["compras"] >= least * everyone["compras"])
        tries = [*base, *pairs, *(f"{name}, {habit}" for name in [base[-1], *pairs])]
        tries += [f"{base[0]} {number}" for number in range(2, 100)]
        name = next(one for one in tries if one not in taken)
        taken.add(name)
        label, lift = (ranked[0][1], -ranked[0][0]) if ranked else (None, None)
        named.append({"name": name, "label": label, "lift": lift})
    return named


def published_figures(result):
    """What the bench is told of a model and the files of its tables."""
    model, files = result
    return {**files, "byK": model["byK"], "k": model["k"]}
