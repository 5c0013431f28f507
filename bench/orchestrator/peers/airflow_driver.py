"""Airflow: `dag.test()`, which runs a DAG's tasks one after the other in this process and records them in its database."""

from airflow_dags.bench_dags import DAGS
from driver import drive


def test(workload):
    run = DAGS[workload].test()
    if run.state != "success":
        raise RuntimeError(f"{workload} ended as {run.state}")


if __name__ == "__main__":
    drive(test)
