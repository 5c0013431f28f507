"""k-means for a range of k with a silhouette for each, by scikit-learn: `sweep.py sklearn`."""

import numpy as np
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score

from driver import drive
from matrix import read_matrix


def prepare(settings):
    matrix = read_matrix(settings["matrix"])

    def run():
        sample = np.random.default_rng(settings["seed"]).permutation(len(matrix))[: settings["sample"]]
        found = []
        for k in settings["ks"]:
            model = KMeans(k, n_init=settings["restarts"], random_state=settings["seed"]).fit(matrix)
            score = silhouette_score(matrix[sample], model.labels_[sample])
            found.append({"k": k, "inertia": float(model.inertia_), "silhouette": float(score)})
        return found

    return run, lambda found: {"byK": found}


if __name__ == "__main__":
    drive(prepare)
