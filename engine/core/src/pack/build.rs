//! Writing a pack.

use std::collections::HashSet;

use super::{CELL, ENTRY, GAP, HEADER, MAGIC, Row, Section, VERSION};
use crate::codec::Constellation;
use crate::error::Error;
use crate::landmarks::{self, KEYS, Landmark};
use crate::params::STEPS_PER_HOP;

/// Collects recordings and writes them as one pack.
#[derive(Clone, Debug)]
pub struct PackBuilder {
    rows: Vec<Row>,
    ids: HashSet<u64>,
    text: Vec<u8>,
    prints: Vec<u8>,
    landmarks: Vec<Landmark>,
    /// Where the next recording begins, hops.
    next: u32,
}

impl Default for PackBuilder {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            ids: HashSet::new(),
            text: Vec::new(),
            prints: Vec::new(),
            landmarks: Vec::new(),
            next: GAP,
        }
    }
}

impl PackBuilder {
    /// A builder without recordings.
    pub fn new() -> Self {
        Self::default()
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
    /// what people call it (each text is cut to 65,535 bytes).
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
        let constellation = Constellation::decode(fingerprint)?;
        let start = self.next;
        let hops = constellation.duration / STEPS_PER_HOP + 1;
        let full = |what| Error::Limit { what };
        // Every recording begins at the same place of a cell of votes, so that copies get the same votes.
        let next = start.checked_add(hops).and_then(|end| end.checked_add(GAP));
        let next = next.and_then(|next| next.checked_next_multiple_of(CELL)).ok_or(full("hours of music"))?;
        let text = u32::try_from(self.text.len()).map_err(|_| full("bytes of text"))?;
        let landmarks = landmarks::of_song(&constellation.peaks);
        if self.landmarks.len() + landmarks.len() > u32::MAX as usize {
            return Err(full("landmarks"));
        }
        self.landmarks.extend(landmarks.iter().map(|l| Landmark { key: l.key, hop: start + l.hop }));
        let (title, artist, language) = (cut(title), cut(artist), cut(language));
        self.rows.push(Row {
            recording_id,
            song_id,
            start,
            duration: constellation.duration,
            print: (self.prints.len() as u64, fingerprint.len() as u32),
            text: (text, title.len() as u16, artist.len() as u16, language.len() as u16),
        });
        for part in [title, artist, language] {
            self.text.extend_from_slice(part.as_bytes());
        }
        self.prints.extend_from_slice(fingerprint);
        self.ids.insert(recording_id);
        self.next = next;
        Ok(())
    }

    /// The pack, as the bytes of a file. The same recordings in the same order give the same bytes.
    pub fn build(&self) -> Vec<u8> {
        let (keys, postings) = self.index();
        let mut rows = Vec::with_capacity(self.rows.len() * Row::BYTES);
        self.rows.iter().for_each(|row| row.write(&mut rows));
        let contents: [&[u8]; 5] = [&rows, &self.text, &self.prints, &keys, &postings];

        let mut table = Vec::with_capacity(contents.len() * ENTRY);
        let mut offset = (HEADER + contents.len() * ENTRY) as u64;
        for (section, content) in Section::ALL.iter().zip(contents) {
            table.extend_from_slice(section.tag());
            table.extend_from_slice(&crc32fast::hash(content).to_le_bytes());
            table.extend_from_slice(&offset.to_le_bytes());
            table.extend_from_slice(&(content.len() as u64).to_le_bytes());
            offset += content.len() as u64;
        }
        let mut pack = Vec::with_capacity(offset as usize);
        pack.extend_from_slice(MAGIC);
        pack.extend_from_slice(&VERSION.to_le_bytes());
        pack.extend_from_slice(&(contents.len() as u16).to_le_bytes());
        pack.extend_from_slice(&crc32fast::hash(&table).to_le_bytes());
        pack.extend_from_slice(&[0; 4]);
        pack.extend_from_slice(&table);
        contents.iter().for_each(|content| pack.extend_from_slice(content));
        pack
    }

    /// The landmarks in the order of their keys: where each key begins, and the postings.
    fn index(&self) -> (Vec<u8>, Vec<u8>) {
        let mut starts = vec![0u32; KEYS + 1];
        for landmark in &self.landmarks {
            starts[landmark.key as usize + 1] += 1;
        }
        for key in 0..KEYS {
            starts[key + 1] += starts[key];
        }
        let mut next = starts.clone();
        let mut postings = vec![0u32; self.landmarks.len()];
        for landmark in &self.landmarks {
            let place = &mut next[landmark.key as usize];
            postings[*place as usize] = landmark.hop;
            *place += 1;
        }
        let bytes = |numbers: &[u32]| numbers.iter().flat_map(|n| n.to_le_bytes()).collect();
        (bytes(&starts), bytes(&postings))
    }
}

/// At most 65,535 bytes of `text`, whole characters.
fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(usize::from(u16::MAX))]
}
