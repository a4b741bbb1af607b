"""The loopback server is spoken to by the real SDKs in every way the wire knows, streaming included."""

from __future__ import annotations

from ai.providers.gemini import sdk
from ai.tests.loopback import WORDS
from lab.loopback.http import LoopbackModel, model_server, scripted


def test_both_google_sdks_stream_from_it() -> None:
    from google import genai  # noqa: PLC0415
    from google.genai.types import HttpOptions  # noqa: PLC0415

    with model_server(LoopbackModel(answer=scripted({"level": 4}))) as url:
        client = genai.Client(api_key="key", http_options=HttpOptions(base_url=url))
        new = client.models.generate_content_stream(model="gemini-main", contents=WORDS)
        texts = [chunk.text for chunk in new]
        sdk().configure(api_key="key", transport="rest", client_options={"api_endpoint": url})
        old = sdk().GenerativeModel("gemini-main").generate_content(WORDS, stream=True)
        texts += [chunk.text for chunk in old]

    assert texts == ['{"level": 4}', '{"level": 4}']
