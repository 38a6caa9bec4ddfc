//! The part of a stream that is worked on: it is read ahead, and cut into blocks with their surroundings.

use std::io::{self, Read};
use std::ops::Range;

use crate::source::pages::{PAGE, before_same_place};

/// A part of a stream, to be cut into blocks, each with its surroundings.
pub(super) struct Window {
    /// Bytes that are read and not yet behind all margins, and behind them room that is used again: clearing
    /// it for each reading would cost a tenth of the decompression.
    pub(super) bytes: Vec<u8>,
    /// Where in them the first byte is: what is read next shall go to the start of a page, as in a pipe.
    head: usize,
    /// Where what is read ends.
    length: usize,
    /// Where in them the next core starts.
    core: usize,
    /// Whether nothing comes behind them.
    ended: bool,
    size: usize,
    /// How much of its surroundings a block sees.
    margin: usize,
    /// How many blocks it was filled for.
    count: usize,
}

/// Where in a window a block is.
#[derive(Clone)]
pub(super) struct Place {
    pub(super) visible: Range<usize>,
    /// Relative to what is visible.
    pub(super) core: Range<usize>,
    pub(super) last: bool,
}

impl Window {
    pub(super) fn new(size: usize, margin: usize) -> Window {
        Window { bytes: Vec::new(), head: 0, length: 0, core: 0, ended: false, size, margin, count: 0 }
    }

    /// Reads as much as `count` blocks need; the error that ended the reading.
    pub(super) fn fill(&mut self, reader: &mut dyn Read, count: usize) -> Option<io::Error> {
        self.count = count;
        let want = self.core + self.size * count + self.margin;
        if self.bytes.len() < want {
            self.bytes.resize(want, 0);
        }
        while !self.ended && self.length < want {
            match reader.read(&mut self.bytes[self.length..want]) {
                Ok(0) => self.ended = true,
                Ok(read) => self.length += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.ended = true; // what was read before the error is still analysed
                    return Some(error);
                }
            }
        }
        None
    }

    /// The blocks that it was filled for.
    pub(super) fn places(&self) -> Vec<Place> {
        let count = self.count;
        let length = self.length;
        let mut places: Vec<Place> = Vec::with_capacity(count);
        let mut from = self.core;
        while places.len() < count && !places.last().is_some_and(|place| place.last) {
            let end = (from + self.size).min(length);
            let start = from.saturating_sub(self.margin).max(self.head);
            let visible = start..(end + self.margin).min(length);
            places.push(Place {
                visible,
                core: from - start..end - start,
                last: self.ended && end == length,
            });
            from = end;
        }
        places
    }

    /// Begins behind the last of `places` in `before`.
    pub(super) fn follow(&mut self, before: &Window, places: &[Place]) {
        let core = places.last().map_or(before.core, |place| place.visible.start + place.core.end);
        let keep = core.saturating_sub(self.margin).max(before.head);
        let kept = &before.bytes[keep..before.length];
        // Its memory stays where it is: a larger window than the first is rare, and then only slower.
        if self.bytes.len() < kept.len() + PAGE {
            self.bytes.resize(before.bytes.len().max(kept.len() + PAGE), 0);
        }
        self.head = before_same_place(&self.bytes[kept.len()..], 0);
        self.length = self.head + kept.len();
        self.bytes[self.head..self.length].copy_from_slice(kept);
        self.core = self.head + core - keep;
        self.ended = before.ended;
        self.count = before.count;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Reach;

    #[test]
    fn blocks_of_a_stream_that_breaks_hold_all_that_came() {
        struct Fails;
        impl Read for Fails {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("broken"))
            }
        }
        let margin = Reach::default().margin();
        for length in [0, 1, 99, 100, 101, 1000, margin, margin + 350, margin + 401] {
            let bytes = vec![b'a'; length];
            let mut reader = bytes.as_slice().chain(Fails);
            let mut window = Window::new(100, margin);
            let mut error = window.fill(&mut reader, 4);
            let mut cores = 0;
            loop {
                let places = window.places();
                cores += places.iter().map(|place| place.core.len()).sum::<usize>();
                if places.last().is_some_and(|place| place.last) {
                    break;
                }
                let mut next = Window::new(100, margin);
                next.follow(&window, &places);
                error = error.or_else(|| next.fill(&mut reader, 4));
                window = next;
            }
            assert_eq!(cores, length);
            assert!(error.is_some());
        }
    }
}
