//! The verifier's table: what it asks of an alignment, and what each answer adds to the score.
//!
//! 150 boosted trees of two questions each, made by `make train` on 2026-11-25 with scikit-learn
//! 1.9.1.
//! Learned from 7900 queries of 100 songs that no report uses (25 degradations, seed 3), each asked
//! plain and with its own song and relatives masked, among 200 songs; calibrated on scores out of
//! fold.

/// Raised whenever the numbers below change.
pub const VERSION: u32 = 4;

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
pub(super) const CONSTANT: f32 = -1.99242;

/// No score is higher than the likelihood less this (nats).
pub(super) const BOUND: f32 = 15.0;

/// What a score loses per e-fold of songs; below 0, fewer songs than `SONGS` cost.
pub(super) const PER_LOG_SONGS: f32 = -1.19673;

/// Songs among which it was learned.
pub(super) const SONGS: f32 = 200.0;

/// What is asked, and what the answers add.
#[rustfmt::skip]
pub(super) const TREES: [Tree; 150] = [
    Tree { first: (RELATIVE_LEAD, 2.37444), then: [(COVERED_SHARE, 0.410_256), (LIKELIHOOD_PER_PEAK, 0.138_099)], adds: [[-0.182_345, 0.391_368], [0.391_368, 0.972_847]] },
    Tree { first: (RELATIVE_LEAD, 2.02717), then: [(COVERED_SHARE, 0.382_353), (DISTANCE_FROM_COMMON, 0.011_387_9)], adds: [[-0.178_831, 0.18887], [0.559_138, 0.18887]] },
    Tree { first: (RELATIVE_LEAD, 1.77693), then: [(COVERED_SHARE, 0.497_462), (LIKELIHOOD_PER_PEAK, 0.162_783)], adds: [[-0.174_681, 0.122_346], [0.122_346, 0.427_308]] },
    Tree { first: (RELATIVE_LEAD, 1.46789), then: [(COVERED_SHARE, 0.470_085), (LIKELIHOOD_PER_PEAK, 0.184_628)], adds: [[-0.171_914, 0.085_567_1], [0.085_567_1, 0.356_135]] },
    Tree { first: (RELATIVE_LEAD, 1.33244), then: [(COVERED_SHARE, 0.382_353), (DISTANCE_FROM_COMMON, 0.005_810_02)], adds: [[-0.169_236, 0.063_749_3], [0.309_414, 0.063_749_3]] },
    Tree { first: (RELATIVE_LEAD, 2.02717), then: [(COVERED_SHARE, 0.382_353), (LIKELIHOOD_PER_PEAK, 0.167_262)], adds: [[-0.162_525, 0.058_547_6], [0.063_327_8, 0.279_366]] },
    Tree { first: (RELATIVE_LEAD, 1.22687), then: [(COVERED_SHARE, 0.410_256), (DISTANCE_FROM_COMMON, 0.005_810_02)], adds: [[-0.162_672, 0.040_042_9], [0.255_694, 0.040_042_9]] },
    Tree { first: (RELATIVE_LEAD, 1.22687), then: [(COVERED_SHARE, 0.382_353), (LIKELIHOOD_PER_PEAK, 0.199_197)], adds: [[-0.159_645, 0.032_211_6], [0.032_211_6, 0.240_743]] },
    Tree { first: (RELATIVE_LEAD, 2.37444), then: [(CHANGE, 0.020_138_9), (RELATIVE_LEAD, 2.81185)], adds: [[0.041_228_2, -0.154_029], [0.041_228_2, 0.227_068]] },
    Tree { first: (RELATIVE_LEAD, 1.01253), then: [(LIKELIHOOD_PER_PEAK, 0.507_986), (LIKELIHOOD_PER_PEAK, 0.243_542)], adds: [[-0.154_653, 0.020_219_1], [0.020_219_1, 0.219_555]] },
    Tree { first: (RELATIVE_LEAD, 0.947_361), then: [(COVERED_SHARE, 0.362_205), (DISTANCE_FROM_COMMON, 0.005_067_52)], adds: [[-0.1526, 0.015_470_7], [0.204_943, 0.015_470_7]] },
    Tree { first: (RELATIVE_LEAD, 2.81185), then: [(CHANGE, 0.027_163_7), (RESIDUAL_FREQUENCY, 0.950_974)], adds: [[0.037_212_8, -0.145_974], [0.202_073, 0.064_223_4]] },
    Tree { first: (RELATIVE_LEAD, 0.947_361), then: [(COVERED_SHARE, 0.362_205), (LIKELIHOOD_PER_PEAK, 0.261_197)], adds: [[-0.146_783, 0.010_808_9], [0.010_808_9, 0.198_569]] },
    Tree { first: (RELATIVE_LEAD, 2.81185), then: [(CHANGE, 0.027_163_7), (RELATIVE_LEAD, 3.23576)], adds: [[0.035_601_7, -0.139_189], [0.050_473, 0.190_296]] },
    Tree { first: (RELATIVE_LEAD, 0.836_795), then: [(COVERED_SHARE, 0.362_205), (COVERED_SHARE, 0.202_312)], adds: [[-0.141_158, 0.006_808_04], [0.006_808_04, 0.187_228]] },
    Tree { first: (VOTES, 33.0), then: [(CHANGE, 0.020_138_9), (LIKELIHOOD_PER_PEAK, 0.161_711)], adds: [[0.033_454_4, -0.132_788], [0.033_454_4, 0.18986]] },
    Tree { first: (RELATIVE_LEAD, 0.662_567), then: [(LIKELIHOOD_PER_PEAK, 0.507_986), (DISTANCE_FROM_COMMON, 0.004_088_45)], adds: [[-0.13553, 0.001_995_95], [0.175_023, 0.001_995_95]] },
    Tree { first: (LIKELIHOOD_PER_PEAK, 0.310_931), then: [(CHANGE, 0.017_112_9), (RELATIVE_LEAD, 0.257_606)], adds: [[0.031_947, -0.12608], [0.031_947, 0.182_584]] },
    Tree { first: (RELATIVE_LEAD, 0.662_567), then: [(DISTANCE_FROM_COMMON, 0.000_661_313), (DISTANCE_FROM_COMMON, 0.003_906_18)], adds: [[-0.011_428_3, -0.133_025], [0.16537, 0.000_096_725_8]] },
    Tree { first: (RELATIVE_LEAD, 3.23576), then: [(CHANGE, 0.047_464_5), (RELATIVE_LEAD, 3.6156)], adds: [[0.040_303_6, -0.122_501], [0.045_235_1, 0.172_134]] },
    Tree { first: (COVERED_SHARE, 0.295_775), then: [(CHANGE, 0.017_112_9), (RELATIVE_LEAD, 0.257_606)], adds: [[0.080_300_8, -0.116_008], [-0.051_741_1, 0.177_141]] },
    Tree { first: (LIKELIHOOD_PER_PEAK, 0.310_931), then: [(CHANGE, 0.017_112_9), (MATCHED_ENTROPY, 2.56315)], adds: [[0.033_656_5, -0.109_674], [0.033_656_5, 0.173_532]] },
    Tree { first: (RELATIVE_LEAD, 0.542_124), then: [(DISTANCE_FROM_COMMON, 0.000_661_313), (RESIDUAL_FREQUENCY, 0.75)], adds: [[-0.014_905_9, -0.121_042], [0.158_823, -0.002_163_02]] },
    Tree { first: (RELATIVE_LEAD, 3.23576), then: [(DISTANCE_FROM_COMMON, 0.001_501_57), (RELATIVE_LEAD, 3.6156)], adds: [[0.043_641_6, -0.108_003], [0.043_641_6, 0.163_487]] },
    Tree { first: (COVERED_SHARE, 0.305_556), then: [(CHANGE, 0.017_112_9), (RELATIVE_LEAD, 0.257_606)], adds: [[0.068_639_2, -0.098_940_3], [-0.038_768_6, 0.167_124]] },
    Tree { first: (RELATIVE_LEAD, 0.406_396), then: [(RELATIVE_LEAD, -5.96506), (COVERED_SHARE, 0.178_862)], adds: [[-0.148_879, -0.074_029_6], [-0.004_861_73, 0.147_656]] },
    Tree { first: (VOTES, 33.0), then: [(CHANGE, 0.052_421), (LIKELIHOOD_PER_PEAK, 0.151_577)], adds: [[0.037_644_5, -0.101_476], [0.037_644_5, 0.165_134]] },
    Tree { first: (RELATIVE_LEAD, 3.23576), then: [(DISTANCE_FROM_COMMON, 0.003_268_16), (RELATIVE_LEAD, 3.6156)], adds: [[0.020_724_4, -0.104_931], [0.046_222_2, 0.155_634]] },
    Tree { first: (RELATIVE_LEAD, 0.406_396), then: [(RELATIVE_LEAD, -5.96506), (RESIDUAL_FREQUENCY, 0.75)], adds: [[-0.145_114, -0.059_769_6], [0.141_798, -0.004_620_32]] },
    Tree { first: (COVERED_SHARE, 0.305_556), then: [(CHANGE, 0.020_138_9), (RESIDUAL_FREQUENCY, 0.89091)], adds: [[0.053_050_1, -0.082_934_9], [0.15409, -0.048_215_7]] },
    Tree { first: (RELATIVE_LEAD, 3.6156), then: [(LOG_PEAKS, 4.88658), (RELATIVE_LEAD, 3.91927)], adds: [[0.024_611, -0.094_982], [0.051_233_3, 0.152_453]] },
    Tree { first: (RELATIVE_LEAD, 0.406_396), then: [(RELATIVE_LEAD, -5.96506), (DISTANCE_FROM_COMMON, 0.004_167_88)], adds: [[-0.14097, -0.048_111_1], [0.126_118, -0.003_772_44]] },
    Tree { first: (RESIDUAL_FREQUENCY, 0.525_024), then: [(RELATIVE_LEAD, 0.236_455), (QUERY_ENTROPY, 4.22402)], adds: [[0.037_556_7, 0.150_238], [-0.085_617_2, 0.017_646_3]] },
    Tree { first: (RELATIVE_LEAD, 3.6156), then: [(DISTANCE_FROM_COMMON, 0.003_268_16), (RELATIVE_LEAD, 3.91927)], adds: [[0.027_567_4, -0.087_017_7], [0.051_099, 0.146_205]] },
    Tree { first: (VOTES, 48.0), then: [(CHANGE, 0.058_689_6), (RESIDUAL_FREQUENCY, 0.827_164)], adds: [[0.040_876_7, -0.070_131_2], [0.150_011, 0.055_188_7]] },
    Tree { first: (COVERED_SHARE, 0.241_379), then: [(QUERY_ENTROPY, 4.43557), (RELATIVE_LEAD, 0.151_058)], adds: [[-0.070_623_5, 0.074_100_3], [-0.066_297_2, 0.136_575]] },
    Tree { first: (DISTANCE_FROM_COMMON, 0.005_378_37), then: [(RELATIVE_LEAD, 0.216_969), (DENSITY_RATIO, 0.905_172)], adds: [[-0.012_947_2, 0.104_523], [-0.028_321_8, -0.11576]] },
    Tree { first: (RESIDUAL_FREQUENCY, 0.493_922), then: [(BLOCKS_IN_FAVOUR, 0.641_026), (RELATIVE_LEAD, -5.96506)], adds: [[0.039_110_5, 0.136_968], [-0.133_105, -0.010_494_2]] },
    Tree { first: (RELATIVE_LEAD, 3.6156), then: [(LOG_PEAKS, 5.66268), (RELATIVE_LEAD, 3.91927)], adds: [[0.012_151_4, -0.115_571], [0.050_270_7, 0.136_495]] },
    Tree { first: (DISTANCE_FROM_COMMON, 0.005_378_37), then: [(RELATIVE_LEAD, 0.216_969), (DENSITY_RATIO, 0.905_172)], adds: [[-0.012_720_1, 0.091_899_5], [-0.022_941_8, -0.109_691]] },
    Tree { first: (RELATIVE_LEAD, 3.6156), then: [(LOG_PEAKS, 5.66268), (RELATIVE_LEAD, 3.91927)], adds: [[0.011_577_2, -0.110_756], [0.048_868_7, 0.131_369]] },
    Tree { first: (RELATIVE_LEAD, -5.96506), then: [(QUERY_ENTROPY, 4.62058), (DISTANCE_FROM_COMMON, 0.005_378_37)], adds: [[-0.131_704, -0.053_435_7], [0.066_252, -0.048_652_8]] },
    Tree { first: (COVERED_SHARE, 0.524_664), then: [(QUERY_ENTROPY, 4.44976), (RESIDUAL_FREQUENCY, 0.629_612)], adds: [[-0.044_042_9, 0.086_839_8], [0.135_292, 0.004_679_95]] },
    Tree { first: (RELATIVE_LEAD, -5.96506), then: [(QUERY_ENTROPY, 4.62058), (CHANGE, 0.058_689_6)], adds: [[-0.128_263, -0.052_391_3], [0.086_852_8, -0.018_705_7]] },
    Tree { first: (RELATIVE_LEAD, 3.91927), then: [(LOG_PEAKS, 5.66268), (RELATIVE_LEAD, INFINITY)], adds: [[0.016_344, -0.106_448], [0.124_091, 0.124_091]] },
    Tree { first: (RELATIVE_LEAD, -5.96506), then: [(QUERY_ENTROPY, 4.62058), (DISTANCE_FROM_COMMON, 0.007_522_63)], adds: [[-0.12485, -0.051_512_6], [0.052_831_8, -0.050_026_3]] },
    Tree { first: (VOTES, 33.0), then: [(QUERY_ENTROPY, 4.16241), (LIKELIHOOD_PER_PEAK, 0.151_577)], adds: [[-0.065_847_6, 0.034_230_4], [0.034_230_4, 0.134_187]] },
    Tree { first: (RESIDUAL_FREQUENCY, 0.493_922), then: [(VOTES, 24.0), (QUERY_ENTROPY, 4.0598)], adds: [[0.032_699_5, 0.123_879], [-0.077_294_5, 0.018_460_6]] },
    Tree { first: (RELATIVE_LEAD, -5.96506), then: [(QUERY_ENTROPY, 4.62058), (LOG_PEAKS, 5.40492)], adds: [[-0.120_856, -0.050_290_9], [0.051_917_6, -0.050_290_9]] },
    Tree { first: (DISTANCE_FROM_COMMON, 0.012_792_5), then: [(LOG_PEAKS, 4.90896), (VOTES, 27.0)], adds: [[0.080_882_2, -0.018_304_5], [-0.092_158, -0.028_198_6]] },
    Tree { first: (RELATIVE_LEAD, 3.91927), then: [(LOG_PEAKS, 5.66268), (RELATIVE_LEAD, 4.41099)], adds: [[0.015_082_5, -0.097_557_1], [0.048_057_6, 0.118_532]] },
    Tree { first: (RELATIVE_LEAD, -5.96506), then: [(QUERY_ENTROPY, 4.62058), (CHANGE, 0.078_189_2)], adds: [[-0.116_758, -0.049_155], [0.067_392_1, -0.019_679_7]] },
    Tree { first: (RELATIVE_LEAD, 3.91927), then: [(LOG_PEAKS, 5.66268), (RELATIVE_LEAD, 4.41099)], adds: [[0.013_497_2, -0.092_419_4], [0.046_803_2, 0.114_637]] },
    Tree { first: (RELATIVE_LEAD, -5.96506), then: [(QUERY_ENTROPY, 4.62058), (QUERY_ENTROPY, 4.43557)], adds: [[-0.113_201, -0.047_884_9], [-0.004_343_25, 0.109_028]] },
    Tree { first: (COVERED_SHARE, 0.587_302), then: [(QUERY_ENTROPY, 4.05358), (COVERED_SHARE, INFINITY)], adds: [[-0.063_945_1, 0.030_088_2], [0.117_964, 0.117_964]] },
    Tree { first: (DISTANCE_FROM_COMMON, 0.012_941_8), then: [(LOG_PEAKS, 4.90896), (VOTES, 22.0)], adds: [[0.070_859_6, -0.017_346_9], [-0.088_549_6, -0.025_183_5]] },
    Tree { first: (RELATIVE_LEAD, -5.96506), then: [(QUERY_ENTROPY, 4.62058), (LOG_PEAKS, 5.66268)], adds: [[-0.109_279, -0.046_186_9], [0.038_278_9, -0.046_186_9]] },
    Tree { first: (RELATIVE_LEAD, 3.91927), then: [(LOG_PEAKS, 5.66268), (RELATIVE_LEAD, 4.41099)], adds: [[0.011_284_9, -0.084_368_8], [0.045_046_8, 0.109_234]] },
    Tree { first: (QUERY_ENTROPY, 4.44976), then: [(LOG_PEAKS, 4.90896), (DISTANCE_FROM_COMMON, 0.013_260_3)], adds: [[0.031_263_6, -0.066_971], [0.120_215, -0.030_196_9]] },
    Tree { first: (QUERY_ENTROPY, 4.16241), then: [(VOTES, 25.0), (LOG_PEAKS, 5.40492)], adds: [[-0.069_959_3, 0.070_786_9], [0.11951, -0.024_334_5]] },
    Tree { first: (DISTANCE_FROM_COMMON, 0.000_567_794), then: [(RELATIVE_LEAD, 0.236_455), (QUERY_ENTROPY, 4.04424)], adds: [[0.026_254_7, 0.096_631_2], [-0.059_169_9, 0.018_973_4]] },
    Tree { first: (RELATIVE_LEAD, -5.96506), then: [(QUERY_ENTROPY, 4.62058), (QUERY_ENTROPY, 4.04424)], adds: [[-0.104_325, -0.044_021_4], [-0.025_350_3, 0.045_799_8]] },
    Tree { first: (COVERED_SHARE, 0.587_302), then: [(QUERY_ENTROPY, 4.43557), (COVERED_SHARE, INFINITY)], adds: [[-0.030_089, 0.072_349_6], [0.107_922, 0.107_922]] },
    Tree { first: (DISTANCE_FROM_COMMON, 0.012_941_8), then: [(LOG_PEAKS, 4.90896), (VOTES, 22.0)], adds: [[0.061_805_8, -0.015_865_1], [-0.080_404_8, -0.021_978_3]] },
    Tree { first: (RELATIVE_LEAD, 3.91927), then: [(LOG_PEAKS, 5.66268), (RELATIVE_LEAD, 4.41099)], adds: [[0.013_181_9, -0.079_128_2], [0.043_037_7, 0.10191]] },
    Tree { first: (VOTES, 33.0), then: [(QUERY_ENTROPY, 4.16241), (BLOCKS_IN_FAVOUR, 0.6)], adds: [[-0.051_400_6, 0.029_843_8], [0.029_843_8, 0.113_391]] },
    Tree { first: (RELATIVE_LEAD, -5.96506), then: [(QUERY_ENTROPY, 4.62058), (LOG_PEAKS, 5.66268)], adds: [[-0.099_464_1, -0.041_625_3], [0.032_705_7, -0.041_625_3]] },
    Tree { first: (QUERY_ENTROPY, 4.47237), then: [(LOG_PEAKS, 5.66268), (DISTANCE_FROM_COMMON, 0.014_074_1)], adds: [[0.011_948_2, -0.101_365], [0.097_302_2, -0.023_195_5]] },
    Tree { first: (RELATIVE_LEAD, 3.6156), then: [(LOG_PEAKS, 4.90896), (COVERED_SHARE, 0.176_101)], adds: [[0.025_318_5, -0.044_775_8], [0.038_156_9, 0.097_635_7]] },
    Tree { first: (QUERY_ENTROPY, 4.04424), then: [(VOTES, 25.0), (LOG_PEAKS, 5.40492)], adds: [[-0.069_452_1, 0.057_435], [0.075_067_6, -0.030_734_1]] },
    Tree { first: (QUERY_ENTROPY, 4.36757), then: [(LOG_PEAKS, 4.88658), (DISTANCE_FROM_COMMON, 0.013_260_3)], adds: [[0.027_856_9, -0.069_607_1], [0.079_607, -0.023_549_8]] },
    Tree { first: (RELATIVE_LEAD, -5.96506), then: [(QUERY_ENTROPY, 4.62058), (QUERY_ENTROPY, 3.9021)], adds: [[-0.094_959_4, -0.040_082_7], [-0.036_650_4, 0.034_196_1]] },
    Tree { first: (VOTES, 32.0), then: [(CHANGE, 0.078_189_2), (BLOCKS_IN_FAVOUR, 0.589_744)], adds: [[0.026_676_1, -0.043_396_1], [0.026_676_1, 0.104_775]] },
    Tree { first: (DISTANCE_FROM_COMMON, 0.012_941_8), then: [(QUERY_ENTROPY, 4.16241), (DENSITY_RATIO, 0.903_226)], adds: [[-0.012_177_8, 0.050_992_6], [-0.019_468_1, -0.084_487_3]] },
    Tree { first: (RESIDUAL_FREQUENCY, 0.795_873), then: [(COVERED_SHARE, 0.174_359), (QUERY_ENTROPY, 4.20949)], adds: [[0.005_552_27, 0.082_061_7], [-0.069_148, 0.005_552_27]] },
    Tree { first: (RELATIVE_LEAD, -5.96506), then: [(QUERY_ENTROPY, 4.62058), (QUERY_ENTROPY, 3.85736)], adds: [[-0.090_852, -0.038_538_5], [-0.037_061_6, 0.028_614_4]] },
    Tree { first: (COVERED_SHARE, 0.587_302), then: [(QUERY_ENTROPY, 3.9021), (COVERED_SHARE, INFINITY)], adds: [[-0.059_409_6, 0.012_863_8], [0.091_925_4, 0.091_925_4]] },
    Tree { first: (LOG_PEAKS, 4.90896), then: [(QUERY_ENTROPY, 3.85736), (QUERY_ENTROPY, 4.36757)], adds: [[-0.020_501_3, 0.078_130_8], [-0.068_169_4, 0.041_550_4]] },
    Tree { first: (LOG_PEAKS, 5.66268), then: [(VOTES, 25.0), (QUERY_ENTROPY, 4.51899)], adds: [[-0.003_700_68, 0.089_858_7], [-0.094_865_6, 0.060_923_5]] },
    Tree { first: (RELATIVE_LEAD, 3.91927), then: [(LOG_PEAKS, 5.66268), (RELATIVE_LEAD, 4.57645)], adds: [[0.010_485_8, -0.066_307_2], [0.037_534_5, 0.088_961_1]] },
    Tree { first: (DISTANCE_FROM_COMMON, 0.012_941_8), then: [(LOG_PEAKS, 4.90896), (DENSITY_RATIO, 0.916_667)], adds: [[0.045_372_9, -0.012_716_2], [-0.018_098, -0.080_627_7]] },
    Tree { first: (RELATIVE_LEAD, -5.96506), then: [(QUERY_ENTROPY, 4.62058), (QUERY_ENTROPY, 4.04424)], adds: [[-0.086_416_1, -0.036_656_7], [-0.022_223_8, 0.032_930_7]] },
    Tree { first: (DISTANCE_FROM_COMMON, 0.000_567_794), then: [(CHANGE, 0.078_189_2), (DENSITY_RATIO, 0.978_873)], adds: [[0.078_032_5, 0.019_414_4], [0.011_370_6, -0.049_735_3]] },
    Tree { first: (RELATIVE_LEAD, 4.41099), then: [(LOG_PEAKS, 5.66268), (RELATIVE_LEAD, 4.57645)], adds: [[0.009_576_76, -0.062_416_3], [0.037_901_1, 0.085_246_6]] },
    Tree { first: (QUERY_ENTROPY, 4.51899), then: [(LOG_PEAKS, 5.89302), (DISTANCE_FROM_COMMON, 0.005_378_37)], adds: [[0.010_207_2, -0.086_603_6], [0.089_569_9, -0.007_513_1]] },
    Tree { first: (RELATIVE_LEAD, 3.23576), then: [(LOG_PEAKS, 4.90896), (COVERED_SHARE, 0.160_256)], adds: [[0.017_232_6, -0.035_637_3], [0.030_162_8, 0.089_148_6]] },
    Tree { first: (QUERY_ENTROPY, 4.22402), then: [(VOTES, 22.0), (LOG_PEAKS, 5.3822)], adds: [[-0.049_669, 0.044_444_1], [0.070_815_9, -0.004_654_82]] },
    Tree { first: (RELATIVE_LEAD, -6.70769), then: [(QUERY_ENTROPY, 4.62058), (QUERY_ENTROPY, 4.04424)], adds: [[-0.083_827_3, -0.035_288_1], [-0.021_925_4, 0.031_661_4]] },
    Tree { first: (COVERED_SHARE, 0.587_302), then: [(QUERY_ENTROPY, 3.9021), (RESIDUAL_FREQUENCY, 0.604_168)], adds: [[-0.053_184_1, 0.012_281_7], [0.083_060_5, 0.001_987_32]] },
    Tree { first: (RESIDUAL_FREQUENCY, 0.814_099), then: [(COVERED_SHARE, 0.174_359), (QUERY_ENTROPY, 4.20949)], adds: [[0.004_001_65, 0.068_784_8], [-0.059_155_2, 0.004_001_65]] },
    Tree { first: (CHANGE, 0.078_189_2), then: [(LOG_PEAKS, 4.879), (VOTES, 22.0)], adds: [[0.086_379, 0.005_153_96], [-0.044_758_5, 0.005_153_96]] },
    Tree { first: (QUERY_ENTROPY, 4.51899), then: [(LOG_PEAKS, 5.66268), (DISTANCE_FROM_COMMON, 0.005_378_37)], adds: [[0.010_606_7, -0.083_633_6], [0.081_195_5, -0.006_964_98]] },
    Tree { first: (RELATIVE_LEAD, -6.70769), then: [(QUERY_ENTROPY, 4.62058), (QUERY_ENTROPY, 3.85736)], adds: [[-0.080_130_2, -0.033_609_3], [-0.031_946, 0.022_874_6]] },
    Tree { first: (DISTANCE_FROM_COMMON, 0.012_941_8), then: [(LOG_PEAKS, 4.90896), (DENSITY_RATIO, 0.866_667)], adds: [[0.038_851_8, -0.012_268_2], [-0.016_035_6, -0.068_355_2]] },
    Tree { first: (RELATIVE_LEAD, 3.91927), then: [(COVERED_SHARE, 0.104_478), (RELATIVE_LEAD, 4.57645)], adds: [[0.033_025_7, -0.021_488_8], [0.033_025_7, 0.077_938_9]] },
    Tree { first: (DENSITY_RATIO, 0.997_653), then: [(QUERY_ENTROPY, 3.87175), (LIKELIHOOD_PER_PEAK, 0.335_058)], adds: [[-0.035_934_7, 0.036_690_1], [-0.055_699_2, 0.076_210_5]] },
    Tree { first: (RELATIVE_LEAD, -6.70769), then: [(QUERY_ENTROPY, 4.62058), (CHANGE, 0.005_784_51)], adds: [[-0.077_054_1, -0.032_233_7], [0.063_605_3, -0.001_079_1]] },
    Tree { first: (VOTES, 33.0), then: [(CHANGE, 0.078_189_2), (BLOCKS_IN_FAVOUR, 0.545_455)], adds: [[0.022_385_1, -0.030_309_3], [0.022_385_1, 0.084_434_1]] },
    Tree { first: (QUERY_ENTROPY, 4.60848), then: [(LOG_PEAKS, 5.66268), (DISTANCE_FROM_COMMON, 0.011_387_9)], adds: [[0.011_512_3, -0.070_573_4], [0.08737, -0.025_135]] },
    Tree { first: (QUERY_ENTROPY, 4.36757), then: [(LOG_PEAKS, 4.88658), (DENSITY_RATIO, 1.16216)], adds: [[0.021_263, -0.056_336_1], [0.047_663, -0.028_715_2]] },
    Tree { first: (RELATIVE_LEAD, 0.888_833), then: [(COVERED_SHARE, 0.146_006), (COVERED_SHARE, 0.162_304)], adds: [[0.005_501_91, -0.051_972_8], [0.005_501_91, 0.064_934_7]] },
    Tree { first: (COVERED_SHARE, 0.587_302), then: [(QUERY_ENTROPY, 3.9021), (DENSITY_RATIO, 0.706_161)], adds: [[-0.046_956_9, 0.011_260_8], [0.003_041_79, 0.074_107_3]] },
    Tree { first: (RELATIVE_LEAD, -6.70769), then: [(QUERY_ENTROPY, 4.62058), (LOG_PEAKS, 5.66268)], adds: [[-0.073_301_7, -0.030_648_8], [0.018_850_8, -0.030_553_6]] },
    Tree { first: (RELATIVE_LEAD, 4.41099), then: [(LOG_PEAKS, 5.66268), (RELATIVE_LEAD, 4.57645)], adds: [[0.007_551_57, -0.050_033_3], [0.032_285_8, 0.071_620_3]] },
    Tree { first: (COVERED_SHARE, 0.104_478), then: [(LOG_PEAKS, 5.32544), (RELATIVE_LEAD, 0.133_169)], adds: [[0.093_961_9, 0.003_701_79], [-0.056_773_2, 0.022_335]] },
    Tree { first: (DENSITY_RATIO, 0.997_653), then: [(QUERY_ENTROPY, 3.87175), (LIKELIHOOD_PER_PEAK, 0.335_058)], adds: [[-0.032_454_8, 0.032_348_4], [-0.05157, 0.069_611_6]] },
    Tree { first: (DISTANCE_FROM_COMMON, 0.014_257_2), then: [(QUERY_ENTROPY, 4.56492), (VOTES, 22.0)], adds: [[0.001_398_54, 0.068_599_6], [-0.055_924_4, -0.015_002_1]] },
    Tree { first: (VOTES, 21.0), then: [(COVERED_SHARE, 0.139_932), (DENSITY_RATIO, 0.900_474)], adds: [[0.009_345_54, -0.045_090_2], [0.087_636_1, 0.009_345_54]] },
    Tree { first: (LOG_PEAKS, 4.879), then: [(CHANGE, 0.078_189_2), (QUERY_ENTROPY, 4.36757)], adds: [[0.071_930_5, -0.010_799_5], [-0.053_188_2, 0.030_513]] },
    Tree { first: (RESIDUAL_FREQUENCY, 0.795_873), then: [(COVERED_SHARE, 0.167_939), (COVERED_SHARE, 0.146_006)], adds: [[0.004_900_3, 0.060_828_1], [0.004_900_3, -0.052_434_8]] },
    Tree { first: (RELATIVE_LEAD, -6.70769), then: [(QUERY_ENTROPY, 4.62058), (QUERY_ENTROPY, 4.04424)], adds: [[-0.068_678_3, -0.028_566_9], [-0.017_560_6, 0.023_344_7]] },
    Tree { first: (LOG_PEAKS, 4.90896), then: [(CHANGE, 0.078_189_2), (QUERY_ENTROPY, 4.36757)], adds: [[0.060_676_6, -0.007_662_76], [-0.050_296_5, 0.023_947]] },
    Tree { first: (DENSITY_RATIO, 0.950_588), then: [(VOTES, 22.0), (DISTANCE_FROM_COMMON, 0.003_184_97)], adds: [[-0.005_694_24, 0.071_598_6], [0.019_464_2, -0.065_545_5]] },
    Tree { first: (LOG_PEAKS, 5.3822), then: [(QUERY_ENTROPY, 4.0501), (QUERY_ENTROPY, 4.62058)], adds: [[-0.015_642_8, 0.041_375_3], [-0.058_296_4, 0.050_126_7]] },
    Tree { first: (RELATIVE_LEAD, 3.91927), then: [(LOG_PEAKS, 5.40492), (RELATIVE_LEAD, 4.57645)], adds: [[0.007_595_01, -0.046_890_9], [0.028_928_9, 0.066_842]] },
    Tree { first: (RELATIVE_LEAD, 2.81185), then: [(LOG_PEAKS, 4.879), (COVERED_SHARE, 0.152_672)], adds: [[0.015_622_7, -0.027_899_7], [0.021_246_4, 0.066_586_3]] },
    Tree { first: (QUERY_ENTROPY, 3.85736), then: [(RESIDUAL_FREQUENCY, 0.342_456), (DENSITY_RATIO, 0.997_653)], adds: [[0.048_049_3, -0.052_568_4], [0.028_120_7, -0.023_377_5]] },
    Tree { first: (RELATIVE_LEAD, -6.70769), then: [(LOG_PEAKS, 6.0992), (COVERED_SHARE, 0.104_478)], adds: [[-0.064_538, -0.027_190_4], [0.038_425_3, -0.004_511_46]] },
    Tree { first: (VOTES, 20.0), then: [(COVERED_SHARE, 0.146_006), (DENSITY_RATIO, 0.854_839)], adds: [[0.007_293_6, -0.043_315_1], [0.081_790_3, 0.007_293_6]] },
    Tree { first: (DENSITY_RATIO, 0.699_187), then: [(COVERED_SHARE, 0.104_478), (DENSITY_RATIO, 0.854_839)], adds: [[0.014_147_4, -0.065_716_2], [0.041_678, -0.008_419_71]] },
    Tree { first: (LIKELIHOOD_PER_PEAK, 0.398_987), then: [(QUERY_ENTROPY, 3.85736), (DENSITY_RATIO, 0.893_401)], adds: [[-0.057_026_9, 0.006_562_39], [0.020_271_8, 0.080_786_3]] },
    Tree { first: (LOG_PEAKS, 4.88658), then: [(CHANGE, 0.078_189_2), (QUERY_ENTROPY, 4.36757)], adds: [[0.056_352_7, -0.008_132_69], [-0.047_028_9, 0.02157]] },
    Tree { first: (LOG_PEAKS, 5.66268), then: [(RELATIVE_LEAD, 1.61731), (QUERY_ENTROPY, 4.51899)], adds: [[-0.003_704_34, 0.060_397_3], [-0.072_522_8, 0.037_115_7]] },
    Tree { first: (RELATIVE_LEAD, 4.41099), then: [(LOG_PEAKS, 5.66268), (RELATIVE_LEAD, 4.57645)], adds: [[0.007_219_13, -0.044_156_2], [0.028_271_3, 0.062_058_6]] },
    Tree { first: (DISTANCE_FROM_COMMON, 0.014_257_2), then: [(QUERY_ENTROPY, 4.11276), (DENSITY_RATIO, 0.916_667)], adds: [[-0.012_247, 0.027_077_6], [-0.013_006_8, -0.059_166_4]] },
    Tree { first: (VOTES, 31.0), then: [(QUERY_ENTROPY, 4.04424), (BLOCKS_IN_FAVOUR, 0.583_333)], adds: [[-0.032_023_4, 0.009_493_6], [0.017_341_8, 0.076_890_4]] },
    Tree { first: (LOG_PEAKS, 4.86367), then: [(CHANGE, 0.078_189_2), (QUERY_ENTROPY, 4.36757)], adds: [[0.052_791_6, -0.006_405_98], [-0.040_462_2, 0.017_815_3]] },
    Tree { first: (VOTES, 20.0), then: [(COVERED_SHARE, 0.146_006), (DENSITY_RATIO, 0.854_839)], adds: [[0.006_981_19, -0.039_648_4], [0.076_004, 0.006_981_19]] },
    Tree { first: (RELATIVE_LEAD, -6.70769), then: [(LOG_PEAKS, 6.0992), (LOG_PEAKS, 5.40492)], adds: [[-0.061_494_3, -0.025_911_9], [0.015_035, -0.025_763_5]] },
    Tree { first: (DENSITY_RATIO, 0.699_187), then: [(COVERED_SHARE, 0.104_478), (DENSITY_RATIO, 0.950_588)], adds: [[0.013_311_1, -0.062_411_9], [0.026_292_7, -0.016_729_3]] },
    Tree { first: (RELATIVE_LEAD, 4.41099), then: [(LOG_PEAKS, 5.66268), (RELATIVE_LEAD, 4.57645)], adds: [[0.005_826_23, -0.041_503], [0.026_490_1, 0.058_772_8]] },
    Tree { first: (DISTANCE_FROM_COMMON, 0.000_841_727), then: [(RELATIVE_LEAD, 0.216_969), (DENSITY_RATIO, 0.978_873)], adds: [[0.009_399_44, 0.050_530_9], [0.007_173_45, -0.037_008_4]] },
    Tree { first: (CHANGE, 0.005_784_51), then: [(RELATIVE_LEAD, -0.207_808), (RESIDUAL_FREQUENCY, 0.795_873)], adds: [[0.018_386_2, 0.066_025_5], [0.018_207_7, -0.021_816_5]] },
    Tree { first: (COVERED_SHARE, 0.104_478), then: [(LOG_PEAKS, 5.32544), (RELATIVE_LEAD, 0.133_169)], adds: [[0.075_132, -0.001_221_71], [-0.046_554_8, 0.016_883]] },
    Tree { first: (DENSITY_RATIO, 0.699_187), then: [(COVERED_SHARE, 0.104_478), (DENSITY_RATIO, 0.854_839)], adds: [[0.013_324_7, -0.060_197_6], [0.034_675_1, -0.007_610_61]] },
    Tree { first: (QUERY_ENTROPY, 4.60848), then: [(LOG_PEAKS, 5.89302), (DISTANCE_FROM_COMMON, 0.004_853_1)], adds: [[0.006_880_1, -0.056_631_4], [0.072_858_4, -0.020_482_4]] },
    Tree { first: (DISTANCE_FROM_COMMON, 0.014_257_2), then: [(QUERY_ENTROPY, 4.11276), (DENSITY_RATIO, 0.916_667)], adds: [[-0.011_696_1, 0.023_704], [-0.012_345_6, -0.053_844_1]] },
    Tree { first: (COVERED_SHARE, 0.587_302), then: [(QUERY_ENTROPY, 3.85736), (RESIDUAL_FREQUENCY, 0.45289)], adds: [[-0.037_948_1, 0.006_001_23], [0.058_798_1, 0.001_282_44]] },
    Tree { first: (LOG_PEAKS, 4.86367), then: [(RELATIVE_LEAD, -3.75156), (QUERY_ENTROPY, 4.36757)], adds: [[-0.048_977_6, 0.027_611_9], [-0.038_294_7, 0.01576]] },
    Tree { first: (RELATIVE_LEAD, 3.91927), then: [(LOG_PEAKS, 4.90896), (RELATIVE_LEAD, 4.57645)], adds: [[0.013_115, -0.022_521_5], [0.024_024_8, 0.055_729_7]] },
    Tree { first: (RELATIVE_LEAD, -6.70769), then: [(LOG_PEAKS, 6.0992), (QUERY_ENTROPY, 3.85736)], adds: [[-0.057_144_4, -0.024_067_2], [-0.022_126_3, 0.013_079_5]] },
    Tree { first: (VOTES, 20.0), then: [(COVERED_SHARE, 0.147_186), (BLOCKS_IN_FAVOUR, 0.545_455)], adds: [[0.005_907_23, -0.037_985_4], [0.005_907_23, 0.052_261_7]] },
    Tree { first: (LIKELIHOOD_PER_PEAK, 0.398_987), then: [(QUERY_ENTROPY, 3.85736), (DENSITY_RATIO, 0.893_401)], adds: [[-0.049_846, 0.004_305_74], [0.017_091_5, 0.075_993_9]] },
    Tree { first: (DENSITY_RATIO, 0.735_892), then: [(COVERED_SHARE, 0.125), (DENSITY_RATIO, 0.852_535)], adds: [[0.009_910_64, -0.050_962_2], [0.039_561_4, -0.007_720_04]] },
    Tree { first: (COVERED_SHARE, 0.587_302), then: [(COVERED_SHARE, 0.104_478), (RESIDUAL_FREQUENCY, 0.45289)], adds: [[0.022_725_1, -0.014_370_2], [0.054_933_1, 0.000_703_005]] },
    Tree { first: (LOG_PEAKS, 4.86367), then: [(CHANGE, 0.078_189_2), (QUERY_ENTROPY, 4.60848)], adds: [[0.047_332_3, -0.007_184_68], [-0.024_746_4, 0.038_785_7]] },
    Tree { first: (RELATIVE_LEAD, -6.70769), then: [(LOG_PEAKS, 6.0992), (LOG_PEAKS, 5.40492)], adds: [[-0.055_141_3, -0.023_074], [0.012_628_1, -0.023_006_6]] },
    Tree { first: (RELATIVE_LEAD, 3.23576), then: [(LOG_PEAKS, 4.90896), (COVERED_SHARE, 0.160_256)], adds: [[0.010_837_7, -0.021_288_4], [0.019_407_2, 0.060_835_5]] },
    Tree { first: (DISTANCE_FROM_COMMON, 0.014_257_2), then: [(QUERY_ENTROPY, 4.11276), (DENSITY_RATIO, 0.916_667)], adds: [[-0.010_973_2, 0.021_266_8], [-0.011_245_5, -0.050_869_9]] },
    Tree { first: (DENSITY_RATIO, 0.696_078), then: [(COVERED_SHARE, 0.104_478), (VOTES, 20.0)], adds: [[0.007_922_15, -0.052_467_7], [-0.007_082_8, 0.029_231_4]] },
];
