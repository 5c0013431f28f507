from airflow.sdk import dag, task


@task
def empty(value):
    return value


@task
def join(values):
    return values[0]


@dag(schedule=None)
def chain():
    value = "value"
    for step in range(1, 8):
        value = empty.override(task_id=f"step{step}")(value)


@dag(schedule=None, dag_id="fan-out")
def fan_out():
    root = empty.override(task_id="root")("value")
    join([empty.override(task_id=f"child{i}")(root) for i in range(1, 101)])


DAGS = {"chain": chain(), "fan-out": fan_out()}
