//! Memory that the caller fills.

use std::alloc::{Layout, alloc, dealloc};

/// Alignment of what [`sonica_alloc`] gives: enough for samples, ids and addresses.
const ALIGN: usize = 16;

/// `length` bytes of memory, aligned to 16, not initialised; 0 where there is none left or `length` is 0.
#[unsafe(no_mangle)]
pub extern "C" fn sonica_alloc(length: usize) -> *mut u8 {
    match Layout::from_size_align(length, ALIGN) {
        // SAFETY: the layout has a size.
        Ok(layout) if length > 0 => unsafe { alloc(layout) },
        _ => core::ptr::null_mut(),
    }
}

/// Gives memory back.
///
/// # Safety
/// `address` came from [`sonica_alloc`] for just this `length`, or `length` is 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sonica_free(address: *mut u8, length: usize) {
    if let Ok(layout) = Layout::from_size_align(length, ALIGN)
        && length > 0
        && !address.is_null()
    {
        // SAFETY: the caller's promise: it was allocated with this layout.
        unsafe { dealloc(address, layout) }
    }
}

/// What the caller put at `address`: nothing, if `count` or `address` is 0.
///
/// # Safety
/// Else `count` initialised values lie at `address`, which is aligned for them, and stay unchanged for `'a`.
pub(crate) unsafe fn read<'a, T>(address: *const T, count: usize) -> &'a [T] {
    if count == 0 || address.is_null() {
        return &[];
    }
    // SAFETY: the caller's promise.
    unsafe { core::slice::from_raw_parts(address, count) }
}

/// Memory from [`sonica_alloc`], with its length: freed when dropped.
pub struct Owned {
    address: *mut u8,
    length: usize,
}

impl Owned {
    /// Takes over what the caller had allocated.
    ///
    /// # Safety
    /// `address` came from [`sonica_alloc`] for just this `length`, all of it was written, and the caller
    /// neither touches nor frees it any more.
    pub unsafe fn take(address: *mut u8, length: usize) -> Self {
        Self { address, length }
    }
}

// SAFETY: it owns its memory, as a vector does, and nobody writes to it while it is shared.
unsafe impl Sync for Owned {}

impl AsRef<[u8]> for Owned {
    fn as_ref(&self) -> &[u8] {
        // SAFETY: the promise of `take`.
        unsafe { read(self.address, self.length) }
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        // SAFETY: the promise of `take`.
        unsafe { sonica_free(self.address, self.length) }
    }
}
