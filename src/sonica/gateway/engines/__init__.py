"""The engine as processes of its own: what travels between them and those that answer, and both ends."""
