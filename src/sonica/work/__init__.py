"""What goes on in the background: packs are made, music is added, charts are drawn up.

Each part keeps in the database how far it is, so that another process may go on where one has died.
"""
