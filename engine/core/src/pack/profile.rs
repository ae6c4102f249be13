//! How much of each recording a pack holds.

use crate::codec::Constellation;
use crate::peaks::Peak;

/// Peaks that a lite pack keeps have a lower rank than this: about six a second, the strongest of their
/// neighbourhood, so that they lie all over the recording.
const LITE_RANKS: u8 = 2;

/// How much of each recording a pack holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Profile {
    /// Everything, for servers: some 300 bytes a second of music.
    #[default]
    Full,
    /// The strongest peaks and the landmarks among them, for browsers and phones: less than 50 bytes a second.
    Lite,
}

impl Profile {
    /// Its name: `full` or `lite`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Lite => "lite",
        }
    }

    /// The one with this name.
    pub fn of_name(name: &str) -> Option<Self> {
        [Self::Full, Self::Lite].into_iter().find(|profile| profile.name() == name)
    }

    /// Its number in a pack's header.
    pub(super) fn code(self) -> u8 {
        match self {
            Self::Full => 0,
            Self::Lite => 1,
        }
    }

    /// The one with this number.
    pub(super) fn of_code(code: u8) -> Option<Self> {
        [Self::Full, Self::Lite].into_iter().find(|profile| profile.code() == code)
    }

    /// What a pack keeps of a recording.
    pub(super) fn kept(self, mut constellation: Constellation) -> Constellation {
        if self == Self::Lite {
            constellation.peaks.retain(|peak: &Peak| peak.rank < LITE_RANKS);
        }
        constellation
    }
}
