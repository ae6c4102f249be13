"""Measurements of Sonica: each bench prints one table. `bench/README.md` says what the figures mean."""
