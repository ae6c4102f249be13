//! Packs that are searched as one: what is read and looked at closely is shared among them, so that a
//! catalogue costs what one pack of its size would.

use super::{Candidate, Query};
use crate::error::Error;
use crate::pack::Pack;
use crate::votes::{Ballot, Hypothesis, Place};

/// Postings read under each of the first hypotheses, and under each of the others, in all packs.
const BUDGET: usize = 400_000;
const WARPED_BUDGET: usize = 100_000;
/// Postings that are read in a pack at least, however small its part of the time line: songs that were
/// just added are in small packs, and the rarest keys of these hold nearly all of their postings.
const LEAST: usize = 20_000;
/// Places kept of each hypothesis.
pub(super) const PLACES: usize = 10;
/// Places aligned, of all hypotheses.
const ALIGNED: usize = 400;

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
    /// The recordings that this may be, the best place of each, aligned; and the number of postings read. Of
    /// each hypothesis the `most` best places are looked at.
    ///
    /// # Errors
    /// What [`crate::Constellation::decode`] says of a fingerprint in a pack.
    pub(super) fn candidates<S: Shards>(
        &self,
        shards: &S,
        hypotheses: &[Hypothesis],
        most: usize,
    ) -> Result<(Vec<Candidate>, u64), Error> {
        let all = shards.packs().map(|pack| u64::from(pack.hops())).sum();
        let voted = shards.each(|_, pack, ballot| {
            let before = ballot.postings;
            let absent = |recording: usize| shards.is_excluded(pack.ids(recording).0);
            let hold = |&hypothesis: &Hypothesis| {
                let budget = share_of_budget(hypothesis, u64::from(pack.hops()), all);
                ballot.hold(pack, &self.pairs, hypothesis, (budget, most), &absent)
            };
            let places: Vec<Vec<Place>> = hypotheses.iter().map(hold).collect();
            Ok((places, ballot.postings - before))
        })?;
        let postings = voted.iter().map(|(_, postings)| postings).sum();
        let places = best(voted.into_iter().map(|(places, _)| places).collect(), most);
        let aligned = shards.each(|number, pack, _| self.align(pack, &places[number]))?;
        Ok((aligned.into_iter().flatten().collect(), postings))
    }
}

/// A pack's share of the postings that may be read, by its share of the time line.
fn share_of_budget(hypothesis: Hypothesis, hops: u64, all: u64) -> usize {
    let budget = if hypothesis.is_nominal() { BUDGET } else { WARPED_BUDGET };
    let share = budget as u64 * hops / all.max(1);
    (share as usize).clamp(LEAST, budget)
}

/// The places that are worth aligning, by pack, of those that each pack has under each hypothesis: the
/// `most` best of each hypothesis, and of these the ones with most votes.
fn best(by_pack: Vec<Vec<Vec<Place>>>, most: usize) -> Vec<Vec<Place>> {
    let packs = by_pack.len();
    let hypotheses = by_pack.first().map_or(0, Vec::len);
    let mut by_hypothesis: Vec<Vec<(usize, Place)>> = vec![Vec::new(); hypotheses];
    for (pack, found) in by_pack.into_iter().enumerate() {
        for (all, places) in by_hypothesis.iter_mut().zip(found) {
            all.extend(places.into_iter().map(|place| (pack, place)));
        }
    }
    let most_votes = |(_, place): &(usize, Place)| core::cmp::Reverse(place.votes);
    for places in &mut by_hypothesis {
        places.sort_by_key(most_votes);
        places.truncate(most);
    }
    let mut all = by_hypothesis.concat();
    all.sort_by_key(most_votes);
    all.truncate(ALIGNED);
    let mut places = vec![Vec::new(); packs];
    for (pack, place) in all {
        places[pack].push(place);
    }
    places
}

#[cfg(test)]
mod tests;
