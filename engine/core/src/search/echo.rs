//! Who else holds what was found? What lies under the query in the recording that was found is searched
//! for in its turn. It is clean where the query may be noisy, so whoever shares it is found, and found at
//! the place where it does so: votes of the query alone may have led to another.

use super::judge::JUDGED;
use super::shards::{Budget, Wanted};
use super::{Candidate, Error, FEWEST_PEAKS, Query, Shards};
use crate::align::{Aligner, Fit};
use crate::votes::Hypothesis;

/// The recordings that share a sound play it alike. Those that share a third of their strong peaks share a ninth of the landmarks that these make, and
/// rounding parts some of those.
const SHARING: Wanted =
    Wanted { most: JUDGED, share: 1.0 / 20.0, budget: Budget { room: 32, most: 500_000 } };

impl Query {
    /// Other songs, the query placed on them where they are likest to what lies under it in `found`, and the
    /// number of postings read.
    ///
    /// # Errors
    /// What the packs' fingerprints give.
    pub(super) fn echoes<S: Shards>(
        &self,
        shards: &S,
        found: &Candidate,
    ) -> Result<(Vec<Candidate>, u64), Error> {
        let (start, part) = self.strong_under(found.placed());
        if part.len() < FEWEST_PEAKS {
            return Ok((Vec::new(), 0));
        }
        let (others, postings) = Self::new(part, 0, 0.0).candidates(shards, &[Hypothesis::PLAIN], SHARING)?;
        let mut aligner = Aligner::default();
        let mut placed = |other: Candidate| {
            // From the query to what was found, and from there to the other.
            let speed = other.fit.speed * found.fit.speed;
            let offset = other.fit.speed * (found.fit.offset - start as f32) + other.fit.offset;
            let fit = Fit { speed, offset, shift: found.fit.shift + other.fit.shift };
            Candidate { fit, weight: aligner.weigh(&self.peaks, &other.peaks, fit), ..other }
        };
        let others = others.into_iter().filter(|other| other.song_id != found.song_id);
        Ok((others.map(&mut placed).collect(), postings))
    }
}
