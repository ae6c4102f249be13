//! What the tests share: numbers from a seed, made-up songs and what is heard of them, packs of them.
#![allow(dead_code, reason = "each test binary uses a part of it")]

use sonica_engine::params::{FREQUENCY_STEPS, MAX_SECONDS, RANKS, STEPS_PER_OCTAVE, STEPS_PER_SECOND};
use sonica_engine::{Answer, Ballot, Constellation, Error, Options, Pack, PackBuilder, Peak, Shards};

/// Random numbers that are the same on every machine (SplitMix64, Steele et al. 2014).
pub struct Rng(pub u64);

impl Rng {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A whole number less than `n`.
    pub fn below(&mut self, n: u32) -> u32 {
        (((self.next() >> 32) * u64::from(n)) >> 32) as u32
    }

    /// A number in [0, 1).
    pub fn unit(&mut self) -> f32 {
        (self.next() >> 40) as f32 / 16_777_216.0
    }

    /// About a standard normal number (Irwin and Hall: twelve uniform ones).
    pub fn normal(&mut self) -> f32 {
        (0..12).map(|_| self.unit()).sum::<f32>() - 6.0
    }
}

/// White noise in [−level, level).
pub fn noise(seed: u64, length: usize, level: f32) -> Vec<f32> {
    let mut rng = Rng(seed);
    (0..length).map(|_| level * (2.0 * rng.unit() - 1.0)).collect()
}

/// A constellation of these peaks in order, none twice.
pub fn constellation(duration: u32, mut peaks: Vec<Peak>) -> Constellation {
    peaks.sort_unstable();
    peaks.dedup_by_key(|p| (p.time, p.frequency));
    Constellation { duration, peaks }
}

/// A song that never was: `per_second` peaks anywhere.
pub fn song(seed: u64, seconds: u32, per_second: u32) -> Constellation {
    let mut rng = Rng(seed);
    let duration = seconds * STEPS_PER_SECOND;
    let peaks = (0..seconds * per_second).map(|_| any_peak(&mut rng, duration));
    constellation(duration, peaks.collect())
}

fn any_peak(rng: &mut Rng, duration: u32) -> Peak {
    Peak {
        time: rng.below(duration),
        frequency: rng.below(u32::from(FREQUENCY_STEPS)) as u16,
        rank: rng.below(u32::from(RANKS)) as u8,
    }
}

/// What happens to a song on its way to the listener.
#[derive(Clone, Copy, Debug)]
pub struct Path {
    /// Where in the song the excerpt begins, and how long it sounds to the listener, seconds.
    pub from: f32,
    pub seconds: u32,
    /// Tempo, and pitch in semitones.
    pub speed: f32,
    pub semitones: f32,
    /// Share of the peaks that arrive, and strangers among them a second.
    pub survive: f32,
    pub strangers: u32,
    /// Standard deviation of the places of the peaks, steps of time and of frequency.
    pub jitter: (f32, f32),
}

impl Path {
    /// Ten seconds, unchanged but for what any microphone does.
    pub fn plain(from: f32) -> Self {
        let jitter = (1.0, 0.5);
        Self { from, seconds: 10, speed: 1.0, semitones: 0.0, survive: 0.6, strangers: 16, jitter }
    }

    /// The same, as a turntable at `speed` would play it.
    pub fn turntable(from: f32, speed: f32, semitones: f32) -> Self {
        Self { speed, semitones, ..Self::plain(from) }
    }
}

/// What is heard of a song.
pub fn heard(song: &Constellation, path: Path, seed: u64) -> Constellation {
    let mut rng = Rng(seed);
    let duration = path.seconds * STEPS_PER_SECOND;
    let from = path.from * STEPS_PER_SECOND as f32;
    let shift = path.semitones * STEPS_PER_OCTAVE as f32 / 12.0;
    let mut peaks: Vec<Peak> =
        (0..path.seconds * path.strangers).map(|_| any_peak(&mut rng, duration)).collect();
    for p in &song.peaks {
        let time = (p.time as f32 - from) / path.speed + path.jitter.0 * rng.normal();
        let frequency = f32::from(p.frequency) + shift + path.jitter.1 * rng.normal();
        let arrives = rng.unit() < path.survive;
        let fits = time >= 0.0 && time < duration as f32 && frequency >= 0.0;
        if arrives && fits && frequency < f32::from(FREQUENCY_STEPS) - 0.5 {
            peaks.push(Peak { time: time.round() as u32, frequency: frequency.round() as u16, rank: p.rank });
        }
    }
    constellation(duration, peaks)
}

/// The bytes of a pack of constellations: the first is recording 1 of song 101, and so on.
pub fn packed(songs: &[Constellation]) -> Vec<u8> {
    let mut builder = PackBuilder::default();
    for (id, song) in (1..).zip(songs) {
        let print = song.encode().expect("in order");
        builder.add(id, 100 + id, &print, ["title", "artist", "hi"]).expect("fits");
    }
    builder.build()
}

/// The same, opened.
pub fn pack(songs: &[Constellation]) -> Pack<Vec<u8>> {
    Pack::open(packed(songs)).expect("just built")
}

/// Packs that are searched one after the other.
pub struct Packs<'a, B> {
    pub packs: &'a [Pack<B>],
    pub excluded: &'a [u64],
}

impl<B: AsRef<[u8]> + Sync> Shards for Packs<'_, B> {
    type Bytes = B;

    fn packs(&self) -> impl Iterator<Item = &Pack<B>> {
        self.packs.iter()
    }

    fn is_excluded(&self, recording_id: u64) -> bool {
        self.excluded.contains(&recording_id)
    }

    fn each<T, J>(&self, job: J) -> Result<Vec<T>, Error>
    where
        T: Send,
        J: Fn(usize, &Pack<B>, &mut Ballot) -> Result<T, Error> + Sync,
    {
        let mut ballot = Ballot::default();
        self.packs.iter().enumerate().map(|(number, pack)| job(number, pack, &mut ballot)).collect()
    }
}

/// What one pack says of a query.
pub fn ask<B: AsRef<[u8]> + Sync>(pack: &Pack<B>, query: &Constellation, excluded: &[u64]) -> Answer {
    let packs = Packs { packs: core::slice::from_ref(pack), excluded };
    let print = query.encode().expect("in order");
    sonica_engine::recognize(&packs, &print, Options::default()).expect("valid packs")
}

/// Peaks behind time `start` as the specification codes them, one character a bit. `k` is the Rice parameter;
/// times are also written out where `escape` says so and they need not be.
pub fn spelled(start: u32, peaks: &[Peak], k: u32, escape: impl Fn(usize) -> bool) -> Vec<u8> {
    let mut bits = String::new();
    let mut last = start;
    for (i, p) in peaks.iter().enumerate() {
        let gap = p.time - last;
        last = p.time;
        if gap >> k >= 16 || escape(i) {
            bits += &format!("{}{gap:024b}", "1".repeat(16));
        } else {
            bits += &format!("{}0", "1".repeat((gap >> k) as usize));
            if k > 0 {
                bits += &format!("{:0width$b}", gap % (1 << k), width = k as usize);
            }
        }
        bits += &format!("{:010b}{:04b}", p.frequency, p.rank);
    }
    bits += &"0".repeat(bits.len().next_multiple_of(8) - bits.len());
    bits.as_bytes().chunks(8).map(|byte| byte.iter().fold(0, |all, bit| all << 1 | (bit - b'0'))).collect()
}

/// What every constellation that was read holds to.
pub fn is_sound(c: &Constellation) -> bool {
    c.duration <= MAX_SECONDS * STEPS_PER_SECOND
        && c.peaks.iter().all(|p| p.frequency < FREQUENCY_STEPS && p.rank < RANKS)
        && c.peaks.iter().all(|p| p.time <= c.duration + STEPS_PER_SECOND)
        && c.peaks.windows(2).all(|w| (w[0].time, w[0].frequency) < (w[1].time, w[1].frequency))
}

/// A fingerprint or frame whose last four bytes are made to fit what precedes them.
pub fn with_checksum(mut print: Vec<u8>) -> Vec<u8> {
    let body = print.len() - 4;
    let sum = crc32fast::hash(&print[..body]);
    print[body..].copy_from_slice(&sum.to_le_bytes());
    print
}
