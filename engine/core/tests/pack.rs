//! Packs: what is put in comes out, and what is put together by hand or falls apart does no harm.

mod common;

use common::{Path, Rng, ask, heard, packed, song};
use proptest::prelude::*;
use sonica_engine::params::MAX_SECONDS;
use sonica_engine::{Constellation, Error, Pack, PackBuilder};

const HEADER: usize = 16;
const ENTRY: usize = 24;

/// A pack taken apart: tags and contents, in the order of the file.
#[derive(Clone)]
struct Parts(Vec<([u8; 4], Vec<u8>)>);

impl Parts {
    fn of(pack: &[u8]) -> Self {
        let number =
            |at: usize| u64::from_le_bytes(pack[at..at + 8].try_into().expect("eight bytes")) as usize;
        let part = |i: usize| {
            let entry = HEADER + i * ENTRY;
            let (offset, length) = (number(entry + 8), number(entry + 16));
            (pack[entry..entry + 4].try_into().expect("four bytes"), pack[offset..offset + length].to_vec())
        };
        Self((0..usize::from(pack[6])).map(part).collect())
    }

    fn get(&mut self, tag: &[u8; 4]) -> &mut Vec<u8> {
        &mut self.0.iter_mut().find(|(t, _)| t == tag).expect("a section of every pack").1
    }

    /// Put together again, with checksums that fit.
    fn whole(&self) -> Vec<u8> {
        let mut offset = HEADER + self.0.len() * ENTRY;
        let mut table = Vec::new();
        for (tag, content) in &self.0 {
            table.extend(tag);
            table.extend(crc32fast::hash(content).to_le_bytes());
            table.extend((offset as u64).to_le_bytes());
            table.extend((content.len() as u64).to_le_bytes());
            offset += content.len();
        }
        let mut pack = b"SNPK\x02\x00".to_vec();
        pack.extend((self.0.len() as u16).to_le_bytes());
        pack.extend(crc32fast::hash(&table).to_le_bytes());
        pack.extend([0; 4]);
        pack.extend(table);
        self.0.iter().for_each(|(_, content)| pack.extend(content));
        pack
    }
}

/// Two short songs.
fn small() -> Vec<u8> {
    packed(&[song(1, 3, 20), song(2, 4, 20)])
}

fn query() -> Constellation {
    heard(&song(2, 4, 20), Path { seconds: 3, ..Path::plain(0.5) }, 3)
}

/// Opens bytes that may be anything; what opens is read in full and searched. Whether it opened.
fn survives(bytes: &[u8]) -> bool {
    let Ok(pack) = Pack::open(bytes) else { return false };
    for index in 0..pack.len() {
        let recording = pack.recording(index);
        assert!(recording.title.len() + recording.artist.len() + recording.language.len() <= bytes.len());
        assert!(pack.fingerprint(index).len() <= bytes.len());
    }
    let packs = common::Packs { packs: &[pack], excluded: &[] };
    let print = query().encode().expect("in order");
    // A fingerprint in it may turn out to be none: an error then, no panic.
    drop(sonica_engine::recognize(&packs, &print, sonica_engine::Options::default()));
    true
}

#[test]
fn taken_apart_and_put_together_it_is_the_same() {
    assert_eq!(Parts::of(&small()).whole(), small());
    assert!(survives(&small()));
}

#[test]
fn any_truncation_is_an_error() {
    let bytes = small();
    for end in 0..bytes.len() {
        assert!(Pack::open(&bytes[..end]).is_err(), "cut to {end} bytes");
    }
}

#[test]
fn any_flipped_bit_of_its_header_and_table_is_an_error() {
    let mut bytes = small();
    for bit in 0..(HEADER + 5 * ENTRY) * 8 {
        bytes[bit / 8] ^= 1 << (bit % 8);
        assert!(Pack::open(&bytes).is_err(), "bit {bit}");
        bytes[bit / 8] ^= 1 << (bit % 8);
    }
}

#[test]
fn any_flipped_bit_of_its_contents_is_an_error() {
    let mut bytes = small();
    let (mut rng, first) = (Rng(1), HEADER + 5 * ENTRY);
    for round in 0..3_000 {
        // Every bit of the rows, then some of all.
        let spread = bytes.len() - first;
        let bit = if round < 96 * 8 {
            first * 8 + round
        } else {
            first * 8 + rng.below(spread as u32 * 8) as usize
        };
        bytes[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(Pack::open(&bytes).map(|_| ()).unwrap_err().code(), "checksum", "bit {bit}");
        bytes[bit / 8] ^= 1 << (bit % 8);
    }
}

#[test]
fn a_pack_without_recordings_knows_nothing() {
    let empty = PackBuilder::default().build();
    let pack = Pack::open(empty).unwrap();
    assert!(pack.is_empty());
    assert!(ask(&pack, &query(), &[]).hits.is_empty());
}

#[test]
fn postings_without_recordings_are_refused() {
    let mut parts = Parts::of(&small());
    parts.get(b"RECS").clear();
    // Where votes for them would fall into the first cells of a time line without length.
    for posting in parts.get(b"POST").as_chunks_mut::<4>().0 {
        *posting = 100u32.to_le_bytes();
    }
    assert!(!survives(&parts.whole()));
}

#[test]
fn votes_beyond_all_measure_do_no_harm() {
    // One key that the query asks for has all the postings, more than a counter can count to, and all
    // of them mean the same place.
    let small = small();
    let starts: Vec<u32> =
        Parts::of(&small).get(b"KEYS").as_chunks::<4>().0.iter().map(|b| u32::from_le_bytes(*b)).collect();
    let taken: Vec<usize> = (1..starts.len()).filter(|&i| starts[i] > starts[i - 1]).collect();
    for &key in taken.iter().step_by(20) {
        let mut parts = Parts::of(&small);
        *parts.get(b"POST") = 2_400u32.to_le_bytes().repeat(99_000);
        let all = (0..starts.len()).map(|i| if i < key { 0 } else { 99_000u32 });
        *parts.get(b"KEYS") = all.flat_map(u32::to_le_bytes).collect();
        assert!(survives(&parts.whole()));
    }
}

#[test]
fn a_time_line_that_nothing_fills_is_refused() {
    // Memory for counting votes goes by the length of the time line, so that may not be made up.
    let (first, last) = (0, 48);
    let (start, duration) = (16, 20);
    for (at, value) in [
        (first + start, 2_047),
        (first + start, 2_049),
        (first + duration, u32::MAX),
        (last + start, 4_000_000_000),
        (last + duration, 2_000_000_000),
        (last + duration, 250 * MAX_SECONDS + 1),
    ] {
        let mut parts = Parts::of(&small());
        parts.get(b"RECS")[at..at + 4].copy_from_slice(&u32::to_le_bytes(value));
        assert_eq!(Pack::open(parts.whole()).map(|_| ()).unwrap_err().code(), "format", "{value} at {at}");
    }
}

#[test]
fn sections_that_are_not_known_are_skipped() {
    let mut parts = Parts::of(&small());
    parts.0.insert(2, (*b"NEWS", vec![1, 2, 3]));
    parts.0.push((*b"\0\0\0\0", vec![]));
    let pack = Pack::open(parts.whole()).unwrap();
    assert_eq!(pack.len(), 2);
    assert_eq!(ask(&pack, &query(), &[]), ask(&Pack::open(small()).unwrap(), &query(), &[]));
}

#[test]
fn a_section_that_is_missing_is_missed() {
    for index in 0..5 {
        let mut parts = Parts::of(&small());
        parts.0.remove(index);
        assert_eq!(Pack::open(parts.whole()).map(|_| ()).unwrap_err().code(), "format");
    }
}

#[test]
fn sections_that_overlap_do_no_harm() {
    let bytes = small();
    let mut rng = Rng(3);
    for _ in 0..300 {
        let mut bytes = bytes.clone();
        let entry = |i: usize| HEADER + i * ENTRY;
        for _ in 0..2 {
            // One section comes to lie where another does, in full or in part, checksum and all.
            let (to, from) = (entry(rng.below(5) as usize), entry(rng.below(5) as usize));
            bytes.copy_within(from + 4..from + ENTRY, to + 4);
            if rng.below(2) == 0 {
                let shift = u64::from(rng.below(200));
                let offset = u64::from_le_bytes(bytes[to + 8..to + 16].try_into().unwrap()) + shift;
                bytes[to + 8..to + 16].copy_from_slice(&offset.to_le_bytes());
                let length = u64::from_le_bytes(bytes[to + 16..to + 24].try_into().unwrap());
                if let Some(content) = bytes.get(offset as usize..(offset + length) as usize) {
                    let sum = crc32fast::hash(content);
                    bytes[to + 4..to + 8].copy_from_slice(&sum.to_le_bytes());
                }
            }
        }
        let sum = crc32fast::hash(&bytes[HEADER..HEADER + 5 * ENTRY]);
        bytes[8..12].copy_from_slice(&sum.to_le_bytes());
        survives(&bytes);
    }
}

#[test]
fn a_pack_from_the_future_says_so() {
    let mut bytes = small();
    bytes[4] = 3;
    let expected = Error::Version { what: "pack", found: 3, expected: 2 };
    assert_eq!(Pack::open(bytes).map(|_| ()).unwrap_err(), expected);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(!survives(&bytes));
        let mut bytes = bytes;
        if bytes.len() > HEADER {
            bytes[..6].copy_from_slice(b"SNPK\x02\x00");
            prop_assert!(!survives(&bytes));
        }
    }

    /// Checksums that fit what was edited: the reader's own checks are all that is left.
    #[test]
    fn any_edit_with_checksums_that_fit(
        edits in prop::collection::vec(
            (0usize..5, any::<prop::sample::Index>(), 1usize..9, any::<u64>(), 0u32..64), 1..5),
        cut in prop::option::of((0usize..5, any::<prop::sample::Index>())),
    ) {
        let mut parts = Parts::of(&small());
        for (section, at, width, value, smaller) in edits {
            let content = &mut parts.0[section].1;
            let at = at.index(content.len());
            let end = (at + width).min(content.len());
            content[at..end].copy_from_slice(&(value >> smaller).to_le_bytes()[..end - at]);
        }
        if let Some((section, at)) = cut {
            let content = &mut parts.0[section].1;
            content.truncate(at.index(content.len() + 1));
        }
        survives(&parts.whole());
    }
}
