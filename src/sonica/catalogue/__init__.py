"""The songs that Sonica knows: a folder of packs and the journal that says what is in them."""

from sonica.catalogue.about import FIELDS, field_of
from sonica.catalogue.browse import START, Place, folded, letters
from sonica.catalogue.edition import Edition
from sonica.catalogue.errors import CatalogueError
from sonica.catalogue.ingest import Found, find_files, is_folder, is_music
from sonica.catalogue.manifest import read_manifest, with_manifest
from sonica.catalogue.originals import NAME, OTHER, Originals, kind_of
from sonica.catalogue.schemas import About, Added, Entry, Link, Outcome, Recording, Song, SongEntry
from sonica.catalogue.service import Catalogue
from sonica.catalogue.store import Packs
from sonica.catalogue.verify import Finding

__all__ = [
    "FIELDS",
    "NAME",
    "OTHER",
    "START",
    "About",
    "Added",
    "Catalogue",
    "CatalogueError",
    "Edition",
    "Entry",
    "Finding",
    "Found",
    "Link",
    "Originals",
    "Outcome",
    "Packs",
    "Place",
    "Recording",
    "Song",
    "SongEntry",
    "field_of",
    "find_files",
    "folded",
    "is_folder",
    "is_music",
    "kind_of",
    "letters",
    "read_manifest",
    "with_manifest",
]
