"""python -m bench.accuracy: the commands."""

from bench.accuracy.commands import app

app(prog_name="python -m bench.accuracy")
