//! Writes `vectors.json` anew: the same recipes, with what this engine makes of them.

use std::error::Error;
use std::io::Write;

use sonica_engine::Isa;
use sonica_identity::engine::{ask, digest, digest_of_samples, fingerprint, frames, pack};
use sonica_identity::vectors::Vectors;

fn main() -> Result<(), Box<dyn Error>> {
    let before = Vectors::committed()?;
    let isa = Isa::BASELINE;
    let mut now = before.clone();
    for sound in &mut now.sounds {
        let samples = sound.recipe.samples();
        sound.samples = digest_of_samples(&samples);
        sound.fingerprint = digest(&fingerprint(isa, sound.recipe.rate, [&samples[..]])?);
        sound.frames = digest(&frames(isa, sound.recipe.rate, &samples)?.concat());
    }
    let bytes = pack(isa, &now)?;
    now.pack = digest(&bytes);
    let sounds = now.clone();
    for query in &mut now.queries {
        let recipe = &sounds.sound(&query.sound).recipe;
        let print = fingerprint(isa, recipe.rate, [&recipe.samples()[..]])?;
        query.answer = ask(&bytes, &print, query)?;
    }
    let text = now.to_text()?;
    if serde_json::from_str::<Vectors>(&text)? != now {
        return Err("the vectors do not survive being written".into());
    }
    std::fs::write(Vectors::path(), text)?;
    let changed = now.sounds.iter().zip(&before.sounds).filter(|(now, before)| now != before).count();
    let answers = now.queries.iter().zip(&before.queries).filter(|(now, before)| now != before).count();
    let (sounds, queries) = (now.sounds.len(), now.queries.len());
    writeln!(
        std::io::stdout(),
        "vectors.json: {changed} of {sounds} sounds and {answers} of {queries} answers changed"
    )?;
    Ok(())
}
