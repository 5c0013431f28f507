"""What Airflow decides for a task under each trigger rule, over every mix of states of up to four upstream tasks.

Run with Python 3.11 and Airflow 3.3.2 (see requirements-airflow.txt), in an environment of its own, from the root of the
project; takes a quarter of a minute:

    pip install -r test/golden/requirements-airflow.txt
    python test/golden/trigger_rules_airflow.py

Writes trigger-rules-airflow.json beside this file. For each number of upstream tasks there is one DAG, with a task of
each rule downstream of all of them. Every mix of states is a run of it in a temporary SQLite database, in which the
upstream tasks are put into their states; then the scheduler's own step for a run decides. A task that it would start is
`run`, one that it set to an end `skipped` or `upstream_failed`, any other `wait`. An upstream task that has not settled
(`open`) is once running, once queued and once about to be tried again, which must not matter.

- `rules`: the rules that the decisions are for, in their order;
- `cases`: a mix of upstream states, and the decision of each rule.
"""

import json
import os
import tempfile
from datetime import datetime, timedelta, timezone
from itertools import combinations_with_replacement, count
from pathlib import Path

HOME = tempfile.TemporaryDirectory()
# Airflow reads these when it is first imported.
os.environ["AIRFLOW_HOME"] = HOME.name
os.environ["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"] = f"sqlite:///{HOME.name}/airflow.db"
os.environ["AIRFLOW__CORE__LOAD_EXAMPLES"] = "False"
os.environ["AIRFLOW__LOGGING__LOGGING_LEVEL"] = "ERROR"

from airflow import __version__  # noqa: E402
from airflow.models.dag import DagModel  # noqa: E402
from airflow.models.dagbundle import DagBundleModel  # noqa: E402
from airflow.models.serialized_dag import SerializedDagModel  # noqa: E402
from airflow.providers.standard.operators.empty import EmptyOperator  # noqa: E402
from airflow.sdk import DAG  # noqa: E402
from airflow.serialization.serialized_objects import LazyDeserializedDAG  # noqa: E402
from airflow.utils.db import initdb  # noqa: E402
from airflow.utils.session import create_session  # noqa: E402
from airflow.utils.state import DagRunState, TaskInstanceState  # noqa: E402
from airflow.utils.types import DagRunTriggeredByType, DagRunType  # noqa: E402

MOST_UPSTREAM = 4
BUNDLE = "golden"
START = datetime(2026, 1, 1, tzinfo=timezone.utc)
# Without all_done_setup_success, which Airflow gives to the teardown of a setup task and to nothing else.
RULES = [
    "all_success",
    "all_failed",
    "all_done",
    "all_done_min_one_success",
    "all_skipped",
    "one_success",
    "one_failed",
    "one_done",
    "none_failed",
    "none_failed_min_one_success",
    "none_skipped",
    "always",
]
STATES = ["open", "success", "failed", "upstream_failed", "skipped"]
OPEN_STATES = [TaskInstanceState.RUNNING, TaskInstanceState.QUEUED, TaskInstanceState.UP_FOR_RETRY]
run_numbers = count()


def store_dag(upstream_count: int, session):
    with DAG(f"upstream-{upstream_count}", schedule=None, start_date=START) as dag:
        upstream = [EmptyOperator(task_id=f"upstream-{index}") for index in range(upstream_count)]
        for rule in RULES:
            task = EmptyOperator(task_id=rule, trigger_rule=rule)
            if upstream:
                task.set_upstream(upstream)
    session.add(DagModel(dag_id=dag.dag_id, bundle_name=BUNDLE))
    session.flush()
    SerializedDagModel.write_dag(LazyDeserializedDAG.from_dag(dag), bundle_name=BUNDLE, session=session)
    session.flush()
    return SerializedDagModel.get_dag(dag.dag_id, session=session)


def start_run(dag, session):
    number = next(run_numbers)
    return dag.create_dagrun(
        run_id=f"manual__{number}",
        logical_date=START + timedelta(days=number),
        data_interval=(START, START),
        run_after=START,
        run_type=DagRunType.MANUAL,
        triggered_by=DagRunTriggeredByType.TEST,
        state=DagRunState.RUNNING,
        session=session,
    )


def settle(run, states, session) -> None:
    for index, state in enumerate(states):
        instance = run.get_task_instance(f"upstream-{index}", session=session)
        instance.state = state
        # From here Airflow counts the wait for the next attempt.
        instance.end_date = datetime.now(timezone.utc)
    session.flush()


def decisions(run, session) -> list[str]:
    """What the scheduler decides now. It also writes the ends it decides on into the run."""
    ready = {instance.task_id for instance in run.task_instance_scheduling_decisions(session=session).schedulable_tis}
    found = []
    for rule in RULES:
        state = run.get_task_instance(rule, session=session).state
        if state is None:
            found.append("run" if rule in ready else "wait")
        else:
            assert rule not in ready, f"{rule} is ready and {state}"
            found.append(TaskInstanceState(state).value)
    return found


def decide(dag, upstream: tuple[str, ...], session) -> list[str]:
    answers = []
    for open_state in OPEN_STATES if "open" in upstream else OPEN_STATES[:1]:
        run = start_run(dag, session)
        settle(run, [open_state if state == "open" else TaskInstanceState(state) for state in upstream], session)
        answers.append(decisions(run, session))
    assert all(answer == answers[0] for answer in answers), f"{upstream}: {answers}"
    return answers[0]


def check_first_decision_stays(dag, session) -> None:
    """A task that all_success skipped early stays skipped when another upstream task fails afterwards."""
    run = start_run(dag, session)
    rule = RULES.index("all_success")
    settle(run, [TaskInstanceState.SKIPPED, TaskInstanceState.RUNNING], session)
    assert decisions(run, session)[rule] == "skipped"
    settle(run, [TaskInstanceState.SKIPPED, TaskInstanceState.FAILED], session)
    assert decisions(run, session)[rule] == "skipped"


def main() -> None:
    initdb()
    cases = []
    with create_session() as session:
        session.add(DagBundleModel(name=BUNDLE))
        session.flush()
        for upstream_count in range(MOST_UPSTREAM + 1):
            dag = store_dag(upstream_count, session)
            for upstream in combinations_with_replacement(STATES, upstream_count):
                cases.append({"upstream": upstream, "decisions": decide(dag, upstream, session)})
            if upstream_count == 2:
                check_first_decision_stays(dag, session)
    lines = ",\n".join("    " + json.dumps(case) for case in cases)
    text = f'{{\n  "airflow": "{__version__}",\n  "rules": {json.dumps(RULES)},\n  "cases": [\n{lines}\n  ]\n}}\n'
    Path(__file__).with_name("trigger-rules-airflow.json").write_text(text)


main()
