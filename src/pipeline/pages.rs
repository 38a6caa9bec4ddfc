//! Where the kernel copies to: a file is read to the place in a page that it was at.

use std::fs::File;
use std::io;

/// Size of a page of memory, in bytes: what the kernel copies by. Larger pages are multiples.
pub(super) const PAGE: usize = 4096;

/// How many bytes of the buffer come before the first that has the place `offset` in its page.
///
/// Where a copy of the kernel (`rep movsb`) ends up 1 to 31 bytes further in its page than it was, processors
/// with "fast short" copies take three to four times as long (measured: AMD Zen 3, `pread` of 256 KiB).
pub(super) fn before_same_place(buffer: &[u8], offset: usize) -> usize {
    offset.wrapping_sub(buffer.as_ptr().addr()) % PAGE
}

/// Fills the buffer from a place in the file; less than full means that the file ends there.
pub(super) fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    let mut read = 0;
    while read < buffer.len() {
        match read_some(file, &mut buffer[read..], offset + read as u64) {
            Ok(0) => break,
            Ok(n) => read += n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(read)
}

#[cfg(unix)]
fn read_some(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, offset)
}

#[cfg(not(unix))]
fn read_some(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_a_page_is_found() {
        let buffer = vec![0; 3 * PAGE];
        for (from, offset) in [(0, 0), (1, 0), (1, 1), (100, PAGE - 1), (PAGE + 7, 6)] {
            let lead = before_same_place(&buffer[from..], offset);
            assert!(lead < PAGE);
            assert_eq!(buffer[from + lead..].as_ptr().addr() % PAGE, offset);
        }
    }
}
