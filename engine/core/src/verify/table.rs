//! The verifier's table: what it asks of an alignment, and what each answer adds to the score.
//!
//! 150 boosted trees of two questions each, made on 2026-11-22 with scikit-learn 1.9.1 by the code
//! behind `make train`, but not by one run of it: the features were collected with an engine a few
//! changes older, in which places did not yet begin at the centre of their votes and songs that share
//! sound were each other's rivals. To be made anew.
//! Learned from 3950 queries of 50 songs that no report uses (25 degradations, seed 3), each asked
//! plain and with its own song and relatives masked, among 200 songs; calibrated on scores out of
//! fold.

/// Raised whenever the numbers below change.
pub const VERSION: u32 = 3;

use super::Tree;

const LIKELIHOOD_PER_PEAK: usize = 1;
const RESIDUAL_FREQUENCY: usize = 5;
const COVERED_SHARE: usize = 6;
const DENSITY_RATIO: usize = 7;
const MATCHED_ENTROPY: usize = 8;
const QUERY_ENTROPY: usize = 9;
const VOTES: usize = 14;
const LOG_PEAKS: usize = 15;
const DISTANCE_FROM_COMMON: usize = 16;
const RELATIVE_LEAD: usize = 19;
const CHANGE: usize = 20;
const INFINITY: f32 = f32::INFINITY;

/// The score before any tree adds to it.
pub(super) const CONSTANT: f32 = -2.07946;

/// No score is higher than the likelihood less this (nats).
pub(super) const BOUND: f32 = 15.0;

/// What a score loses per e-fold of songs; below 0, fewer songs than `SONGS` cost.
pub(super) const PER_LOG_SONGS: f32 = -1.02477;

/// Songs among which it was learned.
pub(super) const SONGS: f32 = 200.0;

/// What is asked, and what the answers add.
#[rustfmt::skip]
pub(super) const TREES: [Tree; 150] = [
    Tree { first: (RELATIVE_LEAD, 2.33416), then: [(COVERED_SHARE, 0.398_633), (LIKELIHOOD_PER_PEAK, 0.184_767)], adds: [[-0.179_577, 0.348_484], [0.377_289, 0.945_074]] },
    Tree { first: (RELATIVE_LEAD, 2.0129), then: [(COVERED_SHARE, 0.373_134), (DISTANCE_FROM_COMMON, 0.005_953_61)], adds: [[-0.175_476, 0.18622], [0.552_941, 0.18622]] },
    Tree { first: (RELATIVE_LEAD, 2.0129), then: [(COVERED_SHARE, 0.373_134), (LIKELIHOOD_PER_PEAK, 0.144_347)], adds: [[-0.170_871, 0.123_583], [0.123_583, 0.420_699]] },
    Tree { first: (RELATIVE_LEAD, 1.61107), then: [(COVERED_SHARE, 0.373_134), (DISTANCE_FROM_COMMON, 0.006_154_24)], adds: [[-0.168_129, 0.087_119_4], [0.348_232, 0.087_119_4]] },
    Tree { first: (RELATIVE_LEAD, 2.0129), then: [(COVERED_SHARE, 0.373_134), (RELATIVE_LEAD, 2.6998)], adds: [[-0.162_659, 0.071_064_6], [0.071_064_6, 0.306_772]] },
    Tree { first: (RELATIVE_LEAD, 1.61107), then: [(COVERED_SHARE, 0.373_134), (LIKELIHOOD_PER_PEAK, 0.174_707)], adds: [[-0.160_562, 0.054_311_3], [0.054_311_3, 0.275_738]] },
    Tree { first: (RELATIVE_LEAD, 1.61107), then: [(COVERED_SHARE, 0.373_134), (LIKELIHOOD_PER_PEAK, 0.174_707)], adds: [[-0.15698, 0.044_894_1], [0.044_894_1, 0.252_419]] },
    Tree { first: (RELATIVE_LEAD, 2.6998), then: [(COVERED_SHARE, 0.422_886), (RELATIVE_LEAD, INFINITY)], adds: [[-0.149_676, 0.049_306_6], [0.236_128, 0.236_128]] },
    Tree { first: (RELATIVE_LEAD, 1.61107), then: [(COVERED_SHARE, 0.348_315), (DISTANCE_FROM_COMMON, 0.006_154_24)], adds: [[-0.150_277, 0.033_899_1], [0.220_354, 0.033_899_1]] },
    Tree { first: (RELATIVE_LEAD, 2.6998), then: [(COVERED_SHARE, 0.422_886), (RELATIVE_LEAD, INFINITY)], adds: [[-0.142_323, 0.041_208_8], [0.210_921, 0.210_921]] },
    Tree { first: (RELATIVE_LEAD, 0.92707), then: [(RESIDUAL_FREQUENCY, 0.376_709), (LIKELIHOOD_PER_PEAK, 0.222_899)], adds: [[0.019_443, -0.145_701], [0.019_443, 0.207_044]] },
    Tree { first: (RELATIVE_LEAD, 0.826_945), then: [(CHANGE, 0.026_000_1), (DISTANCE_FROM_COMMON, 0.004_288_11)], adds: [[-0.025_522_2, -0.146_655], [0.193_942, 0.014_525_4]] },
    Tree { first: (RELATIVE_LEAD, 2.6998), then: [(COVERED_SHARE, 0.422_886), (RELATIVE_LEAD, 3.47929)], adds: [[-0.131_521, 0.035_797_9], [0.059_820_5, 0.192_487]] },
    Tree { first: (RELATIVE_LEAD, 0.826_945), then: [(CHANGE, 0.026_000_1), (COVERED_SHARE, 0.229_167)], adds: [[-0.01387, -0.140_404], [0.011_385_4, 0.190_641]] },
    Tree { first: (RELATIVE_LEAD, 0.673_102), then: [(CHANGE, 0.019_758_4), (LIKELIHOOD_PER_PEAK, 0.275_211)], adds: [[-0.013_095_9, -0.13727], [0.006_282_58, 0.187_581]] },
    Tree { first: (RELATIVE_LEAD, 3.07149), then: [(CHANGE, 0.026_000_1), (RELATIVE_LEAD, INFINITY)], adds: [[0.038_510_2, -0.125_542], [0.176_263, 0.176_263]] },
    Tree { first: (LIKELIHOOD_PER_PEAK, 0.275_211), then: [(RELATIVE_LEAD, 1.37108), (RELATIVE_LEAD, 0.395_713)], adds: [[-0.123_295, 0.028_469], [0.029_968_7, 0.181_696]] },
    Tree { first: (COVERED_SHARE, 0.302_326), then: [(RELATIVE_LEAD, 3.07149), (RELATIVE_LEAD, -0.079_906_7)], adds: [[-0.113_563, 0.121_901], [-0.052_747, 0.179_964]] },
    Tree { first: (RELATIVE_LEAD, 0.571_784), then: [(CHANGE, 0.019_758_4), (COVERED_SHARE, 0.227_273)], adds: [[-0.015_108_2, -0.124_153], [0.002_992_6, 0.172_056]] },
    Tree { first: (COVERED_SHARE, 0.321_429), then: [(CHANGE, 0.010_844_1), (MATCHED_ENTROPY, 2.46091)], adds: [[0.111_051, -0.106_769], [-0.037_662_2, 0.173_549]] },
    Tree { first: (RELATIVE_LEAD, 0.571_784), then: [(QUERY_ENTROPY, 4.50608), (DISTANCE_FROM_COMMON, 0.004_288_11)], adds: [[-0.116_091, 0.000_189_639], [0.153_971, 0.002_604_92]] },
    Tree { first: (COVERED_SHARE, 0.321_429), then: [(CHANGE, 0.019_758_4), (RELATIVE_LEAD, -0.079_906_7)], adds: [[0.075_524_8, -0.103_838], [-0.034_979, 0.166_957]] },
    Tree { first: (RELATIVE_LEAD, 3.07149), then: [(CHANGE, 0.026_000_1), (DENSITY_RATIO, 1.20741)], adds: [[0.041_377_7, -0.100_087], [0.158_065, 0.041_377_7]] },
    Tree { first: (LIKELIHOOD_PER_PEAK, 0.275_211), then: [(QUERY_ENTROPY, 4.32149), (MATCHED_ENTROPY, 2.5993)], adds: [[-0.104_597, 0.030_541_2], [0.031_953_7, 0.16181]] },
    Tree { first: (RELATIVE_LEAD, 0.536_595), then: [(COVERED_SHARE, 0.078_717_2), (RESIDUAL_FREQUENCY, 0.803_325)], adds: [[0.001_843_52, -0.105_227], [0.147_203, 0.002_958_76]] },
    Tree { first: (RESIDUAL_FREQUENCY, 0.560_001), then: [(RELATIVE_LEAD, -0.095_147_1), (CHANGE, 0.027_146_3)], adds: [[0.038_499_7, 0.159_572], [0.038_499_7, -0.090_778]] },
    Tree { first: (RELATIVE_LEAD, 3.47929), then: [(CHANGE, 0.043_185_8), (DENSITY_RATIO, 1.20741)], adds: [[0.046_380_3, -0.089_379_6], [0.150_161, 0.046_380_3]] },
    Tree { first: (COVERED_SHARE, 0.321_429), then: [(QUERY_ENTROPY, 4.24533), (MATCHED_ENTROPY, 2.46091)], adds: [[-0.095_283_9, 0.032_653_5], [-0.029_557_8, 0.153_755]] },
    Tree { first: (RELATIVE_LEAD, 0.451_956), then: [(QUERY_ENTROPY, 4.315), (DISTANCE_FROM_COMMON, 0.004_288_11)], adds: [[-0.100_008, -0.003_460_79], [0.131_167, 0.002_855_78]] },
    Tree { first: (RESIDUAL_FREQUENCY, 0.560_001), then: [(VOTES, 20.0), (QUERY_ENTROPY, 4.20914)], adds: [[0.038_557_9, 0.151_796], [-0.094_143, 0.018_275]] },
    Tree { first: (RELATIVE_LEAD, 3.47929), then: [(CHANGE, 0.043_185_8), (DENSITY_RATIO, 1.20741)], adds: [[0.046_834_7, -0.077_087_9], [0.141_233, 0.046_834_7]] },
    Tree { first: (COVERED_SHARE, 0.280_488), then: [(QUERY_ENTROPY, 4.20914), (RELATIVE_LEAD, -0.079_906_7)], adds: [[-0.091_864_2, 0.019_860_2], [-0.034_063_9, 0.140_177]] },
    Tree { first: (DISTANCE_FROM_COMMON, 0.003_378_29), then: [(RELATIVE_LEAD, -0.131_562), (DENSITY_RATIO, 0.863_636)], adds: [[0.003_124_26, 0.118_424], [-0.013_466_4, -0.098_883_1]] },
    Tree { first: (RESIDUAL_FREQUENCY, 0.560_001), then: [(VOTES, 33.0), (DISTANCE_FROM_COMMON, 0.006_154_24)], adds: [[0.036_918_7, 0.149_811], [0.010_900_1, -0.092_200_9]] },
    Tree { first: (RELATIVE_LEAD, 3.47929), then: [(LOG_PEAKS, 4.97327), (DENSITY_RATIO, 1.20741)], adds: [[0.032_942, -0.078_598_6], [0.132_315, 0.046_141]] },
    Tree { first: (VOTES, 39.0), then: [(CHANGE, 0.041_655_1), (RESIDUAL_FREQUENCY, 0.888_892)], adds: [[0.039_742_1, -0.064_598_2], [0.140_389, 0.039_742_1]] },
    Tree { first: (RELATIVE_LEAD, 0.296_863), then: [(RELATIVE_LEAD, -6.95212), (COVERED_SHARE, 0.164_038)], adds: [[-0.116_941, -0.017_551], [0.002_321_82, 0.11088]] },
    Tree { first: (DISTANCE_FROM_COMMON, 0.006_154_24), then: [(LIKELIHOOD_PER_PEAK, 0.261_478), (DENSITY_RATIO, 0.846_774)], adds: [[0.000_981_887, 0.122_916], [-0.010_359_8, -0.100_172]] },
    Tree { first: (RELATIVE_LEAD, 3.47929), then: [(LOG_PEAKS, 5.45531), (DENSITY_RATIO, 1.20741)], adds: [[0.010_911_6, -0.097_753], [0.122_461, 0.044_259_9]] },
    Tree { first: (RELATIVE_LEAD, -6.95212), then: [(COVERED_SHARE, 0.067_692_3), (DISTANCE_FROM_COMMON, 0.006_154_24)], adds: [[-0.041_375_5, -0.117_381], [0.073_772_4, -0.041_375_5]] },
    Tree { first: (RESIDUAL_FREQUENCY, 0.560_001), then: [(VOTES, 33.0), (QUERY_ENTROPY, 4.17495)], adds: [[0.031_969_5, 0.13552], [-0.082_309_8, 0.031_969_5]] },
    Tree { first: (RELATIVE_LEAD, -6.95212), then: [(COVERED_SHARE, 0.067_692_3), (DISTANCE_FROM_COMMON, 0.006_154_24)], adds: [[-0.040_695_6, -0.113_509], [0.065_162_5, -0.040_044_4]] },
    Tree { first: (RELATIVE_LEAD, 4.1885), then: [(LOG_PEAKS, 5.45531), (RELATIVE_LEAD, INFINITY)], adds: [[0.015_446_4, -0.095_358], [0.114_477, 0.114_477]] },
    Tree { first: (RELATIVE_LEAD, -6.95212), then: [(COVERED_SHARE, 0.067_692_3), (CHANGE, 0.026_000_1)], adds: [[-0.039_911_1, -0.109_748], [0.094_182_9, -0.010_211_2]] },
    Tree { first: (COVERED_SHARE, 0.422_886), then: [(QUERY_ENTROPY, 4.24533), (COVERED_SHARE, 0.494_975)], adds: [[-0.060_795_6, 0.047_666_8], [0.011_463, 0.111_796]] },
    Tree { first: (RELATIVE_LEAD, -6.95212), then: [(COVERED_SHARE, 0.067_692_3), (VOTES, 32.0)], adds: [[-0.03843, -0.105_905], [-0.007_611_87, 0.093_065_6]] },
    Tree { first: (DISTANCE_FROM_COMMON, 0.000_782_07), then: [(RELATIVE_LEAD, 0.246_018), (DENSITY_RATIO, 0.981_132)], adds: [[0.026_007, 0.105_709], [0.009_622_78, -0.076_396_4]] },
    Tree { first: (RELATIVE_LEAD, 4.1885), then: [(LOG_PEAKS, 5.45531), (RELATIVE_LEAD, INFINITY)], adds: [[0.018_774_8, -0.089_537_2], [0.104_629, 0.104_629]] },
    Tree { first: (RELATIVE_LEAD, -6.95212), then: [(COVERED_SHARE, 0.067_692_3), (LOG_PEAKS, 5.45531)], adds: [[-0.036_918_3, -0.101_723], [0.048_704, -0.036_918_3]] },
    Tree { first: (RELATIVE_LEAD, 4.1885), then: [(LOG_PEAKS, 5.45531), (RELATIVE_LEAD, INFINITY)], adds: [[0.013_150_5, -0.082_169_9], [0.101_283, 0.101_283]] },
    Tree { first: (CHANGE, 0.010_844_1), then: [(RELATIVE_LEAD, -2.13235), (DENSITY_RATIO, 0.981_132)], adds: [[0.031_248_4, 0.099_801_5], [0.009_048_6, -0.064_508]] },
    Tree { first: (RELATIVE_LEAD, -5.7554), then: [(QUERY_ENTROPY, 4.39521), (QUERY_ENTROPY, 4.17495)], adds: [[-0.100_655, -0.033_766_4], [-0.015_684_6, 0.065_818_3]] },
    Tree { first: (RESIDUAL_FREQUENCY, 0.560_001), then: [(VOTES, 33.0), (QUERY_ENTROPY, 4.17495)], adds: [[0.026_018_9, 0.118_594], [-0.071_942_2, 0.026_018_9]] },
    Tree { first: (DISTANCE_FROM_COMMON, 0.006_154_24), then: [(LOG_PEAKS, 5.20666), (DENSITY_RATIO, 0.860_656)], adds: [[0.077_735_6, -0.004_416_33], [-0.006_927_38, -0.081_355_2]] },
    Tree { first: (VOTES, 32.0), then: [(QUERY_ENTROPY, 4.15183), (RESIDUAL_FREQUENCY, 0.678_205)], adds: [[-0.066_321_7, 0.023_040_8], [0.119_937, 0.023_040_8]] },
    Tree { first: (RELATIVE_LEAD, -6.95212), then: [(COVERED_SHARE, 0.067_692_3), (LOG_PEAKS, 5.46171)], adds: [[-0.033_330_7, -0.092_945_4], [0.043_808_6, -0.033_330_7]] },
    Tree { first: (RELATIVE_LEAD, 4.1885), then: [(LOG_PEAKS, 5.45531), (RELATIVE_LEAD, INFINITY)], adds: [[0.014_179_4, -0.075_375], [0.092_015_4, 0.092_015_4]] },
    Tree { first: (QUERY_ENTROPY, 4.41632), then: [(LOG_PEAKS, 4.97327), (RELATIVE_LEAD, -13.0284)], adds: [[0.034_217_8, -0.067_985], [-0.028_724_6, 0.091_882_8]] },
    Tree { first: (QUERY_ENTROPY, 4.24533), then: [(RESIDUAL_FREQUENCY, 0.560_001), (LOG_PEAKS, 5.45531)], adds: [[0.056_789_7, -0.057_309_1], [0.094_837_4, -0.008_774_46]] },
    Tree { first: (VOTES, 32.0), then: [(QUERY_ENTROPY, 4.15183), (RESIDUAL_FREQUENCY, 0.96875)], adds: [[-0.061_437_5, 0.022_668_1], [0.102_823, 0.022_668_1]] },
    Tree { first: (RELATIVE_LEAD, -7.64917), then: [(COVERED_SHARE, 0.067_692_3), (CHANGE, 0.043_185_8)], adds: [[-0.032_029_5, -0.089_172_1], [0.062_497_6, -0.010_276]] },
    Tree { first: (RELATIVE_LEAD, 4.1885), then: [(LOG_PEAKS, 5.45531), (RELATIVE_LEAD, INFINITY)], adds: [[0.013_742_3, -0.069_511_9], [0.086_065_8, 0.086_065_8]] },
    Tree { first: (QUERY_ENTROPY, 4.39234), then: [(LOG_PEAKS, 4.97327), (RELATIVE_LEAD, -13.0284)], adds: [[0.032_743_6, -0.067_720_5], [-0.031_177_9, 0.076_334]] },
    Tree { first: (DISTANCE_FROM_COMMON, 0.000_644_242), then: [(RELATIVE_LEAD, 0.323_308), (DENSITY_RATIO, 0.962_963)], adds: [[0.022_882_3, 0.081_468_4], [0.016_639_8, -0.058_301_6]] },
    Tree { first: (RELATIVE_LEAD, 4.1885), then: [(LOG_PEAKS, 5.45531), (RELATIVE_LEAD, INFINITY)], adds: [[0.011_731_2, -0.064_326_5], [0.082_716_1, 0.082_716_1]] },
    Tree { first: (QUERY_ENTROPY, 4.17495), then: [(VOTES, 33.0), (DISTANCE_FROM_COMMON, 0.006_915)], adds: [[-0.055_023_5, 0.054_029_8], [0.069_264_3, -0.022_029_8]] },
    Tree { first: (RELATIVE_LEAD, -8.80684), then: [(QUERY_ENTROPY, 4.54), (QUERY_ENTROPY, 3.91979)], adds: [[-0.079_909_6, -0.031_305], [-0.031_305, 0.038_857_3]] },
    Tree { first: (COVERED_SHARE, 0.494_975), then: [(QUERY_ENTROPY, 4.17495), (COVERED_SHARE, INFINITY)], adds: [[-0.044_655_9, 0.028_148_3], [0.079_263_8, 0.079_263_8]] },
    Tree { first: (DENSITY_RATIO, 0.981_132), then: [(QUERY_ENTROPY, 3.91979), (COVERED_SHARE, 0.218_487)], adds: [[-0.037_119_7, 0.053_265_8], [-0.069_411_2, 0.059_734_9]] },
    Tree { first: (LOG_PEAKS, 4.97327), then: [(QUERY_ENTROPY, 3.91979), (QUERY_ENTROPY, 4.39234)], adds: [[-0.014_597_8, 0.088_826_2], [-0.065_403_8, 0.044_922_2]] },
    Tree { first: (RELATIVE_LEAD, -8.80684), then: [(COVERED_SHARE, 0.067_692_3), (CHANGE, 0.043_185_8)], adds: [[-0.030_219_2, -0.076_406_7], [0.053_246_2, -0.009_681_57]] },
    Tree { first: (RESIDUAL_FREQUENCY, 0.678_205), then: [(VOTES, 33.0), (QUERY_ENTROPY, 4.1187)], adds: [[0.014_942_6, 0.104_992], [-0.059_900_3, 0.013_929_7]] },
    Tree { first: (LOG_PEAKS, 5.46171), then: [(RELATIVE_LEAD, -5.07621), (QUERY_ENTROPY, 4.54)], adds: [[-0.063_272_3, 0.036_095_5], [-0.076_962_2, 0.04072]] },
    Tree { first: (RELATIVE_LEAD, 4.1885), then: [(LOG_PEAKS, 5.45531), (RELATIVE_LEAD, INFINITY)], adds: [[0.011_318_4, -0.060_938_6], [0.074_369_9, 0.074_369_9]] },
    Tree { first: (DISTANCE_FROM_COMMON, 0.006_154_24), then: [(LOG_PEAKS, 5.20666), (DENSITY_RATIO, 0.863_636)], adds: [[0.056_237_6, -0.005_146_86], [-0.005_146_86, -0.068_928_4]] },
    Tree { first: (VOTES, 39.0), then: [(QUERY_ENTROPY, 3.91979), (RESIDUAL_FREQUENCY, 0.931_109)], adds: [[-0.056_366_4, 0.011_458], [0.087_977_1, 0.025_648_7]] },
    Tree { first: (DENSITY_RATIO, 0.981_132), then: [(DENSITY_RATIO, 0.740_406), (COVERED_SHARE, 0.207_921)], adds: [[-0.044_891_2, 0.041_935_7], [-0.064_828_5, 0.049_260_2]] },
    Tree { first: (RELATIVE_LEAD, -8.80684), then: [(COVERED_SHARE, 0.067_692_3), (CHANGE, 0.019_758_4)], adds: [[-0.028_411_2, -0.070_903_4], [0.053_573_6, -0.005_825_27]] },
    Tree { first: (RESIDUAL_FREQUENCY, 0.835_289), then: [(COVERED_SHARE, 0.160_991), (COVERED_SHARE, 0.108_553)], adds: [[0.006_214_53, 0.068_749_1], [0.006_214_53, -0.054_372]] },
    Tree { first: (DENSITY_RATIO, 1.08943), then: [(QUERY_ENTROPY, 3.91979), (LIKELIHOOD_PER_PEAK, 0.396_161)], adds: [[-0.031_765_5, 0.032_845_1], [-0.076_158_1, 0.038_598_1]] },
    Tree { first: (LOG_PEAKS, 4.97327), then: [(QUERY_ENTROPY, 3.91979), (QUERY_ENTROPY, 4.39234)], adds: [[-0.015_198_2, 0.072_375_8], [-0.060_532, 0.039_186_7]] },
    Tree { first: (VOTES, 32.0), then: [(QUERY_ENTROPY, 4.1187), (RESIDUAL_FREQUENCY, 0.96875)], adds: [[-0.046_575_8, 0.015_978_2], [0.084_076, 0.017_702_1]] },
    Tree { first: (LOG_PEAKS, 5.46171), then: [(RELATIVE_LEAD, -5.07621), (QUERY_ENTROPY, 4.54)], adds: [[-0.057_824_8, 0.030_515_2], [-0.071_055_9, 0.036_275_2]] },
    Tree { first: (RELATIVE_LEAD, 3.47929), then: [(LOG_PEAKS, 4.97327), (DENSITY_RATIO, 1.20741)], adds: [[0.022_073_5, -0.035_096_1], [0.070_375_4, 0.026_528_6]] },
    Tree { first: (DISTANCE_FROM_COMMON, 0.013_138_3), then: [(QUERY_ENTROPY, 4.20914), (VOTES, 23.0)], adds: [[-0.012_206_4, 0.045_194_4], [-0.065_130_1, -0.012_206_4]] },
    Tree { first: (RELATIVE_LEAD, -8.80684), then: [(COVERED_SHARE, 0.067_692_3), (DENSITY_RATIO, 0.981_132)], adds: [[-0.026_148_3, -0.065_265_3], [0.026_767_1, -0.023_744_9]] },
    Tree { first: (DISTANCE_FROM_COMMON, 0.000_644_242), then: [(RELATIVE_LEAD, 0.323_308), (DENSITY_RATIO, 0.954_545)], adds: [[0.015_899_7, 0.061_765_9], [0.010_687, -0.043_005_3]] },
    Tree { first: (VOTES, 39.0), then: [(QUERY_ENTROPY, 3.91979), (RESIDUAL_FREQUENCY, 0.931_109)], adds: [[-0.04893, 0.008_691_45], [0.078_118_4, 0.022_146_4]] },
    Tree { first: (LOG_PEAKS, 5.46171), then: [(COVERED_SHARE, 0.105_691), (QUERY_ENTROPY, 4.54)], adds: [[0.071_429_9, -0.002_987_71], [-0.068_372_7, 0.033_003_3]] },
    Tree { first: (RELATIVE_LEAD, 4.1885), then: [(LOG_PEAKS, 4.97327), (RELATIVE_LEAD, INFINITY)], adds: [[0.023_189, -0.032_926_2], [0.062_695_1, 0.062_695_1]] },
    Tree { first: (DENSITY_RATIO, 0.700_787), then: [(MATCHED_ENTROPY, 3.08007), (DENSITY_RATIO, 0.846_774)], adds: [[-0.058_738_1, 0.001_656_62], [0.050_299_9, -0.009_949_39]] },
    Tree { first: (CHANGE, 0.010_844_1), then: [(RELATIVE_LEAD, 0.296_863), (DENSITY_RATIO, 0.865_854)], adds: [[0.017_906_3, 0.067_304_3], [0.01662, -0.030_670_9]] },
    Tree { first: (RELATIVE_LEAD, -8.80684), then: [(COVERED_SHARE, 0.067_692_3), (COVERED_SHARE, 0.104_762)], adds: [[-0.024_611, -0.062_144], [0.044_019_4, -0.005_379_29]] },
    Tree { first: (VOTES, 32.0), then: [(QUERY_ENTROPY, 3.91979), (RESIDUAL_FREQUENCY, 0.678_205)], adds: [[-0.052_503_1, 0.007_917_09], [0.085_931_4, 0.016_241_3]] },
    Tree { first: (LOG_PEAKS, 5.46171), then: [(RELATIVE_LEAD, 0.986_013), (QUERY_ENTROPY, 4.54)], adds: [[-0.007_051_34, 0.057_139], [-0.064_987_3, 0.029_841_2]] },
    Tree { first: (DENSITY_RATIO, 0.700_787), then: [(RESIDUAL_FREQUENCY, 0.734_565), (DENSITY_RATIO, 0.981_132)], adds: [[-0.002_628_23, -0.060_361_3], [0.028_480_9, -0.025_690_8]] },
    Tree { first: (RESIDUAL_FREQUENCY, 0.835_289), then: [(COVERED_SHARE, 0.160_991), (COVERED_SHARE, 0.108_553)], adds: [[0.005_105_09, 0.059_278_7], [0.005_105_09, -0.048_479_5]] },
    Tree { first: (DISTANCE_FROM_COMMON, 0.013_138_3), then: [(QUERY_ENTROPY, 4.25304), (VOTES, 23.0)], adds: [[-0.009_961_39, 0.042_335_1], [-0.060_995_1, -0.010_723_4]] },
    Tree { first: (LOG_PEAKS, 4.97327), then: [(CHANGE, 0.057_831_3), (QUERY_ENTROPY, 4.39234)], adds: [[0.073_471_7, -0.006_335_52], [-0.052_593_7, 0.028_362_6]] },
    Tree { first: (VOTES, 32.0), then: [(QUERY_ENTROPY, 3.91979), (RESIDUAL_FREQUENCY, 0.96875)], adds: [[-0.049_654_1, 0.008_034], [0.073_444_1, 0.016_004_4]] },
    Tree { first: (LOG_PEAKS, 5.46171), then: [(RELATIVE_LEAD, -5.07621), (QUERY_ENTROPY, 4.6965)], adds: [[-0.05069, 0.026_100_6], [-0.052_931_4, 0.042_388_9]] },
    Tree { first: (DENSITY_RATIO, 0.700_787), then: [(MATCHED_ENTROPY, 3.08007), (DENSITY_RATIO, 0.844_186)], adds: [[-0.054_362_3, 0.001_434_85], [0.043_150_8, -0.008_902_01]] },
    Tree { first: (RELATIVE_LEAD, 3.07149), then: [(LOG_PEAKS, 4.97327), (DENSITY_RATIO, 1.11111)], adds: [[0.018_822_3, -0.030_451_1], [0.064_672_5, 0.021_667_1]] },
    Tree { first: (RELATIVE_LEAD, -8.80684), then: [(COVERED_SHARE, 0.067_692_3), (QUERY_ENTROPY, 3.91979)], adds: [[-0.022_632_1, -0.056_960_3], [-0.022_632_1, 0.021_267_9]] },
    Tree { first: (DISTANCE_FROM_COMMON, 0.000_644_242), then: [(DENSITY_RATIO, 0.858_333), (LOG_PEAKS, 5.46171)], adds: [[0.013_491_8, 0.050_901], [0.004_503_67, -0.045_524_2]] },
    Tree { first: (VOTES, 39.0), then: [(COVERED_SHARE, 0.104_762), (RESIDUAL_FREQUENCY, 0.931_109)], adds: [[0.019_478_8, -0.024_478_6], [0.067_994_9, 0.019_478_8]] },
    Tree { first: (DENSITY_RATIO, 0.700_787), then: [(RESIDUAL_FREQUENCY, 0.734_565), (DENSITY_RATIO, 0.981_132)], adds: [[-0.001_866_63, -0.054_913_8], [0.025_336_1, -0.023_834_7]] },
    Tree { first: (RELATIVE_LEAD, 4.1885), then: [(LOG_PEAKS, 4.97327), (RELATIVE_LEAD, INFINITY)], adds: [[0.018_667_7, -0.028_066], [0.054_102_6, 0.054_102_6]] },
    Tree { first: (QUERY_ENTROPY, 4.315), then: [(LOG_PEAKS, 4.97327), (DENSITY_RATIO, 0.730_233)], adds: [[0.013_919_5, -0.051_646_9], [-0.031_378_1, 0.040_112_2]] },
    Tree { first: (VOTES, 32.0), then: [(QUERY_ENTROPY, 3.91979), (RESIDUAL_FREQUENCY, 0.96875)], adds: [[-0.047_773_5, 0.007_167_02], [0.067_560_9, 0.014_032_8]] },
    Tree { first: (RELATIVE_LEAD, -8.80684), then: [(COVERED_SHARE, 0.067_692_3), (CHANGE, 0.043_185_8)], adds: [[-0.021_932_6, -0.054_527_9], [0.031_775_2, -0.007_358_83]] },
    Tree { first: (RELATIVE_LEAD, 4.1885), then: [(LOG_PEAKS, 5.45531), (RELATIVE_LEAD, INFINITY)], adds: [[0.007_455_98, -0.043_364_4], [0.051_792_4, 0.051_792_4]] },
    Tree { first: (COVERED_SHARE, 0.105_691), then: [(DENSITY_RATIO, 1.0), (RESIDUAL_FREQUENCY, 0.916_644)], adds: [[0.053_214_4, -0.023_393_2], [0.026_937_4, -0.048_746_4]] },
    Tree { first: (DENSITY_RATIO, 0.700_787), then: [(MATCHED_ENTROPY, 3.08007), (DENSITY_RATIO, 0.844_186)], adds: [[-0.049_099_1, 0.001_783_03], [0.038_697_6, -0.009_268_38]] },
    Tree { first: (RELATIVE_LEAD, 3.07149), then: [(COVERED_SHARE, 0.108_553), (DENSITY_RATIO, 1.11111)], adds: [[0.019_090_8, -0.023_970_9], [0.058_336_4, 0.019_090_8]] },
    Tree { first: (RELATIVE_LEAD, -8.80684), then: [(COVERED_SHARE, 0.067_692_3), (QUERY_ENTROPY, 3.91979)], adds: [[-0.020_684_4, -0.052_397_3], [-0.020_684_4, 0.018_835_1]] },
    Tree { first: (LOG_PEAKS, 5.46171), then: [(RELATIVE_LEAD, 0.673_102), (QUERY_ENTROPY, 4.6965)], adds: [[-0.009_052_02, 0.042_636_3], [-0.048_847_7, 0.039_956_2]] },
    Tree { first: (DENSITY_RATIO, 0.740_406), then: [(MATCHED_ENTROPY, 2.91122), (DENSITY_RATIO, 0.831_731)], adds: [[-0.046_113_9, 0.007_827_16], [0.048_869_2, -0.007_221_82]] },
    Tree { first: (DISTANCE_FROM_COMMON, 0.013_138_3), then: [(QUERY_ENTROPY, 4.20914), (VOTES, 23.0)], adds: [[-0.009_372_1, 0.032_425_7], [-0.056_387_8, -0.009_372_1]] },
    Tree { first: (LOG_PEAKS, 4.97327), then: [(CHANGE, 0.057_831_3), (QUERY_ENTROPY, 4.39234)], adds: [[0.062_588_7, -0.007_427_98], [-0.046_125_6, 0.021_681_8]] },
    Tree { first: (VOTES, 32.0), then: [(DISTANCE_FROM_COMMON, 0.015_491_5), (RESIDUAL_FREQUENCY, 0.678_205)], adds: [[0.004_784_47, -0.045_468_5], [0.071_081_8, 0.013_691_2]] },
    Tree { first: (DENSITY_RATIO, 1.18108), then: [(COVERED_SHARE, 0.104_762), (COVERED_SHARE, 0.27451)], adds: [[0.036_841_4, -0.006_865_98], [-0.059_293_5, 0.017_998_8]] },
    Tree { first: (LOG_PEAKS, 4.97327), then: [(CHANGE, 0.057_831_3), (QUERY_ENTROPY, 4.39234)], adds: [[0.057_065_4, -0.005_709_13], [-0.042_897_4, 0.017_821_4]] },
    Tree { first: (VOTES, 39.0), then: [(QUERY_ENTROPY, 3.91979), (RESIDUAL_FREQUENCY, 0.931_109)], adds: [[-0.036_959_5, 0.006_599_59], [0.060_988_8, 0.018_319_4]] },
    Tree { first: (LOG_PEAKS, 5.46171), then: [(RELATIVE_LEAD, -5.07621), (QUERY_ENTROPY, 4.6965)], adds: [[-0.044_316_8, 0.021_135_2], [-0.046_281_7, 0.035_046_6]] },
    Tree { first: (RELATIVE_LEAD, 3.07149), then: [(LOG_PEAKS, 4.97327), (DENSITY_RATIO, 1.11111)], adds: [[0.015_146_8, -0.025_095_7], [0.056_401_9, 0.018_899_3]] },
    Tree { first: (VOTES, 32.0), then: [(QUERY_ENTROPY, 3.91979), (RESIDUAL_FREQUENCY, 0.678_205)], adds: [[-0.040_778_7, 0.005_949_71], [0.067_024_6, 0.012_889_5]] },
    Tree { first: (DENSITY_RATIO, 1.10811), then: [(RELATIVE_LEAD, 1.37108), (LIKELIHOOD_PER_PEAK, 0.396_161)], adds: [[-0.006_094_98, 0.039_936], [-0.061_244_2, 0.038_598_1]] },
    Tree { first: (DENSITY_RATIO, 0.700_787), then: [(LOG_PEAKS, 4.879), (DENSITY_RATIO, 0.846_774)], adds: [[-0.001_057_23, -0.049_991_9], [0.035_345_5, -0.008_473_15]] },
    Tree { first: (DISTANCE_FROM_COMMON, 0.000_644_242), then: [(DENSITY_RATIO, 0.858_333), (DENSITY_RATIO, 0.865_854)], adds: [[0.011_215_3, 0.045_039_4], [0.011_215_3, -0.025_913_2]] },
    Tree { first: (DENSITY_RATIO, 0.740_406), then: [(MATCHED_ENTROPY, 2.91122), (DENSITY_RATIO, 0.831_731)], adds: [[-0.042_589_3, 0.007_119_17], [0.042_194, -0.005_798_75]] },
    Tree { first: (LOG_PEAKS, 5.46171), then: [(COVERED_SHARE, 0.071_428_6), (QUERY_ENTROPY, 4.6965)], adds: [[0.065_538_7, 0.000_318_225], [-0.044_048_5, 0.034_094_8]] },
    Tree { first: (RELATIVE_LEAD, -8.80684), then: [(COVERED_SHARE, 0.067_692_3), (QUERY_ENTROPY, 3.99948)], adds: [[-0.018_304_7, -0.047_653], [-0.014_867_5, 0.018_361_2]] },
    Tree { first: (VOTES, 32.0), then: [(DISTANCE_FROM_COMMON, 0.015_491_5), (RESIDUAL_FREQUENCY, 0.96875)], adds: [[0.004_506_28, -0.042_232_5], [0.057_690_6, 0.012_314_7]] },
    Tree { first: (LOG_PEAKS, 4.97327), then: [(CHANGE, 0.057_831_3), (QUERY_ENTROPY, 4.34081)], adds: [[0.051_610_5, -0.006_006_63], [-0.043_532_3, 0.014_260_6]] },
    Tree { first: (RELATIVE_LEAD, 3.07149), then: [(COVERED_SHARE, 0.108_553), (DENSITY_RATIO, 1.11111)], adds: [[0.017_602_3, -0.020_169_8], [0.052_416_2, 0.017_602_3]] },
    Tree { first: (LOG_PEAKS, 5.68049), then: [(RELATIVE_LEAD, -5.07621), (QUERY_ENTROPY, 4.6965)], adds: [[-0.040_984_9, 0.019_181_7], [-0.042_527, 0.031_081_3]] },
    Tree { first: (VOTES, 39.0), then: [(QUERY_ENTROPY, 3.91979), (RESIDUAL_FREQUENCY, 0.931_109)], adds: [[-0.033_156, 0.005_678_92], [0.055_054_8, 0.016_467_3]] },
    Tree { first: (LOG_PEAKS, 4.97327), then: [(VOTES, 21.0), (QUERY_ENTROPY, 4.50608)], adds: [[-0.005_244_08, 0.048_891_3], [-0.031_484_1, 0.025_280_4]] },
    Tree { first: (DENSITY_RATIO, 0.700_787), then: [(RESIDUAL_FREQUENCY, 0.734_565), (DENSITY_RATIO, 1.18108)], adds: [[0.002_055_82, -0.046_016], [0.013_065_3, -0.038_765_2]] },
    Tree { first: (RELATIVE_LEAD, 3.07149), then: [(COVERED_SHARE, 0.105_691), (DENSITY_RATIO, 1.11111)], adds: [[0.016_975_2, -0.019_053_3], [0.050_862_4, 0.016_975_2]] },
    Tree { first: (LOG_PEAKS, 5.46171), then: [(RELATIVE_LEAD, 1.37108), (QUERY_ENTROPY, 4.6965)], adds: [[-0.003_218_11, 0.045_207_5], [-0.040_551_5, 0.027_784_2]] },
    Tree { first: (RESIDUAL_FREQUENCY, 0.835_289), then: [(RELATIVE_LEAD, 0.246_018), (COVERED_SHARE, 0.140_969)], adds: [[0.004_604_36, 0.049_390_5], [0.004_604_36, -0.044_564_4]] },
    Tree { first: (LOG_PEAKS, 4.97327), then: [(CHANGE, 0.057_831_3), (QUERY_ENTROPY, 4.34081)], adds: [[0.047_103_1, -0.004_500_2], [-0.038_366_7, 0.010_769_7]] },
    Tree { first: (VOTES, 32.0), then: [(DISTANCE_FROM_COMMON, 0.015_491_5), (RESIDUAL_FREQUENCY, 0.96875)], adds: [[0.004_154_18, -0.038_363_8], [0.053_746_4, 0.012_115_4]] },
    Tree { first: (RELATIVE_LEAD, -8.80684), then: [(COVERED_SHARE, 0.067_692_3), (QUERY_ENTROPY, 3.91979)], adds: [[-0.016_913_4, -0.043_847_9], [-0.016_913_4, 0.014_943_7]] },
    Tree { first: (LOG_PEAKS, 4.97327), then: [(RELATIVE_LEAD, -5.07621), (QUERY_ENTROPY, 4.50608)], adds: [[-0.034_506_1, 0.025_241_9], [-0.028_641, 0.019_814_4]] },
    Tree { first: (VOTES, 39.0), then: [(QUERY_ENTROPY, 3.91979), (RESIDUAL_FREQUENCY, 1.29532)], adds: [[-0.031_714, 0.004_807_4], [0.050_080_6, 0.015_243_5]] },
    Tree { first: (LOG_PEAKS, 5.68049), then: [(COVERED_SHARE, 0.071_428_6), (DISTANCE_FROM_COMMON, 0.000_416_784)], adds: [[0.057_477_4, -0.000_579_504], [0.029_230_8, -0.038_631_1]] },
    Tree { first: (RELATIVE_LEAD, 3.07149), then: [(LOG_PEAKS, 4.97327), (DENSITY_RATIO, 1.11111)], adds: [[0.012_600_6, -0.020_609_9], [0.049_080_4, 0.016_515_5]] },
];
