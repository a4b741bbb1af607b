"""The people who use the interviewer, and the mail they get."""

from accounts.models.mail import Mail
from accounts.models.user import (
    FORMER_USER,
    User,
    UserQuerySet,
    normalise_email,
    validate_time_zone,
)

__all__ = ["FORMER_USER", "Mail", "User", "UserQuerySet", "normalise_email", "validate_time_zone"]
