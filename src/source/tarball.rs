//! A tar archive, entry by entry, as it streams by.
//!
//! Names are only names: nothing here or behind makes a file of them, so that `../` and links are
//! harmless. Links are no logs, and are passed over; a file that an archive holds once and links to
//! from elsewhere is read once.

use std::cell::Cell;
use std::io::{self, Read, Seek, SeekFrom};
use std::rc::Rc;

use super::found::{Found, Place};
use super::limits::{Produced, TAR_HEADERS};
use super::walk::Walker;
use crate::limits::Limit;

/// Reads all entries of an archive.
///
/// # Errors
/// What ends the archive before its end, with the entry after which nothing is known. What is wrong with
/// one entry alone is told to the visitor.
pub(super) fn walk(walker: &Walker<'_>, name: &str, place: Place, reader: &mut dyn Read) -> io::Result<()> {
    let mut last = String::new();
    entries(walker, name, place, reader, &mut last).map_err(|error| match last.strip_prefix(name) {
        Some(entry) if error.kind() == io::ErrorKind::UnexpectedEof || is_cut(&error) => {
            let reason = crate::error::reason(&error);
            io::Error::other(format!("{reason}; nothing behind {} was read", entry.trim_start_matches('!')))
        }
        _ => error,
    })
}

/// Whether a decompressor missed the end of its stream.
fn is_cut(error: &io::Error) -> bool {
    let text = error.to_string();
    ["incomplete", "unexpected end", "truncated", "cut off"].iter().any(|word| text.contains(word))
}

fn entries(
    walker: &Walker<'_>,
    name: &str,
    place: Place,
    reader: &mut dyn Read,
    last: &mut String,
) -> io::Result<()> {
    let allowance = Rc::new(Cell::new(u64::MAX));
    let mut archive = tar::Archive::new(Allowed { reader, position: 0, allowance: Rc::clone(&allowance) });
    let mut entries = archive.entries_with_seek()?;
    let mut too_long = 0u64;
    let mut skip = 0;
    loop {
        // Long names and extended headers are read to memory by the library, whatever their size.
        allowance.set(TAR_HEADERS + skip);
        let Some(entry) = entries.next().transpose()? else { break };
        allowance.set(u64::MAX);
        walker.meter().entry()?;
        skip = 0;
        let kind = entry.header().entry_type();
        let sparse = kind.is_gnu_sparse();
        if !(kind.is_file() || kind.is_contiguous() || sparse) {
            skip = entry.size();
            continue;
        }
        let path = entry.path_bytes();
        let member =
            (path.len() as u64 <= walker.meter().get(Limit::Path)).then(|| super::walk::member(name, &path));
        too_long += u64::from(member.is_none());
        drop(path);
        if sparse {
            // Holes are not in the archive: the library makes zeros of them.
            skip = entry.header().entry_size()?;
            if let Some(member) = member {
                let mut holes = Produced { reader: entry, meter: walker.share() };
                walker.read(&Found::new(&member, place), &mut holes);
            }
            continue;
        }
        let mut whole = Whole { left: entry.size(), reader: entry };
        if let Some(member) = member {
            walker.read(&Found::new(&member, place).sized(whole.left), &mut whole);
            *last = member;
        }
        if whole.left > 0 {
            io::copy(&mut whole, &mut io::sink())?;
        }
        walker.meter().go_on()?;
    }
    walker.meter().passed_over(too_long)
}

/// Limits what is read between two entries.
struct Allowed<'a> {
    reader: &'a mut dyn Read,
    /// Bytes that were read.
    position: u64,
    allowance: Rc<Cell<u64>>,
}

impl Read for Allowed<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.position += read as u64;
        match self.allowance.get().checked_sub(read as u64) {
            Some(left) => self.allowance.set(left),
            None => return Err(io::Error::other("a header is larger than 1 MiB")),
        }
        Ok(read)
    }
}

/// Forward only: the library would else clear 32 KiB of memory for each entry to read what lies behind it there.
impl Seek for Allowed<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let SeekFrom::Current(distance @ 0..) = to else {
            return Err(io::Error::from(io::ErrorKind::Unsupported));
        };
        let to = self.position.saturating_add(distance.unsigned_abs());
        let mut passed = [0; 4096];
        while self.position < to {
            let most =
                usize::try_from(to - self.position).map_or(passed.len(), |left| left.min(passed.len()));
            match self.read(&mut passed[..most]) {
                Ok(0) => return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the archive is cut off")),
                Err(error) if error.kind() != io::ErrorKind::Interrupted => return Err(error),
                _ => {}
            }
        }
        Ok(self.position)
    }
}

/// An entry that ends before its size is cut off; the library takes it for its end.
struct Whole<R> {
    reader: R,
    left: u64,
}

impl<R: Read> Read for Whole<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        if read == 0 && self.left > 0 && !buffer.is_empty() {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the archive is cut off"));
        }
        self.left = self.left.saturating_sub(read as u64);
        Ok(read)
    }
}
