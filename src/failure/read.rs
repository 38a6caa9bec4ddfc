//! From the atoms of a record to the failures it tells.
//!
//! The atoms are read from left to right. An atom that says what the program was doing is
//! remembered; an error makes a failure, whose subject is looked for beside it; a shape of its own
//! (an attempt of Kopf, a webhook, a line of the aggregation layer) takes what belongs to it.

use super::atoms::{Atom, atoms};
use super::context::{self, last_url};
use super::{
    Failure, Reading, Subject, Told, audit, http, kopf, mention, named, pattern, python, settle, webhook,
};
use crate::k8s::{GroupVersion, PathKind, Verb};
use crate::knowledge::signatures::{Doing, ErrorKind, Shape, Signature};
use crate::record::Record;

/// Reads the failures that a record tells.
pub fn read(record: &Record) -> Reading {
    if record.audit {
        return audit::read(record);
    }
    let text = record.text.as_str();
    let mut reader = Reader {
        text,
        atoms: atoms(text),
        at: 0,
        doing: None,
        outer: None,
        from: 0,
        out: Reading::default(),
    };
    while reader.at < reader.atoms.len() {
        reader.step();
    }
    let mut reading = reader.out;
    settle::settle(record, &mut reading.failures);
    reading
}

/// The state of reading one record.
pub(super) struct Reader<'r> {
    pub(super) text: &'r str,
    pub(super) atoms: Vec<Atom>,
    /// The next atom.
    pub(super) at: usize,
    /// What the program was doing, and the row that says so.
    pub(super) doing: Option<(Doing, Atom)>,
    /// The first to say so on its line: the program's own words, around those of its libraries.
    outer: Option<Atom>,
    /// Where the last failure ended: nothing before it belongs to the next one.
    pub(super) from: usize,
    pub(super) out: Reading,
}

impl<'r> Reader<'r> {
    fn step(&mut self) {
        let atom = self.atoms[self.at];
        match atom.row.shape {
            Shape::Doing(doing) => {
                let other_line = |outer: &Atom| self.text[outer.end..atom.start].contains('\n');
                if self.outer.as_ref().is_none_or(other_line) {
                    self.outer = Some(atom);
                }
                // The more telling one stays: a list inside "failed to sync" is a list.
                if doing != Doing::Reporting || self.doing.is_none() {
                    self.doing = Some((doing, atom));
                }
                self.at += 1;
            }
            Shape::Quiet => self.quiet(atom),
            Shape::Error(kind) => self.error(atom, kind),
            Shape::NamedBefore => named::before(self, atom),
            Shape::NamedAfter(kind) => named::after(self, atom, kind),
            Shape::Availability => named::availability(self, atom),
            Shape::Check => named::check(self, atom),
            Shape::Reversed => named::reversed(self, atom),
            Shape::Service => named::service(self, atom),
            Shape::Component(service) => named::component(self, atom, service),
            Shape::Condition => named::condition(self, atom),
            Shape::Weak(kind) => {
                self.at += 1;
                let mut failure = self.blank(atom.row, kind);
                // A dump of the client's own says whose server it was.
                if !self.text.contains("@kubernetes/client-node") {
                    failure.subject = Subject::Mentioned;
                    failure.told = Told::Restated;
                }
                self.push(failure);
            }
            Shape::Mention => mention::mention(self, atom),
            Shape::Elsewhere => http::elsewhere(self, atom),
            Shape::KopfAttempt => kopf::attempt(self, atom),
            Shape::Life(life) => {
                self.out.life = Some(life);
                self.at += 1;
            }
            Shape::HttpLog => http::server_log(self, atom),
            Shape::UrlStatus => http::client_log(self, atom),
            Shape::Executing => http::executing(self, atom),
            Shape::Retry => http::retry(self, atom),
            Shape::StatusBody => python::status_body(self, atom),
            Shape::Webhook(kind) => webhook::read(self, atom, kind),
            Shape::Audit => self.at += 1,
            Shape::Created => named::created(self, atom),
            Shape::Pattern(kind, index) => pattern::read(self, atom, kind, index),
        }
    }

    /// A look-alike. A StatusError that is none of ours ends only its own clause; the other wordings
    /// are about something else altogether, and the rest of their line with them.
    fn quiet(&mut self, atom: Atom) {
        if atom.row.id.starts_with("ERR-") || atom.row.id == "CG-05" {
            self.at += 1;
        } else {
            self.skip_to(self.line_end(atom.end));
        }
        self.doing = None;
        self.outer = None;
        self.from = atom.end;
    }

    /// Goes on with the first atom at or behind `place`.
    pub(super) fn skip_to(&mut self, place: usize) {
        self.at += 1;
        while self.atoms.get(self.at).is_some_and(|atom| atom.start < place) {
            self.at += 1;
        }
    }

    /// The end of the line that holds `place`.
    pub(super) fn line_end(&self, place: usize) -> usize {
        self.text[place..].find('\n').map_or(self.text.len(), |nl| place + nl)
    }

    /// The errors between two places: the kind that says most, and whether one is a look-alike.
    pub(super) fn errors_within(&self, from: usize, to: usize) -> (Option<ErrorKind>, bool) {
        let mut best: Option<ErrorKind> = None;
        let mut quiet = false;
        for atom in self.atoms.iter().filter(|atom| atom.start >= from && atom.start < to) {
            match atom.row.shape {
                Shape::Error(kind) => best = Some(best.map_or(kind, |best| more_telling(best, kind))),
                Shape::Quiet => quiet = true,
                _ => {}
            }
        }
        (best, quiet)
    }

    /// Adds a failure.
    pub(super) fn push(&mut self, failure: Failure) {
        self.out.failures.push(failure);
    }

    /// A failure of this row, with nothing known yet.
    pub(super) fn blank(&self, row: &'static Signature, kind: ErrorKind) -> Failure {
        Failure {
            signature: row,
            client: row.client,
            kind,
            subject: Subject::Nothing,
            verb: None,
            path: None,
            status: kind.status(),
            reason: None,
            attempt: None,
            told: Told::FirstHand,
        }
    }

    /// An error text, and whatever stands beside it.
    fn error(&mut self, atom: Atom, kind: ErrorKind) {
        let line_end = self.line_end(atom.end);
        let left = &self.text[self.from..atom.start];
        let right = &self.text[atom.end..line_end];
        // Several phrases of one error (`… canceled while waiting for connection (Client.Timeout …)`).
        let mut last = atom;
        let mut told = kind;
        while let Some(next) = self.atoms.get(self.at + 1).copied() {
            let Shape::Error(more) = next.row.shape else { break };
            let between = &self.text[last.end..next.start];
            let same = more.is_transport() && told.is_transport()
                || more == ErrorKind::Canceled
                || told == ErrorKind::ProxyFailed;
            if !same || between.contains('\n') || context::group_version_before(between).is_some() {
                break;
            }
            let gave_up = more == ErrorKind::Canceled && atom.row.id == "CG-37";
            let later = gave_up || between.contains("previous attempt");
            told = if later { more } else { more_telling(told, more) };
            last = next;
            self.at += 1;
        }
        self.at += 1;
        if let Some(mut failure) = self.attribute(atom, told, left, right) {
            // The API server could not reach a kubelet (`oc logs`, `oc exec`): no APIService has part in it.
            if failure.kind == ErrorKind::ProxyFailed && right.contains(":10250") {
                failure.kind = ErrorKind::NoAnswer;
                failure.subject = Subject::Host(String::new());
            }
            self.push(failure);
        }
        self.from = last.end;
    }

    /// Looks for the subject of an error; `None` if it is no failing API request.
    fn attribute(&self, atom: Atom, kind: ErrorKind, left: &str, right: &str) -> Option<Failure> {
        // `stale GroupVersion discovery` without a group/version behind it is somebody's prose.
        let behind = right.strip_prefix("Version discovery").unwrap_or("").chars().next();
        if kind == ErrorKind::Canceled || atom.row.id == "CG-04" && behind.is_some_and(|c| c != ':') {
            return None;
        }
        let doing = self.doing.filter(|(_, at)| at.start >= self.from.min(at.start));
        let row = doing.and(self.outer).or(doing.map(|(_, at)| at)).map_or(atom.row, |at| at.row);
        let mut failure = self.blank(row, kind);
        if kind == ErrorKind::Lookup || left.contains("dial tcp: lookup ") && kind == ErrorKind::NoAnswer {
            failure.kind = ErrorKind::Lookup;
        }
        if kind.is_transport() {
            return self.transport(failure, atom, doing.map(|(doing, _)| doing), left, right);
        }
        self.answered(failure, atom, doing, left, right)
    }

    /// The server answered: a group, a resource or a path is the subject.
    fn answered(
        &self,
        mut failure: Failure,
        atom: Atom,
        doing: Option<(Doing, Atom)>,
        left: &str,
        right: &str,
    ) -> Option<Failure> {
        failure.verb = doing.and_then(|(doing, _)| verb_of(doing));
        // The body of a 5xx may hold anything: the suffix stands behind the sentence that ends it.
        let tail = right.find("from succeeding").map_or(right, |at| &right[at + 15..]);
        let suffix = context::suffix(if atom.row.id == "ERR-G5xx" { tail } else { right });
        if suffix.as_ref().is_some_and(|s| s.name.as_deref().is_some_and(|name| name.contains(':'))) {
            return None; // a Service reached through the API server's proxy
        }
        match failure.kind {
            ErrorKind::Forbidden => return self.forbidden(failure, atom, right),
            ErrorKind::NoMatch => return self.no_match(failure, atom),
            ErrorKind::Refused => {}
            _ => {}
        }
        if let Some(suffix) = suffix {
            failure.verb =
                failure.verb.filter(|verb| matches!(verb, Verb::List | Verb::Watch)).or(suffix.verb);
            let version =
                context::typed_version(&self.text[..atom.start]).or_else(|| self.version_of(&suffix.group));
            failure.subject = Subject::Resource { group: suffix.group, resource: suffix.resource, version };
            return Some(failure);
        }
        if let Some(gv) = self.group_version(atom, doing, left, right) {
            if matches!(failure.kind, ErrorKind::Unavailable | ErrorKind::NotServed | ErrorKind::TimedOut) {
                failure.path = Some(gv.discovery_path());
                failure.verb = Some(Verb::Get);
            }
            failure.subject = Subject::GroupVersion(gv);
            return Some(failure);
        }
        if let Some(at) = self.atoms.iter().find(|at| at.row.id == "ARGO-04s" && at.start < atom.start) {
            let word = self.text[at.end..].split([':', ' ', '"']).next().unwrap_or("");
            if let Some((_, group)) = word.split_once('.').filter(|(_, group)| crate::k8s::is_group(group)) {
                failure.subject = Subject::Group(group.to_owned());
                return Some(failure);
            }
        }
        if let Some(url) = last_url(left).or_else(|| context::first_url(right))
            && let Some(path) = url.path()
        {
            failure.verb = url.verb.or(failure.verb);
            failure.subject = subject_of(&path);
            failure.path = Some(path.path);
            return Some(failure);
        }
        self.without_subject(failure, atom, doing.map(|(doing, _)| doing))
    }

    /// An error that names nothing at all.
    fn without_subject(&self, mut failure: Failure, atom: Atom, doing: Option<Doing>) -> Option<Failure> {
        let alone = match failure.kind {
            ErrorKind::NotServed if atom.row.id == "ERR-404p" => {
                doing.is_some() || self.text.starts_with("Error from server")
            }
            ErrorKind::Unauthorized => {
                doing.is_some()
                    || matches!(atom.row.id, "ERR-G401" | "ERR-401e" | "ERR-401k" | "API-06t")
                    || self.is_last_word_of_tool(atom)
            }
            ErrorKind::Degraded => true,
            ErrorKind::CheckFailed => false,
            _ => true,
        };
        if !alone {
            return None;
        }
        // The autoscaler names the API in words.
        let kcm = self.atoms.iter().rfind(|at| at.row.id.starts_with("KCM-1") && at.start <= atom.start);
        if let Some(kcm) = kcm {
            let group = match kcm.row.id.trim_end_matches(['d', 'k']) {
                "KCM-10" => "metrics.k8s.io",
                "KCM-11" => "custom.metrics.k8s.io",
                _ => "external.metrics.k8s.io",
            };
            failure.subject = Subject::Group(group.into());
        } else if atom.row.id == "CVO-02"
            && self.text.split_once("ould not update ").is_some_and(|(_, object)| {
                context::LOCAL_KINDS.contains(&object.split(' ').next().unwrap_or(""))
            })
        {
            failure.subject =
                Subject::Resource { group: String::new(), resource: "objects".into(), version: None };
        } else if atom.row.id == "KEDA-01" {
            failure.subject = Subject::Group("external.metrics.k8s.io".into());
        }
        Some(failure)
    }
}

/// The subject that a path names.
pub(super) fn subject_of(path: &crate::k8s::ApiPath) -> Subject {
    match (&path.group, &path.version, &path.resource, path.kind) {
        (Some(group), version, Some(resource), _) => {
            Subject::Resource { group: group.clone(), resource: resource.clone(), version: version.clone() }
        }
        (Some(group), Some(version), None, PathKind::Discovery) => {
            Subject::GroupVersion(GroupVersion { group: group.clone(), version: version.clone() })
        }
        (Some(group), None, None, _) => Subject::Group(group.clone()),
        _ => Subject::Nothing,
    }
}

/// The verb that an activity implies.
pub(super) fn verb_of(doing: Doing) -> Option<Verb> {
    match doing {
        Doing::Discovery | Doing::Groups | Doing::Get => Some(Verb::Get),
        Doing::List => Some(Verb::List),
        Doing::Watch => Some(Verb::Watch),
        Doing::Write | Doing::Reporting => None,
    }
}

/// Of two phrases of one error, the one that says more.
pub(super) fn more_telling(a: ErrorKind, b: ErrorKind) -> ErrorKind {
    let rank = |kind: ErrorKind| match kind {
        ErrorKind::Proxy => 10,
        ErrorKind::Certificate => 9,
        ErrorKind::Lookup => 8,
        ErrorKind::ProxyFailed => 7,
        ErrorKind::Refused | ErrorKind::NoRoute | ErrorKind::Reset => 6,
        ErrorKind::NoAnswer | ErrorKind::Ended => 5,
        ErrorKind::Deadline => 3,
        ErrorKind::Canceled => 0,
        _ => 4,
    };
    if rank(b) > rank(a) { b } else { a }
}
