//! What is known of something before it is read: its name, where it stands, and what the layouts say of it.

use super::layout::{self, Fit, Kind};

/// Where something stands.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place {
    /// Archives around it.
    pub(super) depth: usize,
    /// Compressed streams directly around it.
    pub(super) layers: usize,
    /// Whether it was named by the user: then it is a log, whatever its path says, and it is an
    /// error if it holds no text.
    pub(super) named: bool,
}

impl Place {
    /// Inside an archive that stands here.
    pub(super) fn inside(self) -> Place {
        Place { depth: self.depth + 1, layers: 0, named: false }
    }
}

/// Something to read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found<'n> {
    /// Its name in reports.
    pub(super) name: &'n str,
    pub(super) place: Place,
    /// By its name.
    pub(super) fit: Fit<'n>,
    /// How many bytes it seems to have; 0 where nothing is known.
    pub(super) length: u64,
}

impl<'n> Found<'n> {
    pub(super) fn new(name: &'n str, place: Place) -> Found<'n> {
        Found { name, place, fit: layout::of(name), length: 0 }
    }

    /// As large as somebody says.
    pub(super) fn sized(self, length: u64) -> Found<'n> {
        Found { length, ..self }
    }

    /// What is packed in it: how large that is, nobody knows.
    pub(super) fn unpacked(self) -> Found<'n> {
        let place = Place { layers: self.place.layers + 1, ..self.place };
        Found { place, length: 0, ..self }
    }

    /// Whether it is read as a log for certain.
    pub(super) fn is_log(&self) -> bool {
        self.place.named || self.fit.kind == Kind::Log
    }

    /// Whether it is read as a file of objects, if it is text.
    pub(super) fn is_object(&self) -> bool {
        !self.place.named && self.fit.kind == Kind::Object
    }

    /// Whether it is passed over.
    pub(super) fn is_left_out(&self) -> bool {
        !self.place.named && self.fit.kind == Kind::Skip
    }

    /// How many bytes all of it seems to take, if those are not more than `most`.
    pub(super) fn room(&self, most: u64) -> usize {
        let length = if self.length > most { 0 } else { self.length };
        usize::try_from(length).map_or(0, |length| length + 1) // the end is read, too
    }
}
