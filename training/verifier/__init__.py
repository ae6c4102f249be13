"""The verifier's training: from degraded queries to the trees in the engine."""
