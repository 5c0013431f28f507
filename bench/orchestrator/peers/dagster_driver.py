"""Dagster: `memory` and `process` run a job's steps in this process, `multiprocess` starts a process for each."""

import sys

from dagster import DagsterInstance, execute_job, reconstructable
from dagster_jobs import JOBS
from driver import drive


def memory(workload):
    """The default of `execute_in_process`: nothing of the run is kept."""
    check(JOBS[workload].execute_in_process())


def process(workload):
    check(JOBS[workload].execute_in_process(instance=instance))


def multiprocess(workload):
    with execute_job(reconstructable(JOBS[workload]), instance=instance) as result:
        check(result)


def check(result):
    if not result.success:
        raise RuntimeError("the run failed")


# Its steps' processes import this module.
if __name__ == "__main__":
    instance = DagsterInstance.get()
    drive({"memory": memory, "process": process, "multiprocess": multiprocess}[sys.argv[1]])
