"""python -m training.verifier: the command."""

from training.verifier.commands import app

app(prog_name="python -m training.verifier")
