//! What is shared among packs, and how.

use super::*;

const MOST: usize = 10;
const PLACES: Wanted = Wanted { most: MOST, share: 0.0, budget: Budget { room: 1, most: 1 } };
const NOMINAL: Hypothesis = Hypothesis { speed: 1.0, shift: 0.0 };

fn place(votes: u32, recording: usize) -> Place {
    Place { votes, recording, hop: 0, hypothesis: NOMINAL }
}

#[test]
fn places_of_one_pack_are_kept_as_they_are() {
    let found = vec![(0..MOST).map(|i| place(90 - i as u32, i)).collect(), vec![place(95, 3), place(4, 4)]];
    let kept = best(vec![found], PLACES);
    assert_eq!(kept.len(), 1);
    assert_eq!((kept[0].len(), kept[0][0].votes, kept[0][1].votes), (MOST + 2, 95, 90));
}

#[test]
fn of_many_packs_the_best_places_of_each_hypothesis_are_kept() {
    let few = |votes: u32| vec![(0..MOST).map(|i| place(votes - i as u32, i)).collect(), vec![]];
    let kept = best(vec![few(12), few(100), few(35), vec![vec![], vec![place(3, 0)]]], PLACES);
    assert_eq!(kept.iter().map(Vec::len).collect::<Vec<_>>(), [0, MOST, MOST, 1]);
    assert!(best(Vec::new(), PLACES).is_empty());
}

#[test]
fn no_more_places_are_kept_than_can_be_aligned() {
    let many = || vec![vec![place(9, 1); MOST]; 2 * ALIGNED / MOST];
    assert_eq!(best(vec![many()], PLACES)[0].len(), ALIGNED);
    assert_eq!(best((0..4).map(|_| many()).collect(), PLACES).concat().len(), 2 * ALIGNED);
}

#[test]
fn places_with_a_small_share_of_the_votes_can_be_left_out() {
    let found = || vec![vec![vec![place(320, 0), place(20, 1), place(19, 2)]], vec![vec![place(21, 0)]]];
    let kept = best(found(), Wanted { most: 9, share: 1.0 / 16.0, ..PLACES });
    assert_eq!(kept.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(best(found(), Wanted { most: 1, ..PLACES }).concat().len(), 1);
}

#[test]
fn a_small_pack_is_read_beside_a_large_one() {
    let budget = Budget { room: 48, most: 130_000 };
    // A song alone beside 10,000 hours; packs of all sizes; and lines that no memory could hold.
    assert_eq!(budget.of(1_700, 281_000_000), LEAST);
    assert_eq!(budget.of(130_000, 130_000), FEW);
    assert_eq!(budget.of(4_800_000, 4_800_000), 100_000);
    assert_eq!(budget.of(1 << 30, 4 << 30), 130_000);
    assert_eq!(budget.of(0, 0), LEAST);
}

#[test]
fn of_many_large_packs_each_is_read_as_if_it_were_alone() {
    let budget = Budget { room: 8, most: 2_000_000 };
    assert_eq!(budget.of(LARGE, LARGE), 2_000_000);
    assert_eq!(budget.of(LARGE, 10 * LARGE), 2_000_000);
    assert_eq!(budget.of(LARGE / 2, LARGE), 1_000_000);
    assert_eq!(budget.of(LARGE / 2, 10 * LARGE), 1_000_000);
    // One that is larger than packs become is read no more than one that is large.
    assert_eq!(budget.of(4 * LARGE, 4 * LARGE), 2_000_000);
}
