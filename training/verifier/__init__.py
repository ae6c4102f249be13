"""The verifier's training: from degraded queries to the coefficients in the engine."""
