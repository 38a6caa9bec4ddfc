//! Where in a text a name must stand: one row a wording.
//!
//! A row is taken only where nothing but a name can follow: after `https://`, in quotes after a key,
//! behind `namespaces/`. A word that is learned by mistake would be replaced everywhere.

use std::sync::LazyLock;

use regex::Regex;

/// What a name is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Host,
    Ip,
    User,
    Namespace,
}

impl Kind {
    pub(super) const ALL: [Kind; 4] = [Kind::Host, Kind::Ip, Kind::User, Kind::Namespace];

    /// The word of its tokens.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Kind::Host => "HOST",
            Kind::Ip => "IP",
            Kind::User => "USER",
            Kind::Namespace => "NAMESPACE",
        }
    }
}

/// The name is in the groups. `Q` stands for a quote, escaped or not.
#[rustfmt::skip]
const ROWS: &[(Kind, &str)] = &[
    (Kind::Host, r#"\b[A-Za-z][A-Za-z0-9+.-]*://(?:[^\s/@"'<>]*@)?([A-Za-z0-9][A-Za-z0-9._-]*)"#),
    (Kind::Host, r"\b(?:dial|read|write|proxyconnect|listen) (?:tcp|udp)[46]?:? (?:lookup )?([A-Za-z0-9][A-Za-z0-9._-]*)"),
    (Kind::Host, r"\blookup ([A-Za-z0-9][A-Za-z0-9._-]*)(?:[: ]|$)"),
    (Kind::Host, r"\b((?:[a-z0-9_-]+\.)+svc(?:\.[a-z0-9-]+)*)\b"),
    (Kind::Host, r"\b((?:[A-Za-z0-9_-]+\.)+(?:internal|local|localdomain|lan|corp|home|intra))(?:[^A-Za-z0-9.-]|\.?$|\.\s)"),
    (Kind::Host, r"\b(ip-\d{1,3}-\d{1,3}-\d{1,3}-\d{1,3}(?:\.[a-z0-9.-]+)?)"),
    (Kind::Host, r"(?i)\b(?:host|hostname|node|nodename|node_name|kubernetes_host|servername)Q*[=:]Q*([A-Za-z0-9][A-Za-z0-9._-]*)"),
    (Kind::Host, r"(?i)\b(?:host|hostname|node|nodename|node_name)Q*[=:] Q+([A-Za-z0-9][A-Za-z0-9._-]*)"),
    (Kind::Host, r"\b[Nn]odes? Q+([A-Za-z0-9][A-Za-z0-9._-]*)"),
    (Kind::Host, r"(?:^|[/ ])nodes?/([a-z0-9][a-z0-9.-]*)"),
    (Kind::Host, r"(?i)\b(?:connect(?:ion)? to(?: host)?|resolve(?: host)?:?|unknownhostexception:?|getaddrinfo \w+) Q*([A-Za-z0-9][A-Za-z0-9-]*(?:\.[A-Za-z0-9-]+)+)"),
    (Kind::Host, r"(?i)\bconnect to(?: host)? ([A-Za-z0-9][A-Za-z0-9._-]*)[:/]"),
    (Kind::Host, r"\b(?:, not|wanted to match|valid for) ([A-Za-z0-9*][A-Za-z0-9._-]*)"),
    (Kind::Host, r"(?i)\bfailed on (?:the )?(?:node|host) ([A-Za-z0-9][A-Za-z0-9._-]*)"),
    (Kind::Namespace, r"\b(?:namespaces?|ns)/([a-z0-9][a-z0-9-]*)"),
    (Kind::Host, r"(?i)\bhost ([a-z0-9-]+(?:\.[a-z0-9-]+){2,})"),
    (Kind::Namespace, r"\bin (?:the )?namespace ([a-z0-9][a-z0-9-]*)"),
    (Kind::Namespace, r"\bnamespaces?%2[Ff]([a-z0-9][a-z0-9-]*)"),
    (Kind::Namespace, r"(?i)\b(?:[a-z_.]*namespace|ns|k8s_ns|namespace_name|kubernetes\.namespace_name)Q*[=:]Q*([a-z0-9][a-z0-9-]*)"),
    (Kind::Namespace, r"(?i)\b(?:[a-z_.]*namespace|namespace_name)Q*[=:] Q+([a-z0-9][a-z0-9-]*)"),
    (Kind::Namespace, r"(?i)\bnamespace: ([a-z0-9][a-z0-9-]*)(?:[,;)}\]]|$)"),
    (Kind::Namespace, r"\b[Nn]amespaces? Q+([a-z0-9][a-z0-9-]*)Q"),
    (Kind::Namespace, r"\bin (?:the )?(?:[Nn]amespace |project )?Q+([a-z0-9][a-z0-9-]*)Q"),
    (Kind::Namespace, r"(?:\s-n|--namespace)[ =]([a-z0-9][a-z0-9-]*)"),
    (Kind::Namespace, r"\bsystem:serviceaccounts?:([a-z0-9][a-z0-9-]*)"),
    (Kind::Namespace, r"\b[a-z0-9_-]+\.([a-z0-9][a-z0-9-]*)\.svc\b"),
    // klog's ObjectRef, controller-runtime's NamespacedName, and what Kopf puts before its messages
    (Kind::Namespace, r#"(?:[=:]\s?|[a-z] )Q+([a-z0-9][a-z0-9-]*)/[a-z0-9][a-z0-9.-]*Q"#),
    (Kind::Namespace, r"(?:^|\s)\[([a-z0-9][a-z0-9-]*)/[a-z0-9][a-z0-9.-]*\]"),
    (Kind::User, r"\b(system:[A-Za-z0-9:._@-]*[A-Za-z0-9])"),
    (Kind::User, r"\b(kube:admin)\b"),
    (Kind::User, r#"(?i)\b(?:user|username|user_name|impersonated-?user)Q*\s?[=:]\s?Q+([^"'\\\s]+)"#),
    (Kind::User, r#"(?i)\b(?:user|username)=([^\s"',;&\\]+)"#),
    (Kind::User, r#"\b[Uu]sers? Q+([^"'\\]+)"#),
    (Kind::User, r"\b([A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)"),
    (Kind::User, r"/(?:home|Users)/([A-Za-z0-9][A-Za-z0-9._-]*)"),
];

/// The rows as they are searched for.
static PATTERNS: LazyLock<Vec<(Kind, Regex)>> = LazyLock::new(|| {
    let row = |(kind, pattern): &(Kind, &str)| Some((*kind, Regex::new(&with_quotes(pattern)).ok()?));
    ROWS.iter().filter_map(row).collect()
});

fn with_quotes(pattern: &str) -> String {
    // A backslash before the quote, where a log quotes JSON.
    pattern.replace("Q+", r#"(?:\\*["'`])+"#).replace("Q*", r#"(?:\\*["'`])*"#).replace('Q', r#"\\*["'`]"#)
}

/// Words that two-part names begin with though they are no namespaces: groups without a dot, media types,
/// prefixes of `oc logs --prefix`.
const NO_NAMESPACES: &[&str] = &[
    "application",
    "text",
    "image",
    "apps",
    "batch",
    "policy",
    "autoscaling",
    "extensions",
    "pod",
    "service",
    "deployment",
    "docker",
    "the",
    "this",
    "a",
    "is",
    "not",
];

/// Tells of every name that a text must hold.
pub(super) fn find(text: &str, tell: &mut impl FnMut(Kind, &str)) {
    for (kind, pattern) in PATTERNS.iter() {
        for found in pattern.captures_iter(text).filter_map(|found| found.get(1)) {
            let name = found.as_str();
            if *kind != Kind::Namespace || !NO_NAMESPACES.contains(&name) {
                tell(*kind, name);
            }
        }
    }
    if let Some((_, list)) = text.split_once("certificate is valid for ") {
        let hosts = list.split(", ").take_while(|host| !host.starts_with("not "));
        hosts.filter(|host| !host.contains(' ')).for_each(|host| tell(Kind::Host, host));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_compiles() {
        for (_, pattern) in ROWS {
            Regex::new(&with_quotes(pattern)).expect(pattern);
        }
        assert_eq!(PATTERNS.len(), ROWS.len());
    }
}
