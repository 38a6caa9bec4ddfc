//! Where the failures of a statement are counted: looked up once, however often it is made.
//!
//! Records that say the same share one statement (see `scan::shapes`), so its address is enough to know it
//! again. It is held here, lest another one comes to lie at that address.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::retries::SeriesPlace;
use crate::failure::Statement;

/// Statements whose places are kept.
const MOST: usize = 16 * 1024;

/// Where one failure of a statement is counted, as far as that is known and stays so.
#[derive(Clone, Debug, Default)]
pub(super) struct Places {
    pub(super) tally: Option<usize>,
    pub(super) series: Option<SeriesPlace>,
}

/// The places of statements that are made more than once.
#[derive(Clone, Debug, Default)]
pub(super) struct Plans {
    known: FxHashMap<usize, (Arc<Statement>, Vec<Places>)>,
    once: Vec<Places>,
}

impl Plans {
    /// The places of the failures of a statement, in their order.
    pub(super) fn of(&mut self, said: &Arc<Statement>) -> &mut [Places] {
        let failures = said.reading.failures.len();
        if Arc::strong_count(said) == 1 {
            self.once.clear();
            self.once.resize(failures, Places::default());
            return &mut self.once;
        }
        if self.known.len() >= MOST {
            self.known.clear();
        }
        let new = || (Arc::clone(said), vec![Places::default(); failures]);
        &mut self.known.entry(Arc::as_ptr(said) as usize).or_insert_with(new).1
    }
}
