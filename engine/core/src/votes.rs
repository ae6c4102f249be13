//! Voting: which places on a pack's time line do the query's landmarks agree on?
//!
//! A posting that holds one of the query's pairs says where the query would begin: the posting's hop
//! minus the pair's. Right answers say the same place again and again.
//!
//! A counter for each place of a long time line would lie far from the processor, and nearly all of them would stay
//! empty. So votes are counted twice: first in a *sketch*, small enough for the processor's own memory, where many
//! places share a counter; then exactly, but only those whose counter says that something may be there. What is
//! missed has fewer votes than what is found. (A count sketch of one row: Charikar, Chen and Farach-Colton 2002, without signs.)

use core::ops::Range;

use crate::landmarks::Pair;
use crate::pack::{CELL, GAP, List, Pack};

/// Counters of the sketch, at least and at most. The most fit a processor core's second cache.
const SLOTS: (usize, usize) = (1 << 12, 1 << 20);
/// Counters for each vote, where that are neither too few nor too many.
const PER_VOTE: usize = 2;
/// Pairs of counters that are looked at to find out how many votes are many, at least: all of a small sketch, one in
/// some of a large one.
const SAMPLE: usize = 1 << 13;
/// Counters of which one says that something may be there, at most.
const ONE_IN: usize = 256;
/// Places in two neighbouring cells looked at more closely, most votes first, …
const MOST_CELLS: u32 = 100;
/// … all that have so many votes being equal.
const MOST_VOTES: usize = 511;
/// Steps of cost in an octave; runs within one count as equally dear.
const STEPS: u32 = 16;
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

impl Hypothesis {
    /// Nothing was changed.
    pub const PLAIN: Self = Self { speed: 1.0, shift: 0.0 };
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

/// Postings of one key, or of some neighbours, that hold one pair of the query, and the hop at which that begins.
#[derive(Clone, Copy, Debug)]
struct Run {
    list: List,
    /// Cost of all lists in which this pair was looked for at once, as a step.
    step: u16,
    hop: i32,
}

/// Runs whose postings are fetched from memory at once.
const TOGETHER: usize = 32;

/// What counting needs, kept between queries. Memory: four bytes for every posting that the budget allows, and twice
/// the sketch, however long the time line is.
#[derive(Clone, Debug, Default)]
pub struct Ballot {
    /// Keys to look for, the hop at which a pair that has them begins, and which pair that is.
    probes: Vec<(Range<u32>, i32, u32)>,
    runs: Vec<Run>,
    /// Postings in the runs of each step.
    by_step: Vec<usize>,
    /// Cells in which the query would begin by some postings; first as hops.
    cells: Vec<u32>,
    /// Votes of all cells that share a counter.
    sketch: Vec<u8>,
    /// Whether a counter and one of its neighbours have many.
    many: Vec<u8>,
    /// Cells with votes that were counted exactly, and how many; ascending.
    counted: Vec<(u32, u32)>,
    spare: Vec<u32>,
    /// Postings read since it was made.
    pub postings: u64,
}

impl Ballot {
    /// The `most` best places under a hypothesis, one a recording, most votes first. At most `budget`
    /// postings are read, of those keys that cost least for a right vote. `excluded` says of a recording's index
    /// whether it counts as absent.
    pub fn hold<B: AsRef<[u8]>>(
        &mut self,
        pack: &Pack<B>,
        pairs: &[Pair],
        hypothesis: Hypothesis,
        (budget, most): (usize, usize),
        excluded: &dyn Fn(usize) -> bool,
    ) -> Vec<Place> {
        let total = self.gather(pack, pairs, hypothesis, budget);
        self.postings += total as u64;
        self.read(pack);
        self.count(pack.cells() as u32);
        self.elect(pack, hypothesis, most, excluded)
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
        for (number, pair) in (0..).zip(pairs) {
            pair.probe(hypothesis.speed, hypothesis.shift, |keys, hop| self.probes.push((keys, hop, number)));
        }
        self.runs.clear();
        let index = pack.index();
        let mut total = 0usize;
        for probes in self.probes.chunks(TOGETHER) {
            // As below: all that is needed is fetched from memory at once.
            let touch = |probe: &(Range<u32>, i32, u32)| index.touch_key(probe.0.start);
            core::hint::black_box(probes.iter().map(touch).fold(0, |all, some| all ^ some));
            for (keys, hop, number) in probes {
                let lists = index.lists(keys.clone());
                let length = lists.iter().fold(0u32, |sum, list| sum.saturating_add(list.count));
                // A damaged pack may claim the same bits for every key.
                total = total.saturating_add(length as usize);
                let step = step(pairs[*number as usize].cost(length));
                for list in lists {
                    if list.count > 0 {
                        self.runs.push(Run { list, step, hop: *hop });
                    }
                }
            }
        }
        if total > budget { self.keep_cheapest(budget) } else { total }
    }

    /// Drops the dearest runs until the budget holds. Returns how many postings are left.
    fn keep_cheapest(&mut self, budget: usize) -> usize {
        self.by_step.clear();
        self.by_step.resize(usize::from(step(u64::MAX)) + 1, 0);
        for run in &self.runs {
            let postings = &mut self.by_step[usize::from(run.step)];
            *postings = postings.saturating_add(run.list.count as usize);
        }
        let mut left = budget;
        let whole = self.by_step.iter().take_while(|&&postings| {
            let fits = postings <= left;
            left -= if fits { postings } else { 0 };
            fits
        });
        let end = whole.count();
        // Of those of the next step, the first ones that fit.
        self.runs.retain(|run| {
            let count = run.list.count as usize;
            let fits = usize::from(run.step) == end && count <= left;
            left -= if fits { count } else { 0 };
            fits || usize::from(run.step) < end
        });
        budget - left
    }

    /// Reads the runs: the cell of each posting.
    fn read<B: AsRef<[u8]>>(&mut self, pack: &Pack<B>) {
        let index = pack.index();
        self.cells.clear();
        for runs in self.runs.chunks(TOGETHER) {
            // The first posting of each is fetched from memory while the others are waited for.
            let touch = |run: &Run| index.touch(&run.list);
            core::hint::black_box(runs.iter().map(touch).fold(0, |all, some| all ^ some));
            for Run { list, hop, .. } in runs {
                // Before the first recording lies a gap, so this wraps only for a damaged posting, which then
                // lies beyond the last cell.
                index.read(list, *hop as u32, &mut self.cells);
            }
        }
    }

    /// Counts the votes of the cells, of so many, that may have many.
    fn count(&mut self, end: u32) {
        let wanted = (self.cells.len() * PER_VOTE).next_power_of_two().clamp(SLOTS.0, SLOTS.1);
        self.sketch.clear();
        self.sketch.resize(wanted, 0);
        sketch(&mut self.cells, &mut self.sketch);
        let least = many(&self.sketch);
        self.many.resize(wanted, 0);
        mark(&self.sketch, least, &mut self.many);
        let left = keep(&mut self.cells, &self.many);
        self.cells.truncate(left);
        sort(&mut self.cells, &mut self.spare);
        // Damaged postings may point anywhere.
        self.cells.truncate(self.cells.partition_point(|&cell| cell < end));
        self.counted.clear();
        let runs = self.cells.chunk_by(|a, b| a == b);
        self.counted.extend(runs.map(|same| (same[0], same.len() as u32)));
    }

    /// The best place of each recording among the cells that were counted.
    fn elect<B: AsRef<[u8]>>(
        &self,
        pack: &Pack<B>,
        hypothesis: Hypothesis,
        most: usize,
        excluded: &dyn Fn(usize) -> bool,
    ) -> Vec<Place> {
        let fewest = self.fewest();
        let mut places: Vec<Place> = Vec::new();
        for (i, &(cell, own)) in self.counted.iter().enumerate() {
            let (before, after) = self.beside(i);
            let votes = own + before.max(after);
            if votes < fewest {
                continue;
            }
            // The middle of the votes in both cells, so never more than half a cell off.
            let toward = (CELL * before.max(after) + votes / 2) / votes;
            let middle = cell * CELL + CELL / 2;
            let middle = if after >= before { middle + toward } else { middle.wrapping_sub(toward) };
            let recording = pack.at_hop(middle);
            let hop = middle.wrapping_sub(pack.start(recording)) as i32; // may be before it
            places.push(Place { votes, recording, hop, hypothesis });
        }
        places.sort_unstable_by_key(|p| (p.recording, core::cmp::Reverse(p.votes), p.hop));
        places.dedup_by_key(|p| p.recording);
        places.retain(|p| !excluded(p.recording));
        places.sort_unstable_by_key(|p| (core::cmp::Reverse(p.votes), p.recording));
        places.truncate(most);
        places
    }

    /// Votes in the cells before and behind one that was counted.
    fn beside(&self, i: usize) -> (u32, u32) {
        let cell = self.counted[i].0;
        let votes = |i: usize, cell: u32| match self.counted.get(i) {
            Some(&(other, votes)) if other == cell => votes,
            _ => 0,
        };
        (votes(i.wrapping_sub(1), cell.wrapping_sub(1)), votes(i + 1, cell.wrapping_add(1)))
    }

    /// The number of votes that no more than `MOST_CELLS` of the counted cells have with a neighbour.
    fn fewest(&self) -> u32 {
        let mut cells = [0u32; MOST_VOTES + 1];
        for (i, (_, own)) in self.counted.iter().enumerate() {
            let (before, after) = self.beside(i);
            cells[((own + before.max(after)) as usize).min(MOST_VOTES)] += 1;
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

/// The logarithm of a cost, in whole steps.
fn step(cost: u64) -> u16 {
    let octave = cost.checked_ilog2().unwrap_or(0);
    let within = if octave < STEPS.ilog2() {
        cost << (STEPS.ilog2() - octave)
    } else {
        cost >> (octave - STEPS.ilog2())
    };
    (octave * STEPS) as u16 + (within as u16 & (STEPS as u16 - 1))
}

// Functions of their own, so that all that they need is in registers. `sketch` and `many` hold a power of two.

/// Makes cells of hops, and counts them.
#[inline(never)]
fn sketch(hops: &mut [u32], sketch: &mut [u8]) {
    let last = sketch.len() - 1;
    for hop in hops {
        let cell = *hop / CELL;
        *hop = cell;
        let slot = &mut sketch[cell as usize & last];
        *slot = slot.saturating_add(1);
    }
}

/// Votes, in a counter and a neighbour, that only one in `ONE_IN` counters has.
fn many(sketch: &[u8]) -> u8 {
    let pairs = sketch.len() / 2;
    let each = (pairs / SAMPLE).max(1);
    let mut levels = [0usize; 256];
    for pair in sketch.chunks_exact(2).step_by(each) {
        levels[usize::from(pair[0].saturating_add(pair[1]))] += 1;
    }
    let allowed = pairs / (each * ONE_IN);
    let mut sum = 0;
    let above = levels.iter().rev().take_while(|&&n| {
        sum += n;
        sum <= allowed
    });
    (256 - above.count()).clamp(2, 255) as u8
}

/// Marks the counters that have, with one of their neighbours, at least so many.
#[inline(never)]
fn mark(sketch: &[u8], least: u8, many: &mut [u8]) {
    let end = sketch.len() - 1;
    let is_many = |own: u8, beside: u8| u8::from(own.saturating_add(beside) >= least);
    for (mark, three) in many[1..end].iter_mut().zip(sketch.windows(3)) {
        *mark = is_many(three[1], three[0].max(three[2]));
    }
    many[0] = is_many(sketch[0], sketch[end].max(sketch[1]));
    many[end] = is_many(sketch[end], sketch[end - 1].max(sketch[0]));
}

/// Moves the cells that are marked to the front. Returns how many they are.
#[inline(never)]
fn keep(cells: &mut [u32], many: &[u8]) -> usize {
    let last = many.len() - 1;
    let mut count = 0;
    for i in 0..cells.len() {
        let cell = cells[i];
        cells[count] = cell;
        count += usize::from(many[cell as usize & last]);
    }
    count
}

/// Sorts, by eleven bits at a time where there are many.
fn sort(cells: &mut Vec<u32>, spare: &mut Vec<u32>) {
    const BITS: u32 = 11;
    const FEW: usize = 1_000;
    if cells.len() < FEW {
        return cells.sort_unstable();
    }
    let highest = cells.iter().fold(0, |all, cell| all | cell);
    spare.resize(cells.len(), 0);
    for shift in (0..u32::BITS - highest.leading_zeros()).step_by(BITS as usize) {
        let digit = |cell: u32| (cell >> shift) as usize & ((1 << BITS) - 1);
        let mut ends = [0usize; 1 << BITS];
        cells.iter().for_each(|&cell| ends[digit(cell)] += 1);
        let mut sum = 0;
        for end in &mut ends {
            sum += core::mem::replace(end, sum);
        }
        for &cell in &*cells {
            let to = &mut ends[digit(cell)];
            spare[*to] = cell;
            *to += 1;
        }
        core::mem::swap(cells, spare);
    }
}

const _: () = assert!(GAP.is_multiple_of(CELL));

#[cfg(test)]
mod tests;
