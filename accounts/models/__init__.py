"""The people who use the interviewer, their tokens, and the mail they get."""

from accounts.models.mail import Mail
from accounts.models.tokens import TokenFamily
from accounts.models.user import (
    FORMER_USER,
    User,
    UserQuerySet,
    normalise_email,
    validate_time_zone,
)

__all__ = [
    "FORMER_USER",
    "Mail",
    "TokenFamily",
    "User",
    "UserQuerySet",
    "normalise_email",
    "validate_time_zone",
]
