"""The workflow, the rater and the providers: plain data in, plain data out."""

import os

# onnxruntime reports to its maker by default, from Linux too; this has to be said before it is imported.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
