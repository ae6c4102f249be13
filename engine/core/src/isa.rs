//! Which compilation of the kernels runs: one for every machine, one for x86-64 with AVX2.

/// An instruction set that this machine was seen to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Isa {
    avx2: bool,
}

impl Isa {
    /// What every machine of this architecture has.
    pub const BASELINE: Self = Self { avx2: false };

    /// The best that this machine has.
    pub fn detect() -> Self {
        #[cfg(target_arch = "x86_64")]
        return Self { avx2: std::arch::is_x86_feature_detected!("avx2") };
        #[cfg(not(target_arch = "x86_64"))]
        Self::BASELINE
    }

    /// Whether the AVX2 kernels may run. Only [`Isa::detect`] ever makes this true.
    #[inline]
    pub fn has_avx2(self) -> bool {
        self.avx2
    }

    /// Its name, for people.
    pub fn name(self) -> &'static str {
        if self.avx2 { "avx2" } else { "baseline" }
    }
}

/// Compiles an `#[inline(always)]` function twice, plainly and with AVX2, behind one function that
/// takes an [`Isa`] first and picks.
macro_rules! multiversion {
    ($(#[$doc:meta])* $vis:vis fn $name:ident($($arg:ident: $ty:ty),* $(,)?) $(-> $ret:ty)? = $kernel:path) => {
        $(#[$doc])*
        $vis fn $name(isa: $crate::isa::Isa, $($arg: $ty),*) $(-> $ret)? {
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx2")]
                fn with_avx2($($arg: $ty),*) $(-> $ret)? {
                    $kernel($($arg),*)
                }
                if isa.has_avx2() {
                    // SAFETY: `Isa` says AVX2 only where `Isa::detect` found it on this machine.
                    #[allow(unsafe_code)]
                    return unsafe { with_avx2($($arg),*) };
                }
            }
            let _ = isa;
            $kernel($($arg),*)
        }
    };
}
pub(crate) use multiversion;
