"""The command that measures what moves the scores of the configured model."""

from __future__ import annotations

import pytest

from lab.quality import main


@pytest.mark.django_db
@pytest.mark.usefixtures("bank", "stub")
def test_any_configured_model_is_measured_by_changes_that_must_not_count(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main(["--metamorphic", "--limit", "3"])

    out = capsys.readouterr().out
    assert out.startswith("the configured model: stub")
    for name in ("padding", "repetition", "flattery", "self-praise", "reordering", "spoken"):
        assert f"{name}: shift in points" in out


@pytest.mark.django_db
@pytest.mark.usefixtures("bank", "stub")
def test_a_model_that_notices_no_attack_fails_the_gate() -> None:
    with pytest.raises(SystemExit, match="missed"):
        main(["--attacks", "--limit", "14", "--strict"])


def test_what_to_measure_has_to_be_said(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([])

    assert "--metamorphic" in capsys.readouterr().err
