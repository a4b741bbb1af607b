# The interviewer in one image; docs/deploy.md says how to run it. The locks are made for Python 3.11.
FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_ROOT_USER_ACTION=ignore \
    HOST=0.0.0.0 \
    PORT=8000 \
    VAR_DIR=/var/lib/interviewer \
    STATIC_ROOT=/srv/static

RUN useradd --system --user-group --uid 10001 --home-dir "$VAR_DIR" --shell /usr/sbin/nologin interviewer \
    && install -d -m 700 -o interviewer -g interviewer "$VAR_DIR" "$STATIC_ROOT"

WORKDIR /app
COPY requirements.lock requirements-postgres.lock ./
RUN pip install --require-hashes -r requirements.lock -r requirements-postgres.lock

COPY pyproject.toml README.md LICENSE ./
ARG EXTRAS=""
# More providers, for example: docker build --build-arg EXTRAS=genai,tts .
# (The versions are those that pyproject.toml allows.)
# hadolint ignore=DL3013
RUN if [ -n "$EXTRAS" ]; then pip install ".[$EXTRAS]"; fi

COPY . .
RUN python -m compileall -q .

USER 10001
# The settings make a secret key in VAR_DIR; none may stay in the image.
RUN VAR_DIR=/tmp/build python manage.py collectstatic --noinput --verbosity 0 && rm -r /tmp/build

VOLUME /var/lib/interviewer
EXPOSE 8000
# For the first start the grace is long: the speech model (140 MB) is fetched before the server listens.
HEALTHCHECK --interval=30s --timeout=5s --start-period=10m --retries=3 \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f\"http://127.0.0.1:{os.environ['PORT']}/health\", timeout=4)"]
CMD ["sh", "-c", "python manage.py migrate --verbosity 0 && python manage.py load_bank && python manage.py fetch_models --optional && exec python manage.py serve"]
