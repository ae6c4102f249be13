//! Tags in audio files. No work of the engine's: a library of Rust does it, and this is where Rust meets Python.

use std::fmt::Display;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use lofty::config::{ParseOptions, WriteOptions};
use lofty::file::{AudioFile, FileType, TaggedFile, TaggedFileExt};
use lofty::flac::FlacFile;
use lofty::ogg::tag::VorbisComments;
use lofty::ogg::{OggPictureStorage, OpusFile, VorbisFile};
use lofty::picture::{MimeType, Picture, PictureInformation, PictureType};
use lofty::probe::Probe;
use lofty::tag::{ItemKey, Tag, TagExt, TagType};
use pyo3::prelude::*;

use crate::error::refuse;

/// The code of every error here.
const CODE: &str = "tags";

/// The fields of `sonica.audio.Tags`: the library's name for each, and that of Vorbis comments.
const FIELDS: [(&str, ItemKey, &str); 7] = [
    ("title", ItemKey::TrackTitle, "TITLE"),
    ("artist", ItemKey::TrackArtist, "ARTIST"),
    ("album", ItemKey::AlbumTitle, "ALBUM"),
    ("language", ItemKey::Language, "LANGUAGE"),
    ("genre", ItemKey::Genre, "GENRE"),
    ("year", ItemKey::RecordingDate, "DATE"),
    ("isrc", ItemKey::Isrc, "ISRC"),
];

/// What is to be written: texts by the names of FIELDS, and an image for the front.
struct Wanted {
    texts: Vec<(String, String)>,
    cover: Option<Picture>,
}

#[pyfunction]
#[pyo3(signature = (path, texts, cover = None))]
pub(crate) fn write_tags(
    py: Python<'_>,
    path: PathBuf,
    texts: Vec<(String, String)>,
    cover: Option<(Vec<u8>, String)>,
) -> PyResult<()> {
    let cover = cover.map(|(data, mime)| {
        let picture = Picture::unchecked(data).mime_type(MimeType::from_str(&mime));
        picture.pic_type(PictureType::CoverFront).build()
    });
    let wanted = Wanted { texts, cover };
    // The library is not ours: a panic of it is a file that it cannot write, and nothing worse.
    match py.detach(|| catch_unwind(AssertUnwindSafe(|| write(&path, &wanted)))) {
        Ok(Ok(())) => Ok(()),
        Ok(Err(said)) => Err(refuse(py, CODE, said)),
        Err(_) => Err(refuse(py, CODE, String::from("the library failed"))),
    }
}

/// Writes into the file in place. What is not wanted otherwise stays, also what the library has no name for.
fn write(path: &Path, wanted: &Wanted) -> Result<(), String> {
    let options = ParseOptions::new().read_properties(false);
    let probe = Probe::open(path).map_err(said)?.options(options).guess_file_type().map_err(said)?;
    match probe.file_type() {
        Some(FileType::Mpeg | FileType::Mp4) => {
            let file = probe.read().map_err(said)?;
            changed(&file, wanted)?.save_to_path(path, WriteOptions::new()).map_err(said)
        }
        // With the general form of a tag, comments of other names would be lost.
        Some(FileType::Flac) => {
            let mut file = FlacFile::read_from(&mut probe.into_inner(), options).map_err(said)?;
            let mut comments = file.remove_vorbis_comments().unwrap_or_default();
            change_comments(&mut comments, wanted)?;
            file.set_vorbis_comments(comments);
            change_cover(&mut file, wanted)?;
            file.save_to_path(path, WriteOptions::new()).map_err(said)
        }
        Some(FileType::Vorbis) => {
            let mut file = VorbisFile::read_from(&mut probe.into_inner(), options).map_err(said)?;
            change_comments(file.vorbis_comments_mut(), wanted)?;
            change_cover(file.vorbis_comments_mut(), wanted)?;
            file.save_to_path(path, WriteOptions::new()).map_err(said)
        }
        Some(FileType::Opus) => {
            let mut file = OpusFile::read_from(&mut probe.into_inner(), options).map_err(said)?;
            change_comments(file.vorbis_comments_mut(), wanted)?;
            change_cover(file.vorbis_comments_mut(), wanted)?;
            file.save_to_path(path, WriteOptions::new()).map_err(said)
        }
        _ => Err(String::from("Sonica writes tags into MP3, FLAC, M4A, OGG and Opus files only")),
    }
}

/// The tag of an MP3 or MP4 file, changed. It carries along what its general form cannot say.
fn changed(file: &TaggedFile, wanted: &Wanted) -> Result<Tag, String> {
    let kind = file.file_type().primary_tag_type();
    let mut tag = match (file.primary_tag(), file.first_tag()) {
        (Some(own), _) => own.clone(),
        (None, Some(old)) => {
            // An MP3 file that has only the old kind of tags gets all that they say in the new kind.
            let mut new = old.clone();
            new.re_map(kind);
            new
        }
        (None, None) => Tag::new(kind),
    };
    for (name, text) in &wanted.texts {
        let (key, _) = field(name)?;
        if key == ItemKey::RecordingDate {
            tag.remove_key(ItemKey::Year);
        }
        if !tag.insert_text(key, text.clone()) {
            return Err(format!("there is no place for the {name} in such a file"));
        }
    }
    if let Some(picture) = &wanted.cover {
        // It goes to the beginning, where players look. MP4 has no kinds of images: there it is the first.
        let is_old = |at: usize, old: &Picture| match kind {
            TagType::Mp4Ilst => at == 0,
            _ => old.pic_type() == PictureType::CoverFront,
        };
        let old = tag.pictures().iter().enumerate().filter(|(at, old)| !is_old(*at, old));
        let kept: Vec<Picture> = old.map(|(_, old)| old.clone()).collect();
        while !tag.pictures().is_empty() {
            tag.remove_picture(0);
        }
        tag.push_picture(picture.clone());
        kept.into_iter().for_each(|old| tag.push_picture(old));
    }
    Ok(tag)
}

fn change_comments(comments: &mut VorbisComments, wanted: &Wanted) -> Result<(), String> {
    for (name, text) in &wanted.texts {
        let (_, key) = field(name)?;
        if key == "DATE" {
            comments.remove("YEAR").for_each(drop);
        }
        comments.insert(String::from(key), text.clone());
    }
    Ok(())
}

fn change_cover(storage: &mut impl OggPictureStorage, wanted: &Wanted) -> Result<(), String> {
    if let Some(picture) = &wanted.cover {
        // Its size in pixels is a courtesy; an image that the library cannot measure has none.
        let size = PictureInformation::from_picture(picture).unwrap_or_default();
        storage.remove_picture_type(PictureType::CoverFront);
        let kept = storage.remove_pictures();
        storage.insert_picture(picture.clone(), Some(size)).map_err(said)?;
        for (old, size) in kept {
            storage.insert_picture(old, Some(size)).map_err(said)?;
        }
    }
    Ok(())
}

fn field(name: &str) -> Result<(ItemKey, &'static str), String> {
    let found = FIELDS.iter().find(|field| field.0 == name);
    found.map(|field| (field.1, field.2)).ok_or_else(|| format!("no tag is called {name}"))
}

fn said(error: impl Display) -> String {
    error.to_string()
}
