//! Voting: which places on a pack's time line do the query's landmarks agree on?
//!
//! A posting that holds one of the query's pairs says where the query would begin: the posting's hop
//! minus the pair's. Right answers say the same place again and again.

use core::ops::Range;

use crate::landmarks::Pair;
use crate::pack::{GAP, Pack};

/// Hops in a cell of places (128 ms).
const CELL: u32 = 8;
/// Postings read under one hypothesis: the rarest keys first, until so many are spent.
const BUDGET: usize = 400_000;
/// Fewest votes, in two neighbouring cells, of a place worth naming.
const FEWEST: u32 = 3;

/// How the query may differ from the recording.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hypothesis {
    /// Tempo of the query relative to the recording.
    pub speed: f32,
    /// What must be added to the query's frequencies to get the recording's, steps of 1/144 octave.
    pub shift: f32,
}

/// A place that got votes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// Votes in its two cells.
    pub votes: u32,
    /// Recording, by its index in the pack.
    pub recording: usize,
    /// Where the query begins, in hops from the start of the recording.
    pub hop: i32,
    /// Under which hypothesis.
    pub hypothesis: Hypothesis,
}

/// Counters, kept between queries. Memory: 4 bytes for every 128 ms of the pack's time line.
#[derive(Clone, Debug, Default)]
pub struct Ballot {
    /// Count in the low half, the round in which it was counted in the high half: a counter of
    /// another round is zero, so that nothing has to be cleared.
    cells: Vec<u32>,
    round: u32,
    runs: Vec<(Range<u32>, u32, i32)>,
    popular: Vec<u32>,
    /// Postings read since it was made.
    pub postings: u64,
}

impl Ballot {
    /// The `most` best places under a hypothesis, one a recording, most votes first. `excluded` says of
    /// a recording's index whether it counts as absent.
    pub fn hold<B: AsRef<[u8]>>(
        &mut self,
        pack: &Pack<B>,
        pairs: &[Pair],
        hypothesis: Hypothesis,
        most: usize,
        excluded: &dyn Fn(usize) -> bool,
    ) -> Vec<Place> {
        let cells = (pack.hops() / CELL) as usize + 2;
        self.next_round(cells);
        let total = self.gather(pack, pairs, hypothesis);
        // What chance alone puts into a cell, and a good deal more.
        let chance = total as f32 / cells as f32;
        let popular = ((chance + 2.5 * chance.sqrt()) as u32).max(2);
        self.count(pack, popular);
        self.elect(pack, hypothesis, most, excluded)
    }

    fn next_round(&mut self, cells: usize) {
        if self.cells.len() < cells {
            self.cells.resize(cells, 0);
        }
        if self.round == 0xffff {
            self.cells.fill(0);
            self.round = 0;
        }
        self.round += 1;
    }

    /// The runs of keys to read, within the budget. Returns how many postings they hold.
    fn gather<B: AsRef<[u8]>>(&mut self, pack: &Pack<B>, pairs: &[Pair], hypothesis: Hypothesis) -> usize {
        let runs = &mut self.runs;
        runs.clear();
        let mut total = 0;
        for pair in pairs {
            pair.probe(hypothesis.speed, hypothesis.shift, |keys, hop| {
                let length = pack.postings(keys.clone()).len();
                if length > 0 {
                    total += length;
                    runs.push((keys, length as u32, hop));
                }
            });
        }
        if total > BUDGET {
            runs.sort_unstable_by_key(|(keys, length, hop)| (*length, keys.start, *hop));
            total = 0;
            let within = runs.iter().take_while(|(_, length, _)| {
                total += *length as usize;
                total <= BUDGET
            });
            let within = within.count();
            runs.truncate(within);
        }
        self.postings += total.min(BUDGET) as u64;
        total.min(BUDGET)
    }

    /// Counts the votes; lists the cells that reach `popular`.
    fn count<B: AsRef<[u8]>>(&mut self, pack: &Pack<B>, popular: u32) {
        let round = self.round << 16;
        let threshold = round | popular;
        self.popular.clear();
        for (keys, _, hop) in &self.runs {
            for posting in pack.postings(keys.clone()) {
                // Before the first recording lies a gap, so this wraps only for a damaged posting,
                // which then lies beyond the last cell.
                let cell = u32::from_le_bytes(*posting).wrapping_sub(*hop as u32) / CELL;
                let Some(counter) = self.cells.get_mut(cell as usize) else { continue };
                *counter = if *counter >= round { *counter + 1 } else { round | 1 };
                if *counter == threshold {
                    self.popular.push(cell);
                }
            }
        }
    }

    /// The best place of each recording among the popular cells.
    fn elect<B: AsRef<[u8]>>(
        &self,
        pack: &Pack<B>,
        hypothesis: Hypothesis,
        most: usize,
        excluded: &dyn Fn(usize) -> bool,
    ) -> Vec<Place> {
        let round = self.round << 16;
        let votes = |cell: u32| self.cells.get(cell as usize).map_or(0, |&c| c.saturating_sub(round));
        let mut places: Vec<Place> = Vec::new();
        for &cell in &self.popular {
            let (before, after) = (votes(cell.wrapping_sub(1)), votes(cell + 1));
            let total = votes(cell) + before.max(after);
            if total < FEWEST {
                continue;
            }
            // The seam between the two cells.
            let seam = if after >= before { cell + 1 } else { cell } * CELL;
            let recording = pack.at_hop(seam);
            let hop = seam as i32 - pack.start(recording) as i32;
            places.push(Place { votes: total, recording, hop, hypothesis });
        }
        places.sort_unstable_by_key(|p| (p.recording, core::cmp::Reverse(p.votes), p.hop));
        places.dedup_by_key(|p| p.recording);
        places.retain(|p| !excluded(p.recording));
        places.sort_unstable_by_key(|p| (core::cmp::Reverse(p.votes), p.recording));
        places.truncate(most);
        places
    }
}

const _: () = assert!(GAP.is_multiple_of(CELL));
