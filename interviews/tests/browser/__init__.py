"""Tests that drive a real browser, as people do."""
