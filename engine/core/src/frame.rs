//! Frames: a constellation that grows, sent piece by piece. `docs/formats/fingerprint.md` specifies them.
//!
//! What is heard last is not settled yet: whitening and ranking look ahead, so peaks of the last two
//! seconds still come, go and change their rank. A frame therefore says how many peaks of the constellation
//! before it stay as they are, counted from the start, and holds all that come after those.
//!
//! Each frame names the one before by its checksum, so that a frame that is missing, old or of another
//! sound is told at once; a *key frame* holds the whole constellation and mends that.
//!
//! Behind the six bytes that all formats begin with ([`crate::coder`]):
//!
//! | bytes | what |
//! |---|---|
//! | 6 | 1: key frame, 2: last frame |
//! | 7..11 | number of the frame, from 0 |
//! | 11..15 | checksum of the frame before; 0 in a key frame |
//! | 15..19 | duration of the sound so far, steps of 4 ms |
//! | 19..23 | number of peaks that stay; 0 in a key frame |
//! | 23..27 | number of peaks that follow |
//! | 27.. | the peaks, the first as if it followed the last of those that stay |

use crate::codec::Constellation;
use crate::coder::{Format, MOST_TOGETHER, number};
use crate::error::Error;
use crate::peaks::Peak;

const FRAME: Format = Format { name: "frame", magic: *b"SNL", header: 27 };
const KEY: u8 = 1;
const LAST: u8 = 2;

/// What a frame is to be, beside the next one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FrameFlags {
    /// Whole, so that it can be read without those before: for who lost one. The first always is.
    pub key: bool,
    /// The last: the sound has ended.
    pub last: bool,
}

/// Writes the frames of a constellation that grows.
#[derive(Clone, Debug, Default)]
pub struct FrameWriter {
    number: u32,
    /// Checksum of the last frame, and the peaks that it led to.
    sum: u32,
    peaks: Vec<Peak>,
}

impl FrameWriter {
    /// The frame that leads from the constellation before to this one.
    ///
    /// # Errors
    /// Those of [`Constellation::encode`]; then it is as if this had not been called.
    pub fn write(&mut self, heard: Constellation, flags: FrameFlags) -> Result<Vec<u8>, Error> {
        let Constellation { duration, peaks } = heard;
        FRAME.check(duration, &peaks)?;
        let key = flags.key || self.number == 0;
        let same = self.peaks.iter().zip(&peaks).take_while(|(before, now)| before == now).count();
        let kept = if key { 0 } else { same };
        let start = peaks[..kept].last().map_or(0, |p| p.time);
        let bytes = FRAME.write(start, &peaks[kept..], |bytes| {
            bytes.push(if key { KEY } else { 0 } | if flags.last { LAST } else { 0 });
            let follows = if key { 0 } else { self.sum };
            for number in [self.number, follows, duration, kept as u32, (peaks.len() - kept) as u32] {
                bytes.extend_from_slice(&number.to_le_bytes());
            }
        });
        self.number = self.number.saturating_add(1);
        self.sum = number(&bytes, bytes.len() - 4);
        self.peaks = peaks;
        Ok(bytes)
    }
}

/// Puts frames together: holds, after each, the constellation that its sender had.
#[derive(Clone, Debug, Default)]
pub struct FrameAssembler {
    heard: Constellation,
    /// Number of the next frame, and the checksum that it names: none before the first.
    due: u32,
    sum: Option<u32>,
    ended: bool,
}

impl FrameAssembler {
    /// Takes the next frame. Allocates no more than five times its size and a kilobyte, beside what the
    /// constellation grows by.
    ///
    /// # Errors
    /// [`Error::Sequence`] for a frame that does not follow the last one: ask for a key frame.
    /// [`Error::Format`], [`Error::Version`] or [`Error::Checksum`] where it is not a valid one. Whatever
    /// the error, it is as if the frame had not come.
    pub fn push(&mut self, frame: &[u8]) -> Result<(), Error> {
        let body = FRAME.open(frame)?;
        let (flags, found, follows, duration) =
            (body[6], number(body, 7), number(body, 11), number(body, 15));
        let (kept, count) = (number(body, 19) as usize, number(body, 23) as usize);
        let key = flags & KEY != 0;
        if flags & !(KEY | LAST) != 0 || (key && (follows, kept) != (0, 0)) {
            return Err(FRAME.bad("its flags contradict it"));
        }
        if found < self.due || !key && (found > self.due || self.sum != Some(follows)) {
            return Err(Error::Sequence { expected: self.due, found });
        }
        if self.ended && !key {
            return Err(FRAME.bad("it follows the last one"));
        }
        if kept > self.heard.peaks.len() {
            return Err(FRAME.bad("it keeps more peaks than there are"));
        }
        // So many of those before as checking the new ones can need.
        let before = &self.heard.peaks[kept.saturating_sub(MOST_TOGETHER)..kept];
        let peaks = FRAME.read(body, duration, before, count)?;
        let fresh = before.len();
        self.heard.peaks.truncate(kept);
        self.heard.peaks.extend_from_slice(&peaks[fresh..]);
        self.heard.duration = duration;
        self.due = found.saturating_add(1);
        self.sum = Some(number(frame, body.len()));
        self.ended = flags & LAST != 0;
        Ok(())
    }

    /// What the sender has heard: nothing before the first frame.
    pub fn constellation(&self) -> &Constellation {
        &self.heard
    }

    /// Whether the last frame said that the sound has ended.
    pub fn ended(&self) -> bool {
        self.ended
    }
}
