"""A pack for use without a network, in a real Chromium: how large, how quick, how much memory."""
