"""Composed songs that share material, and what the engine says of what they share and of what they do not.

`python -m bench.families` asks for both and shows one table.
"""
