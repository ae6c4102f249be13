//! The verifier's table: what it asks of an alignment, and what each answer adds to the score.
//!
//! 150 boosted trees of two questions each, made by `make train` on 2026-11-28 with scikit-learn
//! 1.9.1.
//! Learned from 7900 queries of 100 songs that no report uses (25 degradations, seed 3), each asked
//! plain and with its own song and relatives masked, among 200 songs; calibrated on scores out of
//! fold.

/// Raised whenever the numbers below change.
pub const VERSION: u32 = 5;

use super::Tree;

const LIKELIHOOD_PER_PEAK: usize = 1;
const BLOCKS_IN_FAVOUR: usize = 3;
const RESIDUAL_FREQUENCY: usize = 5;
const COVERED_SHARE: usize = 6;
const DENSITY_RATIO: usize = 7;
const QUERY_ENTROPY: usize = 9;
const VOTES: usize = 14;
const LOG_PEAKS: usize = 15;
const DISTANCE_FROM_COMMON: usize = 16;
const RELATIVE_LEAD: usize = 19;
const CHANGE: usize = 20;
const INFINITY: f32 = f32::INFINITY;

/// The score before any tree adds to it.
pub(super) const CONSTANT: f32 = -1.86373;

/// No score is higher than the likelihood less this (nats).
pub(super) const BOUND: f32 = 15.0;

/// What a score loses per e-fold of songs; below 0, fewer songs than `SONGS` cost.
pub(super) const PER_LOG_SONGS: f32 = -1.04127;

/// Songs among which it was learned.
pub(super) const SONGS: f32 = 200.0;

/// What is asked, and what the answers add.
#[rustfmt::skip]
pub(super) const TREES: [Tree; 150] = [
    Tree { first: (RELATIVE_LEAD, 2.42723), then: [(COVERED_SHARE, 0.403_941), (LIKELIHOOD_PER_PEAK, 0.148_015)], adds: [[-0.175_656, 0.377_799], [0.377_799, 0.940_023]] },
    Tree { first: (RELATIVE_LEAD, 2.12473), then: [(COVERED_SHARE, 0.377_358), (LIKELIHOOD_PER_PEAK, 0.131_151)], adds: [[-0.172_066, 0.181_444], [0.181_444, 0.538_023]] },
    Tree { first: (RELATIVE_LEAD, 1.70989), then: [(COVERED_SHARE, 0.4375), (LIKELIHOOD_PER_PEAK, 0.177_217)], adds: [[-0.168_914, 0.115_145], [0.115_145, 0.410_817]] },
    Tree { first: (RELATIVE_LEAD, 1.88547), then: [(COVERED_SHARE, 0.377_358), (DISTANCE_FROM_COMMON, 0.009_386_76)], adds: [[-0.164_481, 0.085_942_2], [0.339_149, 0.085_942_2]] },
    Tree { first: (RELATIVE_LEAD, 1.70989), then: [(COVERED_SHARE, 0.4375), (LIKELIHOOD_PER_PEAK, 0.182_806)], adds: [[-0.161_277, 0.064_225], [0.064_225, 0.298_246]] },
    Tree { first: (RELATIVE_LEAD, 1.34691), then: [(COVERED_SHARE, 0.377_358), (DISTANCE_FROM_COMMON, 0.005_681_79)], adds: [[-0.15967, 0.047_004_6], [0.267_026, 0.047_004_6]] },
    Tree { first: (RELATIVE_LEAD, 2.42723), then: [(COVERED_SHARE, 0.377_358), (RELATIVE_LEAD, 2.90405)], adds: [[-0.152_121, 0.050_236_4], [0.050_236_4, 0.248_285]] },
    Tree { first: (RELATIVE_LEAD, 1.34691), then: [(COVERED_SHARE, 0.403_941), (LIKELIHOOD_PER_PEAK, 0.203_595)], adds: [[-0.153_173, 0.031_565_5], [0.031_565_5, 0.231_809]] },
    Tree { first: (RELATIVE_LEAD, 1.34691), then: [(LIKELIHOOD_PER_PEAK, 0.505_101), (VOTES, 11.0)], adds: [[-0.149_944, 0.026_036_5], [0.026_036_5, 0.219_577]] },
    Tree { first: (RELATIVE_LEAD, 2.90405), then: [(CHANGE, 0.021_241_9), (RELATIVE_LEAD, 3.35577)], adds: [[0.039_685_3, -0.143_969], [0.072_166, 0.210_999]] },
    Tree { first: (RELATIVE_LEAD, 1.04481), then: [(COVERED_SHARE, 0.377_358), (DISTANCE_FROM_COMMON, 0.004_300_09)], adds: [[-0.145_699, 0.015_900_3], [0.199_336, 0.015_900_3]] },
    Tree { first: (RELATIVE_LEAD, 2.90405), then: [(CHANGE, 0.026_342_4), (RELATIVE_LEAD, 3.35577)], adds: [[0.035_609_7, -0.138_745], [0.056_746, 0.195_206]] },
    Tree { first: (RELATIVE_LEAD, 0.986_889), then: [(COVERED_SHARE, 0.377_358), (LIKELIHOOD_PER_PEAK, 0.266_014)], adds: [[-0.140_292, 0.010_680_3], [0.010_680_3, 0.192_948]] },
    Tree { first: (RELATIVE_LEAD, 0.986_889), then: [(COVERED_SHARE, 0.377_358), (LIKELIHOOD_PER_PEAK, 0.266_014)], adds: [[-0.137_118, 0.008_454_83], [0.008_454_83, 0.186_722]] },
    Tree { first: (RELATIVE_LEAD, 2.90405), then: [(CHANGE, 0.026_342_4), (RELATIVE_LEAD, 3.35577)], adds: [[0.033_711_4, -0.129_127], [0.03793, 0.179_913]] },
    Tree { first: (RELATIVE_LEAD, 0.935_702), then: [(COVERED_SHARE, 0.377_358), (DISTANCE_FROM_COMMON, 0.004_300_09)], adds: [[-0.131_256, 0.006_130_27], [0.17144, 0.006_130_27]] },
    Tree { first: (VOTES, 19.0), then: [(CHANGE, 0.026_342_4), (BLOCKS_IN_FAVOUR, 0.625)], adds: [[0.037_981, -0.121_643], [0.037_981, 0.179_492]] },
    Tree { first: (RELATIVE_LEAD, 0.675_325), then: [(QUERY_ENTROPY, 4.60861), (VOTES, 13.0)], adds: [[-0.128_525, -0.017_919_3], [0.000_053_926_1, 0.173_095]] },
    Tree { first: (LIKELIHOOD_PER_PEAK, 0.309_715), then: [(CHANGE, 0.019_685_1), (RELATIVE_LEAD, 0.520_057)], adds: [[0.032_116_4, -0.115_394], [0.032_116_4, 0.174_488]] },
    Tree { first: (RELATIVE_LEAD, 0.608_958), then: [(QUERY_ENTROPY, 4.57866), (DISTANCE_FROM_COMMON, 0.004_222_53)], adds: [[-0.123_876, -0.014_805_9], [0.156_659, -0.001_778_84]] },
    Tree { first: (RELATIVE_LEAD, 3.35577), then: [(CHANGE, 0.053_879_1), (RELATIVE_LEAD, INFINITY)], adds: [[0.04019, -0.114_951], [0.162_445, 0.162_445]] },
    Tree { first: (VOTES, 19.0), then: [(CHANGE, 0.053_879_1), (BLOCKS_IN_FAVOUR, 0.625)], adds: [[0.029_946_7, -0.108_859], [0.041_173_9, 0.16706]] },
    Tree { first: (RELATIVE_LEAD, 0.520_057), then: [(QUERY_ENTROPY, 4.57866), (RESIDUAL_FREQUENCY, 0.779_505)], adds: [[-0.116_441, -0.003_695_98], [0.153_934, -0.003_695_98]] },
    Tree { first: (COVERED_SHARE, 0.305_785), then: [(RELATIVE_LEAD, 3.35577), (RELATIVE_LEAD, 0.520_057)], adds: [[-0.091_586_3, 0.123_413], [-0.030_382_1, 0.166_221]] },
    Tree { first: (LIKELIHOOD_PER_PEAK, 0.320_128), then: [(CHANGE, 0.021_241_9), (RELATIVE_LEAD, 0.31747)], adds: [[0.037_427_6, -0.093_564_8], [0.037_427_6, 0.161_639]] },
    Tree { first: (RELATIVE_LEAD, 0.520_057), then: [(COVERED_SHARE, 0.078_740_2), (DISTANCE_FROM_COMMON, 0.004_222_53)], adds: [[-0.022_195, -0.111_164], [0.140_724, -0.003_017_31]] },
    Tree { first: (COVERED_SHARE, 0.305_785), then: [(CHANGE, 0.019_685_1), (RELATIVE_LEAD, 0.520_057)], adds: [[0.070_092_5, -0.087_195_8], [-0.023_647_3, 0.158_729]] },
    Tree { first: (RELATIVE_LEAD, 3.35577), then: [(CHANGE, 0.053_879_1), (DENSITY_RATIO, 1.19545)], adds: [[0.039_554_6, -0.089_401_7], [0.151_067, 0.045_579_7]] },
    Tree { first: (VOTES, 13.0), then: [(DISTANCE_FROM_COMMON, 0.003_858_1), (BLOCKS_IN_FAVOUR, 0.65)], adds: [[0.002_669_63, -0.101_394], [0.032_284_6, 0.153_398]] },
    Tree { first: (RELATIVE_LEAD, 0.520_057), then: [(COVERED_SHARE, 0.105_263), (RESIDUAL_FREQUENCY, 0.779_505)], adds: [[-0.030_308_9, -0.107_878], [0.135_874, -0.002_094_25]] },
    Tree { first: (COVERED_SHARE, 0.305_785), then: [(CHANGE, 0.053_879_1), (RESIDUAL_FREQUENCY, 0.956_792)], adds: [[0.035_034_4, -0.081_011_8], [0.148_425, -0.036_938_3]] },
    Tree { first: (RELATIVE_LEAD, 3.35577), then: [(LOG_PEAKS, 4.90896), (DENSITY_RATIO, 1.14976)], adds: [[0.019_861_5, -0.087_653_2], [0.144_398, 0.047_205_9]] },
    Tree { first: (RELATIVE_LEAD, 0.273_819), then: [(COVERED_SHARE, 0.092_269_3), (DISTANCE_FROM_COMMON, 0.004_222_53)], adds: [[-0.005_506_78, -0.102_299], [0.122_337, -0.005_506_78]] },
    Tree { first: (VOTES, 20.0), then: [(DISTANCE_FROM_COMMON, 0.003_858_1), (BLOCKS_IN_FAVOUR, 0.589_744)], adds: [[0.017_445_8, -0.084_068_2], [0.047_713_2, 0.143_848]] },
    Tree { first: (RELATIVE_LEAD, 3.78059), then: [(LOG_PEAKS, 4.90896), (RELATIVE_LEAD, INFINITY)], adds: [[0.024_852_7, -0.078_755_6], [0.138_053, 0.138_053]] },
    Tree { first: (RELATIVE_LEAD, 3.35577), then: [(CHANGE, 0.072_495_5), (DENSITY_RATIO, 1.14976)], adds: [[0.036_750_5, -0.068_443_7], [0.135_368, 0.047_127_3]] },
    Tree { first: (COVERED_SHARE, 0.305_785), then: [(QUERY_ENTROPY, 4.15835), (RESIDUAL_FREQUENCY, 0.956_792)], adds: [[-0.084_035_5, 0.031_280_9], [0.135_014, -0.034_466_8]] },
    Tree { first: (RELATIVE_LEAD, 0.204_878), then: [(COVERED_SHARE, 0.105_263), (DISTANCE_FROM_COMMON, 0.004_222_53)], adds: [[-0.004_689_98, -0.098_676_6], [0.107_543, -0.004_689_98]] },
    Tree { first: (VOTES, 20.0), then: [(DISTANCE_FROM_COMMON, 0.005_979_87), (BLOCKS_IN_FAVOUR, 0.589_744)], adds: [[0.012_486_4, -0.080_182_3], [0.046_772_2, 0.133_374]] },
    Tree { first: (RELATIVE_LEAD, 3.78059), then: [(LOG_PEAKS, 5.40492), (DENSITY_RATIO, 1.14976)], adds: [[0.010_890_9, -0.097_374_8], [0.128_798, 0.049_649_6]] },
    Tree { first: (RELATIVE_LEAD, 0.204_878), then: [(QUERY_ENTROPY, 4.22402), (CHANGE, 0.072_495_5)], adds: [[-0.090_947_6, -0.004_831_99], [0.125_383, -0.004_831_99]] },
    Tree { first: (COVERED_SHARE, 0.351_145), then: [(QUERY_ENTROPY, 4.07172), (RESIDUAL_FREQUENCY, 0.775_616)], adds: [[-0.082_543, 0.024_079_4], [0.130_805, -0.030_295_9]] },
    Tree { first: (DISTANCE_FROM_COMMON, 0.005_979_87), then: [(RELATIVE_LEAD, -0.041_866_7), (DENSITY_RATIO, 0.894_118)], adds: [[-0.012_713, 0.080_911_3], [-0.019_832_4, -0.088_917_4]] },
    Tree { first: (RELATIVE_LEAD, 3.78059), then: [(LOG_PEAKS, 5.40492), (RELATIVE_LEAD, 4.10807)], adds: [[0.015_074_9, -0.093_049_7], [0.047_456_2, 0.120_809]] },
    Tree { first: (RELATIVE_LEAD, -10.48), then: [(COVERED_SHARE, 0.055_456_2), (DISTANCE_FROM_COMMON, 0.005_979_87)], adds: [[-0.047_266_4, -0.118_925], [0.056_006_5, -0.046_398_8]] },
    Tree { first: (VOTES, 11.0), then: [(QUERY_ENTROPY, 4.14755), (BLOCKS_IN_FAVOUR, 0.65)], adds: [[-0.080_143_1, 0.021_519_2], [0.021_519_2, 0.115_111]] },
    Tree { first: (RELATIVE_LEAD, -10.48), then: [(COVERED_SHARE, 0.055_456_2), (DISTANCE_FROM_COMMON, 0.007_153_84)], adds: [[-0.046_364_4, -0.115_565], [0.047_633, -0.046_309]] },
    Tree { first: (RELATIVE_LEAD, 4.10807), then: [(LOG_PEAKS, 5.40492), (DENSITY_RATIO, 1.39055)], adds: [[0.016_671_6, -0.088_473_8], [0.114_217, 0.04722]] },
    Tree { first: (RELATIVE_LEAD, -12.6987), then: [(RELATIVE_LEAD, INFINITY), (QUERY_ENTROPY, 4.22693)], adds: [[-0.111_295, -0.111_295], [-0.018_203_2, 0.079_728_8]] },
    Tree { first: (LIKELIHOOD_PER_PEAK, 0.404_939), then: [(QUERY_ENTROPY, 4.07172), (RELATIVE_LEAD, 0.416_622)], adds: [[-0.073_847_1, 0.024_623_2], [0.038_049_5, 0.120_001]] },
    Tree { first: (LOG_PEAKS, 5.40492), then: [(QUERY_ENTROPY, 4.06376), (QUERY_ENTROPY, 4.53235)], adds: [[-0.021_420_8, 0.097_638_8], [-0.099_857, 0.066_624_5]] },
    Tree { first: (VOTES, 11.0), then: [(QUERY_ENTROPY, 4.14755), (BLOCKS_IN_FAVOUR, 0.65)], adds: [[-0.069_958, 0.020_398_9], [0.020_398_9, 0.105_759]] },
    Tree { first: (LOG_PEAKS, 4.90896), then: [(QUERY_ENTROPY, 3.99401), (QUERY_ENTROPY, 4.36745)], adds: [[-0.002_284_7, 0.136_558], [-0.080_112_1, 0.053_645_3]] },
    Tree { first: (RESIDUAL_FREQUENCY, 0.532_341), then: [(RELATIVE_LEAD, 0.365_812), (QUERY_ENTROPY, 4.14755)], adds: [[0.026_539_4, 0.104_805], [-0.062_302_4, 0.018_943_7]] },
    Tree { first: (RELATIVE_LEAD, -12.6987), then: [(RELATIVE_LEAD, INFINITY), (CHANGE, 0.072_495_5)], adds: [[-0.106_493, -0.106_493], [0.065_076_4, -0.017_270_9]] },
    Tree { first: (LOG_PEAKS, 5.66268), then: [(QUERY_ENTROPY, 4.06376), (QUERY_ENTROPY, 4.46352)], adds: [[-0.016_587_6, 0.077_279_1], [-0.101_901, 0.038_954_9]] },
    Tree { first: (LIKELIHOOD_PER_PEAK, 0.386_562), then: [(DENSITY_RATIO, 0.995_215), (RELATIVE_LEAD, 0.416_622)], adds: [[0.013_187_6, -0.065_523_4], [0.035_453_4, 0.11344]] },
    Tree { first: (RELATIVE_LEAD, -10.48), then: [(COVERED_SHARE, 0.055_456_2), (DISTANCE_FROM_COMMON, 0.010_251_3)], adds: [[-0.041_894_8, -0.104_121], [0.035_943_8, -0.041_894_8]] },
    Tree { first: (RELATIVE_LEAD, 4.10807), then: [(LOG_PEAKS, 4.90896), (DENSITY_RATIO, 1.39055)], adds: [[0.036_204_6, -0.051_933_8], [0.102_086, 0.043_174_6]] },
    Tree { first: (RELATIVE_LEAD, 4.10807), then: [(LOG_PEAKS, 5.66268), (DENSITY_RATIO, 1.39055)], adds: [[0.013_482_6, -0.073_919_1], [0.098_828_9, 0.042_258_1]] },
    Tree { first: (RELATIVE_LEAD, -12.6987), then: [(RELATIVE_LEAD, INFINITY), (QUERY_ENTROPY, 4.41693)], adds: [[-0.097_695_6, -0.097_695_6], [-0.006_786_3, 0.083_307_6]] },
    Tree { first: (VOTES, 11.0), then: [(QUERY_ENTROPY, 4.14755), (RESIDUAL_FREQUENCY, 0.795_916)], adds: [[-0.060_385_3, 0.018_197_8], [0.088_950_8, 0.018_197_8]] },
    Tree { first: (LOG_PEAKS, 4.90896), then: [(QUERY_ENTROPY, 3.91348), (QUERY_ENTROPY, 4.36745)], adds: [[-0.01543, 0.096_108_4], [-0.071_758_5, 0.043_461_2]] },
    Tree { first: (DISTANCE_FROM_COMMON, 0.010_251_3), then: [(LOG_PEAKS, 4.92723), (COVERED_SHARE, 0.062_043_8)], adds: [[0.05442, -0.010_173_1], [-0.018_249_9, -0.063_875_9]] },
    Tree { first: (RELATIVE_LEAD, 4.10807), then: [(LOG_PEAKS, 5.66268), (DENSITY_RATIO, 1.39055)], adds: [[0.012_575_7, -0.068_564_8], [0.093_937_7, 0.040_648_6]] },
    Tree { first: (RELATIVE_LEAD, -12.6987), then: [(RELATIVE_LEAD, INFINITY), (QUERY_ENTROPY, 4.06376)], adds: [[-0.092_451_8, -0.092_451_8], [-0.025_338_2, 0.039_119_5]] },
    Tree { first: (VOTES, 23.0), then: [(QUERY_ENTROPY, 4.15835), (BLOCKS_IN_FAVOUR, 0.589_744)], adds: [[-0.040_370_4, 0.020_823_5], [0.037_955_2, 0.095_896_7]] },
    Tree { first: (LOG_PEAKS, 5.66268), then: [(RELATIVE_LEAD, 0.273_819), (QUERY_ENTROPY, 4.56631)], adds: [[-0.021_992_2, 0.057_710_3], [-0.084_852_8, 0.055_959_5]] },
    Tree { first: (CHANGE, 0.072_495_5), then: [(RELATIVE_LEAD, 0.166_777), (DENSITY_RATIO, 1.18519)], adds: [[0.007_483_02, 0.080_935_8], [-0.009_437_37, -0.079_256_5]] },
    Tree { first: (RELATIVE_LEAD, 4.10807), then: [(LOG_PEAKS, 5.40492), (RELATIVE_LEAD, 4.59076)], adds: [[0.010_804_5, -0.062_328_8], [0.038_064_1, 0.090_008_1]] },
    Tree { first: (RELATIVE_LEAD, -12.6987), then: [(RELATIVE_LEAD, INFINITY), (QUERY_ENTROPY, 4.42175)], adds: [[-0.087_444_3, -0.087_444_3], [-0.006_370_7, 0.067_170_9]] },
    Tree { first: (COVERED_SHARE, 0.52439), then: [(QUERY_ENTROPY, 4.06376), (RESIDUAL_FREQUENCY, 0.617_186)], adds: [[-0.047_649_8, 0.016_935_5], [0.088_828_6, -0.002_856_44]] },
    Tree { first: (VOTES, 11.0), then: [(QUERY_ENTROPY, 4.11348), (RESIDUAL_FREQUENCY, 0.795_916)], adds: [[-0.052_102_5, 0.011_652_8], [0.078_211_3, 0.016_615_4]] },
    Tree { first: (LOG_PEAKS, 4.90896), then: [(QUERY_ENTROPY, 3.902), (QUERY_ENTROPY, 4.36745)], adds: [[-0.015_141, 0.077_124_6], [-0.064_921_2, 0.033_484_8]] },
    Tree { first: (DISTANCE_FROM_COMMON, 0.010_251_3), then: [(DENSITY_RATIO, 0.995_215), (DENSITY_RATIO, 0.885_714)], adds: [[0.036_499_9, -0.015_692_6], [-0.015_692_6, -0.067_647_4]] },
    Tree { first: (LIKELIHOOD_PER_PEAK, 0.404_939), then: [(DENSITY_RATIO, 0.995_215), (RELATIVE_LEAD, 0.416_622)], adds: [[0.013_127_2, -0.054_025_7], [0.028_827_4, 0.094_127]] },
    Tree { first: (RELATIVE_LEAD, -12.6987), then: [(RELATIVE_LEAD, INFINITY), (DISTANCE_FROM_COMMON, 0.010_251_3)], adds: [[-0.083_682_4, -0.083_682_4], [0.022_796_6, -0.037_801_7]] },
    Tree { first: (LOG_PEAKS, 5.66268), then: [(RELATIVE_LEAD, -6.50261), (QUERY_ENTROPY, 4.62083)], adds: [[-0.064_634_3, 0.030_210_4], [-0.075_091_8, 0.058_010_7]] },
    Tree { first: (RELATIVE_LEAD, 4.10807), then: [(LOG_PEAKS, 5.66268), (RELATIVE_LEAD, 4.59076)], adds: [[0.008_741_34, -0.056_831_6], [0.034_900_2, 0.082_631_2]] },
    Tree { first: (RELATIVE_LEAD, 3.35577), then: [(LOG_PEAKS, 4.90896), (DENSITY_RATIO, 1.14976)], adds: [[0.019_408, -0.035_023_7], [0.082_061_4, 0.029_699_2]] },
    Tree { first: (QUERY_ENTROPY, 4.42175), then: [(LOG_PEAKS, 4.90896), (DENSITY_RATIO, 0.80597)], adds: [[0.019_332_8, -0.051_871_4], [-0.032_634_3, 0.068_412_7]] },
    Tree { first: (RELATIVE_LEAD, -12.6987), then: [(COVERED_SHARE, 0.055_456_2), (QUERY_ENTROPY, 3.99401)], adds: [[-0.035_118, -0.078_099], [-0.028_810_3, 0.028_232_2]] },
    Tree { first: (VOTES, 11.0), then: [(QUERY_ENTROPY, 4.14755), (RESIDUAL_FREQUENCY, 0.795_916)], adds: [[-0.046_299_8, 0.013_040_3], [0.067_990_7, 0.014_327]] },
    Tree { first: (CHANGE, 0.079_475_2), then: [(RELATIVE_LEAD, 0.166_777), (DENSITY_RATIO, 1.15952)], adds: [[0.004_183_37, 0.064_222], [-0.006_267_42, -0.070_398_4]] },
    Tree { first: (RELATIVE_LEAD, 4.59076), then: [(LOG_PEAKS, 5.66268), (RELATIVE_LEAD, INFINITY)], adds: [[0.008_542_78, -0.053_679_8], [0.075_863_6, 0.075_863_6]] },
    Tree { first: (RELATIVE_LEAD, -12.6987), then: [(COVERED_SHARE, 0.055_456_2), (QUERY_ENTROPY, 3.99401)], adds: [[-0.034_077_3, -0.074_909_9], [-0.026_796_3, 0.024_440_2]] },
    Tree { first: (LIKELIHOOD_PER_PEAK, 0.404_939), then: [(QUERY_ENTROPY, 3.902), (DISTANCE_FROM_COMMON, 0.001_454_11)], adds: [[-0.062_461_2, 0.007_553_07], [0.086_131, 0.023_614_4]] },
    Tree { first: (RELATIVE_LEAD, 4.59076), then: [(LOG_PEAKS, 5.40492), (RELATIVE_LEAD, INFINITY)], adds: [[0.008_605_77, -0.050_530_3], [0.071_944_6, 0.071_944_6]] },
    Tree { first: (QUERY_ENTROPY, 4.56631), then: [(LOG_PEAKS, 5.89302), (DENSITY_RATIO, 0.79703)], adds: [[0.008_309_48, -0.071_357_9], [-0.020_544_9, 0.073_366_7]] },
    Tree { first: (DISTANCE_FROM_COMMON, 0.010_251_3), then: [(QUERY_ENTROPY, 4.22061), (DENSITY_RATIO, 0.885_714)], adds: [[-0.011_077_1, 0.040_276_3], [-0.013_387_6, -0.058_460_6]] },
    Tree { first: (VOTES, 11.0), then: [(COVERED_SHARE, 0.114_286), (BLOCKS_IN_FAVOUR, 0.487_179)], adds: [[0.013_036_6, -0.033_966_7], [0.013_036_6, 0.058_453_3]] },
    Tree { first: (RELATIVE_LEAD, -12.6987), then: [(COVERED_SHARE, 0.055_456_2), (DENSITY_RATIO, 0.995_215)], adds: [[-0.032_496_2, -0.071_780_3], [0.021_249_4, -0.024_705_6]] },
    Tree { first: (COVERED_SHARE, 0.587_379), then: [(QUERY_ENTROPY, 3.902), (RESIDUAL_FREQUENCY, 0.576_186)], adds: [[-0.047_034_5, 0.008_057_72], [0.074_120_6, -0.004_952_42]] },
    Tree { first: (LOG_PEAKS, 4.90896), then: [(DISTANCE_FROM_COMMON, 0.002_777_92), (QUERY_ENTROPY, 4.34792)], adds: [[0.061_483_5, -0.014_033_6], [-0.056_473_1, 0.024_359_2]] },
    Tree { first: (RELATIVE_LEAD, 3.35577), then: [(LOG_PEAKS, 4.90896), (DENSITY_RATIO, 1.14976)], adds: [[0.016_522_8, -0.029_351_5], [0.072_409_8, 0.025_881_4]] },
    Tree { first: (DENSITY_RATIO, 1.18519), then: [(RELATIVE_LEAD, -10.2062), (LIKELIHOOD_PER_PEAK, 0.337_393)], adds: [[-0.060_734_1, 0.013_788_7], [-0.075_581_3, 0.029_096]] },
    Tree { first: (RELATIVE_LEAD, 4.59076), then: [(LOG_PEAKS, 5.66268), (RELATIVE_LEAD, INFINITY)], adds: [[0.007_327_69, -0.045_127_2], [0.066_292_3, 0.066_292_3]] },
    Tree { first: (QUERY_ENTROPY, 4.56631), then: [(LOG_PEAKS, 5.89302), (DENSITY_RATIO, 0.79703)], adds: [[0.007_186_26, -0.065_415_5], [-0.020_658_2, 0.065_547_5]] },
    Tree { first: (QUERY_ENTROPY, 4.06376), then: [(RESIDUAL_FREQUENCY, 0.775_616), (BLOCKS_IN_FAVOUR, 0.631_579)], adds: [[0.013_346_9, -0.059_852_5], [0.000_101_411, 0.067_245_2]] },
    Tree { first: (RELATIVE_LEAD, -12.6987), then: [(COVERED_SHARE, 0.055_456_2), (QUERY_ENTROPY, 3.902)], adds: [[-0.029_589_6, -0.065_630_5], [-0.028_175_3, 0.018_326_5]] },
    Tree { first: (BLOCKS_IN_FAVOUR, 0.916_667), then: [(QUERY_ENTROPY, 3.902), (DENSITY_RATIO, 0.858_469)], adds: [[-0.053_082_7, 0.007_088_88], [0.021_536_6, 0.084_182_1]] },
    Tree { first: (DENSITY_RATIO, 1.18519), then: [(VOTES, 9.0), (LIKELIHOOD_PER_PEAK, 0.337_393)], adds: [[-0.008_899_52, 0.036_940_8], [-0.071_727_9, 0.028_170_8]] },
    Tree { first: (COVERED_SHARE, 0.072_727_3), then: [(DENSITY_RATIO, 0.82906), (RELATIVE_LEAD, -8.18663)], adds: [[-0.023_591, 0.056_145_2], [-0.080_113_1, 0.001_398_13]] },
    Tree { first: (DISTANCE_FROM_COMMON, 0.010_251_3), then: [(QUERY_ENTROPY, 4.22061), (DENSITY_RATIO, 0.885_714)], adds: [[-0.009_947_97, 0.032_968], [-0.011_715_8, -0.052_151_2]] },
    Tree { first: (LOG_PEAKS, 4.90896), then: [(RELATIVE_LEAD, 0.166_777), (QUERY_ENTROPY, 4.34792)], adds: [[-0.018_365_8, 0.050_270_4], [-0.050_977_5, 0.020_162]] },
    Tree { first: (RELATIVE_LEAD, 4.59076), then: [(LOG_PEAKS, 5.66268), (RELATIVE_LEAD, INFINITY)], adds: [[0.006_993_5, -0.042_387_1], [0.062_080_2, 0.062_080_2]] },
    Tree { first: (RELATIVE_LEAD, 3.35577), then: [(COVERED_SHARE, 0.114_286), (DENSITY_RATIO, 1.14976)], adds: [[0.021_050_2, -0.022_063_6], [0.065_134, 0.023_025]] },
    Tree { first: (DENSITY_RATIO, 0.991_379), then: [(VOTES, 8.0), (LIKELIHOOD_PER_PEAK, 0.337_393)], adds: [[-0.010_614_6, 0.045_725_6], [-0.041_581_9, 0.062_914]] },
    Tree { first: (RELATIVE_LEAD, -12.6987), then: [(COVERED_SHARE, 0.055_456_2), (QUERY_ENTROPY, 3.902)], adds: [[-0.027_150_1, -0.060_694_4], [-0.024_849_7, 0.016_493_4]] },
    Tree { first: (DISTANCE_FROM_COMMON, 0.001_294_49), then: [(BLOCKS_IN_FAVOUR, 0.545_455), (QUERY_ENTROPY, 3.849)], adds: [[0.006_931_8, 0.058_453_9], [-0.051_250_3, 0.001_351_16]] },
    Tree { first: (LOG_PEAKS, 4.90156), then: [(RELATIVE_LEAD, 0.166_777), (QUERY_ENTROPY, 4.34792)], adds: [[-0.015_329_8, 0.044_994_6], [-0.048_442, 0.018_050_8]] },
    Tree { first: (DENSITY_RATIO, 1.18519), then: [(COVERED_SHARE, 0.12426), (LIKELIHOOD_PER_PEAK, 0.337_393)], adds: [[0.028_562_2, -0.011_256_9], [-0.066_970_3, 0.026_976_1]] },
    Tree { first: (LOG_PEAKS, 5.40492), then: [(COVERED_SHARE, 0.105_263), (QUERY_ENTROPY, 4.62083)], adds: [[0.053_430_2, -0.005_024_67], [-0.058_388_7, 0.041_092_7]] },
    Tree { first: (VOTES, 11.0), then: [(COVERED_SHARE, 0.12426), (BLOCKS_IN_FAVOUR, 0.487_179)], adds: [[0.010_866_7, -0.028_622_1], [0.010_866_7, 0.049_106_2]] },
    Tree { first: (RELATIVE_LEAD, -12.6987), then: [(COVERED_SHARE, 0.055_456_2), (DISTANCE_FROM_COMMON, 0.010_251_3)], adds: [[-0.026_648_3, -0.058_595_9], [0.013_187_5, -0.025_716_7]] },
    Tree { first: (RELATIVE_LEAD, 3.35577), then: [(LOG_PEAKS, 4.90896), (DENSITY_RATIO, 1.14976)], adds: [[0.013_671_4, -0.024_633_4], [0.061_777_9, 0.021_443_7]] },
    Tree { first: (COVERED_SHARE, 0.05), then: [(RELATIVE_LEAD, -12.6987), (LOG_PEAKS, 5.66268)], adds: [[-0.004_183_55, 0.066_955_7], [0.006_283_18, -0.037_459_5]] },
    Tree { first: (DENSITY_RATIO, 1.18519), then: [(RELATIVE_LEAD, 2.90405), (LIKELIHOOD_PER_PEAK, 0.337_393)], adds: [[-0.002_357_06, 0.057_936_6], [-0.064_271, 0.026_434_5]] },
    Tree { first: (COVERED_SHARE, 0.072_727_3), then: [(DENSITY_RATIO, 0.82906), (RELATIVE_LEAD, -8.18663)], adds: [[-0.023_817_5, 0.047_889], [-0.073_007_2, 0.001_546_76]] },
    Tree { first: (DISTANCE_FROM_COMMON, 0.024_854_4), then: [(QUERY_ENTROPY, 4.06615), (VOTES, 14.0)], adds: [[-0.016_934_2, 0.018_309_4], [-0.054_216_2, -0.020_751_2]] },
    Tree { first: (COVERED_SHARE, 0.587_379), then: [(QUERY_ENTROPY, 3.902), (RESIDUAL_FREQUENCY, 0.576_186)], adds: [[-0.036_501_2, 0.005_890_3], [0.060_353, -0.005_571_55]] },
    Tree { first: (LOG_PEAKS, 4.86367), then: [(DISTANCE_FROM_COMMON, 0.003_472_33), (DENSITY_RATIO, 0.995_215)], adds: [[0.049_243_4, -0.019_633], [0.007_678_07, -0.053_619_1]] },
    Tree { first: (VOTES, 8.0), then: [(COVERED_SHARE, 0.107_759), (DENSITY_RATIO, 0.96)], adds: [[0.003_421_87, -0.032_774_4], [0.052_327_8, 0.003_421_87]] },
    Tree { first: (COVERED_SHARE, 0.05), then: [(RELATIVE_LEAD, -12.6987), (LOG_PEAKS, 5.89302)], adds: [[-0.004_225_72, 0.063_529_4], [0.006_158_17, -0.036_827]] },
    Tree { first: (RELATIVE_LEAD, 4.59076), then: [(LOG_PEAKS, 5.66268), (RELATIVE_LEAD, INFINITY)], adds: [[0.005_555_36, -0.034_666_2], [0.053_636_8, 0.053_636_8]] },
    Tree { first: (QUERY_ENTROPY, 4.60861), then: [(LOG_PEAKS, 5.89302), (DISTANCE_FROM_COMMON, 0.008_983_07)], adds: [[0.005_646_76, -0.050_841_8], [0.058_273_8, -0.016_267]] },
    Tree { first: (COVERED_SHARE, 0.072_727_3), then: [(DENSITY_RATIO, 0.82906), (RELATIVE_LEAD, -8.18663)], adds: [[-0.023_323_2, 0.044_600_6], [-0.070_289_6, 0.001_402_02]] },
    Tree { first: (RELATIVE_LEAD, 2.90405), then: [(COVERED_SHARE, 0.12426), (RESIDUAL_FREQUENCY, 0.831_039)], adds: [[0.016_447_2, -0.023_375_3], [0.064_499_6, 0.017_311]] },
    Tree { first: (DENSITY_RATIO, 1.18519), then: [(RELATIVE_LEAD, 2.90405), (LIKELIHOOD_PER_PEAK, 0.337_393)], adds: [[-0.001_832_93, 0.052_701_5], [-0.060_940_2, 0.026_626_5]] },
    Tree { first: (COVERED_SHARE, 0.05), then: [(RELATIVE_LEAD, -12.6987), (DENSITY_RATIO, 1.18519)], adds: [[-0.004_264_49, 0.05987], [0.001_732_9, -0.055_138_3]] },
    Tree { first: (LOG_PEAKS, 3.65057), then: [(DENSITY_RATIO, 0.889_831), (QUERY_ENTROPY, 3.85748)], adds: [[-0.021_097_7, 0.079_594_1], [-0.050_498_4, 0.007_043_84]] },
    Tree { first: (LOG_PEAKS, 4.86367), then: [(DISTANCE_FROM_COMMON, 0.003_472_33), (DENSITY_RATIO, 0.995_215)], adds: [[0.044_906_9, -0.017_389_1], [0.006_546_94, -0.049_080_1]] },
    Tree { first: (RELATIVE_LEAD, -12.6987), then: [(COVERED_SHARE, 0.055_456_2), (QUERY_ENTROPY, 4.11348)], adds: [[-0.023_522_2, -0.052_198_8], [-0.013_428_7, 0.016_966]] },
    Tree { first: (VOTES, 9.0), then: [(DENSITY_RATIO, 0.8), (DENSITY_RATIO, 0.851_562)], adds: [[-0.047_065_5, 0.001_766_07], [0.062_057_3, 0.005_856_23]] },
    Tree { first: (COVERED_SHARE, 0.05), then: [(RELATIVE_LEAD, -12.6987), (RESIDUAL_FREQUENCY, 0.779_505)], adds: [[-0.004_113_03, 0.057_560_7], [0.017_850_2, -0.016_523_8]] },
    Tree { first: (DISTANCE_FROM_COMMON, 0.024_854_4), then: [(QUERY_ENTROPY, 4.06615), (VOTES, 14.0)], adds: [[-0.014_908_8, 0.016_075_1], [-0.049_835_2, -0.018_699_4]] },
    Tree { first: (LOG_PEAKS, 4.86367), then: [(RELATIVE_LEAD, 0.184_782), (QUERY_ENTROPY, 4.34792)], adds: [[-0.015_195_3, 0.042_077_8], [-0.037_849_8, 0.013_437_3]] },
    Tree { first: (VOTES, 29.0), then: [(QUERY_ENTROPY, 3.99401), (COVERED_SHARE, 0.287_611)], adds: [[-0.026_277_3, 0.006_299_55], [0.022_762_4, 0.052_852]] },
    Tree { first: (LOG_PEAKS, 4.90156), then: [(RELATIVE_LEAD, -6.50261), (DENSITY_RATIO, 0.995_215)], adds: [[-0.044_281_7, 0.024_752_2], [0.006_381_43, -0.048_436_5]] },
    Tree { first: (COVERED_SHARE, 0.05), then: [(RELATIVE_LEAD, -12.6987), (LOG_PEAKS, 5.89302)], adds: [[-0.004_108_37, 0.054_911_6], [0.005_028_46, -0.032_073_2]] },
    Tree { first: (RELATIVE_LEAD, 4.59076), then: [(LOG_PEAKS, 5.40492), (RELATIVE_LEAD, INFINITY)], adds: [[0.004_873_65, -0.030_152_7], [0.049_637_6, 0.049_637_6]] },
    Tree { first: (COVERED_SHARE, 0.072_727_3), then: [(DENSITY_RATIO, 0.82906), (RELATIVE_LEAD, 1.34691)], adds: [[-0.023_112_4, 0.040_165_6], [-0.019_946_2, 0.024_281_1]] },
    Tree { first: (LOG_PEAKS, 3.65057), then: [(DENSITY_RATIO, 0.889_831), (QUERY_ENTROPY, 3.87493)], adds: [[-0.021_161_3, 0.075_234_1], [-0.045_862_2, 0.006_793_91]] },
    Tree { first: (RELATIVE_LEAD, -12.6987), then: [(DENSITY_RATIO, 1.12529), (QUERY_ENTROPY, 4.60861)], adds: [[-0.049_639_2, -0.022_120_8], [-0.001_488_98, 0.040_101_1]] },
    Tree { first: (VOTES, 8.0), then: [(DENSITY_RATIO, 0.81982), (QUERY_ENTROPY, 4.11348)], adds: [[-0.042_737_4, 0.001_536_54], [0.003_609_94, 0.060_631_2]] },
    Tree { first: (RESIDUAL_FREQUENCY, 0.199_691), then: [(COVERED_SHARE, 0.258_065), (QUERY_ENTROPY, 3.87493)], adds: [[0.021_785_7, 0.057_831_8], [-0.032_692_2, 0.004_573_5]] },
    Tree { first: (LOG_PEAKS, 4.90156), then: [(RELATIVE_LEAD, -6.50261), (DENSITY_RATIO, 0.995_215)], adds: [[-0.041_322_5, 0.023_495_7], [0.005_553_79, -0.046_728_6]] },
    Tree { first: (BLOCKS_IN_FAVOUR, 0.916_667), then: [(QUERY_ENTROPY, 3.87493), (DENSITY_RATIO, 0.858_469)], adds: [[-0.038_689_7, 0.003_401_83], [0.015_776_7, 0.069_574_5]] },
    Tree { first: (COVERED_SHARE, 0.05), then: [(RELATIVE_LEAD, -12.6987), (DENSITY_RATIO, 1.18519)], adds: [[-0.003_974_2, 0.051_305_3], [0.001_101_73, -0.050_429_2]] },
    Tree { first: (DISTANCE_FROM_COMMON, 0.024_854_4), then: [(RELATIVE_LEAD, 3.35577), (QUERY_ENTROPY, 3.71459)], adds: [[-0.000_762_137, 0.047_047], [-0.017_591_4, -0.047_442_8]] },
];
