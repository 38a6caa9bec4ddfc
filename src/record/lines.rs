//! What a single line looks like, as far as it decides where a record begins and ends: rows of tables,
//! exceptions, keys of YAML. Not what the line says; that is the grammars' and the failures' part.

/// The sentence of Python between two tracebacks that belong together.
pub(super) fn links_exceptions(text: &str) -> bool {
    text.starts_with("The above exception was the direct cause")
        || text.starts_with("During handling of the above")
}

/// A row of `oc describe`'s events or of a table: a record of its own, though it is indented.
pub(super) fn is_describe_row(text: &str) -> bool {
    let text = text.trim_start();
    text.starts_with("Warning  ")
        || text.starts_with("Normal  ")
        || text.starts_with("Message:")
        || text.starts_with("- ")
}

/// `package.module.SomeError: text`, `SomeError` (the last line of a traceback).
pub(super) fn is_exception(text: &str) -> bool {
    let name = text.split([':', ' ', '(']).next().unwrap_or("");
    let last = name.rsplit('.').next().unwrap_or("");
    (last.ends_with("Error") || last.ends_with("Exception") || last.ends_with("Timeout"))
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'_')
}

/// `java.net.ConnectException: …`: what a Java logger prints on the line behind the message.
pub(super) fn is_java_exception(text: &str) -> bool {
    const ROOTS: &[&str] = &["java.", "javax.", "io.", "okhttp3.", "org.", "com."];
    ROOTS.iter().any(|root| text.starts_with(root)) && is_exception(text)
}

/// A line of YAML, which is a record of its own: `key: value`, `- key:`.
pub(super) fn is_yaml_key(text: &str) -> bool {
    let trimmed = text.trim_start().trim_start_matches("- ");
    let key = trimmed.split(':').next().unwrap_or("");
    key.len() < trimmed.len()
        && !key.is_empty()
        && key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'"' | b'/'))
        && matches!(trimmed.as_bytes().get(key.len() + 1), None | Some(b' '))
        && !is_exception(text)
}

/// The indent of a YAML key whose value may be folded over the next lines.
pub(super) fn yaml_indent(text: &str) -> Option<usize> {
    let trimmed = text.trim_start().trim_start_matches("- ");
    let indent = text.len() - trimmed.len();
    let keys = ["message:", "Message:", "note:", "reason:"];
    let key = keys.iter().find(|key| trimmed.starts_with(**key))?;
    let value = trimmed[key.len()..].trim();
    // A complete quoted or short value is not folded.
    let open = value.starts_with(['>', '|'])
        || value.starts_with('\'') && !(value.len() > 1 && value.ends_with('\''))
        || value.starts_with('"') && !(value.len() > 1 && value.ends_with('"'))
        || !value.starts_with(['\'', '"']);
    open.then_some(indent)
}
