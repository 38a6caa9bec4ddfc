//! The bytes of an archive, decompressed by one thread and taken apart by another.
//!
//! Decompressing takes a third to a half of what an archive costs, and taking it apart a tenth: one thread that did
//! both would be what all others wait for. Between the two lie a few chunks, so that neither waits for each of them; and
//! who has to wait nevertheless does meanwhile what was found (see `hands`).

use std::collections::VecDeque;
use std::io::{self, Read};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use super::lock;
use crate::source::Packed;

/// Bytes of a chunk: decompressed before the other thread gets any of them.
const CHUNK: usize = 512 << 10;
/// Chunks that may lie between the two.
const MOST: usize = 4;
/// Chunks for which whoever waits for them is woken.
const FEW: usize = 1;

/// What lies between the two threads.
#[derive(Default)]
pub(super) struct Ahead {
    chunks: Mutex<Chunks>,
    changed: Condvar,
}

#[derive(Default)]
struct Chunks {
    full: VecDeque<Chunk>,
    empty: Vec<Chunk>,
    /// What ended the reading.
    error: Option<io::Error>,
    /// Nothing more comes.
    ended: bool,
    /// Nobody takes what comes.
    closed: bool,
}

/// Memory that is used again.
#[derive(Default)]
struct Chunk {
    bytes: Vec<u8>,
    /// How many of them were read, and how many of those were given.
    used: usize,
    given: usize,
    /// How much had gone into the decoder.
    taken: u64,
}

impl Chunk {
    fn empty() -> Chunk {
        Chunk { bytes: vec![0; CHUNK], ..Chunk::default() }
    }

    /// Reads the next bytes in place of those in it, until it is full: whether there may be more. What came before an
    /// error is in it.
    fn fill(&mut self, reader: &mut impl Packed) -> io::Result<bool> {
        (self.used, self.given) = (0, 0);
        while self.used < self.bytes.len() {
            match reader.read(&mut self.bytes[self.used..]) {
                Ok(0) => return Ok(false),
                Ok(read) => {
                    self.used += read;
                    self.taken = reader.taken();
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(true)
    }

    fn is_given(&self) -> bool {
        self.given == self.used
    }

    fn give(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let given = (&self.bytes[self.given..self.used]).read(buffer)?;
        self.given += given;
        Ok(given)
    }
}

impl Ahead {
    /// Reads to the end, or until nobody wants more. `help` does something else, if there is something to be done.
    pub(super) fn fill(&self, mut reader: impl Packed, help: impl Fn() -> bool) {
        let _ended = Ended(self);
        while let Some(mut chunk) = self.room(&help) {
            let filled = chunk.fill(&mut reader);
            let mut chunks = lock(&self.chunks);
            if chunk.used > 0 {
                chunks.full.push_back(chunk);
                if chunks.full.len() == FEW {
                    self.changed.notify_all();
                }
            }
            match filled {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => {
                    chunks.error = Some(error);
                    return;
                }
            }
        }
    }

    /// Memory for the next chunk, as soon as there may be one more.
    fn room(&self, help: impl Fn() -> bool) -> Option<Chunk> {
        let mut chunks = lock(&self.chunks);
        while !chunks.closed && chunks.full.len() >= MOST {
            drop(chunks);
            chunks = self.help_or_wait(&help, |chunks| !chunks.closed && chunks.full.len() > MOST / 2);
        }
        let room = |chunks: &mut Chunks| chunks.empty.pop().unwrap_or_else(Chunk::empty);
        (!chunks.closed).then(|| room(&mut chunks))
    }

    /// The next chunk; `None` if there is none any more.
    fn next(&self, help: impl Fn() -> bool) -> io::Result<Option<Chunk>> {
        let mut chunks = lock(&self.chunks);
        while chunks.full.is_empty() && !chunks.ended {
            drop(chunks);
            chunks = self.help_or_wait(&help, |chunks| !chunks.ended && chunks.full.len() < FEW);
        }
        let next = chunks.full.pop_front();
        if chunks.full.len() == MOST / 2 {
            self.changed.notify_all();
        }
        match &chunks.error {
            Some(error) if next.is_none() => Err(again(error)),
            _ => Ok(next),
        }
    }

    /// Does something else, or waits if there is nothing.
    fn help_or_wait(
        &self,
        help: impl Fn() -> bool,
        must_wait: impl Fn(&Chunks) -> bool,
    ) -> MutexGuard<'_, Chunks> {
        let helped = help();
        let chunks = lock(&self.chunks);
        let chunks = self.changed.wait_while(chunks, |chunks| !helped && must_wait(chunks));
        chunks.unwrap_or_else(PoisonError::into_inner)
    }
}

/// An error once more: a decoder that failed fails whenever it is asked again, and so must what stands for it.
fn again(error: &io::Error) -> io::Error {
    match error.raw_os_error() {
        Some(code) => io::Error::from_raw_os_error(code),
        None => io::Error::new(error.kind(), error.to_string()),
    }
}

/// Tells, also after a panic, that nothing more comes.
struct Ended<'a>(&'a Ahead);

impl Drop for Ended<'_> {
    fn drop(&mut self) {
        lock(&self.0.chunks).ended = true;
        self.0.changed.notify_all();
    }
}

/// Reads what another thread has read ahead.
pub(super) struct Behind<H: Fn() -> bool> {
    ahead: Arc<Ahead>,
    chunk: Chunk,
    help: H,
}

impl<H: Fn() -> bool> Behind<H> {
    pub(super) fn new(ahead: Arc<Ahead>, help: H) -> Behind<H> {
        Behind { ahead, chunk: Chunk::default(), help }
    }
}

impl<H: Fn() -> bool> Read for Behind<H> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.chunk.is_given() && !buffer.is_empty() {
            let Some(next) = self.ahead.next(&self.help)? else { return Ok(0) };
            let last = std::mem::replace(&mut self.chunk, next);
            if !last.bytes.is_empty() {
                lock(&self.ahead.chunks).empty.push(last);
            }
        }
        self.chunk.give(buffer)
    }
}

impl<H: Fn() -> bool> Packed for Behind<H> {
    fn taken(&self) -> u64 {
        self.chunk.taken
    }
}

impl<H: Fn() -> bool> Drop for Behind<H> {
    fn drop(&mut self) {
        lock(&self.ahead.chunks).closed = true;
        self.ahead.changed.notify_all();
    }
}

/// The same with nobody to read ahead: chunk by chunk, so that a decoder that fails has given as much before.
pub(super) struct Alone<R> {
    reader: R,
    chunk: Chunk,
    /// What ended the reading.
    error: Option<io::Error>,
}

impl<R: Packed> Alone<R> {
    pub(super) fn new(reader: R) -> Alone<R> {
        Alone { reader, chunk: Chunk::empty(), error: None }
    }
}

impl<R: Packed> Read for Alone<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.chunk.is_given() && !buffer.is_empty() {
            if let Some(error) = &self.error {
                return Err(again(error));
            }
            if let Err(error) = self.chunk.fill(&mut self.reader) {
                let error = self.error.insert(error);
                if self.chunk.used == 0 {
                    return Err(again(error));
                }
            }
        }
        self.chunk.give(buffer)
    }
}

impl<R: Packed> Packed for Alone<R> {
    fn taken(&self) -> u64 {
        self.chunk.taken
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

    use super::*;

    /// One byte goes in for each that comes out.
    struct Same<R>(R, u64);

    impl<R: Read> Read for Same<R> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let read = self.0.read(buffer)?;
            self.1 += read as u64;
            Ok(read)
        }
    }

    impl<R: Read> Packed for Same<R> {
        fn taken(&self) -> u64 {
            self.1
        }
    }

    /// What comes out where one thread reads this and another takes so much of it.
    fn through(reader: impl Read + Send, most: u64) -> (Vec<u8>, io::Result<usize>) {
        let ahead = Arc::new(Ahead::default());
        let mut out = Vec::new();
        let read = std::thread::scope(|scope| {
            scope.spawn(|| ahead.fill(Same(reader, 0), || false));
            let mut behind = Behind::new(Arc::clone(&ahead), || false);
            let read = behind.by_ref().take(most).read_to_end(&mut out);
            let again = |first: io::Error| behind.read(&mut [0]).expect_err(&first.to_string());
            read.map_err(again)
        });
        (out, read)
    }

    #[test]
    fn what_goes_in_comes_out() {
        let text: Vec<u8> = (0..5_000_000u32).map(|n| (n / 7) as u8).collect();
        for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, FEW * CHUNK, text.len()] {
            let (out, read) = through(&text[..length], u64::MAX);
            assert!(out == text[..length] && read.unwrap() == length, "{length}");
        }
        let (out, _) = through(io::repeat(7), 3_000_000);
        assert_eq!(out, vec![7; 3_000_000], "who reads ahead ends if nobody wants more");
    }

    #[test]
    fn an_error_comes_behind_what_came_before_it() {
        struct Fails;
        impl Read for Fails {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::new(io::ErrorKind::InvalidData, "broken"))
            }
        }
        /// A decoder that goes on behind an error.
        struct Once(bool);
        impl Read for Once {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                if std::mem::replace(&mut self.0, true) { Ok(0) } else { Fails.read(buffer) }
            }
        }
        for length in [0, 10, 20 * CHUNK] {
            let (out, read) = through(io::repeat(7).take(length as u64).chain(Fails), u64::MAX);
            assert_eq!((out.len(), read.unwrap_err().kind()), (length, io::ErrorKind::InvalidData));
            let mut alone = Alone::new(Same(io::repeat(7).take(length as u64).chain(Once(false)), 0));
            for length in [length, 0] {
                let mut out = Vec::new();
                let error = alone.read_to_end(&mut out).unwrap_err();
                assert_eq!((out.len(), error.kind()), (length, io::ErrorKind::InvalidData), "told again");
            }
        }
    }

    #[test]
    fn who_has_to_wait_helps() {
        let (ahead, todo) = (Arc::new(Ahead::default()), AtomicUsize::new(100));
        let help = || todo.fetch_update(Relaxed, Relaxed, |left| left.checked_sub(1)).is_ok();
        std::thread::scope(|scope| {
            scope.spawn(|| ahead.fill(Same(io::repeat(7).take(20 << 20), 0), help));
            while todo.load(Relaxed) > 0 {
                std::thread::yield_now(); // nobody takes a chunk so far: it helps, for it has to wait
            }
            let read = io::copy(&mut Behind::new(Arc::clone(&ahead), help), &mut io::sink());
            assert_eq!(read.unwrap(), 20 << 20);
        });
        todo.store(100, Relaxed);
        let empty = Arc::new(Ahead::default());
        std::thread::scope(|scope| {
            let reader = scope.spawn(|| Behind::new(Arc::clone(&empty), help).read(&mut [0; 10]).unwrap());
            while todo.load(Relaxed) > 0 {
                std::thread::yield_now();
            }
            empty.fill(Same(&b"bytes"[..], 0), || false);
            assert_eq!(reader.join().unwrap(), 5);
        });
    }

    /// Limits depend on what was taken in for what arrives, not on how far ahead somebody is.
    #[test]
    fn what_was_taken_is_told_of_what_arrives() {
        let (ahead, length) = (Arc::new(Ahead::default()), (MOST - 1) * CHUNK);
        let filled = Arc::clone(&ahead);
        filled.fill(Same(io::repeat(7).take(length as u64), 0), || unreachable!("there is room for all"));
        let mut readers: Vec<Box<dyn Packed>> = vec![
            Box::new(Behind::new(ahead, || false)),
            Box::new(Alone::new(Same(io::repeat(7).take(length as u64), 0))),
        ];
        for reader in &mut readers {
            let mut taken = Vec::new();
            let mut buffer = vec![0; CHUNK / 2];
            while reader.read(&mut buffer).unwrap() > 0 {
                taken.push(reader.taken() as usize);
            }
            let each: Vec<usize> = (0..taken.len()).map(|half| (half / 2 + 1) * CHUNK).collect();
            assert_eq!((taken.len(), &taken), (2 * (MOST - 1), &each));
        }
    }
}
