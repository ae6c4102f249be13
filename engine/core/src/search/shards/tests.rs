//! What is shared among packs, and how.

use super::*;
use crate::hypotheses;

const NOMINAL: Hypothesis = Hypothesis { speed: 1.0, shift: 0.0 };

fn place(votes: u32, recording: usize) -> Place {
    Place { votes, recording, hop: 0, hypothesis: NOMINAL }
}

#[test]
fn one_pack_has_all_of_the_budget() {
    for hops in [0, 1, 1_000_000] {
        assert_eq!(share_of_budget(NOMINAL, hops, hops.max(1)), if hops == 0 { LEAST } else { BUDGET });
    }
    let warped = hypotheses::warped()[0];
    assert_eq!(share_of_budget(warped, 7, 7), WARPED_BUDGET);
}

#[test]
fn packs_share_the_budget_by_their_length_and_small_ones_have_enough() {
    let hops = [10_000_000, 5_000_000, 4_000_000, 999_000, 1_000];
    let all = hops.iter().sum();
    let shares = hops.map(|hops| share_of_budget(NOMINAL, hops, all));
    assert_eq!(shares, [200_000, 100_000, 80_000, LEAST, LEAST]);
}

#[test]
fn places_of_one_pack_are_kept_as_they_are() {
    let found = vec![(0..PLACES).map(|i| place(90 - i as u32, i)).collect(), vec![place(95, 3), place(4, 4)]];
    let kept = best(vec![found], PLACES);
    assert_eq!(kept.len(), 1);
    assert_eq!((kept[0].len(), kept[0][0].votes, kept[0][1].votes), (PLACES + 2, 95, 90));
}

#[test]
fn of_many_packs_the_best_places_of_each_hypothesis_are_kept() {
    let few = |votes: u32| vec![(0..PLACES).map(|i| place(votes - i as u32, i)).collect(), vec![]];
    let kept = best(vec![few(30), few(100), few(35), vec![vec![], vec![place(3, 0)]]], PLACES);
    assert_eq!(kept.iter().map(Vec::len).collect::<Vec<_>>(), [0, PLACES, 0, 1]);
    assert!(best(Vec::new(), PLACES).is_empty());
}

#[test]
fn no_more_places_are_kept_than_can_be_aligned() {
    let many = || vec![vec![place(9, 1); PLACES]; 2 * ALIGNED / PLACES];
    assert_eq!(best(vec![many()], PLACES)[0].len(), ALIGNED);
    assert_eq!(best(vec![many(), many(), many()], PLACES).iter().map(Vec::len).sum::<usize>(), ALIGNED);
}
