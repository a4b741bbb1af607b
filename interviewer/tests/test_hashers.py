"""Hashing a password: a few at once, and nobody else waits for it."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection, transaction
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.models import User
from accounts.services import register_user
from accounts.testing import PASSWORD, make_user
from interviewer import hashers
from interviews.services.slots import PLACES, work_slot

MANY = PLACES * 3


@pytest.fixture
def real_hasher(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["interviewer.hashers.Argon2Hasher"]


def sign_in(number: int) -> int:
    form = {"username": f"nobody{number}@example.org", "password": "wrong-password"}
    try:
        return Client().post("/account/sign-in/", form).status_code
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("real_hasher")
def test_pages_are_answered_while_sign_ins_wait_for_their_hash(client: Client) -> None:
    for _ in range(hashers.AT_ONCE):
        hashers._places.acquire()

    with ThreadPoolExecutor(MANY) as pool:
        waiting = [pool.submit(sign_in, number) for number in range(MANY)]
        page = client.get("/account/sign-up/")
        answered_first = not any(reply.done() for reply in waiting)
        for _ in range(hashers.AT_ONCE):
            hashers._places.release()

    assert (page.status_code, answered_first) == (200, True)
    assert {reply.result() for reply in waiting} == {200}


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("real_hasher")
def test_only_a_few_passwords_are_hashed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    lock, inside, most = threading.Lock(), [], []

    def encode(_hasher: object, _password: str, _salt: str) -> str:
        with lock:
            inside.append(1)
            most.append(len(inside))
        time.sleep(0.01)
        with lock:
            inside.pop()
        return "argon2$"

    monkeypatch.setattr(Argon2PasswordHasher, "encode", encode)

    with ThreadPoolExecutor(MANY) as pool:
        list(pool.map(sign_in, range(MANY)))

    assert (len(most), max(most)) == (MANY, hashers.AT_ONCE)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("real_hasher")
def test_no_connection_and_no_transaction_is_held_while_a_password_is_hashed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held: list[bool] = []
    encode = Argon2PasswordHasher.encode

    def noting(hasher: Argon2PasswordHasher, password: str, salt: str) -> str:
        held.append(connection.connection is not None)
        return encode(hasher, password, salt)

    monkeypatch.setattr(Argon2PasswordHasher, "encode", noting)

    register_user(email="ada@example.org", password=PASSWORD, full_name="Ada")
    sign_in(1)

    assert held == [False, False]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("real_hasher")
def test_in_a_transaction_a_hash_is_not_waited_for() -> None:
    for _ in range(hashers.AT_ONCE):
        hashers._places.acquire()
    try:
        with transaction.atomic():
            user = make_user()
    finally:
        for _ in range(hashers.AT_ONCE):
            hashers._places.release()

    assert User.objects.get() == user


@pytest.mark.django_db
@pytest.mark.usefixtures("real_hasher")
def test_passwords_stored_with_other_figures_still_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashers.Argon2Hasher, "memory_cost", 1024)
    user = make_user()
    monkeypatch.undo()

    assert user.check_password(PASSWORD)
    assert not user.check_password("wrong-password")


@pytest.mark.django_db(transaction=True)
def test_health_is_answered_while_every_place_to_work_is_taken(client: Client) -> None:
    free = threading.Event()

    def work(started: threading.Barrier) -> None:
        with work_slot():
            started.wait(10)
            free.wait(10)

    started = threading.Barrier(PLACES + 1)
    with ThreadPoolExecutor(PLACES) as pool:
        for _ in range(PLACES):
            pool.submit(work, started)
        started.wait(10)
        statuses = [client.get(path).status_code for path in ("/health", "/health/")]
        taken = not free.is_set()
        free.set()

    assert (statuses, taken) == ([200, 200], True)
