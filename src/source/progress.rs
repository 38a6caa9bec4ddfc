//! How far the reading is, for whoever waits for it. Nothing depends on it.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Counts that grow while inputs are read.
#[derive(Debug, Default)]
pub struct Progress {
    expected: AtomicU64,
    taken: AtomicU64,
    files: AtomicU64,
}

impl Progress {
    /// Bytes of all inputs whose size is known, as they lie on the disk.
    pub fn expected(&self) -> u64 {
        self.expected.load(Relaxed)
    }

    /// Bytes that were read of them.
    pub fn taken(&self) -> u64 {
        self.taken.load(Relaxed)
    }

    /// Logs and objects that were read to their end.
    pub fn files(&self) -> u64 {
        self.files.load(Relaxed)
    }

    pub(super) fn expect(&self, bytes: u64) {
        self.expected.fetch_add(bytes, Relaxed);
    }

    /// So many bytes more were read.
    pub fn take(&self, bytes: u64) {
        self.taken.fetch_add(bytes, Relaxed);
    }

    /// One more log or object was read.
    pub fn file(&self) {
        self.files.fetch_add(1, Relaxed);
    }
}
