"""Live listenings by the hundred: how long a look takes while many listen at once."""
