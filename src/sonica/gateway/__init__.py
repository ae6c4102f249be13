"""Sonica over HTTP: routes are thin, what they say is decided elsewhere."""
