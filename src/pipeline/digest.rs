//! What makes two logs the same: a hash of their bytes.
//!
//! It is made of the hashes of a source's blocks, so that these can be hashed where they are scanned.
//! It depends on the size of the blocks, and is therefore only compared within one run.

use twox_hash::XxHash3_128;

/// A 128-bit hash of bytes (XXH3: equal logs are met by accident or by copying, not by design).
pub(super) fn of(bytes: &[u8]) -> u128 {
    XxHash3_128::oneshot(bytes)
}

/// Joins the hashes of the blocks of one source, in their order.
#[derive(Default)]
pub(super) struct Digest(XxHash3_128);

impl Digest {
    /// Adds the next block.
    pub(super) fn push(&mut self, block: u128) {
        self.0.write(&block.to_le_bytes());
    }

    /// The hash of the source.
    pub(super) fn finish(&self) -> u128 {
        self.0.finish_128()
    }
}
