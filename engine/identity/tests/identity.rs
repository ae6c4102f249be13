//! The vectors, natively: plain Rust, and AVX2 where this machine has it.

use sonica_engine::{Fingerprinter, FrameAssembler, Isa, fingerprint as fingerprint_of};
use sonica_identity::engine::{ask, digest, digest_of_samples, fingerprint, frames, pack};
use sonica_identity::signals::hash;
use sonica_identity::vectors::Vectors;

/// Sounds up to this length (samples) are also pushed one sample at a time.
const SHORT: usize = 33_000;

fn committed() -> Vectors {
    Vectors::committed().expect("vectors.json is committed")
}

/// All that this machine can run: once if it has no AVX2.
fn isas() -> Vec<Isa> {
    let mut isas = vec![Isa::BASELINE, Isa::detect()];
    isas.dedup();
    if isas.len() == 1 {
        eprintln!("This machine has no AVX2: only the plain kernels were compared.");
    }
    isas
}

/// Cuts samples into pieces of up to `most`, as the seed has it.
fn chunks(samples: &[f32], seed: u32, most: u32) -> Vec<&[f32]> {
    let (mut rest, mut pieces) = (samples, Vec::new());
    while !rest.is_empty() {
        let length = hash(seed.wrapping_add(pieces.len() as u32)) % most;
        let (piece, after) = rest.split_at(rest.len().min(length as usize));
        pieces.push(piece);
        rest = after;
    }
    pieces
}

#[test]
fn the_file_is_as_the_generator_writes_it() {
    let vectors = committed();
    let text = std::fs::read_to_string(Vectors::path()).expect("it can be read");
    assert_eq!(text, vectors.to_text().expect("it can be written"));
    let mut names: Vec<&str> = vectors.sounds.iter().map(|sound| &sound.name[..]).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), vectors.sounds.len(), "two sounds have one name");
}

#[test]
fn samples_are_the_same() {
    for sound in committed().sounds {
        assert_eq!(digest_of_samples(&sound.recipe.samples()), sound.samples, "{}", sound.name);
    }
}

#[test]
fn fingerprints_are_the_same_in_one_go() {
    for isa in isas() {
        for sound in committed().sounds {
            let samples = sound.recipe.samples();
            let made = fingerprint(isa, sound.recipe.rate, [&samples[..]]).expect("a good sound");
            assert_eq!(digest(&made), sound.fingerprint, "{} on {}", sound.name, isa.name());
            assert_eq!(fingerprint_of(&samples, sound.recipe.rate), Ok(made), "{}", sound.name);
        }
    }
}

#[test]
fn fingerprints_are_the_same_in_pieces() {
    for isa in isas() {
        for (seed, sound) in committed().sounds.iter().enumerate() {
            let samples = sound.recipe.samples();
            for most in [700, 9_000] {
                let pieces = chunks(&samples, seed as u32 * 1_000, most);
                let made = fingerprint(isa, sound.recipe.rate, pieces).expect("a good sound");
                assert_eq!(digest(&made), sound.fingerprint, "{} on {}", sound.name, isa.name());
            }
        }
    }
}

#[test]
fn fingerprints_are_the_same_one_sample_at_a_time() {
    for isa in isas() {
        let mut seen = 0;
        for sound in committed().sounds {
            let samples = sound.recipe.samples();
            if samples.len() > SHORT {
                continue;
            }
            let made = fingerprint(isa, sound.recipe.rate, samples.chunks(1)).expect("a good sound");
            assert_eq!(digest(&made), sound.fingerprint, "{} on {}", sound.name, isa.name());
            seen += 1;
        }
        assert!(seen > 20);
    }
}

#[test]
fn a_snapshot_is_the_fingerprint_of_what_was_pushed() {
    for isa in isas() {
        for (seed, sound) in committed().sounds.iter().enumerate() {
            let (rate, samples) = (sound.recipe.rate, sound.recipe.samples());
            let at = hash(seed as u32) as usize % (samples.len() + 1);
            let (before, after) = samples.split_at(at);
            let mut fingerprinter = Fingerprinter::with_isa(rate, isa).expect("a good rate");
            fingerprinter.push(before).expect("a good sound");
            assert_eq!(fingerprinter.snapshot().encode(), fingerprint(isa, rate, [before]), "{}", sound.name);
            // Looking does not disturb what follows.
            fingerprinter.push(after).expect("a good sound");
            let made = fingerprinter.finish().encode().expect("a good constellation");
            assert_eq!(digest(&made), sound.fingerprint, "{} on {}", sound.name, isa.name());
        }
    }
}

#[test]
fn frames_are_the_same_and_add_up() {
    for isa in isas() {
        for sound in committed().sounds {
            let (rate, samples) = (sound.recipe.rate, sound.recipe.samples());
            let made = frames(isa, rate, &samples).expect("a good sound");
            assert_eq!(digest(&made.concat()), sound.frames, "{} on {}", sound.name, isa.name());
            let mut assembler = FrameAssembler::default();
            for frame in &made {
                assembler.push(frame).expect("they follow each other");
            }
            let heard = assembler.constellation().encode().expect("a good constellation");
            assert_eq!(digest(&heard), sound.fingerprint, "{} on {}", sound.name, isa.name());
            assert!(assembler.ended(), "{}", sound.name);
        }
    }
}

#[test]
fn the_pack_and_its_answers_are_the_same() {
    let vectors = committed();
    for isa in isas() {
        let bytes = pack(isa, &vectors).expect("good sounds");
        assert_eq!(digest(&bytes), vectors.pack, "on {}", isa.name());
        for query in &vectors.queries {
            let recipe = &vectors.sound(&query.sound).recipe;
            let print = fingerprint(isa, recipe.rate, [&recipe.samples()[..]]).expect("a good sound");
            let answer = ask(&bytes, &print, query).expect("a good pack");
            assert_eq!(answer, query.answer, "{} on {}", query.sound, isa.name());
        }
    }
    let statuses = |status| vectors.queries.iter().filter(|query| query.answer.status == status).count();
    assert!(statuses("match") > 0 && statuses("none") > 0, "the queries tell nothing");
}
