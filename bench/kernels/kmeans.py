"""k-means as one calls it in Python: `kmeans.py <sklearn|elkan|faiss>`."""

import sys
from pathlib import Path

from driver import drive
from matrix import read_matrix


def with_sklearn(settings, algorithm):
    from sklearn.cluster import KMeans

    matrix = read_matrix(settings["matrix"])
    k, seed, rows = settings["k"], settings["seed"], settings["initialRows"]

    def run():
        start = {"n_init": settings["restarts"]} if rows is None else {"init": matrix[rows], "n_init": 1}
        return KMeans(k, **start, algorithm=algorithm, max_iter=300, tol=1e-4, random_state=seed).fit(matrix)

    def tell(model):
        return told(settings, model.cluster_centers_, model.n_iter_)

    return run, tell


def with_faiss(settings):
    import faiss

    matrix = read_matrix(settings["matrix"])
    k, seed, rows = settings["k"], settings["seed"], settings["initialRows"]

    def run():
        start = (
            {"nredo": settings["restarts"], "init_method": faiss.ClusteringInitMethod_KMEANS_PLUS_PLUS}
            if rows is None
            else {}
        )
        # All points, not the sample that it takes else; it has no tolerance, so as many iterations as ours took.
        everything = {"max_points_per_centroid": len(matrix), "min_points_per_centroid": 1}
        model = faiss.Kmeans(matrix.shape[1], k, niter=settings["iterations"], seed=seed, **start, **everything)
        model.train(matrix, init_centroids=None if rows is None else matrix[rows])
        # Labels, as the others have them.
        model.assign(matrix)
        return model

    def tell(model):
        return told(settings, model.centroids, settings["iterations"])

    return run, tell


def told(settings, centroids, iterations):
    file = Path(settings["out"], "centroids.f64")
    centroids.astype("<f8").tofile(file)
    return {"centroids": str(file), "iterations": int(iterations)}


WAYS = {
    "sklearn": lambda settings: with_sklearn(settings, "lloyd"),
    "elkan": lambda settings: with_sklearn(settings, "elkan"),
    "faiss": with_faiss,
}

if __name__ == "__main__":
    drive(WAYS[sys.argv[1]])
