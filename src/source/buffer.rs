//! The bytes of one log or file of objects, in memory that is used again.
//!
//! An archive of thousands of entries would else touch new memory for each of them, and the system's clearing of a
//! page costs more than copying one. Not for what is kept: that is copied out.

use std::io::{self, Read};
use std::ops::Deref;
use std::sync::{Mutex, PoisonError};

use super::pages::{PAGE, before_same_place};

/// Bytes that are kept for the next one who needs memory.
const KEPT: usize = 16 << 20;
/// How much larger than is needed a small piece may be.
const SMALL: usize = 64 << 10;
/// The least and the most that one piece of memory holds; what is larger is not kept.
const SIZES: std::ops::Range<usize> = 1 << 10..16 << 20;
/// From so many bytes on it matters where in a page they begin.
const ALIGNED: usize = 16 << 10;

/// Bytes in memory that is given back.
#[derive(Debug)]
pub struct Bytes {
    /// All of the memory, of which a part is used: so it is cleared only once.
    memory: Vec<u8>,
    /// Where the first page begins (see [`super::pages`]).
    start: usize,
    used: usize,
}

impl Bytes {
    /// None yet, with room for so many.
    pub(super) fn with_room(length: usize) -> Bytes {
        let lead = if length < ALIGNED { 0 } else { PAGE };
        let size = rounded(length.max(SIZES.start) + lead);
        Bytes::of(free().take(size).unwrap_or_else(|| vec![0; size]), lead > 0)
    }

    fn of(memory: Vec<u8>, aligned: bool) -> Bytes {
        let start = if aligned { before_same_place(&memory, 0) } else { 0 };
        Bytes { start, memory, used: 0 }
    }

    /// How much memory they take, in bytes.
    pub fn room(&self) -> usize {
        self.memory.len()
    }

    /// Reads to the end.
    ///
    /// # Errors
    /// Of the reader; what came before is kept.
    pub(super) fn append(&mut self, reader: &mut dyn Read) -> io::Result<()> {
        loop {
            if self.start + self.used == self.memory.len() {
                // Much more: what is not touched costs nothing, what is copied does.
                let mut more = Bytes::of(vec![0; rounded(8 * self.memory.len())], true);
                more.memory[more.start..][..self.used].copy_from_slice(self);
                more.used = self.used;
                *self = more;
            }
            match reader.read(&mut self.memory[self.start + self.used..]) {
                Ok(0) => return Ok(()),
                Ok(read) => self.used += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.memory[self.start..][..self.used]
    }
}

impl Drop for Bytes {
    fn drop(&mut self) {
        free().put(std::mem::take(&mut self.memory));
    }
}

/// Memory that nobody uses.
struct Free {
    pieces: Vec<Vec<u8>>,
    bytes: usize,
}

static FREE: Mutex<Free> = Mutex::new(Free { pieces: Vec::new(), bytes: 0 });

fn free() -> std::sync::MutexGuard<'static, Free> {
    FREE.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Free {
    /// A piece of this size or somewhat larger, the one that was used last.
    fn take(&mut self, size: usize) -> Option<Vec<u8>> {
        let fits = |piece: &Vec<u8>| (size..=2 * size + SMALL).contains(&piece.len());
        let at = self.pieces.iter().rposition(fits)?;
        let piece = self.pieces.remove(at);
        self.bytes -= piece.len();
        Some(piece)
    }

    fn put(&mut self, piece: Vec<u8>) {
        let size = piece.len();
        if SIZES.contains(&size) && self.bytes + size <= KEPT {
            self.bytes += size;
            self.pieces.push(piece);
        }
    }
}

/// The next of four sizes between two powers of two: a piece serves many, and is never much too large.
fn rounded(length: usize) -> usize {
    let step = (length.next_power_of_two() / 8).max(1);
    length.next_multiple_of(step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_few_and_fit() {
        for length in [1, 4096, 4097, 5000, 70_000, 1 << 20, (1 << 20) + 1] {
            assert!(rounded(length) >= length && rounded(length) <= length + length / 4 + 1, "{length}");
        }
        assert_eq!((rounded(4097), rounded(5120), rounded(5121)), (5120, 5120, 6144));
    }

    #[test]
    fn memory_is_used_again_and_not_hoarded() {
        let mut free = Free { pieces: Vec::new(), bytes: 0 };
        free.put(vec![0; rounded(70_000)]);
        free.put(vec![0; SIZES.start]);
        assert_eq!(free.take(rounded(200_000)), None);
        assert_eq!(free.take(10_000).map(|piece| piece.len()), Some(rounded(70_000)));
        assert_eq!(free.take(SIZES.start).map(|piece| piece.len()), Some(SIZES.start));
        assert_eq!((free.bytes, free.pieces.len()), (0, 0));
        free.put(vec![0; SIZES.end]);
        free.put(vec![0; 12 << 20]);
        free.put(vec![0; 12 << 20]);
        assert_eq!((free.bytes, free.pieces.len()), (12 << 20, 1));
    }

    #[test]
    fn what_was_not_foreseen_is_read_too() {
        let text = b"line\n".repeat(10_000);
        let mut bytes = Bytes::with_room(10);
        bytes.append(&mut text.as_slice()).unwrap();
        assert_eq!(*bytes, *text);
        assert_eq!(bytes.as_ptr().addr() % PAGE, 0);
        drop(bytes);
        let mut again = Bytes::with_room(text.len());
        again.append(&mut &b"short"[..]).unwrap();
        assert_eq!(&*again, b"short");
    }

    #[test]
    fn what_came_before_an_error_is_kept() {
        let mut bytes = Bytes::with_room(0);
        bytes.append(&mut &b"before"[..]).unwrap();
        struct Fails;
        impl Read for Fails {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("broken"))
            }
        }
        let error = bytes.append(&mut (&b", behind"[..]).chain(Fails)).unwrap_err();
        assert_eq!((&bytes[..], error.to_string().as_str()), (&b"before, behind"[..], "broken"));
    }
}
