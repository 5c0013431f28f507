"""What the bench talks to: a line of JSON in, a line of JSON out.

    {"settings": …}   makes the case ready: reads the data, makes threads; not timed   -> {}
    {"do": "run"}     does it once                                                     -> {"seconds": …}
    {"do": "tell"}    says what came of the last run, and writes it to files           -> figures
"""

import json
import os
import sys
import time


def drive(prepare):
    """`prepare(settings)` gives two functions: `run()`, which is timed, and `tell(result)`, which gives the figures."""
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    # Whatever a library prints goes to the log.
    os.dup2(2, 1)
    print("{}", file=answers)
    run = tell = result = None
    for line in sys.stdin:
        order = json.loads(line)
        if "settings" in order:
            run, tell = prepare(order["settings"])
            answer = {}
        elif order["do"] == "run":
            started = time.perf_counter()
            result = run()
            answer = {"seconds": time.perf_counter() - started}
        else:
            answer = tell(result)
        print(json.dumps(answer), file=answers)
