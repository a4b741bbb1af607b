"""The bank goes out to spreadsheets without formulas, and comes in from whatever they write."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.testing import PASSWORD
from interviews.admin.bank_formats import harmless, meant, text_of
from interviews.models import AuditEvent, BankQuestion
from interviews.testing import make_bank

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank", "stub")]
POINT = {"id": "k1", "text": "A point", "paraphrases": ["said so"], "follow_up": "And?"}
CSV, JSON, YAML = "0", "1", "2"
FIELDS = [f.name for f in BankQuestion._meta.concrete_fields if f.name not in {"id", "is_own"}]


@pytest.fixture
def admin() -> Client:
    root = User.objects.create_superuser("root@example.org", PASSWORD, full_name="Root")
    BankQuestion.objects.update(key_points=[POINT])
    client = Client()
    client.force_login(root)
    return client


def export(admin: Client, chosen: str = CSV) -> str:
    boxes = {f"bankquestionresource_{name}": "on" for name in FIELDS}
    url = reverse("admin:interviews_bankquestion_export")
    return admin.post(url, {"format": chosen, "resource": "", **boxes}).content.decode()


def rows(admin: Client) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(export(admin), newline="")))


def table(lines: list[dict[str, str]], delimiter: str = ",") -> str:
    file = io.StringIO()
    writer = csv.DictWriter(file, fieldnames=list(lines[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(lines)
    return file.getvalue()


def check(admin: Client, data: bytes, chosen: str = CSV) -> Any:
    upload = SimpleUploadedFile("bank.csv", data)
    url = reverse("admin:interviews_bankquestion_import")
    return admin.post(url, {"format": chosen, "import_file": upload})


def confirm(admin: Client, checked: Any) -> Any:
    values = checked.context["confirm_form"].initial
    return admin.post(reverse("admin:interviews_bankquestion_process_import"), values, follow=True)


def bring_in(admin: Client, data: bytes, chosen: str = CSV) -> Any:
    return confirm(admin, check(admin, data, chosen))


@pytest.mark.parametrize(
    "text",
    [
        '=HYPERLINK("http://evil.example","Click")',
        "+1+1",
        "-2+3+cmd|' /C calc'!A0",
        "@SUM(A1)",
        "\t=1+1",
        "\r=1+1",
        "'=already",
        "''-twice",
        "\uff1d1+1",
    ],
)
def test_no_cell_is_a_formula_and_all_come_back_as_they_were(admin: Client, text: str) -> None:
    question = BankQuestion.objects.all()[0]
    BankQuestion.objects.filter(pk=question.pk).update(text=f"{text}?", competency=text)

    exported = next(row for row in rows(admin) if row["slug"] == question.slug)
    assert exported["text"].startswith("'")
    assert exported["competency"] == f"'{text}"

    assert meant(harmless(text)) == text


@pytest.mark.parametrize("text", ["Plain?", "'tis so", "a=b", "5-3", "", "'"])
def test_other_cells_are_left_alone(text: str) -> None:
    assert harmless(text) == text
    assert meant(text) == text


def test_no_json_stands_inside_json_or_yaml(admin: Client) -> None:
    nested = json.loads(export(admin, JSON))
    same = yaml.safe_load(export(admin, YAML))

    assert nested == same
    assert nested[0]["key_points"] == [POINT]
    assert nested[0]["anchors"] == {"1": "Nothing.", "3": "Some.", "5": "All."}
    assert (nested[0]["adaptable"], nested[0]["time_limit_seconds"]) == (False, 180)
    assert set(nested[0]) == set(FIELDS)


@pytest.mark.parametrize("chosen", [CSV, JSON, YAML])
def test_what_was_exported_comes_in_again_unchanged_and_changed(admin: Client, chosen: str) -> None:
    text = export(admin, chosen)
    before = list(BankQuestion.objects.values())

    assert "6 skipped" in bring_in(admin, text.encode(), chosen).content.decode()
    assert list(BankQuestion.objects.values()) == before

    bring_in(admin, text.replace("Bank question 3?", "Größe ändern?").encode(), chosen)
    changed = BankQuestion.objects.get(slug="bank-3")
    assert (changed.text, changed.is_own, changed.key_points) == ("Größe ändern?", True, [POINT])
    assert not BankQuestion.objects.get(slug="bank-2").is_own


def test_the_preview_of_an_import_says_what_to_mend(admin: Client) -> None:
    text = export(admin).replace("Bank question 3?", "Are you married?")

    shown = check(admin, text.encode()).content.decode()

    assert shown.count("seems to ask about married") == 1


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1"]
)
def test_what_spreadsheets_write_is_read(admin: Client, delimiter: str, encoding: str) -> None:
    line = rows(admin)[0] | {"slug": "neu", "text": "Wie groß ist die Lücke; und warum?"}

    bring_in(admin, table([line], delimiter).encode(encoding))

    assert BankQuestion.objects.get(slug="neu").text == "Wie groß ist die Lücke; und warum?"


def test_the_delimiter_may_be_named_and_empty_cells_and_lines_do_not_matter(admin: Client) -> None:
    line = rows(admin)[0] | {"slug": "neu"}
    text = "sep=;\r\n" + table([line], ";").replace("\r\n", ";;\r\n").replace("slug;", "slug;", 1)
    header, *rest = text.split("\r\n")[1:]
    text = "\r\n".join(["sep=;", header.removesuffix(";;"), *rest, ";;;", ""])

    bring_in(admin, text.encode("utf-8-sig"))

    assert BankQuestion.objects.filter(slug="neu").exists()


def test_a_euro_sign_and_bytes_of_no_code_page_are_no_error() -> None:
    assert text_of("5 €".encode("cp1252")) == "5 €"
    assert text_of(b"\x81\xe9") == "\x81é"


def said(reply: Any) -> str:
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", reply.content.decode()))
    assert reply.status_code == 200
    assert "Traceback" not in text
    assert 'File "' not in text
    assert "Error at" not in text
    return text.replace("&#x27;", "'").replace("&quot;", '"')


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"difficulty": "fiendish"}, "Row 3, column difficulty"),
        ({"key_points": "[{"}, "Row 3, column key_points: This is not JSON"),
        (
            {"key_points": '[{"id": "k1", "text": "Alone"}]'},
            "Row 3, column key_points: Key point k1",
        ),
        ({"time_limit_seconds": "soon"}, "Row 3, column time_limit_seconds"),
        ({"time_limit_seconds": "5"}, "Row 3, column time_limit_seconds"),
        ({"slug": ""}, "Row 3, column slug"),
        ({"text": ""}, "Row 3, column text"),
        ({"reference_answer": ""}, "Row 3, column reference_answer"),
        ({"language": "tlh"}, "Row 3, column language"),
        ({"anchors": "{}"}, "Row 3, column anchors"),
        ({"sources": '"x"'}, "Row 3, column sources"),
        ({"slug": "bank-0"}, "These slugs are there twice: bank-0"),
    ],
)
def test_a_wrong_row_says_which_row_and_column(
    admin: Client, change: dict[str, str], told: str
) -> None:
    lines = rows(admin)
    lines[1] |= change

    reply = check(admin, table(lines).encode())

    assert told in said(reply)
    assert reply.context.get("confirm_form") is None


@pytest.mark.parametrize(
    ("data", "chosen", "told"),
    [
        (b"", CSV, "empty"),
        (b"name;price\r\napple;1\r\n", CSV, "name, price"),
        (b"position,text\r\nnurse,Why?\r\n", CSV, "none is"),
        (b'slug,text\r\na,"open\r\n', CSV, "cannot be read"),
        (b"slug,text\r\na,b,c\r\n", CSV, "Row 2 has 3 cells"),
        (b"%PDF-1.7\n\xff\xfe\x00", CSV, "No valid data"),
        (b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00", CSV, "import_file"),
        (b"[{", JSON, "This is not JSON"),
        (b'{"slug": 1}', JSON, "list of questions"),
        (b"[" * 100_000, JSON, "This is not JSON"),
        (b'[{"slug": "a"}, {"text": "b"}]', JSON, "Question 2"),
        (b'[{"slug": "a", "colour": "b"}]', JSON, "colour"),
        (b"- a: [", YAML, "This is not YAML"),
        (b"- !!python/object/apply:os.system [id]", YAML, "This is not YAML"),
        (b"slug,text", YAML, "list of questions"),
        (b"\xff\xfea", CSV, "Save it as UTF-8"),
    ],
)
def test_a_wrong_file_is_told_in_words(admin: Client, data: bytes, chosen: str, told: str) -> None:
    reply = check(admin, data, chosen)

    assert told in said(reply) or told in reply.content.decode()
    assert reply.context.get("confirm_form") is None
    assert BankQuestion.objects.count() == 6


def test_a_file_that_is_gone_is_told(admin: Client) -> None:
    values = {"import_file_name": "tmpgone", "original_file_name": "a.csv", "format": CSV}

    for name in ("process_import", "import_preview"):
        url = reverse(f"admin:interviews_bankquestion_{name}")
        page = admin.post(url, values, follow=True).content.decode()
        assert "The file is gone" in page


def test_what_no_longer_fits_is_imported_not_at_all(admin: Client) -> None:
    lines = [rows(admin)[0] | {"slug": f"neu-{n}"} for n in range(3)]
    checked = check(admin, table(lines).encode())
    name = checked.context["confirm_form"].initial["import_file_name"]
    lines[2] |= {"difficulty": "fiendish"}
    with open(name, "w", encoding="utf-8") as file:  # noqa: PTH123 - a path as the library gives it
        file.write(table(lines))

    page = confirm(admin, checked).content.decode()

    assert "Nothing was imported" in page
    assert BankQuestion.objects.count() == 6


def test_an_import_is_in_the_trail(admin: Client) -> None:
    bring_in(admin, table([rows(admin)[0] | {"slug": "neu"}]).encode())

    event = AuditEvent.objects.get(action="bank.imported")
    assert (event.actor_label, event.target, event.detail) == (
        "root@example.org",
        "bankquestion",
        "1 new",
    )


def test_more_questions_than_a_form_usually_has_fields_are_shown_in_pages_imported_and_deleted_together(
    admin: Client,
) -> None:
    BankQuestion.objects.all().delete()
    make_bank(1)
    BankQuestion.objects.update(key_points=[POINT])
    line = rows(admin)[0]
    data = table([line | {"slug": f"neu-{n:04}"} for n in range(1100)]).encode()

    checked = check(admin, data)
    first = checked.content.decode()
    assert "neu-0049" in first
    assert "neu-0050" not in first
    assert "Page 1 of 22" in first
    assert len(first) < 100_000

    url = reverse("admin:interviews_bankquestion_import_preview")
    last = admin.post(url, {**checked.context["confirm_form"].initial, "page": 22})
    assert "neu-1099" in last.content.decode()
    assert "<td>1101</td>" in last.content.decode()
    confirm(admin, last)
    assert BankQuestion.objects.filter(is_own=True).count() == 1100

    changelist = reverse("admin:interviews_bankquestion_changelist")
    some = BankQuestion.objects.values_list("pk", flat=True)[0]
    chosen = {"action": "delete_selected", "select_across": "1", "_selected_action": some}
    page = admin.post(changelist, chosen).content.decode()
    numbers = re.findall(r'name="_selected_action" value="(\d+)"', page)
    assert len(numbers) == 1101
    done = admin.post(changelist, {**chosen, "_selected_action": numbers, "post": "yes"})

    assert done.status_code == 302
    assert not BankQuestion.objects.exists()
    assert AuditEvent.objects.filter(action="bankquestion.deleted").count() == 1101


def test_the_export_page_needs_no_inline_script(admin: Client) -> None:
    for name in ("export", "import"):
        page = admin.get(reverse(f"admin:interviews_bankquestion_{name}")).content.decode()
        assert not re.search(r"\son\w+=|\sstyle=|<script>|<script(?![^>]*\ssrc=)", page)
    assert (
        "js/select_all.js"
        in admin.get(reverse("admin:interviews_bankquestion_export")).content.decode()
    )
