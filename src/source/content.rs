//! What bytes are, told by the first of them and never by a name: must-gather archives are renamed
//! and packed again freely, and `must-gather.tar` may well be gzip.

use std::borrow::Cow;
use std::io::{self, Read};

use super::export;

/// How many first bytes are looked at; a tar header is 512 bytes long.
pub(super) const HEAD: usize = 4096;

/// What the first bytes say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// Text in UTF-8, or near it.
    Text,
    /// UTF-16 with a byte order mark: `true` for little-endian (PowerShell's `>`).
    Utf16(bool),
    /// The answer of a log store: one JSON document with many lines in it.
    Export,
    /// One compressed stream.
    Packed(Packing),
    /// A tar archive.
    Tar,
    /// A zip archive.
    Zip,
    /// NULs as far as was looked, and maybe text behind them: a program that goes on writing to a log that was
    /// cut to nothing under it (logrotate's `copytruncate`) leaves a hole before its next line.
    Hole,
    /// No text.
    Binary,
    /// Nothing.
    Empty,
}

/// How a stream is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    /// RFC 1952, one or several members.
    Gzip,
    /// The .xz format, one or several streams.
    Xz,
    /// RFC 8878, one or several frames.
    Zstd,
    /// bzip2, one or several streams.
    Bzip2,
}

/// First bytes and what they mean: RFC 1952 2.3.1, the .xz file format 2.1.1.1, RFC 8878 3.1.1
/// (zstd), the bzip2 manual, APPNOTE 4.3.7 and 4.3.16 (zip; the second one is an empty archive),
/// and the byte order marks of Unicode.
#[rustfmt::skip]
const MAGIC: &[(&[u8], Content)] = &[
    (b"\x1f\x8b",                 Content::Packed(Packing::Gzip)),
    (b"\xfd7zXZ\0",               Content::Packed(Packing::Xz)),
    (b"\x28\xb5\x2f\xfd",         Content::Packed(Packing::Zstd)),
    (b"BZh1",                     Content::Packed(Packing::Bzip2)),
    (b"BZh2",                     Content::Packed(Packing::Bzip2)),
    (b"BZh3",                     Content::Packed(Packing::Bzip2)),
    (b"BZh4",                     Content::Packed(Packing::Bzip2)),
    (b"BZh5",                     Content::Packed(Packing::Bzip2)),
    (b"BZh6",                     Content::Packed(Packing::Bzip2)),
    (b"BZh7",                     Content::Packed(Packing::Bzip2)),
    (b"BZh8",                     Content::Packed(Packing::Bzip2)),
    (b"BZh9",                     Content::Packed(Packing::Bzip2)),
    (b"PK\x03\x04",               Content::Zip),
    (b"PK\x05\x06",               Content::Zip),
    (b"\xff\xfe",                 Content::Utf16(true)),
    (b"\xfe\xff",                 Content::Utf16(false)),
];

impl Content {
    /// Judges by the first bytes (up to 4 KiB).
    pub(super) fn of(head: &[u8]) -> Content {
        if head.is_empty() {
            return Content::Empty;
        }
        if let Some((_, content)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
            return *content;
        }
        if is_tar(head) {
            Content::Tar
        } else if head.len() >= HEAD && head.iter().all(|&byte| byte == 0) {
            Content::Hole
        } else if is_binary(&without_holes(head)) {
            Content::Binary
        } else if export::is_export(head) {
            Content::Export
        } else {
            Content::Text
        }
    }
}

/// A tar header is known by its own checksum: old archives carry no `ustar`.
fn is_tar(head: &[u8]) -> bool {
    let Some(header) = head.get(..512) else { return false };
    let field = &header[148..156];
    let from = field.iter().take_while(|byte| **byte == b' ').count();
    let length = field[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, behind) = field[from..].split_at(length);
    let told = digits.iter().fold(0u32, |sum, byte| sum.wrapping_mul(8).wrapping_add(u32::from(byte - b'0')));
    if told == 0 || behind.iter().any(|byte| !matches!(byte, 0 | b' ')) {
        return false; // nearly every text, before anything is summed up
    }
    let sum: u32 = header[..148].iter().chain(&header[156..]).map(|&byte| u32::from(byte)).sum();
    header[0] != 0 && told == sum + 8 * 32
}

/// The bytes without long runs of NULs, which a crash of the machine leaves in a log, too.
fn without_holes(head: &[u8]) -> Cow<'_, [u8]> {
    const HOLE: usize = 64;
    if memchr::memchr(0, head).is_none() {
        return Cow::Borrowed(head);
    }
    let runs = head.chunk_by(|a, b| (*a == 0) == (*b == 0));
    Cow::Owned(runs.filter(|run| run[0] != 0 || run.len() < HOLE).flatten().copied().collect())
}

/// A log may hold a NUL, or bytes that are no UTF-8. A file with many control characters is no log,
/// and neither is one with some of them and much that is no UTF-8 (compressed or encrypted data).
fn is_binary(head: &[u8]) -> bool {
    if head.is_empty() {
        return true; // a hole, and nothing behind it
    }
    let control: usize = head.chunks(128).map(controls).sum();
    let strange = || head.utf8_chunks().map(|chunk| chunk.invalid().len()).sum::<usize>();
    control * 8 > head.len() || control * 32 > head.len() && strange() * 4 > head.len()
}

/// Control characters among up to 255 bytes, without a branch: compilers make few instructions of it.
fn controls(bytes: &[u8]) -> usize {
    let is_control = |byte: u8| byte < 32 && byte != b'\n' && byte != b'\r' && byte != b'\t' && byte != 0x1b;
    usize::from(bytes.iter().fold(0u8, |count, byte| count + u8::from(is_control(*byte))))
}

/// How many NULs a stream may begin with: `/dev/zero` has no end.
const DEEPEST: u64 = 256 << 20;

/// A reader that begins with a hole; it ends where the hole turns out to have no end.
pub(super) struct Holed<R> {
    rest: R,
    /// NULs so far; nothing is counted behind the hole.
    nuls: Option<u64>,
}

impl<R: Read> Holed<R> {
    pub(super) fn new(rest: R) -> Self {
        Holed { rest, nuls: Some(0) }
    }
}

impl<R: Read> Read for Holed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.nuls.is_some_and(|nuls| nuls > DEEPEST) {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "begins with 256 MiB of NULs; not read on",
            ));
        }
        let read = self.rest.read(buffer)?;
        let hole = |_: &u64| buffer[..read].iter().all(|&byte| byte == 0);
        self.nuls = self.nuls.filter(hole).map(|nuls| nuls + read as u64);
        Ok(read)
    }
}

/// A reader whose first bytes were looked at and are given again. An error that came while looking
/// is told where it stood, so that what was read before it is not lost.
pub(super) struct Peeked<R> {
    head: [u8; HEAD],
    /// Bytes in it, and how many of them were given.
    length: usize,
    given: usize,
    failed: Option<io::Error>,
    rest: R,
}

impl<R: Read> Peeked<R> {
    pub(super) fn new(mut rest: R) -> Self {
        let (mut head, mut length, mut failed) = ([0; HEAD], 0, None);
        while length < HEAD {
            match rest.read(&mut head[length..]) {
                Ok(0) => break,
                Ok(read) => length += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    failed = Some(error);
                    break;
                }
            }
        }
        Peeked { head, length, given: 0, failed, rest }
    }

    /// The reader, behind what was looked at.
    pub(super) fn into_rest(self) -> R {
        self.rest
    }

    pub(super) fn rest(&self) -> &R {
        &self.rest
    }

    /// The same with another reader behind what was looked at.
    pub(super) fn map<S>(self, with: impl FnOnce(R) -> S) -> Peeked<S> {
        let Peeked { head, length, given, failed, rest } = self;
        Peeked { head, length, given, failed, rest: with(rest) }
    }

    pub(super) fn content(&self) -> Content {
        Content::of(&self.head[..self.length])
    }

    /// The error, if nothing at all could be read.
    pub(super) fn failed_at_once(&mut self) -> Option<io::Error> {
        if self.length == 0 { self.failed.take() } else { None }
    }
}

impl<R: Read> Read for Peeked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given < self.length {
            let n = buffer.len().min(self.length - self.given);
            buffer[..n].copy_from_slice(&self.head[self.given..self.given + n]);
            self.given += n;
            return Ok(n);
        }
        match self.failed.take() {
            Some(error) => Err(error),
            None => self.rest.read(buffer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contents() {
        assert_eq!(Content::of(b""), Content::Empty);
        assert_eq!(Content::of(b"\x1f\x8b\x08"), Content::Packed(Packing::Gzip));
        assert_eq!(Content::of(b"BZh91AY&SY"), Content::Packed(Packing::Bzip2));
        assert_eq!(Content::of(b"us-east-1:\0:us-east-1b and more text"), Content::Text);
        assert_eq!(Content::of(b"\x7fELF\x02\x01\x01\0\0\0\0\0"), Content::Binary);
    }

    #[test]
    fn a_tar_without_ustar_is_known_by_its_checksum() {
        let mut header = tar::Header::new_old();
        header.set_path("a.log").unwrap();
        header.set_size(0);
        header.set_cksum();
        assert_eq!(Content::of(header.as_bytes()), Content::Tar);
        let mut broken = *header.as_bytes();
        broken[0] = b'b';
        assert_ne!(Content::of(&broken), Content::Tar);
    }

    #[test]
    fn a_hole_is_no_reason_to_leave_a_log_out() {
        assert_eq!(Content::of(&[0; 4096]), Content::Hole);
        assert_eq!(Content::of(&[0; 4095]), Content::Binary, "nothing comes behind it");
        assert_eq!(Content::of(&[&[0; 4000], &b"E1123 13:54:17 failed\n"[..]].concat()), Content::Text);
        assert_eq!(Content::of(&[b"a line\n", &[0; 4000][..], b"a line"].concat()), Content::Text);
        assert_eq!(Content::of(&[0, 1, 2, 3, 4, 5, 6, 7].repeat(100)), Content::Binary);
        let mut log = Vec::new();
        Holed::new(&[&[0; 100][..], b"line\n"].concat()[..]).read_to_end(&mut log).unwrap();
        assert_eq!(log.len(), 105);
    }

    #[test]
    fn a_hole_without_an_end_ends() {
        let mut read = 0;
        let mut holed = Holed::new(io::repeat(0));
        let mut buffer = vec![1; 1 << 20];
        let error = loop {
            match holed.read(&mut buffer) {
                Ok(n) => read += n as u64,
                Err(error) => break error,
            }
        };
        assert!(error.to_string().contains("NULs") && read > DEEPEST && read < DEEPEST + (2 << 20));
    }

    #[test]
    fn compressed_data_is_no_text_and_latin_1_is() {
        let mut seed = 1u64;
        let noise: Vec<u8> = std::iter::repeat_with(|| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 56) as u8
        })
        .take(HEAD)
        .collect();
        assert_eq!(Content::of(&noise), Content::Binary);
        assert_eq!(Content::of(b"Verbindung abgelehnt f\xfcr \xfcber\xe4ll\n"), Content::Text);
    }

    #[test]
    fn what_came_before_an_error_is_read() {
        struct Fails;
        impl Read for Fails {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("broken"))
            }
        }
        let mut out = Vec::new();
        let error = Peeked::new((&b"before"[..]).chain(Fails)).read_to_end(&mut out).unwrap_err();
        assert_eq!((out.as_slice(), error.to_string().as_str()), (&b"before"[..], "broken"));
    }
}
