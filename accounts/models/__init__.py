"""The people who use the interviewer, and the mail they get."""

from accounts.models.mail import Mail
from accounts.models.user import User, UserQuerySet, normalise_email, validate_time_zone

__all__ = ["Mail", "User", "UserQuerySet", "normalise_email", "validate_time_zone"]
