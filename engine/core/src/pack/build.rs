//! Writing a pack.

use std::collections::HashSet;

use super::{ENTRY, GAP, HEADER, MAGIC, Profile, Row, Section, VERSION, head_sum, index, next_start};
use crate::codec::Constellation;
use crate::error::Error;
use crate::landmarks::{self, KEYS, Landmark};

/// Collects recordings and writes them as one pack. Holds their fingerprints and 8 bytes a landmark; building
/// takes 4 more, and the pack.
#[derive(Clone, Debug)]
pub struct PackBuilder {
    profile: Profile,
    rows: Vec<Row>,
    ids: HashSet<u64>,
    text: Vec<u8>,
    prints: Vec<u8>,
    /// Of each recording, in a piece of memory of its own, so that nothing is moved to make room.
    landmarks: Vec<Box<[Landmark]>>,
    landmark_count: usize,
    /// Where the next recording begins, hops.
    next: u32,
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
        Ok(())
    }

    /// The pack, as the bytes of a file. The same recordings in the same order give the same bytes.
    pub fn build(&self) -> Vec<u8> {
        let (starts, postings) = self.postings();
        let front = HEADER + Section::COUNT * ENTRY;
        let mut pack = vec![0; front];
        let rows = self.rows.iter().flat_map(Row::bytes);
        pack.extend(rows);
        let mut ends = vec![pack.len()];
        pack.extend_from_slice(&self.text);
        ends.push(pack.len());
        pack.extend(self.order().into_iter().flat_map(u32::to_le_bytes));
        ends.push(pack.len());
        pack.extend_from_slice(&self.prints);
        ends.push(pack.len());
        let keys = index::write(&starts, &postings, self.next, &mut pack);
        ends.push(pack.len());
        pack.extend_from_slice(&keys);
        ends.push(pack.len());

        let mut table = Vec::with_capacity(Section::COUNT * ENTRY);
        let mut offset = front;
        for (section, end) in Section::ALL.iter().zip(ends) {
            table.extend_from_slice(section.tag());
            table.extend_from_slice(&crc32fast::hash(&pack[offset..end]).to_le_bytes());
            table.extend_from_slice(&(offset as u64).to_le_bytes());
            table.extend_from_slice(&((end - offset) as u64).to_le_bytes());
            offset = end;
        }
        pack[HEADER..front].copy_from_slice(&table);
        pack[..4].copy_from_slice(MAGIC);
        pack[4..6].copy_from_slice(&VERSION.to_le_bytes());
        pack[6..8].copy_from_slice(&(Section::COUNT as u16).to_le_bytes());
        pack[12] = self.profile.code();
        let sum = head_sum(&pack[..HEADER], &table);
        pack[8..12].copy_from_slice(&sum.to_le_bytes());
        pack
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
        let mut postings = vec![0u32; self.landmark_count];
        for landmark in all() {
            let place = &mut next[landmark.key as usize];
            postings[*place as usize] = landmark.hop;
            *place += 1;
        }
        (starts, postings)
    }
}

/// At most 65,535 bytes of `text`, whole characters.
fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(usize::from(u16::MAX))]
}
