//! klog and glog: `E0714 08:00:03.283258       1 reflector.go:147] message`, and its structured
//! form `"message" key="value"` (klog/v2 internal/buffer/buffer.go, 1.x to 2.130).

use std::borrow::Cow;

use nom::Parser;
use nom::bytes::complete::{take_while, take_while1};
use nom::character::complete::{char, one_of};
use nom::combinator::opt;

use super::Head;
use crate::record::Level;
use crate::time;

/// Reads klog's header. The severity letter may be cut off (pastes do that).
pub(super) fn read(line: &str) -> Option<Head<'_>> {
    type E<'a> = nom::error::Error<&'a str>;
    let (rest, severity) = opt(one_of::<_, _, E<'_>>("IWEF")).parse(line).ok()?;
    let (at, rest) = time::klog(rest)?;
    let (rest, (_, _, _, _, logger, _)) = (
        take_while1::<_, _, E<'_>>(|c| c == ' '),
        take_while(|c: char| c.is_ascii_digit()),
        take_while(|c| c == ' '),
        opt(char('[')),
        take_while1(|c: char| c != ']' && c != ' '),
        char(']'),
    )
        .parse(rest)
        .ok()?;
    let level = severity.map_or(Level::Unknown, |c| Level::parse(c.encode_utf8(&mut [0; 4])));
    Some(Head {
        format: "klog",
        at: Some(at),
        level,
        logger: Cow::Borrowed(logger),
        body: Cow::Borrowed(rest.trim_start()),
        audit: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_and_message() {
        let head = read("E0714 08:00:03.283258       1 reflector.go:147] it failed").unwrap();
        assert_eq!((head.logger.as_ref(), head.body.as_ref()), ("reflector.go:147", "it failed"));
        assert_eq!(head.level, Level::Error);
        assert!(read("E0714 is no time").is_none());
    }
}
