//! Reading a pack.

use core::cmp::Ordering;
use core::ops::Range;

use super::{
    CELL, ENTRY, GAP, HEADER, Index, MAGIC, Profile, Row, Section, VERSION, head_sum, next_start, u16_at,
    u32_at, u64_at,
};
use crate::codec::Constellation;
use crate::error::Error;
use crate::params::{MAX_SECONDS, STEPS_PER_HOP, STEPS_PER_SECOND};

/// A pack, over any bytes that hold one: a mapped file, a vector, a slice.
#[derive(Clone, Debug)]
pub struct Pack<B> {
    bytes: B,
    profile: Profile,
    sections: [Place; Section::COUNT],
}

/// Where a section lies, and its checksum.
#[derive(Clone, Debug)]
struct Place {
    range: Range<usize>,
    sum: u32,
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
    /// Opens a pack: checks that everything in it points into it, and the checksums of all but its fingerprints
    /// and postings, which are most of it and are not read. Allocates nothing.
    ///
    /// # Errors
    /// [`Error::Format`], [`Error::Version`] or [`Error::Checksum`] where it is not a valid one.
    pub fn open(bytes: B) -> Result<Self, Error> {
        let (profile, sections) = sections(bytes.as_ref())?;
        let pack = Self { bytes, profile, sections };
        pack.check_sums(|section| !section.is_bulk())?;
        pack.check_rows()?;
        pack.check_order()?;
        if pack.index().is_sound(pack.is_empty()) {
            Ok(pack)
        } else {
            Err(bad("its index points outside of it"))
        }
    }

    /// Checks the checksums of what [`Pack::open`] has not read. Whether they fit or not, searching is safe: what
    /// is damaged is not found, or is an error then.
    ///
    /// # Errors
    /// [`Error::Checksum`].
    pub fn verify(&self) -> Result<(), Error> {
        self.check_sums(Section::is_bulk)
    }

    /// How much of each recording it holds.
    pub fn profile(&self) -> Profile {
        self.profile
    }

    /// The recording with this id, by its index.
    pub fn find(&self, recording_id: u64) -> Option<usize> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low.midpoint(high);
            let index = self.in_order(middle)?;
            match self.ids(index).0.cmp(&recording_id) {
                Ordering::Equal => return Some(index),
                Ordering::Less => low = middle + 1,
                Ordering::Greater => high = middle,
            }
        }
        None
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
    pub fn section_bytes(&self) -> [(&'static str, usize); Section::COUNT] {
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

    /// Where the last recording ends on the time line, hops.
    pub(crate) fn hops(&self) -> u32 {
        match self.len() {
            0 => 0,
            n => {
                let last = self.row(n - 1);
                last.start + last.duration / STEPS_PER_HOP + 1
            }
        }
    }

    /// Cells of its time line, in which votes are counted, with those at both ends that lie half outside.
    pub(crate) fn cells(&self) -> usize {
        (self.hops() / CELL) as usize + 2
    }

    /// Which landmarks begin where.
    pub(crate) fn index(&self) -> Index<'_> {
        // A few lie behind the end of the last recording, but none where a further one would begin.
        let next = self.len().checked_sub(1).and_then(|last| {
            let row = self.row(last);
            next_start(row.start, row.duration)
        });
        Index::new(self.section(Section::Keys), self.section(Section::Postings), next.unwrap_or(GAP))
    }

    fn section(&self, section: Section) -> &[u8] {
        &self.bytes.as_ref()[self.sections[section as usize].range.clone()]
    }

    fn row(&self, index: usize) -> Row {
        let (rows, _) = self.section(Section::Recordings).as_chunks::<{ Row::BYTES }>();
        Row::read(&rows[index])
    }

    /// The index of the recording whose id has `place` lower ones before it.
    fn in_order(&self, place: usize) -> Option<usize> {
        let (order, _) = self.section(Section::Order).as_chunks();
        order.get(place).map(|row| u32::from_le_bytes(*row) as usize).filter(|&row| row < self.len())
    }

    fn check_sums(&self, asked: impl Fn(Section) -> bool) -> Result<(), Error> {
        let is_wrong = |&s: &Section| crc32fast::hash(self.section(s)) != self.sections[s as usize].sum;
        match Section::ALL.into_iter().filter(|&s| asked(s)).find(is_wrong) {
            Some(section) => Err(Error::Checksum { what: section.name() }),
            None => Ok(()),
        }
    }

    fn check_order(&self) -> Result<(), Error> {
        let wrong = bad("its recordings have no order");
        if self.section(Section::Order).len() != self.len() * 4 {
            return Err(wrong);
        }
        let mut last = None;
        for place in 0..self.len() {
            let id = self.in_order(place).map(|row| self.ids(row).0);
            if id <= last {
                return Err(wrong);
            }
            last = id;
        }
        Ok(())
    }

    fn check_rows(&self) -> Result<(), Error> {
        if !self.section(Section::Recordings).len().is_multiple_of(Row::BYTES) {
            return Err(bad("its recordings are cut off"));
        }
        let (prints, text) = (self.section(Section::Prints), self.section(Section::Text));
        let mut next = GAP;
        for index in 0..self.len() {
            let row = self.row(index);
            // Votes are counted in memory that goes by the length of the time line, so that has no holes.
            if row.start != next || row.duration > MAX_SECONDS * STEPS_PER_SECOND {
                return Err(bad("its recordings do not follow one another"));
            }
            next = next_start(row.start, row.duration).ok_or(bad("its recordings are too long"))?;
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
        Ok(())
    }
}

fn bad(why: &'static str) -> Error {
    Error::Format { what: "pack", why }
}

/// The profile, and where each section lies.
fn sections(bytes: &[u8]) -> Result<(Profile, [Place; Section::COUNT]), Error> {
    if bytes.len() < HEADER || &bytes[..4] != MAGIC {
        return Err(bad("it does not begin as one"));
    }
    let version = u16_at(bytes, 4);
    if version != VERSION {
        return Err(Error::Version { what: "pack", found: version, expected: VERSION });
    }
    let count = usize::from(u16_at(bytes, 6));
    let table = bytes.get(HEADER..HEADER + count * ENTRY).ok_or(bad("it is cut off"))?;
    if head_sum(&bytes[..HEADER], table) != u32_at(bytes, 8) {
        return Err(Error::Checksum { what: "pack's table" });
    }
    let profile = Profile::of_code(bytes[12]).filter(|_| bytes[13..HEADER] == [0; 3]);
    let profile = profile.ok_or(bad("its header is none that this version knows"))?;
    let mut found = Section::ALL.map(|_| None);
    for entry in table.as_chunks::<ENTRY>().0 {
        let Some(section) = Section::ALL.into_iter().find(|s| s.tag()[..] == entry[..4]) else { continue };
        let (from, length) = (u64_at(entry, 8), u64_at(entry, 16));
        let end =
            from.checked_add(length).filter(|&end| end <= bytes.len() as u64).ok_or(bad("it is cut off"))?;
        let place = Place { range: from as usize..end as usize, sum: u32_at(entry, 4) };
        found[section as usize] = Some(place);
    }
    let [Some(a), Some(b), Some(c), Some(d), Some(e), Some(f)] = found else {
        return Err(bad("a section is missing"));
    };
    Ok((profile, [a, b, c, d, e, f]))
}
