"""Workbooks as two other programs write them, and what openpyxl reads in them.

Run with Python 3.11 and the packages of requirements-workbooks.txt, from the root of the project:

    pip install -r test/golden/requirements-workbooks.txt
    python test/golden/workbooks_openpyxl.py

Writes workbooks-openpyxl.json beside this file. For each writer (openpyxl, xlsxwriter, xlsxwriter's constant_memory,
which writes texts inline; with the days of 1900 and of 1904):

- `parts`: the XML of the parts that a reader of rows looks at, by name;
- `rows`: the texts that openpyxl's values mean: a number's shortest decimal, in a percent format a hundred times that
  with a sign, a date in ISO with its time of day where it or its format has one, `true` and `false`, an error's name.

Texts such as `_x000D_`, which are escapes in a workbook, are left out: openpyxl does not undo them.
"""

import datetime as dt
import io
import json
import random
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import xlsxwriter
from openpyxl.utils.datetime import CALENDAR_MAC_1904

SEED = 20261121
ROWS = 40
HEADER = ["customer_id", "nombre", "ingreso", "recompra", "alta", "visto", "vip", "nota", "pedidos"]
DATE, DATETIME, PERCENT = "yyyy-mm-dd", "dd/mm/yyyy hh:mm:ss", "0.0%"
FORMATS = {3: PERCENT, 4: DATE, 5: DATETIME}
NOTES = ["", " con blancos ", "dos\nlíneas", "<b>&amp;</b> \"x\"", "ñandú 😀", "a_b", "=1+1", "007", "#N/A"]


def table():
    rng = random.Random(SEED)
    for i in range(ROWS):
        row = [
            f"{i:05d}",
            rng.choice(["Ana", "José", "Zoë"]),
            rng.choice([0, 1e-7, 1e21, 0.1, -3.5, 666666, round(rng.uniform(0, 1e5), 2), rng.random()]),
            rng.choice([0, 1, 0.452, 0.07, round(rng.random(), 3), rng.random()]),
            dt.datetime(1904, 1, 2) + dt.timedelta(days=rng.randrange(60_000)),
            dt.datetime(2020, 1, 1) + dt.timedelta(seconds=rng.randrange(10**8)),
            rng.random() < 0.5,
            rng.choice(NOTES),
            rng.randrange(100),
        ]
        yield [None if rng.random() < 0.1 and column > 0 else value for column, value in enumerate(row)]


def by_openpyxl(date1904):
    book = openpyxl.Workbook()
    if date1904:
        book.epoch = CALENDAR_MAC_1904
    sheet = book.active
    sheet.append(HEADER)
    for row in table():
        sheet.append(row)
        for column, code in FORMATS.items():
            sheet.cell(sheet.max_row, column + 1).number_format = code
        note = sheet.cell(sheet.max_row, 8)
        if note.value == "=1+1":
            note.data_type = "s"
    bytes_ = io.BytesIO()
    book.save(bytes_)
    return bytes_


def by_xlsxwriter(date1904, constant_memory):
    bytes_ = io.BytesIO()
    options = {"date_1904": date1904, "constant_memory": constant_memory, "strings_to_formulas": False}
    book = xlsxwriter.Workbook(bytes_, options)
    sheet = book.add_worksheet("clientes")
    formats = {column: book.add_format({"num_format": code}) for column, code in FORMATS.items()}
    for column, name in enumerate(HEADER):
        sheet.write_string(0, column, name)
    for number, row in enumerate(table(), 1):
        for column, value in enumerate(row):
            if value is None:
                sheet.write_blank(number, column, None, formats.get(column))
            elif isinstance(value, dt.datetime):
                sheet.write_datetime(number, column, value, formats[column])
            elif isinstance(value, str):
                sheet.write_string(number, column, value)
            elif isinstance(value, bool):
                sheet.write_boolean(number, column, value)
            else:
                sheet.write_number(number, column, value, formats.get(column))
    book.close()
    return bytes_


def plain(number):
    text = format(Decimal(repr(number)) if isinstance(number, float) else Decimal(number), "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def text_of(cell):
    value, code = cell.value, cell.number_format
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if code == DATE else value.isoformat()
    if isinstance(value, (int, float)):
        return plain(Decimal(repr(value)) * 100) + "%" if code == PERCENT else plain(value)
    return value


def golden(bytes_):
    sheet = openpyxl.load_workbook(bytes_, data_only=True).worksheets[0]
    with zipfile.ZipFile(bytes_) as parts:
        wanted = [name for name in parts.namelist() if "docProps" not in name and "theme" not in name]
        xml = {name: parts.read(name).decode() for name in sorted(wanted)}
    return {"parts": xml, "rows": [[text_of(cell) for cell in row] for row in sheet.iter_rows(min_row=2)]}


workbooks = {
    "openpyxl": golden(by_openpyxl(False)),
    "openpyxl, days since 1904": golden(by_openpyxl(True)),
    "xlsxwriter": golden(by_xlsxwriter(False, False)),
    "xlsxwriter, texts inline, days since 1904": golden(by_xlsxwriter(True, True)),
}
out = Path(__file__).with_name("workbooks-openpyxl.json")
out.write_text(json.dumps({"header": HEADER, "workbooks": workbooks}, ensure_ascii=False, indent=1) + "\n")
