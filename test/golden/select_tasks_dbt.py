"""What dbt selects from a small DAG, for drawn selectors.

Run with Python 3.11, dbt-core 1.10.23 and dbt-duckdb 1.9.6 (see requirements-dbt.txt), in an environment of its own, from
the root of the project; takes a quarter of a minute:

    pip install -r test/golden/requirements-dbt.txt
    python test/golden/select_tasks_dbt.py

Writes select-tasks-dbt.json beside this file. Each task of the DAG is a model in a temporary dbt project, which refers to
the models that it takes; `dbt ls` then says what it selects, without running anything.

- `tasks`: the DAG, each task with those it takes;
- `cases`: the arguments of --select and --exclude, and the names of what was selected, sorted.
"""

import json
import os
import random
import tempfile
from importlib.metadata import version
from pathlib import Path

from dbt.cli.main import dbtRunner

SEED = 20261116
CASES = 300
TASKS = {
    "raw_sales": [],
    "raw_items": [],
    "raw_shops": [],
    "stg_sales": ["raw_sales"],
    "stg_items": ["raw_items"],
    "orders": ["stg_sales", "stg_items"],
    "stock": ["stg_items", "raw_shops"],
    "shop_orders": ["orders", "raw_shops"],
    "report": ["shop_orders", "stock", "raw_sales"],
    "orders_mail": ["shop_orders"],
    "notes": [],
}
PATTERNS = ["*", "raw_*", "stg_*", "*orders", "orders*", "*s*_*s*", "*items"]
# Patterns of dbt also see the project's name before that of the model: one that none of them fits.
PROJECT = "name: golden\nversion: '1.0'\nprofile: golden\nflags: {send_anonymous_usage_stats: false}\n"
PROFILES = "golden: {target: dev, outputs: {dev: {type: duckdb, path: ':memory:'}}}\n"


def write_project(folder: Path) -> None:
    (folder / "dbt_project.yml").write_text(PROJECT)
    (folder / "profiles.yml").write_text(PROFILES)
    models = folder / "models"
    models.mkdir()
    for name, upstream in TASKS.items():
        refs = [f"select 1 as one from {{{{ ref('{task}') }}}}" for task in upstream]
        (models / f"{name}.sql").write_text("\nunion all ".join(refs or ["select 1 as one"]))


def draw_part(draw: random.Random) -> str:
    name = draw.choice(PATTERNS if draw.random() < 0.2 else list(TASKS))
    before = draw.choice(["", "", "+", "0+", "1+", "2+", "3+", "@"])
    after = "" if before == "@" else draw.choice(["", "", "+", "+0", "+1", "+2", "+3"])
    return f"{before}{name}{after}"


def draw_word(draw: random.Random) -> str:
    return ",".join(draw_part(draw) for _ in range(draw.choice([1, 1, 2, 3])))


def draw_selectors(draw: random.Random, counts: list[int]) -> list[str]:
    """Of two words the first two are sometimes one argument, with a space between them."""
    words = [draw_word(draw) for _ in range(draw.choice(counts))]
    return [" ".join(words[:2]), *words[2:]] if len(words) > 1 and draw.random() < 0.5 else words


def selected(dbt: dbtRunner, select: list[str], exclude: list[str]) -> list[str]:
    flags = [word for name, words in [("--select", select), ("--exclude", exclude)] if words for word in (name, *words)]
    answer = dbt.invoke(["--quiet", "ls", "--output", "name", "--resource-type", "model", *flags])
    assert answer.success, f"{select} {exclude}: {answer.exception}"
    return sorted(answer.result)


def main() -> None:
    golden = Path(__file__).resolve().with_name("select-tasks-dbt.json")
    draw = random.Random(SEED)
    with tempfile.TemporaryDirectory() as folder:
        write_project(Path(folder))
        os.chdir(folder)
        dbt = dbtRunner(manifest=dbtRunner().invoke(["--quiet", "parse"]).result)
        cases = []
        for _ in range(CASES):
            select, exclude = draw_selectors(draw, [0, 1, 1, 1, 1, 2, 2, 3]), draw_selectors(draw, [0, 0, 1, 2])
            if not select and not exclude:
                continue
            cases.append({"select": select, "exclude": exclude, "selected": selected(dbt, select, exclude)})
        os.chdir(golden.parent)
    tasks = ",\n".join(f"    {json.dumps(name)}: {json.dumps(upstream)}" for name, upstream in TASKS.items())
    lines = ",\n".join("    " + json.dumps(case) for case in cases)
    text = f'"tasks": {{\n{tasks}\n  }},\n  "cases": [\n{lines}\n  ]'
    golden.write_text(f'{{\n  "dbt": "{version("dbt-core")}",\n  {text}\n}}\n')


main()
