//! The scribe fills templates: it is all there is between a row of a table and a line of a log.
//!
//! A template is text with one-letter blanks, `%` and a letter; `Scribe::blank` is their list. Blanks for
//! words (namespace, object, aggregated API …) are drawn once for a record, so a line that names its object
//! twice names the same one; blanks for numbers are drawn each time. Templates are no format strings of Rust
//! because JSON is full of braces, and because the tables must stay data.

use super::clock::Clock;
use super::rng::Rng;
use super::words::{AGENTS, AGGREGATED, Aggregated, CONTROLLERS, KINDS, NAMESPACES, OBJECTS, WORKING};
use super::{digits, number};

/// Attempts of a retry series of Kopf with its default backoffs.
const KOPF_ATTEMPTS: u64 = 9;

/// Mean time between two records, in microseconds.
const PACE: u64 = 40_000;

/// Writes the records of one source, in the order of time.
pub(crate) struct Scribe {
    pub(crate) rng: Rng,
    clock: Clock,
    /// A template that stands before each record: the transport's envelope.
    envelope: &'static str,
    pid: u64,
    namespace: &'static str,
    pub(crate) object: &'static str,
    aggregated: usize,
    /// The last attempt of the retry series of each aggregated API.
    attempts: [u64; AGGREGATED.len()],
}

impl Scribe {
    /// A scribe for a source that starts at `start` (seconds since 1970).
    pub(crate) fn new(seed: u64, start: u64, envelope: &'static str) -> Scribe {
        let mut rng = Rng::new(seed);
        let pid = 1 + rng.below(40);
        let (namespace, object) = (NAMESPACES[0], OBJECTS[0]);
        let attempts = [0; AGGREGATED.len()];
        let clock = Clock::new(start);
        Scribe { rng, clock, envelope, pid, namespace, object, aggregated: 0, attempts }
    }

    /// One record, with its envelope and its newline, a little later than the one before.
    pub(crate) fn record(&mut self, template: &str, out: &mut Vec<u8>) {
        self.begin(out);
        self.fill(template, out);
        out.push(b'\n');
    }

    /// Moves on to the next record, draws its words and writes its envelope; the rest is up to the caller.
    pub(crate) fn begin(&mut self, out: &mut Vec<u8>) {
        let pause = self.rng.below(2 * PACE);
        self.clock.advance(pause);
        self.draw();
        self.fill(self.envelope, out);
    }

    /// Draws the words that hold for one record.
    pub(crate) fn draw(&mut self) {
        let bits = self.rng.bits();
        // Remainders of u64: those of usize would be others where it has 32 bits.
        self.namespace = NAMESPACES[(bits % NAMESPACES.len() as u64) as usize];
        self.object = OBJECTS[((bits >> 8) % OBJECTS.len() as u64) as usize];
        self.aggregated = ((bits >> 16) % AGGREGATED.len() as u64) as usize;
    }

    /// Names the aggregated API that the next `fill` speaks of.
    pub(crate) fn speak_of(&mut self, aggregated: usize) {
        self.aggregated = aggregated;
    }

    /// The template with its blanks filled in.
    pub(crate) fn fill(&mut self, template: &str, out: &mut Vec<u8>) {
        let mut parts = template.split('%');
        out.extend_from_slice(parts.next().unwrap_or_default().as_bytes());
        for part in parts {
            let (blank, text) = part.split_at(1);
            self.blank(blank.as_bytes()[0], out);
            out.extend_from_slice(text.as_bytes());
        }
    }

    fn blank(&mut self, blank: u8, out: &mut Vec<u8>) {
        match blank {
            // Times.
            b'k' => self.clock.klog(out),
            b's' => self.clock.iso(0, out),
            b'z' => self.clock.iso(3, out),
            b'q' => self.clock.iso(6, out),
            b'f' => self.clock.iso(9, out),
            b'c' => self.clock.python(out),
            b'a' => self.clock.access(out),
            // The time that a request takes: nothing to read, but what follows is later.
            b't' => {
                let took = self.rng.below(900);
                self.clock.advance(took);
            }
            // Words of the record.
            b'n' => out.extend_from_slice(self.namespace.as_bytes()),
            b'o' => out.extend_from_slice(self.object.as_bytes()),
            b'G' => out.extend_from_slice(self.api().group.as_bytes()),
            b'V' => out.extend_from_slice(self.api().version.as_bytes()),
            b'T' => out.extend_from_slice(self.api().kind.as_bytes()),
            b'P' => out.extend_from_slice(self.api().resource.as_bytes()),
            b'B' => out.extend_from_slice(self.api().backend.as_bytes()),
            b'Y' => out.extend_from_slice(self.api().service.0.as_bytes()),
            b'Z' => out.extend_from_slice(self.api().service.1.as_bytes()),
            // `Request attempt %A`: the next attempt of this API's series.
            b'A' => self.attempt(out),
            // Words of the moment.
            b'w' => out.extend_from_slice(self.rng.pick(&CONTROLLERS).as_bytes()),
            b'K' => out.extend_from_slice(self.rng.pick(&KINDS).as_bytes()),
            b'g' => out.extend_from_slice(self.rng.pick(&WORKING).as_bytes()),
            b'U' => out.extend_from_slice(self.rng.pick(&AGENTS).as_bytes()),
            _ => self.figure(blank, out),
        }
    }

    /// The blanks for numbers.
    fn figure(&mut self, blank: u8, out: &mut Vec<u8>) {
        match blank {
            // klog's process id, right-aligned to seven.
            b'p' => {
                out.extend_from_slice(if self.pid < 10 { b"      " } else { b"     " });
                number(out, self.pid);
            }
            b'N' => number(out, self.rng.below(100)),
            b'R' => number(out, 1_000_000 + self.rng.below(90_000_000)),
            // Milliseconds: `3.582`.
            b'm' => {
                number(out, self.rng.below(40));
                out.push(b'.');
                digits(out, self.rng.below(1000), 3);
            }
            b'i' => {
                let bits = self.rng.bits();
                out.extend_from_slice(b"10.");
                number(out, 128 + bits % 4);
                out.push(b'.');
                number(out, (bits >> 8) % 4);
                out.push(b'.');
                number(out, 2 + (bits >> 16) % 250);
            }
            b'x' => hex(out, self.rng.bits(), 8),
            b'u' => self.uuid(out),
            _ => panic!("a template has the unknown blank %{}", char::from(blank)),
        }
    }

    fn api(&self) -> &'static Aggregated {
        &AGGREGATED[self.aggregated]
    }

    /// `#3/9 failed; will retry`, or `#9/9 failed; escalating`, after which the series starts anew.
    fn attempt(&mut self, out: &mut Vec<u8>) {
        let attempt = self.attempts[self.aggregated] % KOPF_ATTEMPTS + 1;
        self.attempts[self.aggregated] = attempt;
        out.push(b'#');
        number(out, attempt);
        out.push(b'/');
        number(out, KOPF_ATTEMPTS);
        let end: &[u8] =
            if attempt < KOPF_ATTEMPTS { b" failed; will retry" } else { b" failed; escalating" };
        out.extend_from_slice(end);
    }

    fn uuid(&mut self, out: &mut Vec<u8>) {
        let (high, low) = (self.rng.bits(), self.rng.bits());
        hex(out, high >> 32, 8);
        out.push(b'-');
        hex(out, high >> 16, 4);
        out.extend_from_slice(b"-4");
        hex(out, high, 3);
        out.extend_from_slice(b"-8");
        hex(out, low >> 48, 3);
        out.push(b'-');
        hex(out, low, 12);
    }
}

/// The lowest `width` hexadecimal digits of `bits`.
pub(crate) fn hex(out: &mut Vec<u8>, bits: u64, width: usize) {
    for place in (0..width).rev() {
        out.push(b"0123456789abcdef"[(bits >> (4 * place)) as usize & 15]);
    }
}
