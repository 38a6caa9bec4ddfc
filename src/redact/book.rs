//! The names that were learned, their tokens, and the words that are replaced by them.

use core::net::{Ipv4Addr, Ipv6Addr};
use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::shapes::Kind;

/// How many names are kept apart, and how many are remembered: whoever can write to a log can invent
/// one on every line. Beyond it all are `OTHER`.
const MOST: usize = 1 << 14;

/// Ends of API groups that many programs' messages name. They are no hosts.
const GROUPS: &[&str] = &[".k8s.io", ".openshift.io", ".coreos.com", ".x-k8s.io", ".kubernetes.io"];

/// Names and their tokens.
#[derive(Debug, Default)]
pub(super) struct Book {
    learned: HashMap<String, Kind>,
    tokens: HashMap<String, String>,
    /// Names that are no single word (`system:admin`, a mail address), the longest first.
    phrases: Vec<String>,
    /// The last two labels of known hosts: what ends like one is a host.
    domains: BTreeSet<String>,
    groups: BTreeSet<String>,
    counts: [usize; 4],
}

impl Book {
    /// A group that stays.
    pub(super) fn protect(&mut self, group: &str) {
        self.groups.insert(group.to_owned());
    }

    /// How much is remembered.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.learned.len() + self.tokens.len()
    }

    /// Remembers a name. What it was learned as first counts.
    pub(super) fn learn(&mut self, kind: Kind, name: &str) {
        let name = name.trim_matches(['.', '-', '_', ':', ' ']);
        if is_no_name(name) || kind == Kind::Host && self.is_group(name) {
            return;
        }
        if self.learned.len() >= MOST {
            self.learned.clear();
            self.phrases.clear();
        }
        if self.learned.contains_key(name) {
            return;
        }
        if kind == Kind::Host {
            self.domain(name);
        }
        if !name.bytes().all(is_word) {
            let at = self.phrases.partition_point(|other| other.len() >= name.len());
            self.phrases.insert(at, name.to_owned());
        }
        self.learned.insert(name.to_owned(), kind);
    }

    fn domain(&mut self, host: &str) {
        if let Some(domain) = domain_of(host).filter(|_| self.domains.len() < MOST) {
            self.domains.insert(domain.to_owned());
        }
    }

    /// The text with tokens for names.
    pub(super) fn write(&mut self, text: &str) -> String {
        let mut text = text.to_owned();
        for phrase in std::mem::take(&mut self.phrases) {
            if text.contains(&phrase) {
                text = text.replace(&phrase, &self.token(&phrase));
            }
            self.phrases.push(phrase);
        }
        let text = SIXES.replace_all(&text, |found: &Captures<'_>| self.six(&found[0]));
        let text = WORDS.replace_all(&text, |found: &Captures<'_>| self.word(&found[0]));
        FOURS.replace_all(&text, |found: &Captures<'_>| self.four(&found[0])).into_owned()
    }

    /// Replaces one word, or what it is made of.
    fn word(&mut self, word: &str) -> String {
        let name = word.trim_end_matches(['.', '-', '_']);
        let rest = &word[name.len()..];
        self.known(name).unwrap_or_else(|| self.parts(name)) + rest
    }

    fn known(&mut self, name: &str) -> Option<String> {
        if let Some(kind) = self.learned.get(name)
            && (*kind == Kind::Host || !self.is_group(name))
        {
            return Some(self.token(name));
        }
        if name.parse::<Ipv4Addr>().is_ok() {
            return Some(self.token(name));
        }
        let parted = self.hyphened(name);
        if parted != name {
            return Some(parted);
        }
        let host =
            domain_of(name).is_some_and(|domain| self.domains.contains(domain)) && !self.is_group(name);
        host.then(|| self.token_of(Kind::Host, name))
    }

    /// Replaces labels of a dotted word, what `_` separates, and a host behind or before a `-`.
    fn parts(&mut self, name: &str) -> String {
        if self.is_group(name) {
            return name.to_owned();
        }
        for sign in ['_', '.'] {
            if name.contains(sign) {
                let parts: Vec<String> = name
                    .split(sign)
                    .map(|part| self.known(part).unwrap_or_else(|| self.hyphened(part)))
                    .collect();
                let joined = parts.join(&sign.to_string());
                return if joined == name { self.hyphened(name) } else { joined };
            }
        }
        self.hyphened(name)
    }

    /// The name of a static pod ends with that of its node, a debug pod's begins with it.
    fn hyphened(&mut self, name: &str) -> String {
        let is_host = |part: &str| self.learned.get(part) == Some(&Kind::Host);
        let hit = name.match_indices('-').find_map(|(at, _)| {
            let (before, after) = (&name[..at], &name[at + 1..]);
            let end = is_host(after).then(|| (after.to_owned(), true));
            end.or_else(|| is_host(before).then(|| (before.to_owned(), false)))
        });
        match hit {
            Some((host, true)) => format!("{}{}", &name[..name.len() - host.len()], self.token(&host)),
            Some((host, false)) => format!("{}{}", self.token(&host), &name[host.len()..]),
            None => name.to_owned(),
        }
    }

    fn six(&mut self, found: &str) -> String {
        let address = found.trim_end_matches([':', '.']);
        let address = if found.ends_with("::") { found } else { address };
        let is_one = address.parse::<Ipv6Addr>().is_ok() && address.bytes().any(|b| b.is_ascii_hexdigit());
        if !is_one {
            return found.to_owned();
        }
        self.token_of(Kind::Ip, address) + &found[address.len()..]
    }

    fn four(&mut self, found: &str) -> String {
        match found.parse::<Ipv4Addr>() {
            Ok(_) => self.token_of(Kind::Ip, found),
            Err(_) => found.to_owned(),
        }
    }

    /// Whether it is an API group, or a resource or version of one.
    fn is_group(&self, name: &str) -> bool {
        let ends = |group: &str| {
            name.strip_suffix(group).is_some_and(|before| before.is_empty() || before.ends_with('.'))
        };
        GROUPS.iter().any(|group| name.ends_with(group)) && !name.contains(".svc")
            || self.groups.iter().any(|group| ends(group))
    }

    fn token(&mut self, name: &str) -> String {
        let address = name.parse::<Ipv4Addr>().is_ok() || name.parse::<Ipv6Addr>().is_ok();
        let kind = if address { Kind::Ip } else { self.learned.get(name).copied().unwrap_or(Kind::Host) };
        self.token_of(kind, name)
    }

    fn token_of(&mut self, kind: Kind, name: &str) -> String {
        if let Some(token) = self.tokens.get(name) {
            return token.clone();
        }
        if self.tokens.len() >= MOST {
            return format!("{}-OTHER", kind.as_str());
        }
        let count = &mut self.counts[kind as usize];
        *count += 1;
        let token = format!("{}-{count}", kind.as_str());
        self.tokens.insert(name.to_owned(), token.clone());
        token
    }
}

/// What stands where a name would, but is none: a value that is missing, a number, a token, a template.
fn is_no_name(name: &str) -> bool {
    const VALUES: &[&str] = &["true", "false", "null", "none", "None", "nil", "unknown"];
    let token = Kind::ALL.iter().any(|kind| {
        name.strip_prefix(kind.as_str()).and_then(|rest| rest.strip_prefix('-')).is_some_and(|rest| {
            rest == "OTHER" || !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit())
        })
    });
    name.len() < 2 || token || VALUES.contains(&name) || name.bytes().all(|b| b.is_ascii_digit())
}

/// The last two labels of three or more.
fn domain_of(host: &str) -> Option<&str> {
    let mut dots = host.rmatch_indices('.').map(|(at, _)| at);
    let (last, second) = (dots.next()?, dots.next()?);
    let top = &host[last + 1..];
    top.bytes().all(|b| b.is_ascii_alphabetic()).then(|| &host[second + 1..])
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"._-".contains(&byte)
}

#[allow(clippy::expect_used, reason = "the patterns are constants, and every test compiles them")]
fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is sound")
}

static WORDS: LazyLock<Regex> = LazyLock::new(|| regex(r"[A-Za-z0-9][A-Za-z0-9._-]*"));
static SIXES: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?i)[0-9a-f]*:[0-9a-f]*:[0-9a-f:]*(?:\d{1,3}(?:\.\d{1,3}){3})?"));
static FOURS: LazyLock<Regex> = LazyLock::new(|| regex(r"\d{1,3}(?:\.\d{1,3}){3}"));
