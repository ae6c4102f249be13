//! The verifier's table: what it asks of an alignment, and what each answer adds to the score.
//!
//! 150 boosted trees of two questions each, made by `make train` on 2026-11-28 with scikit-learn
//! 1.9.1.
//! Learned from 7900 queries of 100 songs that no report uses (25 degradations, seed 3), each asked
//! plain and with its own song and relatives masked, among 200 songs; calibrated on scores out of
//! fold.

/// Raised whenever the numbers below change.
pub const VERSION: u32 = 6;

use super::Tree;

const LIKELIHOOD_PER_PEAK: usize = 1;
const BLOCKS_IN_FAVOUR: usize = 3;
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
pub(super) const CONSTANT: f32 = -1.95865;

/// No score is higher than the likelihood less this (nats).
pub(super) const BOUND: f32 = 15.0;

/// What a score loses per e-fold of songs; below 0, fewer songs than `SONGS` cost.
pub(super) const PER_LOG_SONGS: f32 = -0.659_321;

/// Songs among which it was learned.
pub(super) const SONGS: f32 = 200.0;

/// What is asked, and what the answers add.
#[rustfmt::skip]
pub(super) const TREES: [Tree; 150] = [
    Tree { first: (RELATIVE_LEAD, 2.46895), then: [(COVERED_SHARE, 0.39801), (LIKELIHOOD_PER_PEAK, 0.157_397)], adds: [[-0.175_724, 0.377_713], [0.377_713, 0.938_647]] },
    Tree { first: (RELATIVE_LEAD, 1.8839), then: [(COVERED_SHARE, 0.37037), (LIKELIHOOD_PER_PEAK, 0.205_127)], adds: [[-0.173_286, 0.178_881], [0.183_245, 0.544_373]] },
    Tree { first: (RELATIVE_LEAD, 1.8839), then: [(COVERED_SHARE, 0.37037), (DISTANCE_FROM_COMMON, 0.009_176_24)], adds: [[-0.168_895, 0.118_245], [0.408_511, 0.118_245]] },
    Tree { first: (RELATIVE_LEAD, 1.56477), then: [(COVERED_SHARE, 0.39801), (COVERED_SHARE, 0.17)], adds: [[-0.165_899, 0.082_264_9], [0.082_264_9, 0.343_083]] },
    Tree { first: (RELATIVE_LEAD, 1.56477), then: [(COVERED_SHARE, 0.37037), (DISTANCE_FROM_COMMON, 0.005_991_46)], adds: [[-0.162_445, 0.062_780_8], [0.296_518, 0.062_780_8]] },
    Tree { first: (RELATIVE_LEAD, 2.12744), then: [(COVERED_SHARE, 0.37037), (RELATIVE_LEAD, 2.95216)], adds: [[-0.156_575, 0.056_757_8], [0.079_273, 0.270_458]] },
    Tree { first: (RELATIVE_LEAD, 1.36007), then: [(COVERED_SHARE, 0.37037), (LIKELIHOOD_PER_PEAK, 0.205_127)], adds: [[-0.15671, 0.038_314_9], [0.038_314_9, 0.248_773]] },
    Tree { first: (RELATIVE_LEAD, 1.56477), then: [(COVERED_SHARE, 0.39801), (LIKELIHOOD_PER_PEAK, 0.221_288)], adds: [[-0.152_209, 0.033_989_6], [0.036_895, 0.233_089]] },
    Tree { first: (RELATIVE_LEAD, 1.36007), then: [(COVERED_SHARE, 0.37037), (VOTES, 13.0)], adds: [[-0.15046, 0.026_256], [0.026_256, 0.220_026]] },
    Tree { first: (RELATIVE_LEAD, 2.46895), then: [(COVERED_SHARE, 0.348_315), (RELATIVE_LEAD, 3.43487)], adds: [[-0.141_727, 0.036_505_6], [0.065_055_5, 0.21126]] },
    Tree { first: (RELATIVE_LEAD, 1.12809), then: [(LIKELIHOOD_PER_PEAK, 0.504_833), (DISTANCE_FROM_COMMON, 0.004_765_66)], adds: [[-0.14521, 0.016_995_7], [0.19755, 0.016_995_7]] },
    Tree { first: (RELATIVE_LEAD, 1.12809), then: [(LIKELIHOOD_PER_PEAK, 0.497_826), (LIKELIHOOD_PER_PEAK, 0.241_732)], adds: [[-0.142_079, 0.013_326], [0.013_326, 0.195_144]] },
    Tree { first: (VOTES, 18.0), then: [(CHANGE, 0.020_222_5), (LIKELIHOOD_PER_PEAK, 0.201_533)], adds: [[0.035_962_7, -0.134_864], [0.035_962_7, 0.194_833]] },
    Tree { first: (RELATIVE_LEAD, 0.9497), then: [(COVERED_SHARE, 0.37037), (DISTANCE_FROM_COMMON, 0.004_765_66)], adds: [[-0.137_653, 0.007_976_81], [0.177_364, 0.007_976_81]] },
    Tree { first: (RELATIVE_LEAD, 2.95216), then: [(CHANGE, 0.026_832), (RELATIVE_LEAD, 3.43487)], adds: [[0.033_999_1, -0.129_651], [0.037_469_4, 0.18039]] },
    Tree { first: (VOTES, 17.0), then: [(CHANGE, 0.020_222_5), (LIKELIHOOD_PER_PEAK, 0.201_533)], adds: [[0.033_674_8, -0.125_152], [0.033_674_8, 0.182_261]] },
    Tree { first: (RELATIVE_LEAD, 0.9497), then: [(COVERED_SHARE, 0.37037), (COVERED_SHARE, 0.176)], adds: [[-0.128_413, 0.005_874_63], [0.005_874_63, 0.169_127]] },
    Tree { first: (VOTES, 18.0), then: [(CHANGE, 0.040_242_1), (LIKELIHOOD_PER_PEAK, 0.201_533)], adds: [[0.035_719_1, -0.121_602], [0.035_719_1, 0.175_498]] },
    Tree { first: (RELATIVE_LEAD, 0.847_748), then: [(COVERED_SHARE, 0.37037), (DISTANCE_FROM_COMMON, 0.004_049_12)], adds: [[-0.122_182, 0.003_291_36], [0.158_742, 0.003_291_36]] },
    Tree { first: (RELATIVE_LEAD, 3.43487), then: [(CHANGE, 0.040_242_1), (RELATIVE_LEAD, INFINITY)], adds: [[0.039_727_8, -0.115_511], [0.164_605, 0.164_605]] },
    Tree { first: (VOTES, 16.0), then: [(CHANGE, 0.017_462_8), (BLOCKS_IN_FAVOUR, 0.65)], adds: [[0.033_685_8, -0.106_275], [0.033_685_8, 0.16781]] },
    Tree { first: (RELATIVE_LEAD, 0.847_748), then: [(RELATIVE_LEAD, -7.60834), (LIKELIHOOD_PER_PEAK, 0.306_868)], adds: [[-0.146_598, -0.084_447], [0.011_797_1, 0.166_343]] },
    Tree { first: (LIKELIHOOD_PER_PEAK, 0.319_424), then: [(CHANGE, 0.020_222_5), (RELATIVE_LEAD, 0.42033)], adds: [[0.03803, -0.099_965], [0.03803, 0.166_234]] },
    Tree { first: (RELATIVE_LEAD, 0.847_748), then: [(RELATIVE_LEAD, -7.85306), (DISTANCE_FROM_COMMON, 0.002_292_58)], adds: [[-0.144_157, -0.075_096_3], [0.150_176, 0.003_405_59]] },
    Tree { first: (RELATIVE_LEAD, 3.43487), then: [(CHANGE, 0.048_096_7), (RELATIVE_LEAD, 3.80722)], adds: [[0.043_858_4, -0.098_471_4], [0.043_858_4, 0.156_489]] },
    Tree { first: (COVERED_SHARE, 0.285_714), then: [(CHANGE, 0.017_462_8), (RELATIVE_LEAD, 0.42033)], adds: [[0.072_597_6, -0.088_552_6], [-0.040_410_3, 0.161_906]] },
    Tree { first: (VOTES, 13.0), then: [(DISTANCE_FROM_COMMON, 0.002_525_25), (COVERED_SHARE, 0.172_043)], adds: [[0.002_157_39, -0.098_544_1], [0.029_258_9, 0.152_624]] },
    Tree { first: (RELATIVE_LEAD, 0.80523), then: [(RELATIVE_LEAD, -8.4624), (COVERED_SHARE, 0.176)], adds: [[-0.141_312, -0.057_656_9], [0.003_955_43, 0.138_399]] },
    Tree { first: (RELATIVE_LEAD, 3.43487), then: [(CHANGE, 0.048_096_7), (RELATIVE_LEAD, 3.80722)], adds: [[0.045_624_4, -0.084_241_6], [0.046_128_4, 0.148_637]] },
    Tree { first: (COVERED_SHARE, 0.285_714), then: [(QUERY_ENTROPY, 4.16253), (RELATIVE_LEAD, 0.42033)], adds: [[-0.097_391_7, 0.013_726_1], [-0.030_365_7, 0.153_577]] },
    Tree { first: (VOTES, 23.0), then: [(CHANGE, 0.048_096_7), (LIKELIHOOD_PER_PEAK, 0.172_335)], adds: [[0.040_475_2, -0.074_409_9], [0.051_199_1, 0.151_628]] },
    Tree { first: (RELATIVE_LEAD, 0.725_573), then: [(RELATIVE_LEAD, -8.4624), (CHANGE, 0.043_826)], adds: [[-0.137_157, -0.042_055_9], [0.152_719, 0.017_723_4]] },
    Tree { first: (LIKELIHOOD_PER_PEAK, 0.319_424), then: [(QUERY_ENTROPY, 4.16253), (DISTANCE_FROM_COMMON, 0.003_716_83)], adds: [[-0.089_571_4, 0.015_839_6], [0.152_474, 0.042_563_9]] },
    Tree { first: (RELATIVE_LEAD, 3.80722), then: [(LOG_PEAKS, 4.90896), (DENSITY_RATIO, 0.694_761)], adds: [[0.031_272_1, -0.081_020_4], [0.050_899_2, 0.140_732]] },
    Tree { first: (VOTES, 13.0), then: [(DISTANCE_FROM_COMMON, 0.002_586_93), (COVERED_SHARE, 0.15625)], adds: [[0.019_109_8, -0.07627], [0.031_105_6, 0.135_028]] },
    Tree { first: (RELATIVE_LEAD, 0.80523), then: [(RELATIVE_LEAD, -8.4624), (CHANGE, 0.043_826)], adds: [[-0.132_624, -0.028_772_5], [0.140_805, 0.013_386_4]] },
    Tree { first: (VOTES, 23.0), then: [(RELATIVE_LEAD, -7.60834), (COVERED_SHARE, 0.191_011)], adds: [[-0.126_349, -0.007_700_24], [0.051_019_7, 0.14171]] },
    Tree { first: (RESIDUAL_FREQUENCY, 0.487_178), then: [(RELATIVE_LEAD, -0.071_388_7), (QUERY_ENTROPY, 4.14755)], adds: [[0.041_886_2, 0.138_572], [-0.079_348_9, 0.022_878_9]] },
    Tree { first: (RELATIVE_LEAD, 4.13093), then: [(LOG_PEAKS, 5.40492), (RELATIVE_LEAD, INFINITY)], adds: [[0.014_210_5, -0.105_029], [0.13198, 0.13198]] },
    Tree { first: (DISTANCE_FROM_COMMON, 0.004_398_27), then: [(RELATIVE_LEAD, 0.318_545), (DENSITY_RATIO, 0.885_845)], adds: [[-0.004_615_15, 0.098_965_2], [-0.004_615_15, -0.095_476_7]] },
    Tree { first: (COVERED_SHARE, 0.348_315), then: [(QUERY_ENTROPY, 4.14755), (RESIDUAL_FREQUENCY, 0.842_102)], adds: [[-0.073_499_9, 0.028_438_1], [0.132_498, -0.029_989_6]] },
    Tree { first: (RELATIVE_LEAD, 4.13093), then: [(LOG_PEAKS, 5.40492), (MATCHED_ENTROPY, 2.76975)], adds: [[0.016_736_9, -0.100_293], [0.050_938_9, 0.127_515]] },
    Tree { first: (RELATIVE_LEAD, -7.60834), then: [(RELATIVE_LEAD, -8.4624), (DISTANCE_FROM_COMMON, 0.006_097_82)], adds: [[-0.124_741, -0.049_544_3], [0.062_985_6, -0.047_673_7]] },
    Tree { first: (VOTES, 12.0), then: [(QUERY_ENTROPY, 4.14755), (COVERED_SHARE, 0.159_292)], adds: [[-0.071_458_4, 0.017_545_4], [0.023_726_7, 0.113_463]] },
    Tree { first: (RELATIVE_LEAD, -8.4624), then: [(RELATIVE_LEAD, INFINITY), (DISTANCE_FROM_COMMON, 0.006_097_82)], adds: [[-0.12173, -0.12173], [0.053_920_2, -0.042_802_9]] },
    Tree { first: (COVERED_SHARE, 0.468_254), then: [(QUERY_ENTROPY, 4.16253), (RESIDUAL_FREQUENCY, 0.642_856)], adds: [[-0.059_134_6, 0.029_237_4], [0.123_386, 0.006_242_32]] },
    Tree { first: (RELATIVE_LEAD, -8.4624), then: [(RELATIVE_LEAD, INFINITY), (LOG_PEAKS, 5.40492)], adds: [[-0.118_648, -0.118_648], [0.049_243_6, -0.050_521_3]] },
    Tree { first: (RELATIVE_LEAD, 4.13093), then: [(LOG_PEAKS, 5.40492), (MATCHED_ENTROPY, 2.84394)], adds: [[0.016_327_7, -0.092_893_6], [0.047_747_6, 0.118_579]] },
    Tree { first: (RESIDUAL_FREQUENCY, 0.487_178), then: [(RELATIVE_LEAD, 0.318_545), (QUERY_ENTROPY, 4.14755)], adds: [[0.033_391_9, 0.116_653], [-0.066_437_6, 0.026_274_7]] },
    Tree { first: (RELATIVE_LEAD, -8.4624), then: [(RELATIVE_LEAD, INFINITY), (CHANGE, 0.048_096_7)], adds: [[-0.114_817, -0.114_817], [0.076_482_1, -0.015_272_4]] },
    Tree { first: (RELATIVE_LEAD, 4.13093), then: [(LOG_PEAKS, 5.40492), (MATCHED_ENTROPY, 2.84394)], adds: [[0.016_309, -0.088_096_6], [0.045_932_9, 0.112_799]] },
    Tree { first: (RELATIVE_LEAD, -8.4624), then: [(RELATIVE_LEAD, INFINITY), (DISTANCE_FROM_COMMON, 0.002_700_59)], adds: [[-0.111_331, -0.111_331], [0.055_455_1, -0.022_585]] },
    Tree { first: (RELATIVE_LEAD, 3.43487), then: [(LOG_PEAKS, 4.90896), (MATCHED_ENTROPY, 2.95304)], adds: [[0.034_313_4, -0.054_958_8], [0.037_980_9, 0.10996]] },
    Tree { first: (QUERY_ENTROPY, 4.44976), then: [(LOG_PEAKS, 4.90896), (DENSITY_RATIO, 0.707_317)], adds: [[0.037_345_1, -0.066_545_8], [-0.043_054_8, 0.104_238]] },
    Tree { first: (RELATIVE_LEAD, -7.60834), then: [(RELATIVE_LEAD, -8.4624), (QUERY_ENTROPY, 4.04748)], adds: [[-0.106_917, -0.044_399], [-0.029_456_4, 0.049_219_1]] },
    Tree { first: (VOTES, 12.0), then: [(QUERY_ENTROPY, 4.14125), (COVERED_SHARE, 0.159_292)], adds: [[-0.061_288_7, 0.019_617_8], [0.020_460_9, 0.095_207_1]] },
    Tree { first: (LOG_PEAKS, 5.40492), then: [(QUERY_ENTROPY, 4.04748), (QUERY_ENTROPY, 4.54199)], adds: [[-0.026_364_3, 0.088_136_2], [-0.099_594_3, 0.067_139_4]] },
    Tree { first: (COVERED_SHARE, 0.468_254), then: [(QUERY_ENTROPY, 4.04748), (DISTANCE_FROM_COMMON, 0.004_664_24)], adds: [[-0.058_944_3, 0.019_008_1], [0.108_666, 0.003_706_93]] },
    Tree { first: (LOG_PEAKS, 5.40492), then: [(QUERY_ENTROPY, 4.09463), (QUERY_ENTROPY, 4.54199)], adds: [[-0.016_516_5, 0.078_663_1], [-0.094_757_2, 0.059_302_3]] },
    Tree { first: (RELATIVE_LEAD, -8.4624), then: [(RELATIVE_LEAD, INFINITY), (DENSITY_RATIO, 1.03365)], adds: [[-0.103_149, -0.103_149], [0.032_642_3, -0.045_821_9]] },
    Tree { first: (RESIDUAL_FREQUENCY, 0.495_872), then: [(DISTANCE_FROM_COMMON, 0.003_959_03), (QUERY_ENTROPY, 4.1688)], adds: [[0.100_356, 0.027_778_7], [-0.052_395_3, 0.019_539]] },
    Tree { first: (LOG_PEAKS, 4.90896), then: [(QUERY_ENTROPY, 3.90518), (QUERY_ENTROPY, 4.41676)], adds: [[-0.018_640_2, 0.102_521], [-0.065_411_4, 0.050_734]] },
    Tree { first: (VOTES, 12.0), then: [(LOG_PEAKS, 4.90896), (DENSITY_RATIO, 1.08756)], adds: [[0.017_672_6, -0.048_455_5], [0.087_147_5, 0.020_219_9]] },
    Tree { first: (RELATIVE_LEAD, 4.13093), then: [(LOG_PEAKS, 5.40492), (MATCHED_ENTROPY, 2.76975)], adds: [[0.012_563_5, -0.074_195_1], [0.040_986, 0.098_299_8]] },
    Tree { first: (RELATIVE_LEAD, -8.4624), then: [(RELATIVE_LEAD, INFINITY), (DISTANCE_FROM_COMMON, 0.007_291_63)], adds: [[-0.098_384_4, -0.098_384_4], [0.033_682_3, -0.034_581_8]] },
    Tree { first: (DENSITY_RATIO, 1.07177), then: [(RELATIVE_LEAD, 0.847_748), (LIKELIHOOD_PER_PEAK, 0.33459)], adds: [[-0.019_229_1, 0.062_223_4], [-0.089_742_9, 0.056_831_8]] },
    Tree { first: (RELATIVE_LEAD, -8.4624), then: [(RELATIVE_LEAD, INFINITY), (LOG_PEAKS, 5.66268)], adds: [[-0.094_637_2, -0.094_637_2], [0.027_613_4, -0.040_554_7]] },
    Tree { first: (COVERED_SHARE, 0.468_254), then: [(QUERY_ENTROPY, 3.90518), (DISTANCE_FROM_COMMON, 0.004_664_24)], adds: [[-0.067_235_7, 0.011_368_4], [0.095_996, 0.000_482_078]] },
    Tree { first: (DENSITY_RATIO, 1.07177), then: [(RELATIVE_LEAD, 0.847_748), (LIKELIHOOD_PER_PEAK, 0.33459)], adds: [[-0.016_899_3, 0.054_716_1], [-0.084_854_7, 0.054_260_7]] },
    Tree { first: (LOG_PEAKS, 5.66268), then: [(QUERY_ENTROPY, 4.04217), (QUERY_ENTROPY, 4.63657)], adds: [[-0.022_701_8, 0.057_683], [-0.082_173_6, 0.080_347_8]] },
    Tree { first: (VOTES, 11.0), then: [(COVERED_SHARE, 0.103_093), (BLOCKS_IN_FAVOUR, 0.65)], adds: [[0.014_217_5, -0.043_170_4], [0.014_217_5, 0.087_238_8]] },
    Tree { first: (RELATIVE_LEAD, -8.4624), then: [(RELATIVE_LEAD, INFINITY), (QUERY_ENTROPY, 4.44976)], adds: [[-0.090_305_5, -0.090_305_5], [-0.004_369_87, 0.068_636]] },
    Tree { first: (LOG_PEAKS, 4.90896), then: [(QUERY_ENTROPY, 3.90518), (QUERY_ENTROPY, 4.36691)], adds: [[-0.018_525_2, 0.082_007_8], [-0.064_858, 0.039_640_5]] },
    Tree { first: (LIKELIHOOD_PER_PEAK, 0.351_374), then: [(QUERY_ENTROPY, 3.90518), (MATCHED_ENTROPY, 2.27823)], adds: [[-0.069_831_6, 0.007_636_66], [0.028_792_2, 0.105_443]] },
    Tree { first: (LOG_PEAKS, 5.66268), then: [(COVERED_SHARE, 0.104_348), (QUERY_ENTROPY, 4.63657)], adds: [[0.084_245_5, -0.000_997_057], [-0.077_681_3, 0.065_326_7]] },
    Tree { first: (DISTANCE_FROM_COMMON, 0.002_700_59), then: [(LOG_PEAKS, 4.88658), (DENSITY_RATIO, 0.885_845)], adds: [[0.078_407_7, 0.003_094_01], [0.003_094_01, -0.062_208_7]] },
    Tree { first: (RELATIVE_LEAD, 4.13093), then: [(LOG_PEAKS, 5.40492), (MATCHED_ENTROPY, 2.84394)], adds: [[0.010_649_6, -0.061_627], [0.037_321_5, 0.088_607_3]] },
    Tree { first: (RELATIVE_LEAD, -8.4624), then: [(RELATIVE_LEAD, INFINITY), (DENSITY_RATIO, 1.06667)], adds: [[-0.085_897_9, -0.085_897_9], [0.022_938_2, -0.038_458_6]] },
    Tree { first: (VOTES, 11.0), then: [(COVERED_SHARE, 0.117_949), (BLOCKS_IN_FAVOUR, 0.65)], adds: [[0.013_959_3, -0.043_041_6], [0.013_959_3, 0.079_387_3]] },
    Tree { first: (RELATIVE_LEAD, -8.4624), then: [(RELATIVE_LEAD, INFINITY), (DENSITY_RATIO, 1.06667)], adds: [[-0.083_050_1, -0.083_050_1], [0.020_688_3, -0.037_593_9]] },
    Tree { first: (RELATIVE_LEAD, 4.13093), then: [(LOG_PEAKS, 5.40492), (MATCHED_ENTROPY, 2.84394)], adds: [[0.008_893_16, -0.058_432_9], [0.034_343_5, 0.083_287_3]] },
    Tree { first: (DISTANCE_FROM_COMMON, 0.007_291_63), then: [(CHANGE, 0.079_741_5), (DENSITY_RATIO, 0.885_845)], adds: [[0.048_713_6, -0.008_197_44], [-0.008_197_44, -0.081_936_4]] },
    Tree { first: (RELATIVE_LEAD, -8.4624), then: [(RELATIVE_LEAD, INFINITY), (QUERY_ENTROPY, 4.16253)], adds: [[-0.079_835, -0.079_835], [-0.016_768_3, 0.033_192_4]] },
    Tree { first: (COVERED_SHARE, 0.56743), then: [(QUERY_ENTROPY, 3.90201), (COVERED_SHARE, INFINITY)], adds: [[-0.052_590_3, 0.009_578_57], [0.081_364_5, 0.081_364_5]] },
    Tree { first: (LOG_PEAKS, 4.90896), then: [(DISTANCE_FROM_COMMON, 0.003_787_97), (QUERY_ENTROPY, 4.34777)], adds: [[0.064_120_1, -0.015_241_2], [-0.060_827_9, 0.032_279_4]] },
    Tree { first: (VOTES, 11.0), then: [(COVERED_SHARE, 0.103_093), (BLOCKS_IN_FAVOUR, 0.65)], adds: [[0.012_942_5, -0.035_876_9], [0.012_942_5, 0.072_610_6]] },
    Tree { first: (LOG_PEAKS, 5.66268), then: [(QUERY_ENTROPY, 3.90518), (QUERY_ENTROPY, 4.63657)], adds: [[-0.028_368_8, 0.036_587], [-0.071_983_3, 0.061_101_2]] },
    Tree { first: (RELATIVE_LEAD, -8.4624), then: [(RELATIVE_LEAD, INFINITY), (DENSITY_RATIO, 1.07177)], adds: [[-0.076_565_4, -0.076_565_4], [0.018_152_7, -0.034_728_4]] },
    Tree { first: (RELATIVE_LEAD, 4.13093), then: [(LOG_PEAKS, 4.90896), (MATCHED_ENTROPY, 2.84394)], adds: [[0.021_818_2, -0.032_642_3], [0.032_348_7, 0.078_305_3]] },
    Tree { first: (COVERED_SHARE, 0.56743), then: [(QUERY_ENTROPY, 3.90201), (DISTANCE_FROM_COMMON, 0.004_201_17)], adds: [[-0.048_389, 0.009_054_07], [0.077_744_7, 0.003_061_24]] },
    Tree { first: (DENSITY_RATIO, 0.703_349), then: [(COVERED_SHARE, 0.547_112), (QUERY_ENTROPY, 4.44976)], adds: [[-0.079_080_3, 0.012_936_4], [-0.005_295_36, 0.057_369_5]] },
    Tree { first: (LOG_PEAKS, 4.90896), then: [(RELATIVE_LEAD, -5.83853), (QUERY_ENTROPY, 4.34777)], adds: [[-0.063_359_3, 0.037_653_1], [-0.054_493_9, 0.025_801_6]] },
    Tree { first: (VOTES, 12.0), then: [(COVERED_SHARE, 0.103_093), (DENSITY_RATIO, 1.08756)], adds: [[0.014_529, -0.030_366_1], [0.063_390_5, 0.014_529]] },
    Tree { first: (LOG_PEAKS, 5.66268), then: [(RELATIVE_LEAD, 1.0002), (QUERY_ENTROPY, 4.69389)], adds: [[-0.007_888_41, 0.052_448_6], [-0.063_736_6, 0.065_219_6]] },
    Tree { first: (RELATIVE_LEAD, -8.4624), then: [(RELATIVE_LEAD, INFINITY), (DENSITY_RATIO, 1.06667)], adds: [[-0.071_918, -0.071_918], [0.016_466_3, -0.032_805_3]] },
    Tree { first: (RELATIVE_LEAD, 4.13093), then: [(LOG_PEAKS, 5.66268), (MATCHED_ENTROPY, 2.84394)], adds: [[0.007_564_86, -0.051_311_3], [0.030_444_5, 0.074_075_1]] },
    Tree { first: (DENSITY_RATIO, 0.703_349), then: [(COVERED_SHARE, 0.547_112), (DENSITY_RATIO, 0.995_349)], adds: [[-0.075_646_4, 0.012_168_1], [0.022_821, -0.026_136_3]] },
    Tree { first: (LIKELIHOOD_PER_PEAK, 0.40082), then: [(QUERY_ENTROPY, 3.87175), (MATCHED_ENTROPY, 2.27187)], adds: [[-0.060_258_5, 0.006_718_19], [0.023_791_1, 0.085_294_4]] },
    Tree { first: (RELATIVE_LEAD, -8.4624), then: [(RELATIVE_LEAD, INFINITY), (COVERED_SHARE, 0.097_315_4)], adds: [[-0.069_490_8, -0.069_490_8], [0.040_447_8, -0.006_909_05]] },
    Tree { first: (RESIDUAL_FREQUENCY, 0.5824), then: [(COVERED_SHARE, 0.188_571), (QUERY_ENTROPY, 4.14755)], adds: [[0.012_859_8, 0.071_583_9], [-0.044_665_4, 0.012_859_8]] },
    Tree { first: (LOG_PEAKS, 4.90896), then: [(DISTANCE_FROM_COMMON, 0.003_787_97), (QUERY_ENTROPY, 4.44976)], adds: [[0.052_142_2, -0.015_071_3], [-0.044_192_9, 0.032_404]] },
    Tree { first: (DENSITY_RATIO, 0.703_349), then: [(COVERED_SHARE, 0.637_363), (DENSITY_RATIO, 0.868_852)], adds: [[-0.072_271, 0.012_078_7], [0.037_179_1, -0.010_333_6]] },
    Tree { first: (RELATIVE_LEAD, 3.80722), then: [(LOG_PEAKS, 5.66268), (MATCHED_ENTROPY, 2.9481)], adds: [[0.006_483_79, -0.049_083_4], [0.026_369_3, 0.072_232_8]] },
    Tree { first: (RELATIVE_LEAD, -8.4624), then: [(RELATIVE_LEAD, INFINITY), (QUERY_ENTROPY, 4.03594)], adds: [[-0.066_524_6, -0.066_524_6], [-0.020_265_1, 0.019_778_2]] },
    Tree { first: (VOTES, 11.0), then: [(COVERED_SHARE, 0.117_949), (DENSITY_RATIO, 1.05932)], adds: [[0.010_127_8, -0.033_565_8], [0.052_922_6, 0.010_127_8]] },
    Tree { first: (LOG_PEAKS, 5.38678), then: [(COVERED_SHARE, 0.104_348), (QUERY_ENTROPY, 4.69389)], adds: [[0.057_892_8, -0.004_285_9], [-0.054_173_7, 0.059_172_2]] },
    Tree { first: (RELATIVE_LEAD, 4.81408), then: [(LOG_PEAKS, 5.66268), (DENSITY_RATIO, 1.35714)], adds: [[0.007_142_99, -0.046_494_5], [0.065_229_3, 0.029_023_8]] },
    Tree { first: (DENSITY_RATIO, 0.703_349), then: [(COVERED_SHARE, 0.547_112), (DENSITY_RATIO, 1.07177)], adds: [[-0.068_486_6, 0.011_112_8], [0.015_004_8, -0.037_658_1]] },
    Tree { first: (QUERY_ENTROPY, 4.62075), then: [(LOG_PEAKS, 5.89302), (DISTANCE_FROM_COMMON, 0.012_037_2)], adds: [[0.006_973_27, -0.059_846_8], [0.071_909_3, -0.026_559_8]] },
    Tree { first: (RELATIVE_LEAD, 3.80722), then: [(LOG_PEAKS, 4.90896), (MATCHED_ENTROPY, 2.9481)], adds: [[0.014_917_4, -0.025_770_6], [0.025_278_8, 0.069_033_4]] },
    Tree { first: (RELATIVE_LEAD, -8.4624), then: [(RELATIVE_LEAD, INFINITY), (QUERY_ENTROPY, 3.90518)], adds: [[-0.063_662_9, -0.063_662_9], [-0.026_795_4, 0.016_164_5]] },
    Tree { first: (COVERED_SHARE, 0.56743), then: [(QUERY_ENTROPY, 3.87175), (DISTANCE_FROM_COMMON, 0.004_201_17)], adds: [[-0.043_515_1, 0.006_238_53], [0.065_567, 0.000_333_191]] },
    Tree { first: (LIKELIHOOD_PER_PEAK, 0.36777), then: [(DENSITY_RATIO, 1.07177), (CHANGE, 0.079_741_5)], adds: [[0.003_972_37, -0.055_695], [0.090_797_7, 0.020_229_7]] },
    Tree { first: (DENSITY_RATIO, 0.703_349), then: [(COVERED_SHARE, 0.637_363), (DENSITY_RATIO, 0.868_852)], adds: [[-0.065_511_9, 0.011_151_9], [0.031_638_6, -0.008_982_83]] },
    Tree { first: (RELATIVE_LEAD, -8.4624), then: [(RELATIVE_LEAD, INFINITY), (DISTANCE_FROM_COMMON, 0.009_755_31)], adds: [[-0.061_699_8, -0.061_699_8], [0.014_784_2, -0.022_717_6]] },
    Tree { first: (VOTES, 11.0), then: [(COVERED_SHARE, 0.117_949), (BLOCKS_IN_FAVOUR, 0.578_947)], adds: [[0.009_002_84, -0.030_542], [0.009_002_84, 0.050_924_5]] },
    Tree { first: (LOG_PEAKS, 4.88658), then: [(RELATIVE_LEAD, -5.83853), (QUERY_ENTROPY, 4.34777)], adds: [[-0.056_672_9, 0.028_092_8], [-0.046_822_2, 0.021_043_3]] },
    Tree { first: (RELATIVE_LEAD, 1.36007), then: [(COVERED_SHARE, 0.122_995), (COVERED_SHARE, 0.13986)], adds: [[0.005_821_74, -0.038_999_4], [0.005_821_74, 0.057_192_6]] },
    Tree { first: (DENSITY_RATIO, 0.707_317), then: [(COVERED_SHARE, 0.104_348), (DENSITY_RATIO, 0.868_852)], adds: [[0.010_737_1, -0.064_134_4], [0.029_323, -0.008_738_44]] },
    Tree { first: (BLOCKS_IN_FAVOUR, 0.916_667), then: [(QUERY_ENTROPY, 3.87175), (MATCHED_ENTROPY, 2.16816)], adds: [[-0.050_593_3, 0.005_218_3], [0.020_045_2, 0.075_435_9]] },
    Tree { first: (LOG_PEAKS, 4.90896), then: [(DISTANCE_FROM_COMMON, 0.003_787_97), (QUERY_ENTROPY, 4.44976)], adds: [[0.042_667_5, -0.014_080_1], [-0.038_052_3, 0.025_297_4]] },
    Tree { first: (RELATIVE_LEAD, -8.4624), then: [(RELATIVE_LEAD, INFINITY), (LOG_PEAKS, 5.66268)], adds: [[-0.058_155_5, -0.058_155_5], [0.012_472_2, -0.024_618_9]] },
    Tree { first: (RELATIVE_LEAD, 4.81408), then: [(LOG_PEAKS, 5.40492), (DENSITY_RATIO, 1.35714)], adds: [[0.005_301_44, -0.039_774_2], [0.057_479_2, 0.025_280_6]] },
    Tree { first: (QUERY_ENTROPY, 4.62075), then: [(LOG_PEAKS, 5.89302), (VOTES, 5.0)], adds: [[0.005_286_63, -0.054_557_4], [-0.023_617_8, 0.067_372_3]] },
    Tree { first: (QUERY_ENTROPY, 4.13207), then: [(RESIDUAL_FREQUENCY, 0.799_999), (BLOCKS_IN_FAVOUR, 0.583_333)], adds: [[0.015_191, -0.051_578_6], [-0.004_660_03, 0.069_123_4]] },
    Tree { first: (DENSITY_RATIO, 0.703_349), then: [(COVERED_SHARE, 0.637_363), (QUERY_ENTROPY, 4.22401)], adds: [[-0.06046, 0.010_722_7], [-0.011_336, 0.024_448]] },
    Tree { first: (VOTES, 8.0), then: [(COVERED_SHARE, 0.117_949), (QUERY_ENTROPY, 4.06894)], adds: [[0.002_355_15, -0.036_399_7], [0.002_355_15, 0.052_577_9]] },
    Tree { first: (RELATIVE_LEAD, -8.4624), then: [(RELATIVE_LEAD, INFINITY), (COVERED_SHARE, 0.097_315_4)], adds: [[-0.056_111_6, -0.056_111_6], [0.027_440_8, -0.005_774_14]] },
    Tree { first: (LOG_PEAKS, 4.86367), then: [(RELATIVE_LEAD, -6.20206), (DENSITY_RATIO, 1.03053)], adds: [[-0.051_039_8, 0.025_877_7], [0.001_458_26, -0.059_564_5]] },
    Tree { first: (VOTES, 29.0), then: [(QUERY_ENTROPY, 3.99401), (COVERED_SHARE, 0.239_796)], adds: [[-0.028_798_8, 0.006_005_62], [0.024_106_1, 0.058_861_2]] },
    Tree { first: (BLOCKS_IN_FAVOUR, 0.647_059), then: [(DENSITY_RATIO, 0.984_252), (MATCHED_ENTROPY, 2.29345)], adds: [[0.003_506_21, -0.041_223_5], [0.003_506_21, 0.047_024_7]] },
    Tree { first: (DENSITY_RATIO, 0.719_626), then: [(COVERED_SHARE, 0.495_798), (DISTANCE_FROM_COMMON, 0.019_324_9)], adds: [[-0.055_643_7, 0.01229], [0.010_699_2, -0.036_341_9]] },
    Tree { first: (QUERY_ENTROPY, 4.69389), then: [(LOG_PEAKS, 5.66268), (VOTES, 5.0)], adds: [[0.005_629_9, -0.049_635], [-0.020_020_4, 0.068_332]] },
    Tree { first: (RELATIVE_LEAD, 4.81408), then: [(LOG_PEAKS, 4.90896), (DENSITY_RATIO, 1.35714)], adds: [[0.011_440_3, -0.021_104_7], [0.053_459_3, 0.023_352]] },
    Tree { first: (QUERY_ENTROPY, 4.62075), then: [(LOG_PEAKS, 5.89302), (DISTANCE_FROM_COMMON, 0.012_037_2)], adds: [[0.004_061_97, -0.049_780_5], [0.058_330_1, -0.026_670_8]] },
    Tree { first: (RELATIVE_LEAD, 1.8839), then: [(COVERED_SHARE, 0.122_995), (COVERED_SHARE, 0.159_292)], adds: [[0.009_209_44, -0.028_795_8], [0.009_209_44, 0.064_513_5]] },
    Tree { first: (DENSITY_RATIO, 0.703_349), then: [(COVERED_SHARE, 0.637_363), (QUERY_ENTROPY, 3.90518)], adds: [[-0.056_126_2, 0.010_292_7], [-0.023_997_9, 0.012_626_7]] },
    Tree { first: (VOTES, 8.0), then: [(COVERED_SHARE, 0.117_949), (QUERY_ENTROPY, 4.13207)], adds: [[0.001_806_49, -0.03276], [0.001_806_49, 0.052_171_7]] },
    Tree { first: (RELATIVE_LEAD, -8.4624), then: [(RELATIVE_LEAD, INFINITY), (COVERED_SHARE, 0.56743)], adds: [[-0.053_263_5, -0.053_263_5], [-0.000_881_799, 0.051_535_7]] },
    Tree { first: (LOG_PEAKS, 4.86367), then: [(RELATIVE_LEAD, -6.20206), (QUERY_ENTROPY, 4.34777)], adds: [[-0.048_608_2, 0.023_362_3], [-0.036_790_9, 0.014_888_1]] },
    Tree { first: (VOTES, 15.0), then: [(COVERED_SHARE, 0.103_093), (BLOCKS_IN_FAVOUR, 0.533_333)], adds: [[0.013_236_8, -0.018_532_4], [0.013_236_8, 0.056_272_5]] },
    Tree { first: (RELATIVE_LEAD, -8.4624), then: [(RELATIVE_LEAD, INFINITY), (QUERY_ENTROPY, 3.87175)], adds: [[-0.051_129, -0.051_129], [-0.022_067_7, 0.010_234_4]] },
    Tree { first: (BLOCKS_IN_FAVOUR, 0.647_059), then: [(DENSITY_RATIO, 0.984_252), (MATCHED_ENTROPY, 2.29345)], adds: [[0.002_997_79, -0.039_013_2], [0.002_997_79, 0.043_489_6]] },
    Tree { first: (DENSITY_RATIO, 0.703_349), then: [(COVERED_SHARE, 0.637_363), (DENSITY_RATIO, 0.868_852)], adds: [[-0.054_391_5, 0.009_852_72], [0.023_787_9, -0.008_918_99]] },
    Tree { first: (BLOCKS_IN_FAVOUR, 0.916_667), then: [(QUERY_ENTROPY, 3.87175), (MATCHED_ENTROPY, 2.16816)], adds: [[-0.044_374_6, 0.003_523_16], [0.016_625_7, 0.066_916_8]] },
    Tree { first: (DISTANCE_FROM_COMMON, 0.022_137_2), then: [(QUERY_ENTROPY, 4.1688), (DENSITY_RATIO, 0.881_773)], adds: [[-0.012_266_5, 0.017_888_5], [-0.015_894, -0.060_675_4]] },
    Tree { first: (LOG_PEAKS, 4.90896), then: [(DISTANCE_FROM_COMMON, 0.002_292_58), (QUERY_ENTROPY, 4.44976)], adds: [[0.041_835_1, -0.008_550_27], [-0.032_795_4, 0.016_896]] },
    Tree { first: (VOTES, 8.0), then: [(LOG_PEAKS, 4.8323), (CHANGE, 0.048_096_7)], adds: [[0.001_456_32, -0.027_769_3], [0.054_128, 0.001_456_32]] },
    Tree { first: (DENSITY_RATIO, 0.719_626), then: [(COVERED_SHARE, 0.495_798), (DENSITY_RATIO, 0.868_852)], adds: [[-0.049_358_1, 0.011_416_5], [0.024_859_7, -0.007_568_54]] },
    Tree { first: (LOG_PEAKS, 5.40492), then: [(RELATIVE_LEAD, 1.7025), (QUERY_ENTROPY, 4.69389)], adds: [[-0.003_916_32, 0.047_722_9], [-0.045_665_9, 0.039_453_4]] },
];
