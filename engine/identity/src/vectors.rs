//! The file of vectors.

use std::fmt::Write as _;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::signals::Recipe;

/// All that the file holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Vectors {
    /// What it is, for people.
    pub about: String,
    /// Sounds and their fingerprints.
    pub sounds: Vec<Sound>,
    /// The recordings of the pack, in its order.
    pub recordings: Vec<Recording>,
    /// The pack itself.
    pub pack: Digest,
    /// Questions to the pack.
    pub queries: Vec<Query>,
}

/// A sound and what the engine makes of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sound {
    /// Its name.
    pub name: String,
    /// How it is made.
    #[serde(flatten)]
    pub recipe: Recipe,
    /// SHA-256 of its samples, as little-endian f32.
    #[serde(default)]
    pub samples: String,
    /// Its fingerprint.
    #[serde(default)]
    pub fingerprint: Digest,
    /// Its frames, one behind the other: see [`crate::engine::frames`].
    #[serde(default)]
    pub frames: Digest,
}

/// A sequence of bytes, by what tells it from others.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest {
    /// How many.
    pub bytes: usize,
    /// Their SHA-256, hexadecimal.
    pub sha256: String,
}

/// A recording of the pack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recording {
    /// Its id.
    pub recording_id: u64,
    /// The id of its song.
    pub song_id: u64,
    /// Name of the sound.
    pub sound: String,
    /// Title, artist, language.
    pub texts: [String; 3],
}

/// A question to the pack, and the answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Query {
    /// Name of the sound that is asked.
    pub sound: String,
    /// Ids of recordings that count as absent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclude: Vec<u64>,
    /// Most hits.
    pub limit: usize,
    /// Whether every hypothesis is tried.
    pub exhaustive: bool,
    /// What the engine answers.
    #[serde(default)]
    pub answer: Answer,
}

/// An answer. Numbers are the shortest decimals that give the same f32.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// `match`, `unsure` or `none`.
    pub status: String,
    /// How many of the first hits share the part that was heard.
    pub shared: usize,
    /// Hypotheses tried.
    pub hypotheses: usize,
    /// Postings read.
    pub postings: u64,
    /// The hits.
    pub hits: Vec<Hit>,
}

/// One hit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Hit {
    /// Id of the recording.
    pub recording_id: u64,
    /// Id of its song.
    pub song_id: u64,
    /// Where in the recording the query begins, seconds.
    pub offset_s: f32,
    /// Tempo relative to the recording.
    pub speed: f32,
    /// Change of pitch, semitones.
    pub pitch_semitones: f32,
    /// The verifier's score.
    pub score: f32,
    /// The score as a probability.
    pub confidence: f32,
    /// What the verifier saw.
    pub features: Vec<f32>,
}

impl Vectors {
    /// Where the file lies.
    pub fn path() -> PathBuf {
        [env!("CARGO_MANIFEST_DIR"), "vectors.json"].iter().collect()
    }

    /// Reads the committed file.
    ///
    /// # Errors
    /// Where it cannot be read, or is not what it should be.
    pub fn committed() -> std::io::Result<Self> {
        Ok(serde_json::from_slice(&std::fs::read(Self::path())?)?)
    }

    /// The file's text: one line a sound, a recording, a query.
    ///
    /// # Errors
    /// None that anybody has seen: what this writes can be written.
    pub fn to_text(&self) -> serde_json::Result<String> {
        fn rows<T: Serialize>(rows: &[T]) -> serde_json::Result<String> {
            let rows: serde_json::Result<Vec<String>> = rows.iter().map(serde_json::to_string).collect();
            Ok(format!("[\n    {}\n  ]", rows?.join(",\n    ")))
        }
        let parts = [
            ("about", serde_json::to_string(&self.about)?),
            ("sounds", rows(&self.sounds)?),
            ("recordings", rows(&self.recordings)?),
            ("pack", serde_json::to_string(&self.pack)?),
            ("queries", rows(&self.queries)?),
        ];
        let mut text = String::from("{");
        for (i, (name, value)) in parts.iter().enumerate() {
            // Writing into a string cannot fail.
            let _ = write!(text, "{}\n  \"{name}\": {value}", if i == 0 { "" } else { "," });
        }
        text.push_str("\n}\n");
        Ok(text)
    }

    /// The sound of this name.
    ///
    /// # Panics
    /// Where there is none: the file contradicts itself.
    pub fn sound(&self, name: &str) -> &Sound {
        let found = self.sounds.iter().find(|sound| sound.name == name);
        found.unwrap_or_else(|| panic!("vectors.json names a sound {name} that it does not hold"))
    }
}
