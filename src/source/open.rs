//! A file of our own, opened: a partial, a report, a list of paths. It may be compressed, as an archive may.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use super::content::{Content, Peeked};
use super::decode::Decoder;
use super::limits::{Meter, Produced, Taken};
use crate::limits::Limit;

/// Opens a file, or standard input for `-`, and takes off what compresses it. An archive stays one.
///
/// # Errors
/// Of the file system; of a decoder that cannot be made.
pub fn open(path: &Path) -> io::Result<Box<dyn Read>> {
    let meter = Arc::new(Meter::default());
    let mut reader: Box<dyn Read> = if path.as_os_str() == "-" {
        Box::new(Taken { reader: io::stdin(), meter: Arc::clone(&meter) })
    } else {
        let file = File::open(path)?;
        if file.metadata()?.is_dir() {
            return Err(io::Error::new(io::ErrorKind::IsADirectory, "is a folder"));
        }
        Box::new(Taken { reader: file, meter: Arc::clone(&meter) })
    };
    for _ in 0..meter.get(Limit::Depth) {
        let mut peeked = Peeked::new(reader);
        if let Some(error) = peeked.failed_at_once() {
            return Err(error);
        }
        match peeked.content() {
            Content::Packed(packing) => {
                let decoder = Decoder::new(packing, peeked)?;
                reader = Box::new(Produced { reader: decoder, meter: Arc::clone(&meter) });
            }
            _ => return Ok(Box::new(peeked)),
        }
    }
    Ok(reader)
}
