//! Log text, made safe: control characters become visible, secrets are masked.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

/// Tokens, passwords and keys, by the shapes that programs print them in: a bearer token, a JWT, a
/// `password=`, `token:`, `secret=` value, a PEM block, an URL with a password.
static SECRETS: LazyLock<Vec<(Regex, &'static str)>> = LazyLock::new(|| {
    [
        (r#"(?i)(bearer\s+)[a-z0-9._~+/=-]{8,}"#, "$1<masked>"),
        (r#"eyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]{6,}\.?[A-Za-z0-9_-]*"#, "<masked>"),
        (r#"(?i)((?:password|passwd|token|secret|api[_-]?key|access[_-]?key|client[_-]?secret)["']?\s*[=:]\s*["']?)[^\s"',;)}]{4,}"#, "$1<masked>"),
        (r#"(?i)(authorization["']?\s*[:=]\s*["']?(?:basic|digest|negotiate)\s+)[^\s"',]+"#, "$1<masked>"),
        (r#"-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)"#, "<masked>"),
        (r#"(https?://[^\s/:@]+:)[^\s/@]+@"#, "$1<masked>@"),
        (r#"sha256~[A-Za-z0-9_-]{20,}"#, "<masked>"),
    ]
    .into_iter()
    .filter_map(|(pattern, mask)| Some((Regex::new(pattern).ok()?, mask)))
    .collect()
});

/// Masks secrets.
pub fn mask(text: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(text);
    for (pattern, with) in SECRETS.iter() {
        if pattern.is_match(&text) {
            text = Cow::Owned(pattern.replace_all(&text, *with).into_owned());
        }
    }
    text
}

/// Makes what a terminal would obey visible: control characters, bidirectional marks, zero-width
/// characters. Newlines and tabs become blanks: a field stays on its line.
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\t' | '\r' => out.push(' '),
            '\0'..='\u{1f}' => out.push(char::from_u32(0x2400 + c as u32).unwrap_or('?')),
            '\u{7f}' => out.push('\u{2421}'),
            '\u{80}'..='\u{9f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}'
            | '\u{feff}' => {
                out.push_str(&format!("<U+{:04X}>", c as u32));
            }
            c => out.push(c),
        }
    }
    out
}

/// Both, for a field of a text report.
pub fn field(text: &str) -> String {
    visible(&mask(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_masked() {
        for secret in [
            "Authorization: Bearer abcdefgh12345678",
            "password=hunter2secret x",
            "token: sha256~abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
            "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJrdWJlcm5ldGVzIn0.abc",
            "https://user:pa55word@h/x",
        ] {
            let masked = mask(secret);
            assert!(masked.contains("<masked>"), "{masked}");
            for word in ["abcdefgh1234", "hunter2", "abcdefghijklmnop", "eyJpc3", "pa55"] {
                assert!(!masked.contains(word), "{masked}");
            }
        }
        assert_eq!(mask("Get \"https://h/apis\": EOF"), "Get \"https://h/apis\": EOF");
    }

    #[test]
    fn nothing_is_obeyed() {
        assert_eq!(visible("a\u{1b}[31mb\nc\u{202e}d"), "a␛[31mb c<U+202E>d");
    }
}
