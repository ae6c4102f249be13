//! Voting: which places on a pack's time line do the query's landmarks agree on?
//!
//! A posting that holds one of the query's pairs says where the query would begin: the posting's hop
//! minus the pair's. Right answers say the same place again and again.

use core::ops::Range;

use crate::landmarks::Pair;
use crate::pack::{CELL, GAP, List, Pack};

/// Postings of one hypothesis are no more than this share of the cells, or so many in a small pack: the rarest keys
/// say most, and what chance puts into a cell beside them hides it.
const CROWDED: usize = 8;
const FEW: usize = 20_000;
/// Cells looked at more closely, most votes first, …
const MOST_CELLS: u32 = 100;
/// … all that have so many votes being equal.
const MOST_VOTES: usize = 511;
/// Runs of this length and longer count as equally common.
const LENGTHS: usize = 4_096;
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

/// Postings of one key, or of two neighbours, that hold one pair of the query, and the hop at which that begins.
#[derive(Clone, Copy, Debug)]
struct Run {
    list: List,
    /// Postings of all keys under which this pair was looked for at once.
    length: u32,
    hop: i32,
}

/// Runs whose postings are fetched from memory at once.
const TOGETHER: usize = 32;
/// Bits of a counter that count; the others hold the round in which it was counted.
const COUNT_BITS: u32 = 11;
const MOST_COUNTED: u16 = (1 << COUNT_BITS) - 1;

/// Counters of cells, and the cells that have reached a threshold.
#[derive(Debug)]
struct Tally<'a> {
    cells: &'a mut [u16],
    found: &'a mut [u32],
    /// How many were found.
    count: usize,
    round: u16,
    threshold: u16,
}

impl Tally<'_> {
    /// Counts a vote at each of these hops. A function of its own, so that all it needs is in registers.
    #[inline(never)]
    fn add(&mut self, hops: &[u32]) {
        let (cells, found, round, threshold) =
            (&mut *self.cells, &mut *self.found, self.round, self.threshold);
        let most = found.len();
        let mut count = self.count;
        for hop in hops {
            let cell = hop / CELL;
            let Some(counter) = cells.get_mut(cell as usize) else { continue };
            // No counter is of a later round, so a smaller one is of an earlier.
            let counted = (*counter).max(round).min(round | (MOST_COUNTED - 1)) + 1;
            *counter = counted;
            let last = count.min(most - 1);
            found[last] = cell;
            count += usize::from(counted == threshold);
        }
        self.count = count;
    }
}

/// Counters, kept between queries. Memory: 2 bytes for every 128 ms of the pack's time line.
#[derive(Clone, Debug, Default)]
pub struct Ballot {
    /// A counter of another round than this is zero, so that nothing has to be cleared between rounds.
    cells: Vec<u16>,
    round: u16,
    /// Keys to look for, and the hop at which a pair that has them begins.
    probes: Vec<(Range<u32>, i32)>,
    runs: Vec<Run>,
    /// Where the query would begin by some postings, hops.
    begins: Vec<u32>,
    /// Postings in the runs of each length up to `LENGTHS`.
    by_length: Vec<usize>,
    popular: Vec<u32>,
    /// Postings read since it was made.
    pub postings: u64,
}

impl Ballot {
    /// The `most` best places under a hypothesis, one a recording, most votes first. At most `budget`
    /// postings are read, of the rarest keys. `excluded` says of a recording's index whether it counts
    /// as absent.
    pub fn hold<B: AsRef<[u8]>>(
        &mut self,
        pack: &Pack<B>,
        pairs: &[Pair],
        hypothesis: Hypothesis,
        (budget, most): (usize, usize),
        excluded: &dyn Fn(usize) -> bool,
    ) -> Vec<Place> {
        let cells = (pack.hops() / CELL) as usize + 2;
        self.next_round(cells);
        let budget = budget.min(FEW.max(cells / CROWDED));
        let total = self.gather(pack, pairs, hypothesis, budget);
        // What chance alone puts into a cell, and a good deal more.
        let chance = total as f32 / cells as f32;
        let popular = ((chance + 2.5 * chance.sqrt()) as u16).clamp(2, MOST_COUNTED - 1);
        self.count(pack, cells, popular);
        self.elect(pack, cells, hypothesis, most, excluded)
    }

    fn next_round(&mut self, cells: usize) {
        if self.cells.len() < cells {
            self.cells.resize(cells, 0);
        }
        if self.round == u16::MAX >> COUNT_BITS {
            self.cells.fill(0);
            self.round = 0;
        }
        self.round += 1;
    }

    /// The runs of keys to read, within the budget. Returns how many postings they hold.
    fn gather<B: AsRef<[u8]>>(
        &mut self,
        pack: &Pack<B>,
        pairs: &[Pair],
        hypothesis: Hypothesis,
        budget: usize,
    ) -> usize {
        self.probes.clear();
        for pair in pairs {
            pair.probe(hypothesis.speed, hypothesis.shift, |keys, hop| self.probes.push((keys, hop)));
        }
        self.runs.clear();
        let index = pack.index();
        let mut total = 0usize;
        for probes in self.probes.chunks(TOGETHER) {
            // As below: all that is needed is fetched from memory at once.
            let touch = |probe: &(Range<u32>, i32)| index.touch_key(probe.0.start);
            core::hint::black_box(probes.iter().map(touch).fold(0, |all, some| all ^ some));
            for (keys, hop) in probes {
                let lists = index.lists(keys.clone());
                let length = lists[0].count.saturating_add(lists[1].count);
                // A damaged pack may claim the same bits for every key.
                total = total.saturating_add(length as usize);
                for list in lists {
                    if list.count > 0 {
                        self.runs.push(Run { list, length, hop: *hop });
                    }
                }
            }
        }
        if total > budget {
            total = self.keep_rarest(budget);
        }
        self.postings += total as u64;
        total
    }

    /// Drops the longest runs until the budget holds. Returns how many postings are left.
    fn keep_rarest(&mut self, budget: usize) -> usize {
        self.by_length.clear();
        self.by_length.resize(LENGTHS + 1, 0);
        for run in &self.runs {
            let postings = &mut self.by_length[(run.length as usize).min(LENGTHS)];
            *postings = postings.saturating_add(run.list.count as usize);
        }
        let mut total = 0usize;
        let longest = self.by_length.iter().take_while(|&&postings| {
            total = total.saturating_add(postings);
            total <= budget
        });
        let end = longest.count().min(LENGTHS);
        self.runs.retain(|run| (run.length as usize) < end);
        self.by_length[..end].iter().sum()
    }

    /// Counts the votes; lists the cells that reach `popular`.
    fn count<B: AsRef<[u8]>>(&mut self, pack: &Pack<B>, cells: usize, popular: u16) {
        let round = self.round << COUNT_BITS;
        let threshold = round | popular;
        self.popular.clear();
        // Room for all that may be found, so that finding is no branch: it would be mispredicted.
        let most =
            self.runs.iter().map(|run| run.list.count as usize).sum::<usize>() / usize::from(popular) + 1;
        self.popular.resize(most, 0);
        let mut tally =
            Tally { cells: &mut self.cells[..cells], found: &mut self.popular, count: 0, round, threshold };
        let index = pack.index();
        self.begins.clear();
        for runs in self.runs.chunks(TOGETHER) {
            // The first posting of each is fetched from memory while the others are waited for.
            let touch = |run: &Run| index.touch(&run.list);
            core::hint::black_box(runs.iter().map(touch).fold(0, |all, some| all ^ some));
            for Run { list, hop, .. } in runs {
                // Before the first recording lies a gap, so this wraps only for a damaged posting, which then
                // lies beyond the last cell.
                index.read(list, *hop as u32, &mut self.begins);
            }
            tally.add(&self.begins);
            self.begins.clear();
        }
        let count = tally.count;
        self.popular.truncate(count);
    }

    /// The best place of each recording among the popular cells.
    fn elect<B: AsRef<[u8]>>(
        &self,
        pack: &Pack<B>,
        cells: usize,
        hypothesis: Hypothesis,
        most: usize,
        excluded: &dyn Fn(usize) -> bool,
    ) -> Vec<Place> {
        let round = self.round << COUNT_BITS;
        let cells = &self.cells[..cells];
        let votes = |cell: u32| cells.get(cell as usize).map_or(0, |&c| u32::from(c.saturating_sub(round)));
        let both = |cell: u32| votes(cell) + votes(cell.wrapping_sub(1)).max(votes(cell + 1));
        let fewest = self.fewest(both);
        let mut places: Vec<Place> = Vec::new();
        for &cell in self.popular.iter().filter(|&&cell| both(cell) >= fewest) {
            // The middle of the votes in both cells, so never more than half a cell off.
            let (before, after) = (votes(cell.wrapping_sub(1)), votes(cell + 1));
            let toward = (CELL * before.max(after) + both(cell) / 2) / both(cell);
            let middle = cell * CELL + CELL / 2;
            let middle = if after >= before { middle + toward } else { middle.wrapping_sub(toward) };
            let recording = pack.at_hop(middle);
            let hop = middle.wrapping_sub(pack.start(recording)) as i32; // may be before it
            places.push(Place { votes: both(cell), recording, hop, hypothesis });
        }
        places.sort_unstable_by_key(|p| (p.recording, core::cmp::Reverse(p.votes), p.hop));
        places.dedup_by_key(|p| p.recording);
        places.retain(|p| !excluded(p.recording));
        places.sort_unstable_by_key(|p| (core::cmp::Reverse(p.votes), p.recording));
        places.truncate(most);
        places
    }

    /// The number of votes that no more than `MOST_CELLS` of the popular cells have.
    fn fewest(&self, votes: impl Fn(u32) -> u32) -> u32 {
        let mut cells = [0u32; MOST_VOTES + 1];
        for &cell in &self.popular {
            cells[(votes(cell) as usize).min(MOST_VOTES)] += 1;
        }
        let mut sum = 0;
        let levels = cells.iter().rev().take_while(|&&n| {
            sum += n;
            sum <= MOST_CELLS
        });
        let level = (MOST_VOTES + 1).saturating_sub(levels.count()).min(MOST_VOTES);
        FEWEST.max(level as u32)
    }
}

const _: () = assert!(GAP.is_multiple_of(CELL));

#[cfg(test)]
mod tests;
