"""Trains the reader of `ai.rating` from labelled answers and claims; see `lab/README.md`."""
