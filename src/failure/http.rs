//! Requests with their HTTP status: kube-apiserver's request log and the logs of HTTP clients.

use super::atoms::Atom;
use super::context::{self, Url, first_url, last_url};
use super::host::{is_api_server, is_foreign_core};
use super::read::{Reader, subject_of};
use super::{Attempt, Phase, Subject, Told};
use crate::k8s::{ApiPath, PathKind, Verb};
use crate::knowledge::signatures::ErrorKind;

/// `"HTTP" verb="GET" URI="/apis/…" … resp=503`, and wrap.go's `GET /apis/…: (1.2ms) 503`.
pub(super) fn server_log(reader: &mut Reader<'_>, atom: Atom) {
    let text = reader.text;
    reader.skip_to(text.len());
    let (uri, verb) = match context::field(text, "URI=").or_else(|| context::field(text, "path=")) {
        Some(uri) => {
            (uri, context::field(text, "verb=").or_else(|| context::field(text, "method=")).unwrap_or(""))
        }
        // `timeout or abort while handling: GET "/path"` (1.20), `GET "/path" result: …`
        None if text.contains("\"/") => {
            let (left, uri) =
                text.split_once("\"/").map_or(("", ""), |(left, _)| (left, &text[left.len() + 1..]));
            let verb = left.trim_end().rsplit(' ').next().unwrap_or("");
            (uri.split('"').next().unwrap_or(""), verb)
        }
        None => {
            let row = text.rsplit_once(": (").map_or(text, |(row, _)| row);
            let mut words = row.trim_start_matches('"').split_whitespace().rev();
            let uri = words.next().unwrap_or("");
            (uri, words.next().unwrap_or(""))
        }
    };
    let Some(path) = ApiPath::parse(uri) else { return };
    let status =
        ["resp=", "s) "].iter().find_map(|key| context::number(&text[text.find(key)? + key.len()..]));
    let status = status.and_then(|n| u16::try_from(n).ok());
    let kind = match status {
        Some(status) => ErrorKind::of_status(status),
        None => Some(ErrorKind::TimedOut),
    };
    let Some(kind) = kind.filter(|_| path.resource.as_deref() != Some("subjectaccessreviews")) else {
        return;
    };
    let mut failure = reader.blank(atom.row, kind);
    failure.status = status;
    failure.verb = Verb::parse(verb);
    failure.subject = subject_of(&path);
    match atom.row.id {
        // The server ran into its own limit, whoever serves the path.
        "API-02" | "API-03" => failure.subject = Subject::Nothing,
        "API-05" => failure.kind = ErrorKind::ShuttingDown,
        _ => {}
    }
    failure.path = Some(path.path);
    reader.push(failure);
}

/// A URL or path and a status, in a client's own words. The URL stands before the status (round
/// trippers, httpx, urllib3) or behind it (requests, kubeclient, aiohttp).
pub(super) fn client_log(reader: &mut Reader<'_>, atom: Atom) {
    let text = reader.text;
    let line_start = text[..atom.start].rfind('\n').map_or(0, |nl| nl + 1);
    let end = reader.line_end(atom.end);
    let (left, right) = (&text[line_start..atom.start], &text[atom.end..end]);
    let id = atom.row.id;
    let code = right.split_once("ResponseCode: ").filter(|_| id == "AGG-32").map_or(right, |(_, code)| code);
    let status = status_near(atom.row.phrase, code).or_else(|| status_near(atom.row.phrase, left));
    let found = match id {
        "KOPF-03" | "PY-09" | "RUBY-01" => first_url(right).and_then(|url| located(&url)),
        "PY-06" => quoted_request(left),
        "PY-03" => return max_retries(reader, atom, right, end),
        "NODE-03" => json_dump(text, atom),
        _ => last_url(left).or_else(|| first_url(right)).and_then(|url| located(&url)),
    };
    // k8s-client prints a path without host; elsewhere a bare path may be any web application's.
    let found = found.or_else(|| match id {
        "RUBY-02" | "CG-17t" => bare_path(left),
        "AGG-32" => Some((ApiPath::parse(right.split(':').next()?)?, Some(Verb::Get))),
        _ => None,
    });
    reader.skip_to(end);
    reader.from = end;
    let kind = status.and_then(ErrorKind::of_status);
    let (Some((path, verb)), Some(kind)) = (found, kind) else {
        if let Some(kind) = kind.filter(|_| id == "KRS-02") {
            let failure = reader.blank(atom.row, kind);
            reader.push(failure);
        }
        return;
    };
    let mut failure = reader.blank(atom.row, kind);
    failure.status = status;
    failure.verb =
        verb.or_else(|| context::field(text, "verb=").and_then(Verb::parse)).or_else(|| word_verb(left));
    failure.subject = subject_of(&path);
    failure.path = Some(path.path);
    if id == "F8-06" {
        failure.attempt =
            right.find("retrying after ").and_then(|at| context::number(&right[at + 15..])).map(|ms| {
                Attempt { n: 0, max: None, phase: Phase::WillRetry, delay: Some(f64::from(ms) / 1000.0) }
            });
    }
    // A traceback says again what the attempts have said.
    failure.told = if id == "KOPF-03" { Told::Restated } else { Told::FirstHand };
    reader.push(failure);
}

fn located(url: &Url<'_>) -> Option<(ApiPath, Option<Verb>)> {
    let verb = if url.is_watch() { Some(Verb::Watch) } else { url.verb };
    let path = url.path().filter(|path| path.kind != PathKind::Root || is_api_server(url.host()))?;
    (!is_foreign_core(url, &path)).then_some((path, verb))
}

/// The status in the phrase itself, or the number that follows it.
fn status_near(phrase: &str, right: &str) -> Option<u16> {
    let in_phrase = phrase.split(|c: char| !c.is_ascii_digit()).find(|digits| digits.len() == 3);
    let number = match in_phrase {
        Some(digits) => digits.parse().ok(),
        None if phrase.ends_with('5') => context::number(right).map(|n| 500 + n % 100),
        None => context::number(right),
    };
    number.and_then(|n| u16::try_from(n).ok()).filter(|status| (400..600).contains(status))
}

/// `"GET /apis/a/v1 HTTP/1.1" 503`.
fn quoted_request(left: &str) -> Option<(ApiPath, Option<Verb>)> {
    let open = left.rfind('"')?;
    // An access log of a web server has the client's address before it, urllib3 the server's URL.
    left[..open].contains("://").then_some(())?;
    let mut words = left[open + 1..].split(' ');
    let verb = words.next().and_then(Verb::parse)?;
    Some((ApiPath::parse(words.next()?)?, Some(verb)))
}

/// `"status": 503, … "url": "/apis/a/v1"` on further lines.
fn json_dump(text: &str, atom: Atom) -> Option<(ApiPath, Option<Verb>)> {
    let rest = &text[atom.end..];
    let at = rest.find("\"url\": \"")? + 8;
    let path = &rest[at..at + rest[at..].find('"')?];
    let verb = context::field(rest, "\"method\": ").and_then(Verb::parse);
    Some((ApiPath::parse(path)?, verb))
}

fn bare_path(text: &str) -> Option<(ApiPath, Option<Verb>)> {
    let at = text.find("/apis/").or_else(|| text.find("/api/v1/"))?;
    let start = text[..at].rfind([' ', '"', '\'', '`', '=', '(']).map_or(0, |at| at + 1);
    let path = &text[start..];
    let path = &path[..path.find([' ', '"', '\'', '`', ')', ',']).unwrap_or(path.len())];
    Some((ApiPath::parse(path)?, word_verb(&text[..start])))
}

fn word_verb(left: &str) -> Option<Verb> {
    left.rsplit(|c: char| !c.is_ascii_alphabetic()).take(6).find_map(|word| {
        Verb::parse(word).filter(|_| word.len() > 2 && word.bytes().all(|b| b.is_ascii_uppercase()))
    })
}

/// `failed to GET route (https://h): Get "https://h": EOF`: OpenShift's operators ask the route of what they
/// run. No API server is asked, so what failed is the way there: the router, the load balancer, DNS.
pub(super) fn elsewhere(reader: &mut Reader<'_>, atom: Atom) {
    let end = reader.line_end(atom.end);
    let clause = &reader.text[atom.end..end];
    let (error, _) = reader.errors_within(atom.end, end);
    let ended = clause.contains(": EOF").then_some(ErrorKind::Ended);
    reader.skip_to(end);
    reader.from = end;
    let kind = match error.or(ended) {
        Some(kind @ (ErrorKind::Lookup | ErrorKind::Certificate)) => kind,
        Some(kind) if kind.is_transport() => ErrorKind::NoAnswer,
        _ => return, // it answered, if only with an error of its own
    };
    let mut failure = reader.blank(atom.row, kind);
    failure.verb = Some(Verb::Get);
    failure.subject = Subject::Host(first_url(clause).map_or(String::new(), |url| url.host().to_owned()));
    failure.told = Told::Restated;
    reader.push(failure);
}

/// urllib3's `HTTPSConnectionPool(host='h', port=443): Max retries exceeded with url: /apis/… (Caused by …)`.
fn max_retries(reader: &mut Reader<'_>, atom: Atom, right: &str, end: usize) {
    let path = right.split([' ', '?']).next().and_then(ApiPath::parse);
    let (kind, _) = reader.errors_within(atom.end, end);
    let left = &reader.text[..atom.start];
    let host = left.rfind("host='").map(|at| &left[at + 6..]).and_then(|rest| rest.split('\'').next());
    let port = left.rfind("port=").and_then(|at| context::number(&left[at + 5..]));
    let host =
        host.map_or(String::new(), |host| port.map_or(host.to_owned(), |port| format!("{host}:{port}")));
    reader.skip_to(end);
    reader.from = end;
    let of_server = |path: &ApiPath| path.kind != PathKind::Root || is_api_server(&host);
    let Some(path) = path.filter(of_server) else { return };
    let kind = kind.or_else(|| errno(right)).unwrap_or(ErrorKind::NoAnswer);
    let mut failure = reader.blank(atom.row, kind);
    // The aggregation layer waits for a hanging backend longer than the client does: then the path
    // is the subject, for the connection itself stood.
    failure.subject =
        if right.contains("ReadTimeoutError") { subject_of(&path) } else { Subject::Host(host) };
    if right.contains("ReadTimeoutError") {
        failure.kind = ErrorKind::TimedOut;
        failure.status = None;
    }
    failure.path = Some(path.path);
    reader.push(failure);
}

/// Python's errno texts.
fn errno(text: &str) -> Option<ErrorKind> {
    #[rustfmt::skip]
    const ERRNOS: &[(&str, ErrorKind)] = &[
        ("[Errno 111]", ErrorKind::Refused), ("[Errno 110]", ErrorKind::NoAnswer), ("[Errno 113]", ErrorKind::NoRoute),
        ("[Errno 104]", ErrorKind::Reset), ("[Errno -2]", ErrorKind::Lookup), ("[Errno -3]", ErrorKind::Lookup),
        ("SSLError", ErrorKind::Certificate), ("Connection aborted", ErrorKind::Ended),
    ];
    ERRNOS.iter().find(|(words, _)| text.contains(words)).map(|(_, kind)| *kind)
}

/// fabric8: `Failure executing: GET at: <URL>. Message: …. Received status: Status(… code=503 …)`, and
/// `Error executing: GET at: <URL>. Cause: Connection refused`.
pub(super) fn executing(reader: &mut Reader<'_>, atom: Atom) {
    let text = reader.text;
    let end = reader.line_end(atom.end);
    let clause = &text[atom.end..end];
    let (error, quiet) = reader.errors_within(atom.end, end);
    reader.skip_to(end);
    reader.from = end;
    let verb = clause.split(' ').next().and_then(Verb::parse);
    let Some(url) = first_url(clause) else { return };
    let Some(path) = url.path() else { return };
    let code = clause
        .find("code=")
        .and_then(|at| context::number(&clause[at + 5..]))
        .and_then(|n| u16::try_from(n).ok());
    #[rustfmt::skip]
    const MESSAGES: &[(&str, u16)] = &[
        ("Message: Service Unavailable", 503), ("Message: Gateway Timeout", 504), ("Message: Not Found", 404),
        ("Message: Forbidden", 403), ("Message: Unauthorized", 401), ("Message: Too Many Requests", 429),
        ("Message: Internal Server Error", 500), ("Message: Bad Gateway", 502), ("Message: service unavailable", 503),
    ];
    let status =
        code.or_else(|| MESSAGES.iter().find(|(words, _)| clause.contains(words)).map(|(_, code)| *code));
    let kind = match status {
        Some(status) => ErrorKind::of_status(status),
        None => error,
    };
    // A 404 for an object has a name in quotes, and its Status says so.
    let object = quiet || status == Some(404) && clause.contains("\" not found");
    let Some(kind) = kind.filter(|_| !object) else { return };
    let mut failure = reader.blank(atom.row, kind);
    failure.status = status;
    failure.verb = verb;
    failure.subject = if kind.is_transport() { Subject::Host(url.host().into()) } else { subject_of(&path) };
    failure.path = Some(path.path);
    reader.push(failure);
}

/// Lines that tell of a retry: client-go's `Waited for …, retries: 2, … - retry-reason: …`,
/// `Got a Retry-After …`, urllib3's countdown. They are failures where they name the reason.
pub(super) fn retry(reader: &mut Reader<'_>, atom: Atom) {
    let text = reader.text;
    let end = reader.line_end(atom.end);
    let line_start = text[..atom.start].rfind('\n').map_or(0, |nl| nl + 1);
    let line = &text[line_start..end];
    let (error, _) = reader.errors_within(line_start, end);
    let url = last_url(line).and_then(|url| url.path().map(|path| (path, url.host().to_owned())));
    reader.skip_to(end);
    reader.from = end;
    let after = |key: &str| line.find(key).map(|at| &line[at + key.len()..]);
    let n = after("retries: ")
        .or_else(|| after("for attempt "))
        .or_else(|| after("attempt="))
        .and_then(context::number);
    let delay = after("retry-after: ").or_else(|| after("Retry-After ")).and_then(context::duration);
    let (kind, path, host) = match (atom.row.id, url) {
        ("CG-12", Some((path, host))) => {
            let server = line.contains("server-side throttling").then_some(ErrorKind::Overloaded);
            let status =
                after("retry-reason: ").and_then(context::number).and_then(|n| u16::try_from(n).ok());
            (server.or(status.and_then(ErrorKind::of_status)).or(error), Some(path), host)
        }
        ("F8-06i", Some((path, host))) => {
            let (below, _) = reader.errors_within(end, text.len());
            (Some(below.or(error).unwrap_or(ErrorKind::NoAnswer)), Some(path), host)
        }
        ("PY-02", _) => {
            let path = line.rsplit(": ").next().and_then(ApiPath::parse);
            (errno(line).or(error), path, String::new())
        }
        _ => return,
    };
    let (Some(kind), Some(path)) = (kind, path) else { return };
    let mut failure = reader.blank(atom.row, kind);
    failure.verb = after("request: ").and_then(|rest| rest.split(':').next()).and_then(Verb::parse);
    failure.attempt = n.map(|n| Attempt { n, max: None, phase: Phase::WillRetry, delay });
    failure.subject = if kind.is_transport() { Subject::Host(host) } else { subject_of(&path) };
    failure.path = Some(path.path);
    reader.push(failure);
}
