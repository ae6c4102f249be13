//! The thresholds that a caller may move: which there can be, and what an answer becomes when they move.

mod common;

use common::{Packs, Path, heard, pack, song};
use sonica_engine::{Answer, Constellation, Error, Options, Pack, Status, Thresholds, recognize};

fn ask(pack: &Pack<Vec<u8>>, query: &Constellation, thresholds: Thresholds) -> Answer {
    let options = Options { thresholds, ..Options::default() };
    let packs = Packs { packs: core::slice::from_ref(pack), excluded: &[] };
    recognize(&packs, &query.encode().expect("in order"), options).expect("a valid pack")
}

#[test]
fn none_given_are_the_usual_ones() {
    assert_eq!(Thresholds::new(None, None), Ok(Thresholds::default()));
    let usual = Thresholds::default();
    assert_eq!(Thresholds::new(Some(usual.match_at), Some(usual.unsure_at)), Ok(usual));
}

#[test]
fn one_given_leaves_the_other_where_it_is_unless_they_would_cross() {
    let usual = Thresholds::default();
    let moved = |match_at, unsure_at| Thresholds::new(match_at, unsure_at).expect("in order");
    assert_eq!(moved(Some(1.0), None), Thresholds { match_at: 1.0, ..usual });
    assert_eq!(moved(None, Some(0.0)), Thresholds { unsure_at: 0.0, ..usual });
    let low = usual.unsure_at / 2.0;
    assert_eq!(moved(Some(low), None), Thresholds { match_at: low, unsure_at: low });
}

#[test]
fn what_are_no_confidences_in_order_is_refused() {
    let wrong = [-0.1, -f32::MIN_POSITIVE, 1.000_001, f32::INFINITY, f32::NEG_INFINITY, f32::NAN];
    for one in wrong {
        assert_eq!(Thresholds::new(Some(one), None), Err(Error::Threshold), "match_at {one}");
        assert_eq!(Thresholds::new(None, Some(one)), Err(Error::Threshold), "unsure_at {one}");
        assert_eq!(Thresholds::new(Some(one), Some(one)), Err(Error::Threshold), "both {one}");
    }
    assert_eq!(Thresholds::new(Some(0.5), Some(0.500_001)), Err(Error::Threshold));
    assert_eq!(Thresholds::new(None, Some(1.0)), Err(Error::Threshold));
    assert!(Error::Threshold.to_string().contains("from 0 to 1"));
    assert_eq!(Error::Threshold.code(), "threshold");
}

#[test]
fn an_answer_follows_the_thresholds_and_its_confidence_does_not() {
    let songs: Vec<Constellation> = (0..6).map(|seed| song(seed, 60, 40)).collect();
    let pack = pack(&songs);
    // What is hardly heard, so that its confidence lies between the ends, and something strange.
    let hardly = Path { seconds: 5, survive: 0.3, strangers: 30, ..Path::plain(20.0) };
    for query in [heard(&songs[2], hardly, 7), song(99, 5, 40)] {
        let usual = ask(&pack, &query, Thresholds::default());
        let confidence = usual.hits[0].confidence;
        let at = |match_at, unsure_at| ask(&pack, &query, Thresholds { match_at, unsure_at });
        let above = confidence.next_up().min(1.0);
        assert_eq!(at(confidence, 0.0).status, Status::Match);
        assert_eq!(at(confidence, confidence).shared, 1);
        if above > confidence {
            assert_eq!(at(above, confidence).status, Status::Unsure);
            assert_eq!(at(above, above).status, Status::None);
            assert_eq!(at(above, above).hits, usual.hits);
        }
        assert_eq!(at(0.0, 0.0).hits[0], usual.hits[0]);
    }
}

#[test]
fn where_nothing_was_found_nothing_is_named_however_low_the_thresholds() {
    let lowest = Thresholds { match_at: 0.0, unsure_at: 0.0 };
    let answer = ask(&pack(&[]), &song(1, 5, 40), lowest);
    assert_eq!((answer.status, answer.hits.len(), answer.shared), (Status::None, 0, 0));
}
