"""The songs that Sonica knows: a folder of packs and the journal that says what is in them."""

from sonica.catalogue.errors import CatalogueError
from sonica.catalogue.ingest import Found, find_files
from sonica.catalogue.schemas import Added, Entry, Recording, Song
from sonica.catalogue.service import Catalogue

__all__ = ["Added", "Catalogue", "CatalogueError", "Entry", "Found", "Recording", "Song", "find_files"]
