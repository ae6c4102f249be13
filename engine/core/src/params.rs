//! The numbers of fingerprint format version 1. Changing one makes another format.

/// Sampling rate that the engine works at, Hz.
pub const ENGINE_RATE: u32 = 8_000;
/// Length of an analysis window, samples (192 ms).
pub const WINDOW: usize = 1_536;
/// Samples that are transformed: a window, and zeros behind it.
pub const TRANSFORM: usize = 2_048;
/// Distance between analysis windows, samples (32 ms).
pub const HOP: usize = 256;
/// Frequency bins kept of each frame, 3.90625 Hz apart, from 0 Hz.
pub const BINS: usize = TRANSFORM / 2;

/// Lowest bin in which a peak may lie (62.5 Hz).
pub const LOWEST_BIN: usize = 16;
/// First bin in which no peak may lie any more (3,601.6 Hz): the resampler's slope begins there.
pub const END_BIN: usize = 922;
/// First bin of the upper band (203 Hz). Below it peaks have an allotment of their own, so that the
/// bass neither crowds out what a phone's microphone can hear nor goes unused where it is heard.
pub const UPPER_BAND_BIN: usize = 52;

/// Time steps of a peak in one second: an eighth of a hop, 4 ms.
pub const STEPS_PER_SECOND: u32 = 250;
/// Time steps in a hop.
pub const STEPS_PER_HOP: u32 = 8;
/// Frequency steps of a peak in one octave (8.3 cents each).
pub const STEPS_PER_OCTAVE: u32 = 144;
/// Frequency of step 0, Hz (bin 15).
pub const LOWEST_HZ: f32 = 58.593_75;
/// Number of frequency steps (58.6 Hz to 3,609 Hz: 5.94 octaves).
pub const FREQUENCY_STEPS: u16 = 856;
/// Classes of rank, strongest first.
pub const RANKS: u8 = 16;

/// Most peaks in one second, of the upper band.
pub const UPPER_PEAKS_PER_SECOND: u32 = 36;
/// Most peaks in one second, of the lower band.
pub const LOWER_PEAKS_PER_SECOND: u32 = 9;
/// Most peaks in one second.
pub const PEAKS_PER_SECOND: u32 = UPPER_PEAKS_PER_SECOND + LOWER_PEAKS_PER_SECOND;

/// Longest sound of which one fingerprint is made, seconds.
pub const MAX_SECONDS: u32 = 4 * 3_600;
