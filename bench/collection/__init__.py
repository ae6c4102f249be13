"""How fast a collection is taken in, and how soon a large one answers."""
