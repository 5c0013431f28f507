"""Prefect: `called` runs the flows in this process; `deployed` asks the server for runs of the deployments."""

import sys

from driver import drive
from prefect.deployments import run_deployment
from prefect_flows import FLOWS


def called(workload):
    FLOWS[workload]()


def deployed(workload):
    run = run_deployment(f"{FLOWS[workload].name}/bench", poll_interval=0.1)
    if not run.state.is_completed():
        raise RuntimeError(f"{workload} ended as {run.state}")


if __name__ == "__main__":
    drive({"called": called, "deployed": deployed}[sys.argv[1]])
