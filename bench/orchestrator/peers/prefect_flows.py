from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.task_runners import ThreadPoolTaskRunner


@task(cache_policy=NO_CACHE)
def empty(value):
    return value


@task(cache_policy=NO_CACHE)
def join(values):
    return values[0]


@flow
def chain():
    value = "value"
    for _ in range(7):
        value = empty(value)


@flow(task_runner=ThreadPoolTaskRunner())
def fan_out():
    root = empty.submit("value")
    join.submit([empty.submit(root) for _ in range(100)]).wait()


FLOWS = {"chain": chain, "fan-out": fan_out}
