//! Decision rule D0: make one wording of many.

/// Resolves backslash escapes, as often as the text was escaped (JSON inside a quoted klog value
/// inside logrus: three times), and drops ANSI colours and NUL bytes.
///
/// ```
/// use apiblame::record::unescape;
/// assert_eq!(unescape(r#"err="Get \\\"https://h\\\": EOF""#), r#"err="Get "https://h": EOF""#);
/// ```
pub fn unescape(text: &str) -> String {
    let mut text = strip_control(text);
    if text.contains("](http") {
        text = without_links(&text);
    }
    for _ in 0..4 {
        if !text.contains("\\\"") && !text.contains("\\n") && !text.contains("\\\\") {
            break;
        }
        text = unescape_once(&text);
    }
    text
}

/// `[v1.a.b](http://v1.a.b/)` is what a chat or a tracker makes of a name that looks like a host.
fn without_links(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("](http") {
        let link = &rest[at..];
        let Some((open, close)) = rest[..at].rfind('[').zip(link.find(')')) else { break };
        let name = &rest[open + 1..at];
        out.push_str(&rest[..open]);
        if link[..close].contains(name) {
            out.push_str(name);
        } else {
            out.push_str(&rest[open..=at + close]);
        }
        rest = &link[close + 1..];
    }
    out.push_str(rest);
    out
}

fn unescape_once(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let next = rest.as_bytes().get(at + 1).copied();
        let taken = match next {
            Some(b'"') => Some('"'),
            Some(b'\\') => Some('\\'),
            Some(b'n') => Some('\n'),
            Some(b't') => Some('\t'),
            Some(b'r') => Some(' '),
            _ => None,
        };
        match taken {
            Some(c) => out.push(c),
            None => {
                out.push('\\');
                rest = &rest[at + 1..];
                continue;
            }
        }
        rest = &rest[at + 2..];
    }
    out.push_str(rest);
    out
}

/// Drops `ESC [ … letter`, NUL and carriage returns.
pub(crate) fn strip_control(text: &str) -> String {
    if !text.bytes().any(|b| matches!(b, 0x1b | 0 | b'\r')) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\u{1b}' if chars.peek() == Some(&'[') => {
                chars.next();
                for c in chars.by_ref() {
                    if c.is_ascii_alphabetic() {
                        break;
                    }
                }
            }
            '\u{1b}' | '\0' | '\r' => {}
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_windows_path_survives() {
        assert_eq!(unescape(r"C:\dir\x"), r"C:\dir\x");
    }

    #[test]
    fn colours_and_nul_go() {
        assert_eq!(unescape("\u{1b}[31mred\u{1b}[0m\0!"), "red!");
        assert_eq!(unescape("\u{1b}[31"), "");
    }
}
