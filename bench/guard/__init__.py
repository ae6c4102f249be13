"""Keeps what was reached: fixed queries on composed songs that today's engine just about answers.

`python -m bench.guard` asks them and holds the answers against `baseline.json`; so does `make test`. It
counts answers, never time. Who changes the engine on purpose renews the baseline with `--renew` and says why.
"""
