//! UTF-16, which PowerShell's `>` writes, as UTF-8: the stages behind know only the latter.

use std::io::{self, Read};

/// Turns UTF-16 into UTF-8 while reading.
pub(super) struct Utf16<R> {
    reader: R,
    little: bool,
    /// Bytes of input that are no whole unit yet.
    pending: Vec<u8>,
    /// A high surrogate that waits for its low one.
    high: Option<u16>,
    out: Vec<u8>,
    given: usize,
}

impl<R: Read> Utf16<R> {
    pub(super) fn new(reader: R, little: bool) -> Self {
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

impl<R: Read> Read for Utf16<R> {
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
    fn utf16_becomes_utf8() {
        let text = "grün 💥\n";
        let mut bytes = vec![0xff, 0xfe];
        bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        let mut out = String::new();
        Utf16::new(bytes.as_slice(), true).read_to_string(&mut out).unwrap();
        assert_eq!(out, text);
    }
}
