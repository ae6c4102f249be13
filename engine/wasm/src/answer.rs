//! How answers and rows are laid out in the output: little-endian, without padding.

use sonica_engine::{Answer, Peak, RecordingInfo, Status};

/// | bytes | what |
/// |---|---|
/// | 0..4 | status: 0 none, 1 unsure, 2 match (u32) |
/// | 4..8 | how many of the first hits share the part that was heard (u32) |
/// | 8..12 | hypotheses tried (u32) |
/// | 12..20 | postings read (u64) |
/// | 20..24 | number of hits (u32) |
/// | 24..28 | number of features of a hit, F (u32) |
/// | 28.. | the hits, 36 + 4·F bytes each |
///
/// A hit: recording id (u64), song id (u64), then f32: offset in seconds, speed, change of pitch in
/// semitones, score, confidence, the features.
pub fn answer(answer: &Answer) -> Vec<u8> {
    let status: u32 = match answer.status {
        Status::None => 0,
        Status::Unsure => 1,
        Status::Match => 2,
    };
    let mut bytes = Vec::new();
    bytes.extend_from_slice(&status.to_le_bytes());
    bytes.extend_from_slice(&(answer.shared as u32).to_le_bytes());
    bytes.extend_from_slice(&(answer.hypotheses as u32).to_le_bytes());
    bytes.extend_from_slice(&answer.postings.to_le_bytes());
    bytes.extend_from_slice(&(answer.hits.len() as u32).to_le_bytes());
    bytes.extend_from_slice(&(sonica_engine::FEATURES.len() as u32).to_le_bytes());
    for hit in &answer.hits {
        bytes.extend_from_slice(&hit.recording_id.to_le_bytes());
        bytes.extend_from_slice(&hit.song_id.to_le_bytes());
        let numbers = [hit.offset_s, hit.speed, hit.pitch_semitones, hit.score, hit.confidence];
        for number in numbers.iter().chain(&hit.features) {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
    }
    bytes
}

/// | bytes | what |
/// |---|---|
/// | 0..16 | recording id, song id (u64) |
/// | 16..20 | duration, seconds (f32) |
/// | 20..26 | lengths of title, artist, language in bytes (u16) |
/// | 26.. | the three texts, UTF-8 |
pub fn recording(info: &RecordingInfo<'_>) -> Vec<u8> {
    let texts = [info.title, info.artist, info.language];
    let mut bytes = Vec::new();
    bytes.extend_from_slice(&info.recording_id.to_le_bytes());
    bytes.extend_from_slice(&info.song_id.to_le_bytes());
    bytes.extend_from_slice(&info.seconds.to_le_bytes());
    for text in texts {
        bytes.extend_from_slice(&(text.len() as u16).to_le_bytes());
    }
    texts.iter().for_each(|text| bytes.extend_from_slice(text.as_bytes()));
    bytes
}

/// Three f32 a peak: time in seconds, frequency in Hz, strength.
pub fn peaks(peaks: &[Peak]) -> Vec<u8> {
    let numbers = peaks.iter().flat_map(|p| [p.seconds(), p.hertz(), p.strength()]);
    numbers.flat_map(f32::to_le_bytes).collect()
}
