"""Forms of the interview pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import User, normalise_email
from accounts.text import Visible
from interviews.models import Interview, PracticePlan
from interviews.services.cleaning import clean_text
from interviews.services.engine_words import job_description_help, languages_help


class InterviewForm(forms.ModelForm[Interview]):
    """A candidate sets up a practice interview."""

    is_practice = True

    class Meta:
        model = Interview
        fields = [
            "position",
            "interview_type",
            "difficulty",
            "num_questions",
            "follow_ups_per_question",
            "timed",
            "feedback",
            "time_factor",
            "language",
        ]
        labels = {
            "position": "Position",
            "interview_type": "Kind of questions",
            "num_questions": "Number of questions",
            "follow_ups_per_question": "Follow-ups per question",
            "timed": "Time each question",
            "feedback": _("Feedback"),
            "time_factor": _("Time for a question"),
        }
        help_texts = {
            "position": "The job you want to practise for, such as “Backend developer” or “Nurse”.",
            "num_questions": "1 to 20.",
            "follow_ups_per_question": "0 to 3. Asked only where something is missing.",
            "timed": "When the time is over, what you have written counts.",
            "feedback": _(
                "After each answer you see what was heard. At the end you see everything at once, as after a real interview."
            ),
            "time_factor": _(
                "Only if each question is timed. While you answer you can ask for more, or switch the timer off."
            ),
        }
        error_messages = {
            "position": {
                "required": "Name the position, such as “Backend developer”.",
                "max_length": "Shorten the position to 120 characters.",
            },
            "num_questions": dict.fromkeys(
                ("required", "invalid", "min_value", "max_value"),
                "Write a whole number from 1 to 20.",
            ),
            "follow_ups_per_question": dict.fromkeys(
                ("required", "invalid", "min_value", "max_value"),
                "Write a whole number from 0 to 3.",
            ),
        }
        widgets: dict[str, forms.Widget] = {
            "num_questions": forms.NumberInput(attrs={"min": 1, "max": 20}),
            "follow_ups_per_question": forms.NumberInput(attrs={"min": 0, "max": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].help_text = languages_help(is_practice=self.is_practice)


class ScreeningForm(InterviewForm):
    """Staff set up a screening interview."""

    is_practice = False

    class Meta(InterviewForm.Meta):
        fields = [
            "title",
            *(
                name
                for name in InterviewForm.Meta.fields
                if name not in {"feedback", "time_factor"}
            ),
            "session_time_limit_minutes",
            "job_description",
        ]
        labels = {
            **InterviewForm.Meta.labels,
            "session_time_limit_minutes": "Minutes for the whole interview",
        }
        help_texts = {
            **InterviewForm.Meta.help_texts,
            "title": "What candidates see. Left empty, it is made from the position.",
            "position": "The job to be filled, such as “Backend developer” or “Nurse”.",
            "timed": "When the time is over, what the candidate has written counts.",
            "session_time_limit_minutes": "5 to 480, or empty for no limit.",
        }
        error_messages = {
            **InterviewForm.Meta.error_messages,
            "session_time_limit_minutes": dict.fromkeys(
                ("invalid", "min_value", "max_value"),
                "Write a whole number from 5 to 480, or leave it empty.",
            ),
        }
        widgets = {
            **InterviewForm.Meta.widgets,
            "session_time_limit_minutes": forms.NumberInput(attrs={"min": 5, "max": 480}),
            "job_description": forms.Textarea(attrs={"rows": 5}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["job_description"].help_text = job_description_help()


class PracticePlanForm(forms.ModelForm[PracticePlan]):
    """A candidate names the day of their interview, and what it is for."""

    class Meta:
        model = PracticePlan
        fields = ["interview_on", "position", "difficulty", "language", "wants_reminder"]
        labels = {
            "interview_on": _("Day of your interview"),
            "position": _("Position"),
            "wants_reminder": _("Remind me by mail"),
        }
        help_texts = {
            "interview_on": _("Today or later, at most a year away."),
            "position": _("The job you apply for, such as “Backend developer” or “Nurse”."),
            "wants_reminder": _(
                "At about six in the evening, only on days without practice. Each mail has a link that stops them."
            ),
        }
        error_messages = {
            "interview_on": {
                "required": _("Choose the day of your interview."),
                "invalid": _("Write the day as year-month-day, such as 2030-12-31."),
            },
            "position": {
                "required": _("Name the position, such as “Backend developer”."),
                "max_length": _("Shorten the position to 120 characters."),
            },
        }
        widgets: dict[str, forms.Widget] = {
            "interview_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        }


class WordsField(forms.CharField):
    """Words of a candidate: what no database can hold is left out, and never a reason to refuse them."""

    def to_python(self, value: Any) -> str:
        return clean_text(super().to_python(value) or "")


class AnswerForm(forms.Form):
    """One answer from the room; what is too long comes back with an error and with its text."""

    turn = forms.IntegerField(min_value=1, max_value=1000, widget=forms.HiddenInput)
    key = forms.CharField(max_length=128, widget=forms.HiddenInput)
    recording = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    response_text = WordsField(required=False, strip=False)
    action = forms.ChoiceField(choices=[(a, a) for a in ("answer", "skip", "as_answer")])


class DraftForm(forms.Form):
    """What is typed so far."""

    turn = forms.IntegerField(min_value=1, max_value=1000)
    text = WordsField(required=False, strip=False, max_length=settings.MAX_ANSWER_CHARACTERS)
    base = forms.CharField(required=False, max_length=64)


class AssignForm(forms.Form):
    """Staff choose a registered candidate by e-mail address."""

    email = forms.EmailField(
        label="Candidate’s e-mail address",
        max_length=254,
        error_messages={"required": "Write the candidate’s e-mail address."},
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        email = normalise_email(data.get("email", ""))
        candidate = User.objects.candidates().filter(email=email).first()
        if email and candidate is None:
            self.add_error(
                "email",
                "No candidate has an account under this address. Ask them to sign up first.",
            )
        data["candidate"] = candidate
        return data


class OverrideForm(forms.Form):
    """Staff overrule a rating."""

    turn = forms.IntegerField(min_value=1, max_value=1000, widget=forms.HiddenInput)
    score = forms.TypedChoiceField(
        label="Level", coerce=int, choices=[(n, str(n)) for n in range(1, 6)]
    )
    reason = forms.CharField(
        max_length=500,
        validators=[Visible()],
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say why, in at most 500 characters."},
    )
