from dagster import job, op


@op
def first() -> str:
    return "value"


@op
def empty(value: str) -> str:
    return value


@op
def join(values: list[str]) -> str:
    return values[0]


@job
def chain():
    value = first.alias("step1")()
    for step in range(2, 8):
        value = empty.alias(f"step{step}")(value)


@job
def fan_out():
    root = first.alias("root")()
    join([empty.alias(f"child{i}")(root) for i in range(1, 101)])


JOBS = {"chain": chain, "fan-out": fan_out}
