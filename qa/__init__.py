"""Answering: question → cited answer."""
