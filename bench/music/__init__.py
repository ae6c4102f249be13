"""The music that the kept results were measured with: a list, and how to get it."""
