//! Cuts out of a file of objects what is not read (see `fields`), line by line, before it is parsed: parsing is
//! most of what an archive costs, and most of an object is read by nobody.
//!
//! Only of what is `plain`, the block style that `oc` and `kubectl` print, something is cut out: an object in which
//! anything may be wrong, or is written in another way, keeps all it has, and so does a text that was cut off. So
//! what is wrong is found as if nothing had been cut out.

use std::borrow::Cow;

use super::fields::{Fields, is_annotation};
use super::line::{Line, Lines};
use super::plain::Plain;

/// Keys below which other names stand than a shape's: all of them are kept, or those that are annotations to read.
const MAPS: &[&str] = &["labels", "selector", ANNOTATIONS];
const ANNOTATIONS: &str = "annotations";

/// The text without what is not read; `said` is the kind of its objects where they do not tell.
pub(super) fn thin<'t>(text: &'t str, said: Option<&str>) -> Cow<'t, str> {
    let cutter = Cutter::new(text, said, None).run();
    cutter.map_or(Cow::Borrowed(text), |cutter| Cow::Owned(cutter.out))
}

/// The same of a text that cannot be read, plain or not: what is wrong may lie in what is not read.
pub(super) fn bare(text: &str, said: Option<&str>) -> Option<String> {
    Some(Cutter { even_so: true, ..Cutter::new(text, said, None) }.run()?.out)
}

/// The same with empty lines for those that are cut out, so that the others keep their numbers; `None` unless nothing
/// can be wrong with the text, and all that it holds are objects of this kind in this namespace.
pub(super) fn plain(text: &str, kind: &str, namespace: &str) -> Option<String> {
    let sight = Sight { kind, namespace };
    let cutter = Cutter::new(text, Some(kind), Some(sight)).run()?;
    cutter.is_plain.then_some(cutter.out)
}

/// What objects have to be.
struct Sight<'s> {
    kind: &'s str,
    namespace: &'s str,
}

/// Where the items of a document stand.
#[derive(Clone, Copy, Debug)]
enum Items {
    /// It has none so far.
    None,
    /// Below the line that was seen last.
    Follow,
    /// Behind dashes that are indented so much.
    At(usize),
}

/// An item of a list, or what stands beside all items, as far as it was seen.
#[derive(Debug, Default)]
struct Item {
    /// Where in the text it begins, and where in the output.
    from: usize,
    start: usize,
    /// How much its keys are indented.
    level: usize,
    is_item: bool,
    /// What is read of it; everything, while its kind is not known.
    fields: Option<&'static Fields>,
    is_normal: bool,
    /// Whether something was cut out of it.
    is_cut: bool,
}

struct Cutter<'s> {
    text: &'s str,
    said: Option<&'static Fields>,
    /// What the objects have to be; then empty lines stand for those that are cut out.
    sight: Option<Sight<'s>>,
    plain: Plain,
    /// Whether all was plain so far, and what it has to be.
    is_plain: bool,
    /// Whether something is cut out also of what is not plain.
    even_so: bool,
    out: String,
    /// The indent of a key whose value is cut out.
    skipped: Option<usize>,
    /// The indent of a key whose value is kept as it is.
    kept: Option<usize>,
    /// The indent of a key below which other names stand than a shape's, and whether they are annotations.
    map: Option<(usize, bool)>,
    items: Items,
    item: Item,
}

impl<'s> Cutter<'s> {
    fn new(text: &'s str, said: Option<&str>, sight: Option<Sight<'s>>) -> Cutter<'s> {
        let said = said.map(Fields::of);
        Cutter {
            text,
            said,
            sight,
            plain: Plain::new(),
            is_plain: true,
            even_so: false,
            out: String::with_capacity(text.len() / 4),
            skipped: None,
            kept: None,
            map: None,
            items: Items::None,
            item: Item { fields: said, ..Item::default() },
        }
    }

    /// Takes all lines; `None` if nothing may be cut out at all.
    fn run(mut self) -> Option<Self> {
        if !self.text.ends_with('\n') {
            return None;
        }
        let mut lines = Lines::new(self.text);
        while let some @ [_, ..] = lines.some() {
            some.iter().try_for_each(|line| self.line(line))?;
        }
        self.ends(self.text.len());
        (self.plain.is_text() || self.even_so).then_some(self)
    }

    /// Takes a line; `None` if what was cut out before should not have been.
    fn line(&mut self, line: &Line<'_>) -> Option<()> {
        let (indent, rest) = (line.indent, line.rest());
        if let Some(key) = self.skipped {
            if rest.is_empty() || indent > key || indent == key && is_dash(rest) {
                self.plain.line(line);
                self.cut();
                return Some(());
            }
            self.skipped = None;
        }
        if self.kept.is_some_and(|key| indent > key) || rest.is_empty() {
            self.plain.line(line);
            self.out.push_str(line.text);
            return Some(());
        }
        self.kept = None;
        self.bounds(line.from, indent, rest);
        self.plain.line(line);
        let mut key = rest;
        while let Some(behind) = key.strip_prefix("- ") {
            key = behind.trim_ascii_start();
        }
        let at = indent + rest.len() - key.len();
        match line.simple_key(key) {
            Some(end) => {
                self.key(line.text, at, &key[..end], key[end + 1..].trim_ascii(), at > indent)?;
            }
            None => {
                self.out.push_str(line.text);
                self.kept = (rest != "-").then_some(indent);
            }
        }
        Some(())
    }

    /// Cuts out a line.
    fn cut(&mut self) {
        if self.sight.is_some() {
            self.out.push('\n');
        }
    }

    /// Whether an item begins or ends with a line.
    fn bounds(&mut self, from: usize, indent: usize, rest: &str) {
        if matches!(self.items, Items::Follow) {
            self.items = if is_dash(rest) { Items::At(indent) } else { Items::None };
        }
        let is_item = is_dash(rest) && matches!(self.items, Items::At(dash) if dash == indent);
        if is_item || indent == 0 && (self.item.is_item || rest == "---") {
            self.ends(from);
            let level = if is_item { indent + 2 } else { 0 };
            self.item =
                Item { from, start: self.out.len(), level, is_item, fields: self.said, ..Item::default() };
        }
        if indent == 0 && rest == "items:" {
            self.items = Items::Follow;
        } else if indent == 0 && rest == "---" {
            self.items = Items::None;
        }
    }

    /// The end of an item: one that is not plain is kept as it was, and an event of type `Normal` is cut out as a
    /// whole, for all say the same, that something works.
    fn ends(&mut self, end: usize) {
        let is_event = self.item.fields.is_some_and(|fields| fields.kind == "Event");
        if !self.plain.end() && !self.even_so {
            self.is_plain = false;
            self.out.truncate(self.item.start);
            self.out.push_str(&self.text[self.item.from..end]);
        } else if self.item.is_item && is_event && self.item.is_normal {
            self.out.truncate(self.item.start);
            memchr::memchr_iter(b'\n', &self.text.as_bytes()[self.item.from..end]).for_each(|_| self.cut());
        }
    }

    /// A line with a key; `first` of those of an item, if it stands behind a dash.
    fn key(&mut self, line: &str, at: usize, key: &str, value: &str, first: bool) -> Option<()> {
        let above = at.checked_sub(self.item.level);
        if above == Some(0) && key == "kind" {
            self.kind(value.trim_matches(['"', '\'']))?;
        }
        self.item.is_normal |= above == Some(0) && key == "type" && value == "Normal";
        if above == Some(2) && key == "namespace" {
            self.is_plain &= self.sight.as_ref().is_none_or(|sight| value == sight.namespace);
        }
        self.map = self.map.filter(|(map, _)| at > *map);
        let read = match self.map {
            Some((map, true)) => at != map + 2 || is_annotation(key),
            Some((_, false)) => true,
            None => self.item.fields.is_none_or(|fields| fields.has(key)),
        };
        if !read && !first {
            self.skipped = Some(at);
            self.item.is_cut = true;
            self.cut();
            return Some(());
        }
        self.out.push_str(line);
        if !value.is_empty() {
            self.kept = Some(at);
        } else if !read {
            self.skipped = Some(at); // the dash is needed
            self.item.is_cut = true;
        } else if self.map.is_none() && MAPS.contains(&key) {
            self.map = Some((at, key == ANNOTATIONS));
        }
        Some(())
    }

    /// The kind of an object, or of a list; `None` if something was cut out of it that is read of that kind.
    fn kind(&mut self, kind: &str) -> Option<()> {
        let fields = Fields::of(kind);
        if self.item.is_cut && self.item.fields.is_none_or(|known| known.kind != fields.kind) {
            return None;
        }
        self.item.fields = Some(fields);
        let item = kind.strip_suffix("List").unwrap_or(kind);
        self.is_plain &= self.sight.as_ref().is_none_or(|sight| item == sight.kind || kind == "List");
        Some(())
    }
}

fn is_dash(rest: &str) -> bool {
    rest == "-" || rest.starts_with("- ")
}

#[cfg(test)]
mod tests;
