"""How many requests a second the service answers, how soon, at what cost, and what faults do to that."""
