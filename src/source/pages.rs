//! Where the kernel copies to: a file is read to the place in a page that it was at.

use std::fs::File;
use std::io::{self, BufRead, Read};
use std::ops::Range;

/// Size of a page of memory, in bytes: what the kernel copies by. Larger pages are multiples.
pub(crate) const PAGE: usize = 4096;

/// How many bytes of the buffer come before the first that has the place `offset` in its page.
///
/// Where a copy of the kernel (`rep movsb`) ends up 1 to 31 bytes further in its page than it was, processors
/// with "fast short" copies take three to four times as long (measured: AMD Zen 3, `pread` of 256 KiB).
pub(crate) fn before_same_place(buffer: &[u8], offset: usize) -> usize {
    offset.wrapping_sub(buffer.as_ptr().addr()) % PAGE
}

/// Fills the buffer from a place in the file; less than full means that the file ends there.
pub(crate) fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
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

/// Reads ahead, to the place in a page that the bytes were at.
pub(super) struct Paged<R> {
    reader: R,
    buffer: Vec<u8>,
    /// What of it was not given yet.
    rest: Range<usize>,
    /// Bytes that were read so far, where they stand in a page.
    offset: usize,
}

impl<R: Read> Paged<R> {
    /// Reads up to so many bytes at once.
    pub(super) fn new(size: usize, reader: R) -> Self {
        Paged { reader, buffer: vec![0; size + PAGE], rest: 0..0, offset: 0 }
    }
}

impl<R: Read> BufRead for Paged<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.rest.is_empty() {
            let lead = before_same_place(&self.buffer, self.offset);
            // Up to the end of a page: the next reading begins with a whole one.
            let end = self.buffer.len() - PAGE + lead - self.offset;
            let read = self.reader.read(&mut self.buffer[lead..end])?;
            self.rest = lead..lead + read;
            self.offset = (self.offset + read) % PAGE;
        }
        Ok(&self.buffer[self.rest.clone()])
    }

    fn consume(&mut self, amount: usize) {
        self.rest.start = (self.rest.start + amount).min(self.rest.end);
    }
}

impl<R: Read> Read for Paged<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_ahead_is_all_there_and_in_its_place() {
        /// Gives a few bytes first, as one does whose beginning was looked at.
        struct Slowly<'t>(&'t [u8], usize);
        impl Read for Slowly<'_> {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                let most = std::mem::replace(&mut self.1, usize::MAX).min(buffer.len());
                self.0.read(&mut buffer[..most])
            }
        }
        let text: Vec<u8> = (0..100_000u32).map(|n| n as u8).collect();
        for first in [1, 100, PAGE, PAGE + 1] {
            let mut paged = Paged::new(4 * PAGE, Slowly(&text, first));
            let mut all = Vec::new();
            loop {
                let part = paged.fill_buf().unwrap();
                if part.is_empty() {
                    break;
                }
                assert_eq!(part.as_ptr().addr() % PAGE, all.len() % PAGE, "{first}");
                all.extend_from_slice(part);
                let length = part.len();
                paged.consume(length);
            }
            assert_eq!(all, text);
        }
    }

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
