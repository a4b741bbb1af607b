"""The command that measures what moves the scores of the configured model."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("judge_quality", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
@pytest.mark.usefixtures("bank", "stub")
def test_any_configured_model_is_measured_by_changes_that_must_not_count() -> None:
    out = run("--metamorphic", "--limit", "3")

    assert out.startswith("the configured model: stub")
    for name in ("padding", "repetition", "flattery", "self-praise", "reordering", "spoken"):
        assert f"{name}: shift in points" in out


@pytest.mark.django_db
@pytest.mark.usefixtures("bank", "stub")
def test_a_model_that_notices_no_attack_fails_the_gate() -> None:
    with pytest.raises(CommandError, match="missed"):
        run("--attacks", "--limit", "14", "--strict")


def test_what_to_measure_has_to_be_said() -> None:
    with pytest.raises(CommandError, match="--metamorphic"):
        run()
