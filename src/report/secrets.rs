//! What a secret looks like, and its masking.
//!
//! A secret is told by its shape alone: masking a harmless word is cheap, showing a token is not. Not for what
//! else a report must not print; see `safe`.

use std::borrow::Cow;
use std::sync::{LazyLock, OnceLock};

use Asks::{Any, CutUser, Flag, Key, User};
use aho_corasick::{AhoCorasick, AhoCorasickKind};
use memchr::{memchr2_iter, memchr3};
use regex::Regex;

const MASKED: &str = "<masked>";

/// Secrets by the shapes that programs print them in. What stands before a secret, and is kept, is in
/// the first group. A value in quotes reaches to their end, another one to the next blank,
/// or further if it ends like a key itself.
///
/// Before each pattern stands what is in every text that it matches: a pattern that nothing asks for is never
/// compiled, for compiling all takes longer than reading a short log.
#[rustfmt::skip]
const ROWS: &[(Asks, &str)] = &[
    // PEM, also where the text was cut before its end
    (Any(&["-----BEGIN "]), r"()-----BEGIN [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----[\s\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----|$)"),
    // the same in base64, as a kubeconfig and a Secret hold it
    (Any(&["LS0tLS1CRUdJTi"]), r"()LS0tLS1CRUdJTi[A-Za-z0-9+/=]*"),
    // HTTP headers, in curl's, Go's, Python's and JSON's writing, with their scheme and all
    (Any(&["authorization", "cookie", "x-"]), r#"(?i)((?:authorization|set-cookie|cookie|x-[a-z-]*token)\\*["']?\s*(?:[:=]|%3d|,)\s*(?:[\[\\"' ]|b["'])*)(?:(?:bearer|basic|digest|negotiate|token)\s+)?[^\s"'\\\]]+"#),
    (Any(&["bearer"]), r"(?i)(bearer(?:\s|%20|\+)+)[a-z0-9._~+/=-]{8,}"),
    // key=value, key: value, "key": "value", --key value
    (Key(&["passw", "passphrase", "pwd", "pgpass"]), r#"(?i)((?:passw(?:or)?d|passphrase|pwd|pgpass)\\*["']?\s*(?:[=:]|%3d)\s*)(?:\\*"(?:[^"\\]|\\[^"])*\\*"?|'[^']*'?|(?:[^\s"'&]+[:=]\s+)*[^\s"'&]+)"#),
    (Key(&["token", "secret", "api_key", "api-key", "apikey", "access_key", "access-key", "accesskey", "private_key", "private-key", "privatekey", "key-data", "credential", "\"auth", "\"_auth", "'auth", "'_auth"]), r#"(?i)((?:token|secret|api[_-]?key|access[_-]?key|access[_-]?key[_-]?id|private[_-]?key|key-data|token-data|credentials?|\\*["']_?auth)\\*["']?\s*(?:[=:]|%3d)\s*)(?:\\*"(?:[^"\\]|\\[^"]){4,}\\*"?|'[^']{4,}'?|(?:[^\s"'\\&]+[:=]\s+)*[^\s"'\\&]{4,})"#),
    (Flag(&["token", "password", "secret", "key-data"]), r#"(?i)(--?(?:[a-z]+-)*(?:token|password|secret|key-data)[ ]+)[^\s-][^\s]*"#),
    // user and password, or a token alone, in an URL of any scheme; also cut before its `@`
    (User, r#"(\b[A-Za-z][A-Za-z0-9+.-]*://)[^\s/?#"'<>]*[^\s/?#"'<>:]@"#),
    (CutUser, r#"(\b[A-Za-z][A-Za-z0-9+.-]*://[^\s/:@\[\]"']+:)[^\s/@"']*[^\s/@"'0-9][^\s/@"']*$"#),
    // tokens with a shape of their own
    (Any(&["eyJ"]), r"()eyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*){0,4}"),
    (Any(&["sha256~"]), r"()sha256~[A-Za-z0-9_-]{8,}"),
    (Any(&["AKIA", "ASIA", "AROA", "AIDA"]), r"()(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{12,}"),
    (Any(&["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "xox", "hvs.", "hvb.", "AIza", "sk-", "dckr_pat_", "npm_"]), r"()(?:gh[opsur]_|github_pat_|glpat-|xox[abeprs]-|hv[sb]\.|AIza|\bsk-|dckr_pat_|npm_)[A-Za-z0-9_.-]{16,}"),
];

/// What a pattern asks of a text.
enum Asks {
    /// One of these words, in any case.
    Any(&'static [&'static str]),
    /// One of these words, and behind it what stands between a key and its value.
    Key(&'static [&'static str]),
    /// One of these words as the end of a flag, and a blank.
    Flag(&'static [&'static str]),
    /// An URL, and an `@` behind its scheme.
    User,
    /// An URL that ends in its host: a `:` and no `/` behind the last scheme.
    CutUser,
}

impl Asks {
    fn met(&self, text: &str) -> bool {
        match self {
            Any(words) => asked(text, words, |_, _| true),
            Key(_) if memchr3(b':', b'=', b'%', text.as_bytes()).is_none() => false,
            Key(words) => asked(text, words, |_, behind| {
                // `credentials`, `access_key_id`, and quotes
                let ending =
                    behind.bytes().take(8).take_while(|c| c.is_ascii_alphabetic() || b"-_".contains(c));
                let behind = &behind[ending.count()..];
                let behind = behind.trim_start_matches(['\\', '"', '\'']).trim_start();
                behind.starts_with([':', '=', '%'])
            }),
            Flag(_) if !text.contains(' ') => false,
            Flag(words) => {
                asked(text, words, |before, behind| before.ends_with('-') && behind.starts_with(' '))
            }
            User => text.split_once("://").is_some_and(|(_, behind)| behind.contains('@')),
            CutUser => {
                text.rsplit_once("://").is_some_and(|(_, end)| end.contains(':') && !end.contains('/'))
            }
        }
    }
}

/// A row, and its pattern when it was needed.
struct Secret {
    asks: &'static Asks,
    pattern: &'static str,
    regex: OnceLock<Option<Regex>>,
}

static SECRETS: LazyLock<Vec<Secret>> = LazyLock::new(|| {
    let new =
        |(asks, pattern): &'static (Asks, &'static str)| Secret { asks, pattern, regex: OnceLock::new() };
    ROWS.iter().map(new).collect()
});

impl Secret {
    /// The pattern, if it may match.
    fn regex(&self, text: &str) -> Option<&Regex> {
        self.asks.met(text).then(|| self.regex.get_or_init(|| Regex::new(self.pattern).ok()).as_ref())?
    }
}

/// The letters beyond ASCII that are the other case of one in it (Unicode, CaseFolding.txt).
const OTHER_CASE: [&str; 2] = ["\u{17f}", "\u{212a}"];

/// Whether a text holds one of the words, in any case, where what stands before and behind it fits.
fn asked(text: &str, words: &[&str], fits: impl Fn(&str, &str) -> bool) -> bool {
    OTHER_CASE.iter().any(|letter| text.contains(letter))
        || words.iter().any(|word| places(text, word).any(|at| fits(&text[..at], &text[at + word.len()..])))
}

/// Where a text holds a word of ASCII, in any case.
fn places(text: &str, word: &str) -> impl Iterator<Item = usize> {
    let (bytes, first) = (text.as_bytes(), word.as_bytes()[0]);
    let starts = memchr2_iter(first.to_ascii_lowercase(), first.to_ascii_uppercase(), bytes);
    starts.filter(move |&at| {
        bytes.get(at..at + word.len()).is_some_and(|found| found.eq_ignore_ascii_case(word.as_bytes()))
    })
}

/// Masks secrets.
pub fn mask(text: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(text);
    for secret in SECRETS.iter() {
        if let Some(pattern) = secret.regex(&text).filter(|pattern| pattern.is_match(&text)) {
            text = Cow::Owned(pattern.replace_all(&text, format!("${{1}}{MASKED}")).into_owned());
        }
    }
    text
}

/// Finds the words of all patterns, and what else is asked of a text: a text without any of them is not changed.
pub(super) static WORDS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let words = ROWS.iter().flat_map(|(asks, _)| match asks {
        Any(words) | Key(words) | Flag(words) => *words,
        User | CutUser => &["://"][..],
    });
    let mut builder = AhoCorasick::builder();
    builder.kind(Some(AhoCorasickKind::ContiguousNFA)); // a DFA would be chosen, and takes longer to build
    builder.ascii_case_insensitive(true).build(words.copied().chain(OTHER_CASE)).ok()
});

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Each pattern is compiled, and does not match what has none of its words.
    #[test]
    fn patterns_are_sound_and_need_their_words() {
        for (asks, pattern) in ROWS {
            let syntax = Regex::new(pattern).unwrap();
            let mut matched = 0;
            for text in SECRETIVE.lines() {
                matched += usize::from(syntax.is_match(text));
                assert!(!syntax.is_match(text) || asks.met(text), "{pattern}: {text}");
            }
            assert!(matched > 0, "{pattern}");
            assert!(!asks.met("all is well"), "{pattern}");
        }
        let met = |asks: Asks, text| asks.met(text);
        assert!(met(Any(&["token"]), "a ToKen") && !met(Any(&["token"]), "a toke"));
        assert!(met(Key(&["secret"]), r#"{\"secrets\" : 1}"#) && !met(Key(&["secret"]), "delete secret a"));
        assert!(met(Flag(&["token"]), "--x-token a") && !met(Flag(&["token"]), "a token b"));
    }

    pub(in crate::report) const SECRETIVE: &str = r#"-----BEGIN RSA PRIVATE KEY-----abc
LS0tLS1CRUdJTiBabc
Authorization: Bearer abcdefgh12345678
Set-Cookie: a=b
x-auth-token: abcdefgh
BEARER abcdefgh12345678
passwd=hunter2
passphrase: hunter2
PGPASS=x
pwd=y
token=abcdefgh
client_secret: abcdefgh
api-key=abcdefgh
access_key_id=abcdefgh
client-key-data: abcdefgh
credentials=abcdefgh
"auth": "abcdefgh"
"_auth": "abcdefgh"
--token abcdefgh
-password abcdefgh
--client-key-data abcdefgh
postgres://user:pass@host/
https://user:secret
eyJabcdefghijkl.abc.def
sha256~abcdefghijkl
AKIAABCDEFGHIJKL
ASIAABCDEFGHIJKL
ghp_abcdefghijklmnopqrst
github_pat_abcdefghijklmnopqrst
xoxb-abcdefghijklmnopqrst
hvs.abcdefghijklmnopqrst
AIzaabcdefghijklmnopqrst
sk-abcdefghijklmnopqrst
dckr_pat_abcdefghijklmnopqrst
npm_abcdefghijklmnopqrst
glpat-abcdefghijklmnopqrst"#;

    /// What is secret is written between `«` and `»`.
    const LINES: &[&str] = &[
        "Authorization: Bearer «abcdefgh12345678»",
        "curl -v -XGET -H \"Authorization: Bearer «short»\" -H \"Accept: */*\" 'https://h/apis'",
        "headers=map[Authorization:[Bearer «abc.def.ghi-jkl»] Accept:[*/*]]",
        "{'Authorization': 'Basic «dXNlcjpwYXNz»'}",
        "{\\\"authorization\\\":\\\"Bearer «secretsecretsecret»\\\"}",
        "proxy-authorization=Negotiate «YIIabcdef»",
        "Set-Cookie: «session=abcdef»",
        "X-Auth-Token: «abcdef123456»",
        "bearer «abcdefgh12345678»",
        "password=«hunter2,with;signs)and}more» x",
        "password: \"«two words here»\" x",
        "DB_PASSWORD='«two words»' x",
        "{\\\"password\\\":\\\"«hunter2»\\\",\\\"a\\\":1}",
        "passwd=«ab» x",
        "/x/token: «abcdefgh1»?x=token: «abcdefgh1»",
        "pwd: «abc»",
        "https://h/x?access_token=«abcdefgh»&b=1",
        "access_token%3D«abcdefgh12»",
        "token: «sha256~abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG»",
        "user sha256~«abcdefghijklmnopqrstuvwxyz» logged in",
        "«eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJrdWJlcm5ldGVzIn0.abc-d_ef»",
        "cut «eyJhbGciOiJSUzI1NiJ9.eyJp»",
        "https://«user:pa55word»@h/x",
        "https://«user:p@55word»@h/x",
        "postgres://«user:pa55word»@db:5432/x",
        "https://«ghtoken»@github.com/x",
        "https://user:«pa55wo»",
        "key «AKIAIOSFODNN7EXAMPLE» used",
        "aws_secret_access_key=«wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY»",
        "secretAccessKey: «wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY»",
        "-----BEGIN RSA PRIVATE KEY-----\n«MIIEpAIBAAKCAQEA\nabc»\n-----END RSA PRIVATE KEY----- x",
        "-----BEGIN OPENSSH PRIVATE KEY----- «b3BlbnNzaC1rZXk»",
        "client-key-data: «LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQo=»",
        "tls.key «LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQo=»",
        "    token: «abcdefghijklmnop»",
        "oc login --token «abcdefghijklmnop» --server=x",
        "oc login --token=«abcdefghijklmnop» --server=x",
        "client_secret=«abcd1234»",
        "{\"auths\":{\"quay.io\":{\"auth\":\"«dXNlcjpwYXNzd29yZA==»\"}}}",
        "ghp «ghp_abcdefghijklmnopqrstuvwxyz0123456789» x",
    ];

    #[test]
    fn secrets_are_masked() {
        for line in LINES {
            let secrets: Vec<&str> =
                line.split('«').skip(1).filter_map(|part| part.split_once('»')).map(|part| part.0).collect();
            assert!(!secrets.is_empty(), "{line}");
            let masked = mask(&line.replace(['«', '»'], "")).into_owned();
            assert!(masked.contains(MASKED), "{masked}");
            for secret in secrets.iter().flat_map(|secret| secret.split_whitespace()) {
                assert!(!masked.contains(secret), "{masked}");
                for piece in secret.split(|c: char| !c.is_alphanumeric()).filter(|piece| piece.len() > 3) {
                    assert!(!masked.replace(MASKED, "").contains(piece), "{piece}: {masked}");
                }
            }
        }
    }

    #[test]
    fn what_is_no_secret_stays() {
        for line in [
            "Get \"https://h/apis\": EOF",
            "https://172.30.0.1:443/apis/metrics.k8s.io/v1beta1?timeout=32s",
            "dial tcp https://[fd00::1]:6443",
            "/api/v1/namespaces/x/secrets/y-token-abcde",
            "invalid bearer token",
            "mail a@b.example",
            "the token of the service account has expired",
        ] {
            assert_eq!(mask(line), line);
        }
    }
}
