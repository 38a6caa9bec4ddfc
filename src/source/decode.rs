//! What a file holds, told by its first bytes and never by its name: gzip, UTF-16, text, binary.

use std::fs::File;
use std::io::{self, Chain, Cursor, Read, Seek, SeekFrom};

use flate2::read::MultiGzDecoder;

use super::{Body, Input, Origin, Source};

/// How many first bytes are looked at.
const HEAD: usize = 4096;

/// What the first bytes say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// Text in UTF-8, or near it.
    Text,
    /// gzip.
    Gzip,
    /// UTF-16 with a byte order mark: `true` for little-endian (PowerShell's `>`).
    Utf16(bool),
    /// No text.
    Binary,
    /// Nothing.
    Empty,
}

impl Content {
    /// Judges by the first bytes.
    pub fn of(head: &[u8]) -> Content {
        match head {
            [] => Content::Empty,
            [0x1f, 0x8b, ..] => Content::Gzip,
            [0xff, 0xfe, ..] => Content::Utf16(true),
            [0xfe, 0xff, ..] => Content::Utf16(false),
            _ if is_binary(head) => Content::Binary,
            _ => Content::Text,
        }
    }
}

/// A log may hold a NUL or a byte that is no UTF-8; a file with many control characters is no log.
fn is_binary(head: &[u8]) -> bool {
    let control =
        head.iter().filter(|&&byte| byte < 32 && !matches!(byte, b'\n' | b'\r' | b'\t' | 0x1b)).count();
    control * 8 > head.len()
}

/// Opens an input.
///
/// # Errors
/// What the system says, or `InvalidData` if it holds no text.
pub fn open(input: &Input) -> io::Result<Source> {
    let name = input.name();
    let origin = Origin::of_path(&name);
    let body = match input {
        Input::Stdin => stream(Box::new(io::stdin()))?,
        Input::File(path) => file(File::open(path)?)?,
    };
    Ok(Source { name, origin, body })
}

fn file(mut file: File) -> io::Result<Body> {
    let metadata = file.metadata()?;
    if metadata.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "is a folder"));
    }
    if !metadata.is_file() {
        return stream(Box::new(file));
    }
    let mut head = [0; HEAD];
    let read = read_head(&mut file, &mut head)?;
    file.seek(SeekFrom::Start(0))?;
    match Content::of(&head[..read]) {
        Content::Text | Content::Empty => Ok(Body::File(file, metadata.len())),
        content => decoded(content, Box::new(file)),
    }
}

fn stream(mut reader: Box<dyn Read + Send>) -> io::Result<Body> {
    let mut head = vec![0; HEAD];
    let read = read_head(&mut reader, &mut head)?;
    head.truncate(read);
    let content = Content::of(&head);
    decoded(content, Box::new(rejoin(head, reader)))
}

fn rejoin(head: Vec<u8>, rest: Box<dyn Read + Send>) -> Chain<Cursor<Vec<u8>>, Box<dyn Read + Send>> {
    Cursor::new(head).chain(rest)
}

fn decoded(content: Content, reader: Box<dyn Read + Send>) -> io::Result<Body> {
    Ok(Body::Stream(match content {
        Content::Text | Content::Empty => reader,
        Content::Gzip => match stream(Box::new(MultiGzDecoder::new(reader)))? {
            Body::Stream(inner) => inner,
            Body::File(file, _) => Box::new(file),
        },
        Content::Utf16(little) => Box::new(Utf16::new(reader, little)),
        Content::Binary => return Err(io::Error::new(io::ErrorKind::InvalidData, "holds no text")),
    }))
}

fn read_head(reader: &mut impl Read, head: &mut [u8]) -> io::Result<usize> {
    let mut read = 0;
    while read < head.len() {
        match reader.read(&mut head[read..]) {
            Ok(0) => break,
            Ok(n) => read += n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(read)
}

/// Turns UTF-16 into UTF-8 while reading.
struct Utf16 {
    reader: Box<dyn Read + Send>,
    little: bool,
    /// Bytes of input that are no whole unit yet.
    pending: Vec<u8>,
    /// A high surrogate that waits for its low one.
    high: Option<u16>,
    out: Vec<u8>,
    given: usize,
}

impl Utf16 {
    fn new(reader: Box<dyn Read + Send>, little: bool) -> Self {
        Utf16 { reader, little, pending: Vec::new(), high: None, out: Vec::new(), given: 0 }
    }

    fn refill(&mut self) -> io::Result<usize> {
        let mut buffer = [0; 16 * 1024];
        let read = self.reader.read(&mut buffer)?;
        self.pending.extend_from_slice(&buffer[..read]);
        self.out.clear();
        self.given = 0;
        let whole = self.pending.len() / 2 * 2;
        let mut units: Vec<u16> = self.high.take().into_iter().collect();
        for pair in self.pending[..whole].chunks_exact(2) {
            units.push(if self.little {
                u16::from_le_bytes([pair[0], pair[1]])
            } else {
                u16::from_be_bytes([pair[0], pair[1]])
            });
        }
        self.pending.drain(..whole);
        if units.last().is_some_and(|unit| (0xd800..0xdc00).contains(unit)) && read > 0 {
            self.high = units.pop();
        }
        let mut utf8 = [0; 4];
        for c in char::decode_utf16(units)
            .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
            .filter(|&c| c != '\u{feff}')
        {
            self.out.extend_from_slice(c.encode_utf8(&mut utf8).as_bytes());
        }
        Ok(read)
    }
}

impl Read for Utf16 {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.out.len() {
            if self.refill()? == 0 && self.given == self.out.len() {
                return Ok(0);
            }
        }
        let n = buffer.len().min(self.out.len() - self.given);
        buffer[..n].copy_from_slice(&self.out[self.given..self.given + n]);
        self.given += n;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contents() {
        assert_eq!(Content::of(b"\x1f\x8b\x08"), Content::Gzip);
        assert_eq!(Content::of(b"us-east-1:\0:us-east-1b and more text"), Content::Text);
        assert_eq!(Content::of(b"\x7fELF\x02\x01\x01\0\0\0\0\0"), Content::Binary);
    }

    #[test]
    fn utf16_becomes_utf8() {
        let text = "grün 💥\n";
        let mut bytes = vec![0xff, 0xfe];
        bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        let mut out = String::new();
        Utf16::new(Box::new(Cursor::new(bytes)), true).read_to_string(&mut out).unwrap();
        assert_eq!(out, text);
    }
}
