//! Packs that are searched as one. Each is voted in as if it were alone, since whatever is not read cannot be
//! found; but what is looked at closely is chosen among all of them.

use super::{Candidate, LEAST_ALIGNED, Query};
use crate::error::Error;
use crate::pack::Pack;
use crate::votes::{Ballot, Hypothesis, Place};

/// Places that may be aligned, of all hypotheses: of one pack; of several by the square root of their number more.
const ALIGNED: usize = 400;

/// Postings that are read in all packs together however short their time lines are, …
const FEW: usize = 20_000;
/// … and in each pack however small it is beside the others: those that are right take as many in a small one.
const LEAST: usize = 2_000;

/// Which places of each hypothesis are looked at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    /// So many at most of one pack, of several by the square root of their number more, …
    pub most: usize,
    /// … and none with less than this share of the votes of the best.
    pub share: f32,
    /// Postings read under the plain hypothesis; [`CHANGED`] under others, where that is less.
    pub budget: Budget,
}

/// Postings read under each hypothesis that changes something.
const CHANGED: Budget = Budget { room: 48, most: 130_000 };

/// How many postings are read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Budget {
    /// One for so many cells of the time line at most: what chance puts into a cell hides what is right, however
    /// long the line is.
    pub room: usize,
    /// So many at most in all packs together, but for small ones, and for each [`LARGE`] time lines as many.
    pub most: usize,
}

/// Cells of the time lines of all packs, 100,000 songs of a minute: of longer ones more is read, by as much. Else
/// what is right would have to lie in fewer and fewer lists, and of a million songs a quarter be lost.
const LARGE: u64 = 73_000_000;

impl Budget {
    /// Of a pack of so many cells, of all that have so many.
    fn of(self, cells: u64, all: u64) -> usize {
        let share =
            |postings: usize, of: u64| (postings as u64 * cells / of.max(1)).min(postings as u64) as usize;
        let line = usize::try_from(cells).unwrap_or(usize::MAX) / self.room;
        line.min(share(self.most, all.min(LARGE))).max(share(FEW, all)).max(LEAST)
    }
}

/// The packs that are searched, one after the other or side by side.
pub trait Shards: Sync {
    /// Where the bytes of a pack are.
    type Bytes: AsRef<[u8]> + Sync;

    /// The packs.
    fn packs(&self) -> impl Iterator<Item = &Pack<Self::Bytes>>;

    /// Whether a recording counts as absent.
    fn is_excluded(&self, recording_id: u64) -> bool;

    /// What `job` makes of each pack, which it is given with its number and somewhere to count.
    ///
    /// # Errors
    /// What the job gives for any of them.
    fn each<T, J>(&self, job: J) -> Result<Vec<T>, Error>
    where
        T: Send,
        J: Fn(usize, &Pack<Self::Bytes>, &mut Ballot) -> Result<T, Error> + Sync;
}

impl Query {
    /// The recordings that this may be, the best place of each, aligned; and the number of postings read.
    ///
    /// # Errors
    /// What [`crate::Constellation::decode`] says of a fingerprint in a pack.
    pub(super) fn candidates<S: Shards>(
        &self,
        shards: &S,
        hypotheses: &[Hypothesis],
        wanted: Wanted,
    ) -> Result<(Vec<Candidate>, u64), Error> {
        let (places, postings) = self.places(shards, hypotheses, wanted)?;
        Ok((self.aligned(shards, &places)?, postings))
    }

    /// The places that are worth aligning, by pack; and the number of postings read.
    ///
    /// # Errors
    /// What [`Shards::each`] gives.
    pub(super) fn places<S: Shards>(
        &self,
        shards: &S,
        hypotheses: &[Hypothesis],
        wanted: Wanted,
    ) -> Result<(ByPack, u64), Error> {
        let cells = |pack: &Pack<S::Bytes>| pack.cells() as u64;
        let all = shards.packs().map(cells).sum();
        let voted = shards.each(|_, pack, ballot| {
            let plain = wanted.budget.of(cells(pack), all);
            let changed = plain.min(CHANGED.of(cells(pack), all));
            let before = ballot.postings;
            let absent = |recording: usize| shards.is_excluded(pack.ids(recording).0);
            let hold = |&hypothesis: &Hypothesis| {
                let (pairs, budget) = match hypothesis {
                    Hypothesis::PLAIN => (&self.pairs, plain),
                    _ => (&self.foremost, changed),
                };
                ballot.hold(pack, pairs, hypothesis, (budget, wanted.most), &absent)
            };
            let places: Vec<Vec<Place>> = hypotheses.iter().map(hold).collect();
            Ok((places, ballot.postings - before))
        })?;
        let postings = voted.iter().map(|(_, postings)| postings).sum();
        Ok((best(voted.into_iter().map(|(places, _)| places).collect(), wanted), postings))
    }

    /// The recordings at these places, the best place of each, aligned.
    ///
    /// # Errors
    /// What [`crate::Constellation::decode`] says of a fingerprint in a pack.
    pub(super) fn aligned<S: Shards>(&self, shards: &S, places: &ByPack) -> Result<Vec<Candidate>, Error> {
        let least = LEAST_ALIGNED.div_ceil(places.len().max(1));
        let aligned = shards.each(|number, pack, _| self.align(pack, &places[number], least))?;
        Ok(aligned.into_iter().flatten().collect())
    }
}

/// The places in each pack.
pub(super) type ByPack = Vec<Vec<Place>>;

/// The `most` of these places with most votes.
pub(super) fn foremost(places: &ByPack, most: usize) -> ByPack {
    let all = places.iter().enumerate().flat_map(|(pack, of)| of.iter().map(move |&place| (pack, place)));
    chosen(all.collect(), most, places.len())
}

fn chosen(mut all: Vec<(usize, Place)>, most: usize, packs: usize) -> ByPack {
    all.sort_by_key(most_votes);
    all.truncate(most);
    let mut places = vec![Vec::new(); packs];
    for (pack, place) in all {
        places[pack].push(place);
    }
    places
}

fn most_votes((_, place): &(usize, Place)) -> core::cmp::Reverse<u32> {
    core::cmp::Reverse(place.votes)
}

/// The places that are worth aligning, by pack, of those that each pack has under each hypothesis:
/// those of each hypothesis that are wanted, and of these the ones with most votes.
fn best(by_pack: Vec<Vec<Vec<Place>>>, wanted: Wanted) -> Vec<Vec<Place>> {
    let packs = by_pack.len();
    let hypotheses = by_pack.first().map_or(0, Vec::len);
    let mut by_hypothesis: Vec<Vec<(usize, Place)>> = vec![Vec::new(); hypotheses];
    for (pack, found) in by_pack.into_iter().enumerate() {
        for (all, places) in by_hypothesis.iter_mut().zip(found) {
            all.extend(places.into_iter().map(|place| (pack, place)));
        }
    }
    let more = (packs as f32).sqrt();
    let most = (wanted.most as f32 * more) as usize;
    for places in &mut by_hypothesis {
        places.sort_by_key(most_votes);
        places.truncate(most);
        let fewest = wanted.share * places.first().map_or(0.0, |(_, best)| best.votes as f32);
        places.retain(|(_, place)| place.votes as f32 >= fewest);
    }
    chosen(by_hypothesis.concat(), (ALIGNED as f32 * more) as usize, packs)
}

#[cfg(test)]
mod tests;
