"""Names on pages. A builtin, so that templates need not load it."""

from django import template

from accounts.text import isolated

register = template.Library()
register.filter("isolated", isolated)
