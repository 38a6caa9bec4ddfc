//! A compressed file that another thread may decompress than the one that takes apart what is in it.
//!
//! Limits must not depend on how far ahead somebody reads: what went into the decoder and what came out of it is
//! metered where it arrives, not where it is read.

use std::fs::File;
use std::io::{self, Read};
use std::sync::Arc;

use super::Progress;
use super::content::{Packing, Peeked};
use super::decode::Decoder;
use super::limits::{Meter, Taken};
use crate::limits::Limits;

/// What comes out of a decoder, and how much went into it.
pub trait Packed: Read {
    /// Bytes that went into the decoder so far.
    fn taken(&self) -> u64;
}

/// Bytes that a decoder gives at once: it is slow where it is asked for little.
pub(super) const UNPACKED: usize = 128 << 10;

/// What is in a compressed file.
pub(super) struct Unpacked {
    reader: io::BufReader<Decoder<Peeked<Taken<File>>>>,
    /// Counts what is taken from the file, and ends nothing.
    meter: Arc<Meter>,
}

impl Unpacked {
    /// # Errors
    /// If the decoder cannot be made.
    pub(super) fn new(
        packing: Packing,
        file: Peeked<Taken<File>>,
        progress: Arc<Progress>,
    ) -> io::Result<Unpacked> {
        let meter = Arc::new(Meter::of(progress, &Limits::default()));
        let file = file.map(|file| Taken { reader: file.reader, meter: Arc::clone(&meter) });
        let decoder = Decoder::new(packing, file)?;
        Ok(Unpacked { reader: io::BufReader::with_capacity(UNPACKED, decoder), meter })
    }
}

impl Read for Unpacked {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.reader.read(buffer)
    }
}

impl Packed for Unpacked {
    fn taken(&self) -> u64 {
        self.meter.taken()
    }
}

impl<R: Packed + ?Sized> Packed for Box<R> {
    fn taken(&self) -> u64 {
        (**self).taken()
    }
}

impl<R: Packed> Packed for Peeked<R> {
    fn taken(&self) -> u64 {
        self.rest().taken()
    }
}

/// The same where it arrives: metered, and ending with an error at a limit.
pub(super) struct Arrived<'a> {
    reader: Box<dyn Packed + 'a>,
    /// What was counted of its input.
    taken: u64,
    meter: Arc<Meter>,
}

impl<'a> Arrived<'a> {
    pub(super) fn new(reader: Box<dyn Packed + 'a>, meter: Arc<Meter>) -> Arrived<'a> {
        Arrived { reader, taken: 0, meter }
    }
}

impl Read for Arrived<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        let before = std::mem::replace(&mut self.taken, self.reader.taken());
        self.meter.take(self.taken - before);
        self.meter.produce(read as u64)?;
        Ok(read)
    }
}
