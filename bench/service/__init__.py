"""How many requests a second the service answers, from fingerprints and at its simplest."""
