//! A zip archive: by its directory, or, where that is cut off, by the headers before the entries.
//!
//! Entries are stored or deflated, which is what `zip`, Windows and Go write; another method is
//! named as unread.

use std::io::{self, Read, Seek, SeekFrom};

use zip::read::{ZipArchive, ZipFile, read_zipfile_from_stream};

use super::found::{Found, Place};
use super::limits::Produced;
use super::walk::Walker;
use crate::limits::Limit;

/// Reads all entries of an archive that is a file or in memory.
///
/// # Errors
/// What is wrong with the archive as a whole. What is wrong with one entry is told to the visitor.
pub(super) fn walk<R: Read + Seek>(
    walker: &Walker<'_>,
    name: &str,
    place: Place,
    mut reader: R,
) -> io::Result<()> {
    let mut archive = match ZipArchive::new(&mut reader) {
        Ok(archive) => archive,
        Err(error) => {
            reader.seek(SeekFrom::Start(0))?;
            salvage(walker, name, place, &mut reader)?;
            return Err(io::Error::other(format!(
                "its directory is missing or broken ({error}); read as far as its entries tell their sizes"
            )));
        }
    };
    let longest = walker.meter().get(Limit::Path);
    let mut too_long = 0u64;
    for index in 0..archive.len() {
        walker.meter().entry()?;
        let listed = archive.name_for_index(index).unwrap_or_default().to_owned();
        if listed.len() as u64 > longest {
            too_long += 1;
            continue;
        }
        match archive.by_index(index) {
            Ok(file) => one(walker, name, place, file),
            Err(error) => {
                walker.unreadable(&super::walk::member(name, listed.as_bytes()), &error.into());
            }
        }
        walker.meter().go_on()?;
    }
    walker.meter().passed_over(too_long)
}

fn one<R: Read>(walker: &Walker<'_>, name: &str, place: Place, file: ZipFile<'_, R>) {
    if !file.is_file() {
        return;
    }
    let member = super::walk::member(name, &slashes(file.name_raw()));
    walker.read(&Found::new(&member, place), &mut Produced { reader: file, meter: walker.share() });
}

/// Some programs for Windows write `\` between folders.
fn slashes(path: &[u8]) -> Vec<u8> {
    let windows = !path.contains(&b'/');
    path.iter().map(|&byte| if windows && byte == b'\\' { b'/' } else { byte }).collect()
}

/// Reads what stands before the place where an archive is cut off.
fn salvage(walker: &Walker<'_>, name: &str, place: Place, reader: &mut impl Read) -> io::Result<()> {
    let mut too_long = 0;
    // An entry is told in the stream by its own header; after one whose size is written behind it
    // the next cannot be found, and the library says so.
    while let Ok(Some(file)) = read_zipfile_from_stream(reader) {
        walker.meter().entry()?;
        if file.name_raw().len() as u64 <= walker.meter().get(Limit::Path) {
            one(walker, name, place, file);
        } else {
            too_long += 1;
        }
        if walker.meter().exhausted() {
            break;
        }
    }
    walker.meter().passed_over(too_long)
}

/// Reads an archive that arrives as a stream (standard input, or inside another archive).
///
/// # Errors
/// As [`walk`]; and if the archive is larger than [`Limit::Held`].
pub(super) fn walk_stream(
    walker: &Walker<'_>,
    name: &str,
    place: Place,
    reader: &mut dyn Read,
) -> io::Result<()> {
    let mut bytes = Vec::new();
    let room = walker.meter().room();
    let result = reader.take(room + 1).read_to_end(&mut bytes);
    if bytes.len() as u64 > room {
        return Err(walker.meter().refuse(
            Limit::Held,
            1,
            "a zip that is no file of its own, larger (with those around it) than",
            "not read",
        ));
    }
    let length = bytes.len();
    let walked = walker.meter().holding(length, || walk(walker, name, place, io::Cursor::new(bytes)));
    result.map(drop).and(walked)
}
