//! What the engine makes of sounds, in the terms of the vectors.

use sha2::{Digest as _, Sha256};
use sonica_engine::{
    Ballot, Error, Fingerprinter, FrameFlags, Isa, Options, Pack, PackBuilder, Shards, Status,
};

use crate::vectors::{self, Digest, Vectors};

/// Size and SHA-256 of some bytes.
pub fn digest(bytes: &[u8]) -> Digest {
    let sum = Sha256::digest(bytes);
    Digest { bytes: bytes.len(), sha256: sum.iter().map(|byte| format!("{byte:02x}")).collect() }
}

/// SHA-256 of samples as little-endian f32.
pub fn digest_of_samples(samples: &[f32]) -> String {
    let bytes: Vec<u8> = samples.iter().flat_map(|x| x.to_le_bytes()).collect();
    digest(&bytes).sha256
}

/// The fingerprint of samples that arrive in these pieces.
///
/// # Errors
/// What the engine refuses.
pub fn fingerprint<'a>(
    isa: Isa,
    rate: u32,
    pieces: impl IntoIterator<Item = &'a [f32]>,
) -> Result<Vec<u8>, Error> {
    let mut fingerprinter = Fingerprinter::with_isa(rate, isa)?;
    for piece in pieces {
        fingerprinter.push(piece)?;
    }
    fingerprinter.finish().encode()
}

/// The frames of a sound in pieces of ⌊rate / 2⌋ samples: one after each, also after one that is empty where
/// nothing sounds. Number 0, 5, 10, … are key frames.
///
/// # Errors
/// What the engine refuses.
pub fn frames(isa: Isa, rate: u32, samples: &[f32]) -> Result<Vec<Vec<u8>>, Error> {
    let mut fingerprinter = Fingerprinter::with_isa(rate, isa)?;
    let pieces = samples.chunks(rate as usize / 2).collect::<Vec<_>>();
    let pieces = if pieces.is_empty() { vec![samples] } else { pieces };
    let mut frames = Vec::new();
    for (number, piece) in pieces.iter().enumerate() {
        fingerprinter.push(piece)?;
        let flags = FrameFlags { key: number.is_multiple_of(5), last: number + 1 == pieces.len() };
        frames.push(fingerprinter.frame(flags)?);
    }
    Ok(frames)
}

/// The pack of the vectors.
///
/// # Errors
/// What the engine refuses.
pub fn pack(isa: Isa, vectors: &Vectors) -> Result<Vec<u8>, Error> {
    let mut builder = PackBuilder::default();
    for row in &vectors.recordings {
        let recipe = &vectors.sound(&row.sound).recipe;
        let print = fingerprint(isa, recipe.rate, [&recipe.samples()[..]])?;
        let [title, artist, language] = &row.texts;
        builder.add(row.recording_id, row.song_id, &print, [title, artist, language])?;
    }
    Ok(builder.build())
}

/// What asking the pack gives.
///
/// # Errors
/// What the engine refuses.
pub fn ask(pack: &[u8], print: &[u8], query: &vectors::Query) -> Result<vectors::Answer, Error> {
    let shard = One { pack: Pack::open(pack)?, exclude: &query.exclude };
    let options = Options { limit: query.limit, exhaustive: query.exhaustive, ..Options::default() };
    let answer = sonica_engine::recognize(&shard, print, options)?;
    let status = match answer.status {
        Status::Match => "match",
        Status::Unsure => "unsure",
        Status::None => "none",
    };
    let hit = |hit: &sonica_engine::Hit| vectors::Hit {
        recording_id: hit.recording_id,
        song_id: hit.song_id,
        offset_s: hit.offset_s,
        speed: hit.speed,
        pitch_semitones: hit.pitch_semitones,
        score: hit.score,
        confidence: hit.confidence,
        features: hit.features.to_vec(),
    };
    Ok(vectors::Answer {
        status: status.into(),
        shared: answer.shared,
        hypotheses: answer.hypotheses,
        postings: answer.postings,
        hits: answer.hits.iter().map(hit).collect(),
    })
}

struct One<'a> {
    pack: Pack<&'a [u8]>,
    exclude: &'a [u64],
}

impl<'a> Shards for One<'a> {
    type Bytes = &'a [u8];

    fn packs(&self) -> impl Iterator<Item = &Pack<&'a [u8]>> {
        core::iter::once(&self.pack)
    }

    fn is_excluded(&self, recording_id: u64) -> bool {
        self.exclude.contains(&recording_id)
    }

    fn each<T, J>(&self, job: J) -> Result<Vec<T>, Error>
    where
        T: Send,
        J: Fn(usize, &Pack<&'a [u8]>, &mut Ballot) -> Result<T, Error> + Sync,
    {
        Ok(vec![job(0, &self.pack, &mut Ballot::default())?])
    }
}
