//! Writing a pack.

use core::ops::Range;
use std::collections::HashSet;
use std::io::{self, Write as _};

use super::{ENTRY, GAP, HEADER, Index, MAGIC, Profile, Row, Section, VERSION, head_sum, index, next_start};
use crate::codec::Constellation;
use crate::error::Error;
use crate::landmarks::{self, KEYS, Landmark};

/// Landmarks that are held as they are, at most, and one recording's more.
const BLOCK: usize = 1 << 24;

/// Collects recordings and writes them as one pack. Holds what the pack will hold, about 260 bytes a second of music, and
/// besides 12 bytes for each of up to 17 million landmarks.
#[derive(Clone, Debug)]
pub struct PackBuilder {
    profile: Profile,
    rows: Vec<Row>,
    ids: HashSet<u64>,
    text: Vec<u8>,
    prints: Vec<u8>,
    /// Of each recording that is in no block yet, in a piece of memory of its own, so that nothing is moved to make
    /// room; and how many.
    landmarks: Vec<Box<[Landmark]>>,
    loose: usize,
    /// Landmarks of all recordings before those, as small as in a pack; and how many make one.
    blocks: Vec<Block>,
    block: usize,
    /// All of them.
    landmark_count: usize,
    /// Where the next recording begins, hops.
    next: u32,
}

/// An index of some recordings, of a time line that ended there.
#[derive(Clone, Debug)]
struct Block {
    keys: Vec<u8>,
    postings: Vec<u8>,
    hops: u32,
}

impl Default for PackBuilder {
    fn default() -> Self {
        Self::new(Profile::Full)
    }
}

impl PackBuilder {
    /// A builder without recordings.
    pub fn new(profile: Profile) -> Self {
        Self {
            profile,
            rows: Vec::new(),
            ids: HashSet::new(),
            text: Vec::new(),
            prints: Vec::new(),
            landmarks: Vec::new(),
            loose: 0,
            blocks: Vec::new(),
            block: BLOCK,
            landmark_count: 0,
            next: GAP,
        }
    }

    /// Number of recordings.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Adds a recording: its id, the id of the song that it is a recording of, its fingerprint, and
    /// what people call it (each text is cut to 65,535 bytes). A lite pack keeps a part of the fingerprint; one
    /// that was such a part already stays as it is.
    ///
    /// # Errors
    /// [`Error::Duplicate`] for a recording id that is there already; [`Error::Limit`] when the pack
    /// is full (about 10,000 hours, or 4 GiB of text); what [`Constellation::decode`] says of the fingerprint.
    pub fn add(
        &mut self,
        recording_id: u64,
        song_id: u64,
        fingerprint: &[u8],
        [title, artist, language]: [&str; 3],
    ) -> Result<(), Error> {
        if self.ids.contains(&recording_id) {
            return Err(Error::Duplicate { recording_id });
        }
        let constellation = self.profile.kept(Constellation::decode(fingerprint)?);
        let thinned = if self.profile == Profile::Full { None } else { Some(constellation.encode()?) };
        let print = thinned.as_deref().unwrap_or(fingerprint);
        let full = |what| Error::Limit { what };
        let next = next_start(self.next, constellation.duration).ok_or(full("hours of music"))?;
        let text = u32::try_from(self.text.len()).map_err(|_| full("bytes of text"))?;
        let mut landmarks = landmarks::of_song(&constellation.peaks);
        if self.landmark_count + landmarks.len() > u32::MAX as usize {
            return Err(full("landmarks"));
        }
        landmarks.iter_mut().for_each(|landmark| landmark.hop += self.next);
        self.landmark_count += landmarks.len();
        self.loose += landmarks.len();
        self.landmarks.push(landmarks.into_boxed_slice());
        let (title, artist, language) = (cut(title), cut(artist), cut(language));
        self.rows.push(Row {
            recording_id,
            song_id,
            start: self.next,
            duration: constellation.duration,
            print: (self.prints.len() as u64, print.len() as u32),
            text: (text, title.len() as u16, artist.len() as u16, language.len() as u16),
        });
        for part in [title, artist, language] {
            self.text.extend_from_slice(part.as_bytes());
        }
        self.prints.extend_from_slice(print);
        self.ids.insert(recording_id);
        self.next = next;
        if self.loose > self.block {
            self.blocks.push(self.block());
            self.landmarks.clear();
            self.loose = 0;
        }
        Ok(())
    }

    /// The pack, as the bytes of a file. The same recordings in the same order give the same bytes.
    pub fn build(&self) -> Vec<u8> {
        let mut file = io::Cursor::new(Vec::new());
        self.write(&mut file).expect("memory takes whatever is written");
        file.into_inner()
    }

    /// The same, written from where `file` is.
    ///
    /// # Errors
    /// What writing and seeking give.
    pub fn write(&self, file: &mut (impl io::Write + io::Seek)) -> io::Result<()> {
        let start = file.stream_position()?;
        let front = HEADER + Section::COUNT * ENTRY;
        file.write_all(&vec![0; front])?;
        let mut sections = Sections { file, at: front as u64, table: Vec::new() };
        sections.put(Section::Recordings, self.rows.iter().map(Row::bytes))?;
        sections.put(Section::Text, [&self.text])?;
        sections.put(Section::Order, self.order().into_iter().map(u32::to_le_bytes))?;
        sections.put(Section::Prints, [&self.prints])?;
        let mut keys = Vec::new();
        sections.write(Section::Postings, |out| {
            keys = self.write_postings(out)?;
            Ok(())
        })?;
        sections.put(Section::Keys, [&keys])?;

        let table = sections.table;
        let mut header = [0; HEADER];
        header[..4].copy_from_slice(MAGIC);
        header[4..6].copy_from_slice(&VERSION.to_le_bytes());
        header[6..8].copy_from_slice(&(Section::COUNT as u16).to_le_bytes());
        header[12] = self.profile.code();
        let sum = head_sum(&header, &table);
        header[8..12].copy_from_slice(&sum.to_le_bytes());
        let end = file.stream_position()?;
        file.seek(io::SeekFrom::Start(start))?;
        file.write_all(&header)?;
        file.write_all(&table)?;
        file.seek(io::SeekFrom::Start(end)).map(|_| ())
    }

    /// Writes the postings of all keys. Returns the keys' section.
    fn write_postings(&self, out: &mut impl io::Write) -> io::Result<Vec<u8>> {
        if self.blocks.is_empty() {
            return self.write_loose(out);
        }
        let last = self.block();
        let blocks: Vec<Index<'_>> = self.blocks.iter().chain([&last]).map(Block::index).collect();
        let fill = |keys: Range<usize>, lists: &mut [Vec<u32>]| {
            // Those of a later block are of later recordings.
            for (key, list) in keys.zip(lists) {
                for block in &blocks {
                    for found in block.lists(key as u32..key as u32 + 1) {
                        block.read(&found, 0, list);
                    }
                }
            }
        };
        index::write(self.next, fill, out)
    }

    /// The same of the landmarks that are in no block.
    fn write_loose(&self, out: &mut impl io::Write) -> io::Result<Vec<u8>> {
        let (starts, postings) = self.postings();
        let fill = |keys: Range<usize>, lists: &mut [Vec<u32>]| {
            for (key, list) in keys.zip(lists) {
                list.extend_from_slice(&postings[starts[key] as usize..starts[key + 1] as usize]);
            }
        };
        index::write(self.next, fill, out)
    }

    /// A block of the landmarks that are in none.
    fn block(&self) -> Block {
        let mut postings = Vec::new();
        let keys = self.write_loose(&mut postings).expect("memory takes whatever is written");
        Block { keys, postings, hops: self.next }
    }

    /// The numbers of the recordings, in the order of their ids.
    fn order(&self) -> Vec<u32> {
        let mut order: Vec<u32> = (0..self.rows.len() as u32).collect();
        order.sort_unstable_by_key(|&row| self.rows[row as usize].recording_id);
        order
    }

    /// The postings in the order of their keys, those of a key ascending, and where each key's begin.
    fn postings(&self) -> (Vec<u32>, Vec<u32>) {
        let all = || self.landmarks.iter().flatten();
        let mut starts = vec![0u32; KEYS + 1];
        for landmark in all() {
            starts[landmark.key as usize + 1] += 1;
        }
        for key in 0..KEYS {
            starts[key + 1] += starts[key];
        }
        let mut next = starts.clone();
        let mut postings = vec![0u32; self.loose];
        for landmark in all() {
            let place = &mut next[landmark.key as usize];
            postings[*place as usize] = landmark.hop;
            *place += 1;
        }
        (starts, postings)
    }
}

impl Block {
    fn index(&self) -> Index<'_> {
        Index::new(&self.keys, &self.postings, self.hops)
    }
}

/// Sections as they are written, and their table.
struct Sections<'a, F> {
    file: &'a mut F,
    /// Where the next one begins in the pack.
    at: u64,
    table: Vec<u8>,
}

impl<F: io::Write> Sections<'_, F> {
    fn put(&mut self, section: Section, parts: impl IntoIterator<Item = impl AsRef<[u8]>>) -> io::Result<()> {
        self.write(section, |out| parts.into_iter().try_for_each(|part| out.write_all(part.as_ref())))
    }

    fn write(
        &mut self,
        section: Section,
        write: impl FnOnce(&mut Summed<'_, F>) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut out = Summed { file: self.file, sum: crc32fast::Hasher::new(), length: 0 };
        write(&mut out)?;
        let (sum, length) = (out.sum.finalize(), out.length);
        self.table.extend_from_slice(section.tag());
        self.table.extend_from_slice(&sum.to_le_bytes());
        self.table.extend_from_slice(&self.at.to_le_bytes());
        self.table.extend_from_slice(&length.to_le_bytes());
        self.at += length;
        Ok(())
    }
}

/// What is written passes through here, and is summed up.
struct Summed<'a, F> {
    file: &'a mut F,
    sum: crc32fast::Hasher,
    length: u64,
}

impl<F: io::Write> io::Write for Summed<'_, F> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.file.write(bytes)?;
        self.sum.update(&bytes[..count]);
        self.length += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// At most 65,535 bytes of `text`, whole characters.
fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(usize::from(u16::MAX))]
}

#[cfg(test)]
mod tests;
