//! Verbs, Kubernetes' and HTTP's, as programs write them.

use std::fmt;

/// What a request wanted to do: a Kubernetes verb (`list`) where the program says it, else the
/// HTTP method. Reports write it in lower case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Verb {
    Get,
    List,
    Watch,
    Create,
    Update,
    Patch,
    Delete,
    DeleteCollection,
    Post,
    Put,
    Head,
    Options,
    Connect,
}

const VERBS: &[(&str, Verb)] = &[
    ("get", Verb::Get),
    ("list", Verb::List),
    ("watch", Verb::Watch),
    ("create", Verb::Create),
    ("update", Verb::Update),
    ("patch", Verb::Patch),
    ("delete", Verb::Delete),
    ("deletecollection", Verb::DeleteCollection),
    ("post", Verb::Post),
    ("put", Verb::Put),
    ("head", Verb::Head),
    ("options", Verb::Options),
    ("connect", Verb::Connect),
];

impl Verb {
    /// Reads a verb in any case (`GET`, `Get`, `get`); `None` for every other word.
    pub fn parse(word: &str) -> Option<Verb> {
        VERBS.iter().find(|(name, _)| name.eq_ignore_ascii_case(word)).map(|&(_, verb)| verb)
    }

    /// The word that reports print.
    pub fn as_str(self) -> &'static str {
        VERBS.iter().find(|&&(_, verb)| verb == self).map_or("get", |&(name, _)| name)
    }
}

impl fmt::Display for Verb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verb_reads_back() {
        for &(name, verb) in VERBS {
            assert_eq!(Verb::parse(&name.to_uppercase()), Some(verb));
            assert_eq!(verb.as_str(), name);
        }
        assert_eq!(Verb::parse("GETS"), None);
    }
}
