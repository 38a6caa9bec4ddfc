//! From one input to the logs and objects in it, however they are packed.
//!
//! Everything is a stream until it is known to be text; then the path says whether it is a log or
//! a cluster object. Nothing is unpacked to disk.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::sync::Arc;

use super::apart::{Arrived, UNPACKED, Unpacked};
use super::buffer::Bytes;
use super::content::{Content, Holed, Peeked};
use super::decode::Decoder;
use super::find::{At, Input};
use super::found::{Found, Place};
use super::limits::{Meter, OWNED, Produced, Taken};
use super::utf16::Utf16;
use super::{Body, LeftOut, Name, Source, Visitor, export, tarball, zipped};
use crate::coverage::Unreadable;
use crate::limits::{Limit, Limits, ROWS};

/// Reads one input.
pub(super) struct Walker<'v> {
    visitor: &'v dyn Visitor,
    meter: Arc<Meter>,
}

/// The name of an archive's entry.
pub(super) fn member(archive: &str, path: &[u8]) -> String {
    let path = String::from_utf8_lossy(path);
    let path = path.strip_prefix("./").unwrap_or(&path);
    [archive, "!", path].concat()
}

impl<'v> Walker<'v> {
    pub(super) fn new(visitor: &'v dyn Visitor, limits: &Limits) -> Self {
        Walker { visitor, meter: Arc::new(Meter::of(visitor.progress(), limits)) }
    }

    pub(super) fn meter(&self) -> &Meter {
        &self.meter
    }

    pub(super) fn share(&self) -> Arc<Meter> {
        Arc::clone(&self.meter)
    }

    pub(super) fn unreadable(&self, name: &str, error: &io::Error) {
        self.visitor.unreadable(Unreadable { path: name.to_owned(), error: crate::error::reason(error) });
    }

    /// Reads an input to its end, or as far as it can be read.
    pub(super) fn input(&self, input: &Input) {
        let name = input.name();
        let found = Found::new(&name, Place { named: input.named, ..Place::default() });
        let result = match &input.at {
            At::Stdin => {
                self.read(&found, &mut Taken { reader: io::stdin(), meter: self.share() });
                Ok(())
            }
            At::File(path) => File::open(path).and_then(|file| self.file(&found, file)),
        };
        if let Err(error) = result {
            self.unreadable(&name, &error);
        }
        let reached = self.meter.reached();
        ROWS.iter().for_each(|row| self.visitor.reached(row.limit, reached.of(row.limit)));
    }

    /// A file can be read at several places at once, which a large log and a zip make use of.
    fn file(&self, found: &Found<'_>, file: File) -> io::Result<()> {
        let metadata = file.metadata()?;
        if metadata.is_dir() {
            return Err(io::Error::new(io::ErrorKind::IsADirectory, "is a folder"));
        }
        let mut reader = Taken { reader: file, meter: self.share() };
        if !metadata.is_file() || found.is_left_out() {
            self.read(found, &mut reader);
            return Ok(());
        }
        let found = found.sized(metadata.len());
        let mut peeked = Peeked::new(reader);
        match peeked.content() {
            Content::Text | Content::Hole if found.is_log() && found.length >= OWNED => {
                let mut file = peeked.into_rest().reader;
                file.rewind()?;
                self.visitor.log(Source::new(&found, Body::File(file, found.length)));
                Ok(())
            }
            Content::Packed(packing) if self.depth() > 0 => {
                let file = Unpacked::new(packing, peeked, self.visitor.progress())?;
                let unpacked = Box::new(Peeked::new(file));
                let is_tar = unpacked.content() == Content::Tar;
                let reader = if is_tar { self.visitor.ahead(unpacked) } else { unpacked };
                self.peek(&found.unpacked(), &mut Arrived::new(reader, self.share()))
            }
            Content::Zip => {
                let mut reader = peeked.into_rest();
                reader.rewind()?;
                zipped::walk(self, found.name, found.place.inside(), reader)
            }
            content => self.unpack(&found, content, &mut peeked),
        }
    }

    /// Reads something to its end; what cannot be read is told to the visitor.
    pub(super) fn read(&self, found: &Found<'_>, reader: &mut dyn Read) {
        if found.is_left_out() {
            self.visitor.left_out(found.name, LeftOut::Layout);
        } else if let Err(error) = self.peek(found, reader) {
            self.unreadable(found.name, &error);
        }
    }

    fn peek(&self, found: &Found<'_>, reader: &mut dyn Read) -> io::Result<()> {
        let mut peeked = Peeked::new(reader);
        self.unpack(found, peeked.content(), &mut peeked)
    }

    fn unpack(&self, found: &Found<'_>, content: Content, peeked: &mut Peeked<impl Read>) -> io::Result<()> {
        if let Some(error) = peeked.failed_at_once() {
            return Err(error);
        }
        let Found { name, place, .. } = *found;
        match content {
            Content::Packed(packing) if place.layers < self.depth() => {
                let unpacked = Produced { reader: Decoder::new(packing, peeked)?, meter: self.share() };
                self.peek(&found.unpacked(), &mut io::BufReader::with_capacity(UNPACKED, unpacked))
            }
            Content::Packed(_) => {
                Err(self.meter.refuse(Limit::Depth, 1, "compressed more times than", "not read"))
            }
            Content::Tar | Content::Zip if place.depth >= self.depth() => {
                Err(self.meter.refuse(Limit::Depth, 1, "archives nested deeper than", "not read"))
            }
            Content::Tar => tarball::walk(self, name, place.inside(), peeked),
            Content::Zip => zipped::walk_stream(self, name, place.inside(), peeked),
            Content::Hole if found.is_log() => self.text(found, &mut Holed::new(peeked)),
            Content::Binary if place.named => {
                Err(io::Error::new(io::ErrorKind::InvalidData, "holds no text"))
            }
            Content::Binary | Content::Hole => {
                self.visitor.left_out(name, LeftOut::Binary);
                Ok(())
            }
            Content::Utf16(little) => self.text(found, &mut Utf16::new(peeked, little)),
            Content::Export => self.export(found, peeked),
            Content::Text | Content::Empty => self.text(found, peeked),
        }
    }

    fn depth(&self) -> usize {
        usize::try_from(self.meter.get(Limit::Depth)).unwrap_or(usize::MAX)
    }

    /// The answer of a log store becomes a log again; what is too large for that, or turns out to be
    /// something else, is read as the text that it is.
    fn export(&self, found: &Found<'_>, reader: &mut dyn Read) -> io::Result<()> {
        let mut document = Vec::new();
        let most = self.meter.get(Limit::Object);
        reader.take(most + 1).read_to_end(&mut document)?;
        let whole = document.len() as u64 <= most;
        if !whole {
            // Not an error: what is said of its lines tells the rest.
            let _ = self.meter.refuse(Limit::Object, 1, "", "");
        }
        match export::lines(&document).filter(|_| whole) {
            Some(lines) => self.text(found, &mut lines.as_slice()),
            None => self.text(found, &mut document.as_slice().chain(reader)),
        }
    }

    fn text(&self, found: &Found<'_>, reader: &mut dyn Read) -> io::Result<()> {
        if found.is_object() { self.object(found, reader) } else { self.log(found, reader) }
    }

    fn log(&self, found: &Found<'_>, reader: &mut dyn Read) -> io::Result<()> {
        let mut bytes = Bytes::with_room(found.room(OWNED));
        let result = bytes.append(&mut reader.take(OWNED));
        if result.is_ok() && bytes.len() as u64 == OWNED {
            let whole = io::Cursor::new(&*bytes).chain(reader);
            self.visitor.log(Source::new(found, Body::Stream(Box::new(whole))));
            return Ok(());
        }
        if result.is_ok() || !bytes.is_empty() {
            self.visitor.log(Source::new(found, Body::Bytes(bytes)));
        }
        result.map(drop)
    }

    fn object(&self, found: &Found<'_>, reader: &mut dyn Read) -> io::Result<()> {
        let most = self.meter.get(Limit::Object);
        let mut bytes = Bytes::with_room(found.room(most.min(OWNED)));
        bytes.append(&mut reader.take(most + 1))?;
        if bytes.len() as u64 > most {
            return Err(self.meter.refuse(Limit::Object, 1, "an object larger than", "not read"));
        }
        if !bytes.is_empty() {
            self.visitor.object(Name::of(found), bytes);
        }
        Ok(())
    }
}
