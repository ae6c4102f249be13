//! Packs: what is put in comes out, and what is put together by hand or falls apart does no harm.

mod common;

use common::{Path, Rng, ask, heard, packed, song};
use proptest::prelude::*;
use sonica_engine::params::MAX_SECONDS;
use sonica_engine::{Constellation, Error, Pack, PackBuilder, Profile};

const HEADER: usize = 16;
const ENTRY: usize = 24;
const SECTIONS: usize = 6;
/// Groups of 32 of the 1,571,427 keys.
const GROUPS: usize = 49_108;

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
        let mut pack = b"SNPK\x04\x00".to_vec();
        pack.extend((self.0.len() as u16).to_le_bytes());
        pack.extend([0; 8]);
        pack.extend(table);
        resum(&mut pack);
        self.0.iter().for_each(|(_, content)| pack.extend(content));
        pack
    }
}

/// Makes the checksum of a header and table fit.
fn resum(pack: &mut [u8]) {
    let end = HEADER + usize::from(pack[6]) * ENTRY;
    let sum = crc32fast::hash(&[&pack[..8], &pack[12..end]].concat());
    pack[8..12].copy_from_slice(&sum.to_le_bytes());
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
    drop(pack.verify());
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
    for bit in 0..(HEADER + SECTIONS * ENTRY) * 8 {
        bytes[bit / 8] ^= 1 << (bit % 8);
        assert!(Pack::open(&bytes).is_err(), "bit {bit}");
        bytes[bit / 8] ^= 1 << (bit % 8);
    }
}

#[test]
fn any_flipped_bit_of_its_contents_is_an_error() {
    let mut bytes = small();
    let (mut rng, first) = (Rng(1), HEADER + SECTIONS * ENTRY);
    for round in 0..3_000 {
        // Every bit of the rows, then some of all.
        let spread = bytes.len() - first;
        let bit = if round < 96 * 8 {
            first * 8 + round
        } else {
            first * 8 + rng.below(spread as u32 * 8) as usize
        };
        bytes[bit / 8] ^= 1 << (bit % 8);
        let checked = Pack::open(&bytes).and_then(|pack| pack.verify());
        assert_eq!(checked.unwrap_err().code(), "checksum", "bit {bit}");
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
    parts.get(b"SORT").clear();
    assert!(!survives(&parts.whole()));
}

#[test]
fn votes_beyond_all_measure_do_no_harm() {
    // One key that the query asks for has all the postings, more than a counter can count to, and all
    // of them mean the same place.
    let mut read = 0;
    let bits = |numbers: &[(u32, usize)]| -> Vec<u8> {
        let all = numbers.iter().flat_map(|&(number, width)| (0..width).map(move |bit| number >> bit & 1));
        let all: Vec<u32> = all.collect();
        all.chunks(8).map(|byte| byte.iter().rev().fold(0, |sum, bit| sum << 1 | *bit as u8)).collect()
    };
    let small = small();
    let groups: Vec<usize> =
        (0..GROUPS).filter(|group| Parts::of(&small).get(b"KEYS")[6 * group + 5] > 0).collect();
    // The time line has 4,096 hops and some: 13 bits a posting. Counts of 17 bits; 19,000 postings are still read.
    for (round, &group) in groups.iter().step_by(3).enumerate() {
        let mut parts = Parts::of(&small);
        let key = round % 32;
        let counts = (0..32).map(|k| if k < key { (0, 17) } else { (19_000, 17) });
        let postings = std::iter::repeat_n((2_400, 13), 19_000);
        *parts.get(b"POST") = bits(&postings.collect::<Vec<_>>());
        parts.get(b"POST").extend([0; 8]);
        *parts.get(b"KEYS") = [0; 6].repeat(GROUPS);
        parts.get(b"KEYS")[6 * group + 5] = 64 + 17;
        parts.get(b"KEYS").extend([0; 5]);
        parts.get(b"KEYS").extend(bits(&counts.collect::<Vec<_>>()));
        parts.get(b"KEYS").extend([0; 8]);
        assert!(survives(&parts.whole()));
        let pack = Pack::open(parts.whole()).unwrap();
        read += usize::from(ask(&pack, &query(), &[]).postings > 0);
    }
    assert!(read > 0);
}

#[test]
fn any_record_of_any_group_does_no_harm() {
    // Forms, counts and postings that nobody wrote, where the query looks.
    let small = small();
    let mut rng = Rng(7);
    for _ in 0..200 {
        let mut parts = Parts::of(&small);
        let noise = |rng: &mut Rng| if rng.below(3) == 0 { u8::MAX } else { rng.next() as u8 };
        *parts.get(b"POST") = (0..2_000 + rng.below(9_000)).map(|_| noise(&mut rng)).collect();
        let form = rng.next() as u8;
        *parts.get(b"KEYS") = (0..GROUPS)
            .flat_map(|_| {
                let place = rng.below(1_900);
                let form = if rng.below(2) == 0 { form } else { rng.next() as u8 };
                let place = place.to_le_bytes();
                [place[0], place[1], place[2], place[3], 0, form]
            })
            .collect();
        parts.get(b"KEYS").extend((0..2_000).map(|_| noise(&mut rng)));
        assert!(survives(&parts.whole()));
    }
}

#[test]
fn opening_reads_neither_fingerprints_nor_postings() {
    let bytes = small();
    let mut rng = Rng(8);
    for tag in [b"PRNT", b"POST"] {
        for _ in 0..50 {
            let mut parts = Parts::of(&bytes);
            let content = parts.get(tag);
            let at = rng.below(content.len() as u32) as usize;
            content[at] ^= 1 << rng.below(8);
            // The checksum is that of before.
            let mut damaged = parts.whole();
            damaged[..HEADER + SECTIONS * ENTRY].copy_from_slice(&bytes[..HEADER + SECTIONS * ENTRY]);
            let pack = Pack::open(&damaged[..]).unwrap();
            assert_eq!(pack.verify().unwrap_err().code(), "checksum");
            assert!(survives(&damaged));
        }
    }
    assert_eq!(Pack::open(&bytes[..]).unwrap().verify(), Ok(()));
}

#[test]
fn recordings_are_found_by_their_ids() {
    let mut builder = PackBuilder::default();
    let ids = [7, 0, u64::MAX, 3, 1 << 40, 8];
    for (seed, &id) in (0..).zip(&ids) {
        builder.add(id, 1, &song(seed, 2, 20).encode().unwrap(), [""; 3]).unwrap();
    }
    let pack = Pack::open(builder.build()).unwrap();
    for (index, &id) in ids.iter().enumerate() {
        assert_eq!(pack.find(id), Some(index));
    }
    assert!([1, 4, 9, u64::MAX - 1].iter().all(|&id| pack.find(id).is_none()));
}

#[test]
fn an_order_that_is_none_is_refused() {
    let two = |a: u32, b: u32| [a.to_le_bytes(), b.to_le_bytes()].concat();
    for order in [two(1, 0), two(0, 0), two(1, 1), two(0, 2), two(u32::MAX, 1), vec![], vec![0; 4]] {
        let mut parts = Parts::of(&small());
        *parts.get(b"SORT") = order;
        assert_eq!(Pack::open(parts.whole()).map(|_| ()).unwrap_err().code(), "format");
    }
}

#[test]
fn a_profile_is_known_or_refused() {
    for code in 0..=255 {
        let mut bytes = small();
        bytes[12] = code;
        resum(&mut bytes);
        match (code, Pack::open(&bytes[..])) {
            (0, pack) => assert_eq!(pack.unwrap().profile(), Profile::Full),
            (1, pack) => assert_eq!(pack.unwrap().profile(), Profile::Lite),
            (_, pack) => assert_eq!(pack.map(|_| ()).unwrap_err().code(), "format"),
        }
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
    for index in 0..SECTIONS {
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
            let (to, from) =
                (entry(rng.below(SECTIONS as u32) as usize), entry(rng.below(SECTIONS as u32) as usize));
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
        resum(&mut bytes);
        survives(&bytes);
    }
}

#[test]
fn a_pack_from_the_future_says_so() {
    let mut bytes = small();
    bytes[4] = 5;
    let expected = Error::Version { what: "pack", found: 5, expected: 4 };
    assert_eq!(Pack::open(bytes).map(|_| ()).unwrap_err(), expected);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(!survives(&bytes));
        let mut bytes = bytes;
        if bytes.len() > HEADER {
            bytes[..6].copy_from_slice(b"SNPK\x04\x00");
            prop_assert!(!survives(&bytes));
        }
    }

    /// Checksums that fit what was edited: the reader's own checks are all that is left.
    #[test]
    fn any_edit_with_checksums_that_fit(
        edits in prop::collection::vec(
            (0usize..SECTIONS, any::<prop::sample::Index>(), 1usize..9, any::<u64>(), 0u32..64), 1..5),
        cut in prop::option::of((0usize..SECTIONS, any::<prop::sample::Index>())),
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
