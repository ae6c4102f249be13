//! A small pack, edited and with checksums that fit: an error, or a pack that can be searched.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;
use sonica_engine::{
    Ballot, Candidate, Constellation, Error, Hypothesis, Options, Pack, PackBuilder, Peak, Query, Shards,
    recognize,
};

const HEADER: usize = 16;
const ENTRY: usize = 24;
const SECTIONS: usize = 6;

#[derive(Arbitrary, Debug)]
struct Edit {
    section: u8,
    at: u32,
    value: u64,
    width: u8,
}

#[derive(Arbitrary, Debug)]
struct Damage {
    edits: Vec<Edit>,
    /// A section and the length that it is cut to.
    cut: Option<(u8, u32)>,
}

struct Shard<'a>(Pack<&'a [u8]>);

impl Shards for Shard<'_> {
    fn recordings(&self) -> usize {
        self.0.len()
    }

    fn candidates(&self, query: &Query, hypotheses: &[Hypothesis]) -> Result<(Vec<Candidate>, u64), Error> {
        let mut ballot = Ballot::default();
        let candidates = query.candidates(&self.0, hypotheses, &|_| false, &mut ballot)?;
        Ok((candidates, ballot.postings))
    }
}

fn song(seed: u32) -> Constellation {
    let peak = |n: u32| {
        let z = (n + 1_000 * seed).wrapping_mul(2_654_435_769);
        Peak { time: n * 12, frequency: (z >> 16) as u16 % 856, rank: (z >> 8) as u8 % 16 }
    };
    Constellation { duration: 1_000, peaks: (0..80).map(peak).collect() }
}

/// Tags and contents of a pack of two songs.
static PARTS: LazyLock<Vec<([u8; 4], Vec<u8>)>> = LazyLock::new(|| {
    let mut builder = PackBuilder::default();
    for id in 1..=2 {
        let print = song(id).encode().expect("in order");
        builder.add(u64::from(id), 7, &print, ["title", "artist", "hi"]).expect("fits");
    }
    let pack = builder.build();
    let number = |at: usize| u64::from_le_bytes(pack[at..at + 8].try_into().expect("eight bytes")) as usize;
    (0..SECTIONS)
        .map(|i| HEADER + i * ENTRY)
        .map(|entry| {
            let (offset, length) = (number(entry + 8), number(entry + 16));
            (pack[entry..entry + 4].try_into().expect("four bytes"), pack[offset..offset + length].to_vec())
        })
        .collect()
});

static QUERY: LazyLock<Vec<u8>> = LazyLock::new(|| song(2).encode().expect("in order"));

fn whole(parts: &[([u8; 4], Vec<u8>)]) -> Vec<u8> {
    let mut offset = HEADER + parts.len() * ENTRY;
    let mut table = Vec::new();
    for (tag, content) in parts {
        table.extend(tag);
        table.extend(crc32fast::hash(content).to_le_bytes());
        table.extend((offset as u64).to_le_bytes());
        table.extend((content.len() as u64).to_le_bytes());
        offset += content.len();
    }
    let mut pack = b"SNPK\x03\x00\x06\x00".to_vec();
    let rest = [0; 4]; // profile and zeros
    pack.extend(crc32fast::hash(&[&pack[..], &rest, &table].concat()).to_le_bytes());
    pack.extend(rest);
    pack.extend(table);
    parts.iter().for_each(|(_, content)| pack.extend(content));
    pack
}

fuzz_target!(|damage: Damage| {
    let mut parts = PARTS.clone();
    for edit in &damage.edits {
        let content = &mut parts[usize::from(edit.section) % SECTIONS].1;
        let at = edit.at as usize % content.len();
        let end = (at + 1 + usize::from(edit.width % 8)).min(content.len());
        content[at..end].copy_from_slice(&edit.value.to_le_bytes()[..end - at]);
    }
    if let Some((section, length)) = damage.cut {
        parts[usize::from(section) % SECTIONS].1.truncate(length as usize);
    }
    let bytes = whole(&parts);
    let Ok(pack) = Pack::open(&bytes[..]) else { return };
    let _ = pack.verify();
    for index in 0..pack.len() {
        let _ = pack.find(pack.recording(index).recording_id);
        let _ = (pack.recording(index), pack.fingerprint(index));
    }
    let _ = recognize(&Shard(pack), &QUERY, Options::default());
});
