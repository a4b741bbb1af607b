"""The files that questions are exported to and imported from: CSV as spreadsheets write it, JSON and YAML."""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections.abc import Sequence
from typing import Any

import tablib
import yaml
from django.utils.translation import gettext as _
from import_export.formats import base_formats

from interviews.bank_files import LOADER

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
DELIMITERS = ",;\t|"
FORMULA = re.compile(r"'*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]")
NAMED_DELIMITER = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)


class UnreadableFile(ValueError):
    """A file is not what its format says; the text is for the person who chose it."""


def text_of(data: bytes) -> str:
    """Return a file's text: UTF-8 or UTF-16, or else what Western spreadsheets write. Raises `UnreadableFile`."""
    for bom, encoding in BOMS:
        if data.startswith(bom):
            return _decoded(data, encoding)
    if b"\x00" in data[:200]:
        return _decoded(data, "utf-16-le" if data[1:2] == b"\x00" else "utf-16-be")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252") if _is_cp1252(data) else data.decode("latin-1")


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            _("This file’s characters cannot be read. Save it as UTF-8 and try again.")
        ) from error


def _is_cp1252(data: bytes) -> bool:
    return not any(byte in data for byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D))


class Spreadsheet(base_formats.CSV):  # type: ignore[misc]
    """CSV: any of the usual delimiters and encodings comes in; what goes out can be opened in a spreadsheet."""

    has_header = True
    nested = False

    def is_binary(self) -> bool:
        return True

    def get_read_mode(self) -> str:
        return "rb"

    def create_dataset(self, in_stream: bytes) -> tablib.Dataset:
        text = text_of(in_stream)
        named = NAMED_DELIMITER.match(text)
        text = text[named.end() :] if named else text
        rows = _rows(text, named[1] if named else _delimiter(text))
        header = [name.strip() for name in rows[0]] if rows else []
        dataset = tablib.Dataset(headers=header)
        for number, row in enumerate(rows[1:], start=2):
            dataset.append(_fitted(row, len(header), number))
        return dataset

    def export_data(self, dataset: tablib.Dataset, **_kwargs: Any) -> str:
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(dataset.headers or [])
        writer.writerows([harmless(cell) for cell in row] for row in dataset)
        return out.getvalue()


def _delimiter(text: str) -> str:
    """Return the delimiter that cuts the first line into the most columns."""
    first = text.lstrip("\r\n").partition("\n")[0]
    return max(DELIMITERS, key=lambda sign: len(next(csv.reader([first], delimiter=sign), [])))


def _rows(text: str, delimiter: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return [[meant(cell) for cell in row] for row in reader if any(row)]
    except csv.Error as error:
        line = reader.line_num
        raise UnreadableFile(
            _("Line %(line)s cannot be read: %(why)s.") % {"line": line, "why": error}
        ) from error


def _fitted(row: list[str], width: int, number: int) -> list[str]:
    """Return a row as wide as the header; only empty cells are added or left out."""
    if any(row[width:]):
        raise UnreadableFile(
            _("Row %(row)s has %(cells)s cells, and the header %(columns)s columns.")
            % {"row": number, "cells": len(row), "columns": width}
        )
    return row[:width] + [""] * (width - len(row))


def harmless(cell: Any) -> str:
    """Return a cell that no spreadsheet takes for a formula: one apostrophe more before what would be one."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if FORMULA.match(text) else text


def meant(cell: str) -> str:
    """Return what a cell meant before `harmless`."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell


class NestedJSON(base_formats.JSON):  # type: ignore[misc]
    """A list of questions; their parts are JSON, too, and no texts that hold JSON."""

    has_header = False
    nested = True

    def is_binary(self) -> bool:
        return True

    def get_read_mode(self) -> str:
        return "rb"

    def create_dataset(self, in_stream: bytes) -> tablib.Dataset:
        try:
            return dataset_of(json.loads(text_of(in_stream)))
        except (json.JSONDecodeError, RecursionError) as error:
            raise UnreadableFile(_("This is not JSON: %(why)s.") % {"why": error}) from error

    def export_data(self, dataset: tablib.Dataset, **_kwargs: Any) -> str:
        return json.dumps(dataset.dict, ensure_ascii=False, indent=2)


class NestedYAML(NestedJSON):
    """The same in YAML."""

    TABLIB_MODULE = "tablib.formats._yaml"
    CONTENT_TYPE = "text/yaml"

    def create_dataset(self, in_stream: bytes) -> tablib.Dataset:
        try:
            return dataset_of(yaml.load(text_of(in_stream), Loader=LOADER))  # noqa: S506 - it is a safe one
        except (yaml.YAMLError, RecursionError, ValueError) as error:
            if isinstance(error, UnreadableFile):
                raise
            raise UnreadableFile(_("This is not YAML: %(why)s.") % {"why": error}) from error

    def export_data(self, dataset: tablib.Dataset, **_kwargs: Any) -> str:
        rows = [dict(row) for row in dataset.dict]
        return yaml.safe_dump(rows, allow_unicode=True, sort_keys=False)


def dataset_of(rows: Any) -> tablib.Dataset:
    """Return a list of questions as a table. Raises `UnreadableFile` unless all have the same fields."""
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise UnreadableFile(_("The file has to be a list of questions, each with its fields."))
    names = list(rows[0]) if rows else []
    for number, row in enumerate(rows, start=1):
        _check_fields(number, row, names)
    return tablib.Dataset(*([row[name] for name in names] for row in rows), headers=names)


def _check_fields(number: int, row: dict[str, Any], names: Sequence[str]) -> None:
    odd = set(row) ^ set(names)
    if odd:
        raise UnreadableFile(
            _("Question %(number)s and the first one do not have the same fields: %(fields)s.")
            % {"number": number, "fields": ", ".join(sorted(map(str, odd)))}
        )
