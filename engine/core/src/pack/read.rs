//! Reading a pack.

use core::ops::Range;

use super::{CELL, ENTRY, GAP, HEADER, MAGIC, Row, Section, VERSION, u16_at, u32_at, u64_at};
use crate::codec::Constellation;
use crate::error::Error;
use crate::landmarks::KEYS;
use crate::params::{MAX_SECONDS, STEPS_PER_HOP, STEPS_PER_SECOND};

/// A pack, over any bytes that hold one: a mapped file, a vector, a slice.
#[derive(Clone, Debug)]
pub struct Pack<B> {
    bytes: B,
    sections: [Range<usize>; 5],
}

/// What a pack says about a recording.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RecordingInfo<'a> {
    /// Its id.
    pub recording_id: u64,
    /// The id of the song that it is a recording of.
    pub song_id: u64,
    /// Title, in UTF-8; may be empty, like the two that follow.
    pub title: &'a str,
    /// Artist.
    pub artist: &'a str,
    /// Language.
    pub language: &'a str,
    /// Duration, seconds.
    pub seconds: f32,
}

impl<B: AsRef<[u8]>> Pack<B> {
    /// Opens a pack: checks every checksum and that everything in it points into it. Allocates nothing.
    ///
    /// # Errors
    /// [`Error::Format`], [`Error::Version`] or [`Error::Checksum`] where it is not a valid one.
    pub fn open(bytes: B) -> Result<Self, Error> {
        let sections = sections(bytes.as_ref())?;
        let pack = Self { bytes, sections };
        pack.check_rows()?;
        pack.check_index()?;
        Ok(pack)
    }

    /// Number of recordings.
    pub fn len(&self) -> usize {
        self.section(Section::Recordings).len() / Row::BYTES
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The recording at `index` (less than [`Pack::len`]).
    pub fn recording(&self, index: usize) -> RecordingInfo<'_> {
        let row = self.row(index);
        let (mut at, title, artist, language) = row.text;
        let text = self.section(Section::Text);
        let mut part = |length: u16| {
            let range = at as usize..at as usize + usize::from(length);
            at += u32::from(length);
            // check_rows saw that this is UTF-8
            core::str::from_utf8(&text[range]).unwrap_or_default()
        };
        RecordingInfo {
            recording_id: row.recording_id,
            song_id: row.song_id,
            title: part(title),
            artist: part(artist),
            language: part(language),
            seconds: row.duration as f32 / STEPS_PER_SECOND as f32,
        }
    }

    /// The fingerprint of the recording at `index` (less than [`Pack::len`]).
    pub fn fingerprint(&self, index: usize) -> &[u8] {
        let (from, length) = self.row(index).print;
        &self.section(Section::Prints)[from as usize..from as usize + length as usize]
    }

    /// Names of the sections and their sizes in bytes.
    pub fn section_bytes(&self) -> [(&'static str, usize); 5] {
        Section::ALL.map(|s| (s.name(), self.section(s).len()))
    }

    /// The constellation of the recording at `index`.
    pub(crate) fn constellation(&self, index: usize) -> Result<Constellation, Error> {
        Constellation::decode(self.fingerprint(index))
    }

    /// Recording ids of the recording at `index`: (recording, song).
    pub(crate) fn ids(&self, index: usize) -> (u64, u64) {
        let row = self.row(index);
        (row.recording_id, row.song_id)
    }

    /// Where the recording at `index` begins on the time line, hops.
    pub(crate) fn start(&self, index: usize) -> u32 {
        self.row(index).start
    }

    /// The recording in or before which `hop` lies: the one whose part of the time line, seven
    /// eighths of the gap before it included (a query begins no earlier), holds the hop.
    pub(crate) fn at_hop(&self, hop: u32) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low.midpoint(high);
            if self.start(middle).saturating_sub(GAP - GAP / 8) <= hop {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low.saturating_sub(1)
    }

    /// Length of the time line, hops.
    pub(crate) fn hops(&self) -> u32 {
        match self.len() {
            0 => 0,
            n => {
                let last = self.row(n - 1);
                last.start + last.duration / STEPS_PER_HOP + 1
            }
        }
    }

    /// Which postings a run of keys (all less than [`KEYS`]) has.
    #[inline]
    pub(crate) fn run(&self, keys: Range<u32>) -> Range<usize> {
        let starts = self.section(Section::Keys);
        let at = |key: u32| u32_at(starts, key as usize * 4) as usize;
        at(keys.start)..at(keys.end)
    }

    /// Postings, as bytes, four each.
    #[inline]
    pub(crate) fn postings(&self, range: Range<usize>) -> &[[u8; 4]] {
        &self.section(Section::Postings).as_chunks().0[range]
    }

    fn section(&self, section: Section) -> &[u8] {
        &self.bytes.as_ref()[self.sections[section as usize].clone()]
    }

    fn row(&self, index: usize) -> Row {
        let (rows, _) = self.section(Section::Recordings).as_chunks::<{ Row::BYTES }>();
        Row::read(&rows[index])
    }

    fn check_rows(&self) -> Result<(), Error> {
        if !self.section(Section::Recordings).len().is_multiple_of(Row::BYTES) {
            return Err(bad("its recordings are cut off"));
        }
        let (prints, text) = (self.section(Section::Prints), self.section(Section::Text));
        let mut least = u64::from(GAP);
        for index in 0..self.len() {
            let row = self.row(index);
            // Votes are counted in memory that goes by the length of the time line, so that has no holes.
            if u64::from(row.start) != least || row.duration > MAX_SECONDS * STEPS_PER_SECOND {
                return Err(bad("its recordings do not follow one another"));
            }
            least = u64::from(row.start) + u64::from(row.duration / STEPS_PER_HOP + 1) + u64::from(GAP);
            least = least.next_multiple_of(u64::from(CELL));
            let (from, length) = row.print;
            let end = from.checked_add(u64::from(length)).ok_or(bad("a fingerprint lies outside of it"))?;
            if end > prints.len() as u64 {
                return Err(bad("a fingerprint lies outside of it"));
            }
            let mut at = row.text.0 as usize;
            for length in [row.text.1, row.text.2, row.text.3] {
                let end = at + usize::from(length);
                let part = text.get(at..end).ok_or(bad("a title lies outside of it"))?;
                core::str::from_utf8(part).map_err(|_| bad("a title is not UTF-8"))?;
                at = end;
            }
        }
        if least > u64::from(u32::MAX) {
            return Err(bad("its recordings are too long"));
        }
        Ok(())
    }

    fn check_index(&self) -> Result<(), Error> {
        let (starts, cut) = self.section(Section::Keys).as_chunks::<4>();
        let postings = self.section(Section::Postings);
        if !cut.is_empty() || starts.len() != KEYS + 1 || !postings.len().is_multiple_of(4) {
            return Err(bad("its index has the wrong size"));
        }
        let starts = || starts.iter().map(|b| u32::from_le_bytes(*b));
        let ascending = starts().zip(starts().skip(1)).all(|(a, b)| a <= b);
        let (first, last) = (starts().next(), starts().next_back());
        let is_orphaned = self.is_empty() && !postings.is_empty();
        if is_orphaned
            || !ascending
            || first != Some(0)
            || last.map(u64::from) != Some(postings.len() as u64 / 4)
        {
            return Err(bad("its index points outside of it"));
        }
        Ok(())
    }
}

fn bad(why: &'static str) -> Error {
    Error::Format { what: "pack", why }
}

/// Where each section lies, after its checksum was seen to match.
fn sections(bytes: &[u8]) -> Result<[Range<usize>; 5], Error> {
    if bytes.len() < HEADER || &bytes[..4] != MAGIC {
        return Err(bad("it does not begin as one"));
    }
    let version = u16_at(bytes, 4);
    if version != VERSION {
        return Err(Error::Version { what: "pack", found: version, expected: VERSION });
    }
    let count = usize::from(u16_at(bytes, 6));
    let table = bytes.get(HEADER..HEADER + count * ENTRY).ok_or(bad("it is cut off"))?;
    if crc32fast::hash(table) != u32_at(bytes, 8) {
        return Err(Error::Checksum { what: "pack's table" });
    }
    if u32_at(bytes, 12) != 0 {
        return Err(bad("its header is damaged"));
    }
    let mut found = Section::ALL.map(|_| None);
    for entry in table.as_chunks::<ENTRY>().0 {
        let Some(section) = Section::ALL.into_iter().find(|s| s.tag()[..] == entry[..4]) else { continue };
        let (from, length) = (u64_at(entry, 8), u64_at(entry, 16));
        let end =
            from.checked_add(length).filter(|&end| end <= bytes.len() as u64).ok_or(bad("it is cut off"))?;
        let range = from as usize..end as usize;
        if crc32fast::hash(&bytes[range.clone()]) != u32_at(entry, 4) {
            return Err(Error::Checksum { what: section.name() });
        }
        found[section as usize] = Some(range);
    }
    let [Some(a), Some(b), Some(c), Some(d), Some(e)] = found else {
        return Err(bad("a section is missing"));
    };
    Ok([a, b, c, d, e])
}
