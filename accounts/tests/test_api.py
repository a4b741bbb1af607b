"""The account API: registering, tokens, users."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from accounts.testing import PASSWORD, make_api_client, make_superuser, make_user
from accounts.tokens import RefreshToken

pytestmark = pytest.mark.django_db
DELETE, ERASE = "accounts.delete_user", "accounts.erase_user"

REGISTER = {"email": "Ada@example.org", "password": PASSWORD, "full_name": "Ada Lovelace"}


def register(**changes: str) -> Any:
    return make_api_client().post("/api/auth/register/", {**REGISTER, **changes})


def login(user: User, password: str = PASSWORD) -> Any:
    body = {"email": user.email, "password": password}
    return make_api_client().post("/api/auth/login/", body)


def refresh(token: str) -> Any:
    return make_api_client().post("/api/auth/refresh/", {"refresh": token})


def with_token(access: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {access}")
    return client


def test_registering_returns_the_user_and_a_pair_that_works() -> None:
    response = register()

    assert response.status_code == 201
    body = response.json()
    assert set(body) == {"user", "access", "refresh", "token_type"}
    assert body["token_type"] == "Bearer"
    assert body["user"]["email"] == "ada@example.org"
    assert with_token(body["access"]).get("/api/users/me/").json() == body["user"]


@pytest.mark.parametrize("path", ["/api/auth/login/", "/api/auth/token", "/api/auth/login"])
def test_signing_in_returns_the_same_shape(path: str) -> None:
    user = make_user()

    response = make_api_client().post(path, {"email": user.email, "password": PASSWORD})

    assert response.status_code == 200
    assert set(response.json()) == {"user", "access", "refresh", "token_type"}


def test_nobody_registers_as_staff() -> None:
    response = register(is_staff="true", is_superuser="true")

    assert response.status_code == 400
    assert set(response.json()["errors"]) == {"is_staff", "is_superuser"}
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [("email", "nonsense"), ("password", "12345678"), ("full_name", ""), ("language", "xx")],
)
def test_a_bad_value_is_named_in_problem_json(field: str, value: str) -> None:
    response = register(**{field: value})

    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert field in response.json()["errors"]


def test_an_address_is_registered_once() -> None:
    register()

    response = register(email="ADA@EXAMPLE.org")

    assert response.status_code == 400
    assert "email" in response.json()["errors"]


def test_a_wrong_password_and_an_unknown_address_get_the_same_401() -> None:
    known = login(make_user(), "wrong-password")
    unknown = login(User(email="nobody@example.org"), "wrong-password")

    assert known.status_code == unknown.status_code == 401
    assert known.json() == unknown.json()


def test_too_many_failures_get_429_with_a_time_to_wait() -> None:
    user = make_user()
    for _ in range(8):
        login(user, "wrong-password")

    response = login(user)

    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    assert response.json()["status"] == 429


def test_signing_out_ends_the_refresh_token() -> None:
    pair = login(make_user()).json()

    response = with_token(pair["access"]).post("/api/auth/logout/", {"refresh": pair["refresh"]})

    assert response.status_code == 204
    assert refresh(pair["refresh"]).status_code == 401


def test_nobody_signs_out_somebody_else() -> None:
    theirs = login(make_user()).json()["refresh"]

    response = make_api_client(make_user()).post("/api/auth/logout/", {"refresh": theirs})

    assert response.status_code == 401
    assert refresh(theirs).status_code == 200


def test_a_disabled_users_tokens_get_401() -> None:
    pair = login(make_user()).json()

    User.objects.update(is_active=False)

    assert with_token(pair["access"]).get("/api/users/me/").status_code == 401
    assert refresh(pair["refresh"]).status_code == 401


def test_a_deleted_users_tokens_get_401() -> None:
    pair = login(make_user()).json()

    User.objects.get().delete()

    assert with_token(pair["access"]).get("/api/users/me/").status_code == 401
    assert refresh(pair["refresh"]).status_code == 401


def test_a_new_password_ends_every_token() -> None:
    user = make_user()
    pair = login(user).json()

    user.set_password("another-good-password")
    user.save()

    assert with_token(pair["access"]).get("/api/users/me/").status_code == 401
    assert refresh(pair["refresh"]).status_code == 401


@pytest.mark.parametrize("token", ["", "nonsense", "a.b.c"])
def test_nonsense_is_no_refresh_token(token: str) -> None:
    assert refresh(token).status_code in {400, 401}


def test_an_expired_token_gets_401() -> None:
    token = RefreshToken.for_user(make_user())
    token.set_exp(from_time=timezone.now() - 2 * token.lifetime)

    assert refresh(str(token)).status_code == 401


@pytest.mark.parametrize("method", ["put", "patch"])
def test_somebody_changes_their_own_profile(method: str) -> None:
    user = make_user()
    body = {"full_name": "Ada King", "language": "fr", "time_zone": "Europe/Paris"}

    response = getattr(make_api_client(user), method)("/api/users/me/", body)

    assert response.status_code == 200
    user.refresh_from_db()
    assert (user.full_name, user.language, user.time_zone) == tuple(body.values())


def test_nobody_makes_themselves_staff_or_takes_another_address() -> None:
    user = make_user("ada@example.org")

    body = {"is_staff": True, "email": "x@example.org"}
    response = make_api_client(user).patch("/api/users/me/", body)

    assert response.status_code == 400
    assert set(response.json()["errors"]) == set(body)
    user.refresh_from_db()
    assert (user.is_staff, user.email) == (False, "ada@example.org")


def test_a_bad_time_zone_is_named() -> None:
    response = make_api_client(make_user()).patch("/api/users/me/", {"time_zone": "Nowhere"})

    assert response.status_code == 400
    assert "time_zone" in response.json()["errors"]


def test_the_list_of_users_is_for_those_who_may_view_people() -> None:
    clerk, staff = make_user(rights=["accounts.view_user"]), make_user(staff=True)

    assert make_api_client(clerk).get("/api/users/").json()["count"] == 2
    assert make_api_client(staff).get("/api/users/").status_code == 403
    assert make_api_client(staff).get(f"/api/users/{clerk.pk}/").status_code == 404


def test_a_candidate_sees_themselves_and_nobody_else() -> None:
    candidate, other = make_user(), make_user()
    client = make_api_client(candidate)

    assert client.get(f"/api/users/{candidate.pk}/").status_code == 200
    assert client.get(f"/api/users/{other.pk}/").status_code == 404


def test_deleting_others_takes_the_right_to() -> None:
    clerk, staff, other = make_user(rights=[DELETE]), make_user(staff=True), make_user()

    assert make_api_client(staff).delete(f"/api/users/{other.pk}/").status_code == 404
    assert make_api_client(other).delete(f"/api/users/{other.pk}/").status_code == 404
    assert make_api_client(clerk).delete(f"/api/users/{other.pk}/").status_code == 204
    assert not User.objects.filter(pk=other.pk).exists()


def test_people_delete_their_own_account_under_me() -> None:
    clerk = make_user(rights=[DELETE])
    client = make_api_client(clerk)

    assert client.delete(f"/api/users/{clerk.pk}/").status_code == 409
    assert client.delete("/api/users/me/").status_code == 204
    assert not User.objects.exists()
    assert client.get("/api/users/me/").status_code == 401


def test_a_superuser_is_deleted_only_by_a_superuser() -> None:
    root, clerk = make_superuser(), make_user(staff=True, rights=[DELETE, ERASE])
    other = make_superuser()

    for query in ("", "?erase=1"):
        assert make_api_client(clerk).delete(f"/api/users/{root.pk}/{query}").status_code == 404
    assert make_api_client(other).delete(f"/api/users/{root.pk}/").status_code == 204


def test_who_holds_a_right_is_not_deleted_by_somebody_without_it() -> None:
    clerk, above = make_user(rights=[DELETE]), make_user(rights=["accounts.view_user"])
    group = Group.objects.create(name="Viewers")
    group.permissions.add(Permission.objects.get(codename="view_user"))
    member = make_user()
    member.groups.add(group)

    for person in (above, member):
        assert make_api_client(clerk).delete(f"/api/users/{person.pk}/").status_code == 404


def test_the_last_superuser_stays() -> None:
    root = make_superuser()

    response = make_api_client(root).delete("/api/users/me/")

    assert response.status_code == 409
    assert "last superuser" in response.json()["detail"]


def test_erasing_has_a_right_of_its_own() -> None:
    clerk, eraser, other = make_user(rights=[DELETE]), make_user(rights=[ERASE]), make_user()
    url = f"/api/users/{other.pk}/"

    assert make_api_client(clerk).delete(f"{url}?erase=1").status_code == 403
    assert make_api_client(other).delete("/api/users/me/?erase=1").status_code == 403
    assert make_api_client(eraser).delete(url).status_code == 403
    assert make_api_client(eraser).delete(f"{url}?erase=perhaps").status_code == 400
    assert make_api_client(eraser).delete(f"{url}?erase=1").status_code == 204
