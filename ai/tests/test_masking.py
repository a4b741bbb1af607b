"""Nothing that looks like a key, and nothing a candidate said, gets into a log."""

from __future__ import annotations

import contextvars
import io
import logging
from collections.abc import Callable

import pytest

from ai.masking import (
    Masked,
    fit_for_log,
    keep_private,
    keep_secret,
    mask,
    presentable,
    without_echo,
)

ANSWER = "I would look at the query plan first, and then I'd add an index."


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("Consumer 'api_key:AIzaSyD-0123456789' has been suspended.", "AIza"),
        ("key AQ.Ab8RN6Kxyz0123456789", "Ab8RN6"),
        ("Incorrect API key provided: sk-proj-abc_DEF012345.", "abc_DEF"),
        ("Authorization: Bearer abc.DEF-123456", "DEF-123456"),
        ("{'authorization': 'Basic dXNlcjpwYXNzd29yZA=='}", "dXNlcjpw"),
        ("token ya29.a0AfH6SMB-x", "a0AfH6"),
        ("refresh 1//0gabcdefghijklmnop", "0gabcdef"),
        ("secret GOCSPX-abcdef", "abcdef"),
        ("eyJhbGciOiJIUzI1.eyJzdWIiOjF9.c2lnbmF0dXJl", "c2lnbmF0"),
        ("-----BEGIN PRIVATE KEY-----\nMIIEvQIBADAN\n-----END PRIVATE KEY-----\n", "MIIEvQ"),
        ('{"private_key": "-----BEGIN RSA PRIVATE KEY-----\\nMIIEvQ', "MIIEvQ"),
        ('"private_key_id": "0123456789abcdef"', "0123456789"),
        ("x-goog-api-key: plainlooking", "plainlooking"),
        ("[(b'x-goog-api-key', b'plainlooking')]", "plainlooking"),
        ("GET https://host/v1/models?key=plainlooking&alt=json", "plainlooking"),
        ("https://host/v1?alt=json&access_token=plainlooking", "plainlooking"),
        ("https%3A%2F%2Fhost%3Fkey%3Dplainlooking", "plainlooking"),
        ("redis://user:plainlooking@host:6379/0", "plainlooking"),
        ("password='plainlooking'", "plainlooking"),
        ('{\\"api_key\\": \\"plainlooking\\"}', "plainlooking"),
        ("AKIAIOSFODNN7EXAMPLE", "IOSFODNN7"),
        ("ghp_0123456789abcdef", "0123456789"),
        ("hf_0123456789abcdef", "0123456789"),
        ("GET /room/Zm9vYmFyYmF6cXV4Zm9v/draft/ 200", "Zm9vYmFy"),
        ("Not Found: /api/interviews/session/Zm9vYmFyYmF6cXV4Zm9v", "Zm9vYmFy"),
        ("WSCONNECT /ws/interviews/Zm9vYmFy-mF6cXV4Zm9v/", "Zm9vYmFy"),
        ("GET /staff/sessions/Zm9v_mFyYmF6cXV4Zm9v/ 200", "Zm9v_mFy"),
        ("GET /account/sign-in/?next=%2Froom%2FZm9vYmFyYmF6cXV4Zm9v%2F", "Zm9vYmFy"),
        ("GET /account/password/reset/MQ/cf1a2b-0123456789abcdef01234567/", "0123456789"),
    ],
)
def test_what_looks_like_a_key_is_masked(text: str, secret: str) -> None:
    assert secret not in mask(text)


@pytest.mark.parametrize(
    "text",
    [
        "gemini-main for rate: gemini answered 503 UNAVAILABLE.",
        "The reply has the wrong shape: levels (missing).",
        "Ratings wait: The cost cap of this day is reached.",
        "Internal Server Error: /api/interviews/session/submit",
        "POST /api/interviews/demo/complete-workflow 200",
        "the risk-management of a desk-bound task-force",
        "No reply within 20 s.",
    ],
)
def test_everyday_words_stay_as_they_are(text: str) -> None:
    assert mask(text) == text


def test_our_own_keys_are_masked_however_they_look() -> None:
    keep_secret("correct horse/battery", "", "short")

    assert mask("It said correct horse/battery.") == "It said [masked]."
    assert "horse" not in mask("?q=correct%20horse%2Fbattery")
    assert mask("a short word") == "a short word"


def test_a_password_that_is_a_word_stays_a_word_in_what_people_read() -> None:
    keep_secret("elephant", "elephant-with-32-characters-more")

    assert presentable("An elephant.") == "An elephant."
    assert mask("An elephant.") == "An [masked]."
    assert presentable("elephant-with-32-characters-more") == "[masked]"


def test_the_end_of_a_long_record_is_kept() -> None:
    told = fit_for_log("word " * 50_000 + "RuntimeError: AIzaSyCanary-0001")

    assert len(told) < 50_000
    assert told.endswith("RuntimeError: [masked]")


@pytest.mark.parametrize(
    "spelt",
    [
        lambda text: text,
        lambda text: text.upper(),
        repr,
        lambda text: text.replace(" ", "\\n"),
        lambda text: text.replace(" ", "+"),
    ],
)
def test_what_was_said_is_not_repeated(spelt: Callable[[str], str]) -> None:
    told = without_echo(f"Invalid argument: {spelt(ANSWER)} (contents)", [ANSWER])

    assert told.startswith("Invalid argument: ")
    assert told.endswith("(contents)")
    assert "query" not in told.casefold()
    assert "index" not in told.casefold()


def test_words_in_other_letters_are_found_again_when_json_escapes_them() -> None:
    said = "Zuerst prüfe ich natürlich die Abfrage."

    told = without_echo("echo: Zuerst pr\\u00fcfe ich nat\\u00fcrlich die Abfrage.", [said])

    assert "Abfrage" not in told
    assert "Zuerst" not in told


def test_values_of_rows_and_of_checks_are_left_out() -> None:
    row = "null value\nDETAIL:  Failing row contains (1, My answer.)."
    check = "Input should be a number [type=x, input_value='My answer', input_type=str]"

    assert "My answer" not in fit_for_log(row)
    assert "My answer" not in fit_for_log(check)
    assert "input_type=str" in fit_for_log(check)


@pytest.fixture
def log() -> tuple[logging.Logger, io.StringIO]:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(Masked())
    logger = logging.Logger("canary")
    logger.addHandler(handler)
    return logger, stream


def test_a_traceback_and_all_its_causes_are_masked(
    log: tuple[logging.Logger, io.StringIO],
) -> None:
    logger, stream = log
    try:
        try:
            int("key AIzaSyCanary-0123456789")
        except ValueError as error:
            raise RuntimeError("Bearer canary-0123456789") from error
    except RuntimeError:
        logger.exception("It broke: %s", "sk-canary-0123456789", stack_info=True)

    assert "Traceback" in stream.getvalue()
    assert "RuntimeError" in stream.getvalue()
    assert "ValueError" in stream.getvalue()
    assert "canary" not in stream.getvalue().casefold()


def test_what_a_candidate_said_stays_out_of_what_the_same_work_logs(
    log: tuple[logging.Logger, io.StringIO],
) -> None:
    logger, stream = log

    def work() -> None:
        keep_private(ANSWER)
        try:
            {"another": 1}[ANSWER]
        except KeyError:
            logger.exception("Cannot work on %r", {"text": ANSWER})

    contextvars.Context().run(work)

    assert "KeyError" in stream.getvalue()
    assert "query plan" not in stream.getvalue()


def test_an_error_is_logged_without_what_was_said_elsewhere_just_before(
    log: tuple[logging.Logger, io.StringIO],
) -> None:
    logger, stream = log
    contextvars.Context().run(keep_private, ANSWER)

    logger.error("Exception inside application: %s", ANSWER)

    assert "query plan" not in stream.getvalue()


def test_a_record_that_does_not_fit_its_arguments_is_logged_all_the_same(
    log: tuple[logging.Logger, io.StringIO],
) -> None:
    logger, stream = log

    logger.handle(logging.LogRecord("canary", logging.WARNING, "", 1, "%d of %s", ("one",), None))

    assert "%d of %s" in stream.getvalue()
