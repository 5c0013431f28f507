"""What the bench talks to: one line in, the name of a workload; one line out, when its run has ended well."""

import os
import sys


def drive(run):
    """Calls `run(workload)` for every line of standard input, until that ends or a run raises."""
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    # Whatever the orchestrator prints goes to the log.
    os.dup2(2, 1)
    print("ready", file=answers)
    for line in sys.stdin:
        run(line.strip())
        print("done", file=answers)
