"""What each setting means, for `docs/settings.md`; names, ranges and defaults are read from the code itself."""

from __future__ import annotations

from dataclasses import dataclass

from interviewer.ai_conf import MODEL


@dataclass(frozen=True, slots=True)
class Meaning:
    """A setting in words. `default` is for one that the code works out, `unit` for what its value counts."""

    name: str
    text: str
    default: str = ""
    unit: str = ""


FIRST = (
    *("HOST", "PORT", "VAR_DIR", "HTTPS", "SECRET_KEY", "ALLOWED_HOSTS", "SITE_URL", "PROXY_COUNT"),
    *("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "DEFAULT_FROM_EMAIL", "TIME_ZONE"),
    *("AI_PROVIDER", "AI_MODEL", "GOOGLE_API_KEY", "AI_PRICES", "AI_MAX_COST_PER_DAY"),
    *("SPEECH_PROVIDER", "RECORDINGS_DIR"),
)

SERVER = [
    Meaning("HOST", "the address to listen on; with another one set `ALLOWED_HOSTS`, too"),
    Meaning("PORT", "the port to listen on"),
    Meaning(
        "VAR_DIR",
        "database, secrets, recordings and collected static files, readable by their own user only",
        "`var`",
        "a folder",
    ),
    Meaning(
        "STATIC_ROOT",
        "collected static files, if they are to lie elsewhere",
        "`static` in `VAR_DIR`",
        "a folder",
    ),
    Meaning("ENV_FILE", "another file to read settings from", "`.env`", "a file"),
    Meaning("DEBUG", "Django’s debug pages; never in production"),
    Meaning(
        "HTTPS", "secure cookies, HSTS and redirects behind a proxy that sets `X-Forwarded-Proto`"
    ),
    Meaning(
        "SECRET_KEY",
        "signs sessions and links, keep it random; required with `HTTPS=1`",
        "made once in `VAR_DIR`",
    ),
    Meaning("JWT_SECRET", "signs API tokens", "`SECRET_KEY`"),
    Meaning(
        "ALLOWED_HOSTS",
        "host names this installation answers to",
        "local names",
        "names by commas",
    ),
    Meaning("ALLOWED_ORIGINS", "origins of other sites that may use the API and post forms"),
    Meaning(
        "SITE_URL",
        "what links in mail begin with, like `https://interview.example.org`; set it with `ALLOWED_HOSTS=*`",
        "the host asked for",
    ),
    Meaning(
        "PROXY_COUNT",
        "trusted proxies in front, for client addresses in limits and lock-outs",
        unit="proxies",
    ),
    Meaning("TIME_ZONE", "of the server; people have their own", unit="like `Europe/Berlin`"),
    Meaning(
        "LOG_LEVEL",
        "the least that is logged; keys and candidates’ words are masked at every level",
    ),
]
STORES = [
    Meaning(
        "DATABASE_URL",
        "`postgres://user:password@host:5432/name` for more than one machine (`make run` installs its driver; by hand: `pip install --require-hashes -r requirements-postgres.lock`)",
        "SQLite in `VAR_DIR`",
        "an address",
    ),
    Meaning(
        "DATABASE_POOL_SIZE",
        "connections of one process to PostgreSQL, at most",
        unit="connections",
    ),
    Meaning(
        "REDIS_URL",
        "shares throttles, channels and the state of providers between processes, and machines",
        unit="like `redis://localhost:6379/0`",
    ),
]
MAIL = [
    Meaning(
        "EMAIL_URL",
        "how mail, such as password links, is sent",
        "printed to the console",
        "like `smtp+tls://user:password@mail.example.org:587`",
    ),
    Meaning("DEFAULT_FROM_EMAIL", "the sender of mail", unit="an address"),
    Meaning(
        "EMAIL_TIMEOUT",
        "how long a mail server may be silent; mail is sent by the loop, so nobody waits for it",
        unit="seconds",
    ),
]
LIMITS = [
    Meaning(
        "LOGIN_FAILURE_LIMIT",
        "failed sign-ins per account and address before 15 minutes of pause; a password reset ends it",
        unit="sign-ins",
    ),
    Meaning("REGISTER_RATE", "new accounts per client address; many people can share one"),
    Meaning("LOGIN_RATE", "failed sign-ins per client address"),
    Meaning("RESET_RATE", "password links per client address"),
    Meaning("MAIL_RATE", "mails to one address that anonymous requests may cause"),
    Meaning("PASSWORD_RATE", "new passwords per person"),
    Meaning("TICKET_RATE", "tickets for the socket per person"),
    Meaning("SUBMIT_RATE", "answers per person"),
    Meaning("TRANSCRIBE_RATE", "recordings to be heard per person"),
    Meaning("DEMO_RATE", "runs of the demo per person"),
]
MODELS = [
    Meaning("AI_PROVIDER", "what rates and plans, see [Language models](language-models.md)"),
    Meaning(
        "AI_MODEL",
        "the model’s name; with `langchain` written `provider:model`",
        f"`{MODEL}`",
    ),
    Meaning(
        "AI_FALLBACK_MODEL", "another model of the same provider, asked if the first one fails"
    ),
    Meaning("GOOGLE_API_KEY", "the key for `gemini` and `genai`"),
    Meaning(
        "AI_ENDPOINT",
        "another address: a gateway, or a server that speaks OpenAI’s protocol",
        "the provider’s",
    ),
    Meaning(
        "AI_TIMEOUT_SECONDS",
        "how long one call may take; a whole request takes at most 1.25 times that",
        unit="seconds",
    ),
    Meaning(
        "AI_THINKING_TOKENS",
        "what a `genai` model may think with",
        "the model’s choice",
        "0 to 100,000 tokens",
    ),
    Meaning(
        "AI_SCREENING_PASSES",
        "independent ratings of each answer of a screening",
        unit="ratings",
    ),
    Meaning(
        "AI_CALLS_AT_ONCE",
        "calls of language models under way in one process, at most; over that, ratings wait",
        unit="calls",
    ),
    Meaning(
        "AI_PRICES",
        "price per million tokens, in and out, by how a model’s name begins, and of `google-speech` per minute; enter your provider’s",
        unit="JSON",
    ),
    Meaning(
        "AI_MAX_COST_PER_INTERVIEW",
        "a cap, such as `0.50`; over it, the interview goes on and ratings wait",
    ),
    Meaning(
        "AI_MAX_COST_PER_DAY", "a cap, such as `20`; over it, interviews go on and ratings wait"
    ),
    Meaning(
        "PROVIDER_POOL_SIZE",
        "calls of any providers at once in one process, at most; one more is told “busy”",
        unit="calls",
    ),
]
SPEECH = [
    Meaning(
        "SPEECH_PROVIDER",
        "what hears spoken answers: `local` is Whisper on this machine; without one the page offers typing and the API answers audio with 503",
    ),
    Meaning(
        "SPEECH_MODEL",
        "another model for faster-whisper, such as Whisper small, see [How spoken answers are heard](speech.md)",
        "the Whisper base that `fetch_models` brings",
        "a folder",
    ),
    Meaning("SPEECH_WORKERS", "processes of the local ear", unit="processes"),
    Meaning("SPEECH_THREADS", "threads of each process of the local ear", unit="threads"),
    Meaning(
        "SPEECH_QUEUE",
        "pieces of recordings that may wait to be heard",
        unit="pieces of recordings",
    ),
    Meaning(
        "VOICE_PROVIDER",
        "what reads questions aloud beside the browser’s own voice: `espeak-ng` if that program is installed, or `google` (the `tts` extra)",
    ),
    Meaning(
        "GOOGLE_APPLICATION_CREDENTIALS",
        "the JSON file of a service account, for speech",
        unit="a file",
    ),
    Meaning(
        "RECORDINGS_DIR",
        "private folder of what was said aloud; never served but to those who may hear it. Forgotten files are removed only under this "
        "installation’s mark, and never most of them: `manage.py sweep_recordings --even-most` does that",
        "`recordings` in `VAR_DIR`",
        "a folder",
    ),
    Meaning("MAX_RECORDING_MB", "size of one recording, at most", unit="MB"),
    Meaning("MAX_RECORDING_SECONDS", "length of one recording, at most", unit="seconds"),
    Meaning("MAX_RECORDINGS_PER_TURN", "recordings for one question, at most", unit="recordings"),
]
INTERVIEWS = [
    Meaning(
        "TURN_LEASE_SECONDS",
        "for how long a turn waits after its worker has died; whoever works renews the lease every third of it",
        unit="seconds",
    ),
    Meaning(
        "ANSWER_GRACE_SECONDS",
        "how late an answer may arrive after its deadline",
        unit="seconds",
    ),
    Meaning("SESSION_IDLE_DAYS", "after how long an unfinished session is closed", unit="days"),
    Meaning("MAX_ANSWER_CHARACTERS", "length of an answer, at most", unit="characters"),
]
GROUPS = [
    ("The server", SERVER),
    ("Database and Redis", STORES),
    ("Mail", MAIL),
    ("Limits per person and address", LIMITS),
    ("Language models", MODELS),
    ("Speech and voice", SPEECH),
    ("Interviews", INTERVIEWS),
]
