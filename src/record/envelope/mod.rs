//! What the transport put around a line.
//!
//! An envelope is peeled off as often as there is one: Loki around ViaQ around CRI around klog.
//! The outermost time wins (the transport's has a year and a zone, klog's has neither); the
//! innermost text goes on. What looks like no envelope is passed on unchanged.

mod json;
mod text;

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::Writer;
use crate::time::Stamp;

/// A line without its envelopes.
#[derive(Debug, Default)]
pub struct Unwrapped<'a> {
    /// What the program wrote.
    pub text: Cow<'a, str>,
    /// The transport's time.
    pub at: Option<Stamp>,
    /// The transport's word on who wrote it.
    pub writer: Writer,
    /// More of the same line follows in the next one (CRI's `P`, docker's missing `\n`).
    pub partial: bool,
    /// The text as a JSON object, if it is one and no envelope.
    pub json: Option<Map<String, Value>>,
}

/// How deep envelopes may be nested.
const DEPTH: usize = 5;

/// Takes all envelopes off a line.
pub fn unwrap(line: &str) -> Unwrapped<'_> {
    let mut all = Unwrapped { text: Cow::Borrowed(line), ..Unwrapped::default() };
    for _ in 0..DEPTH {
        if !peel(&mut all) {
            break;
        }
    }
    all
}

/// Takes one envelope off; `false` if there is none.
fn peel(all: &mut Unwrapped<'_>) -> bool {
    let Some(first) = all.text.bytes().find(|b| !b.is_ascii_whitespace()) else { return false };
    if first == b'{' {
        return json::peel(all);
    }
    let Some(peeled) = text::peel(&all.text, first) else { return false };
    let text::Peeled { skip, at, writer, partial } = peeled;
    all.at = all.at.or(at);
    all.writer.fill(writer);
    all.partial |= partial;
    match &mut all.text {
        Cow::Borrowed(text) => *text = &text[skip..],
        Cow::Owned(text) => {
            text.drain(..skip);
        }
    }
    true
}

pub(crate) use json::{first, is_object, stamp};
