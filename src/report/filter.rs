//! What a report leaves out because it was not asked for.

use serde::Serialize;

use super::safe::field;
use super::words::plural;

/// What was asked for, and how much of the report that has left out. It is part of the JSON report.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Filtered {
    /// Namespaces.
    pub namespaces: Vec<String>,
    /// APIServices, as they were typed.
    pub apiservices: Vec<String>,
    /// Causes.
    pub causes: Vec<&'static str>,
    /// The beginning of the window, in RFC 3339.
    pub since: Option<String>,
    /// The end of the window, in RFC 3339.
    pub until: Option<String>,
    /// From when a duration was counted back; `None` if none was given.
    pub counted_from: Option<String>,
    /// Whether that is the end of the gathering, else it is the present.
    pub counted_from_gathering: Option<bool>,
    /// Incidents that are not shown.
    pub incidents_left_out: u64,
    /// Victims in other namespaces that are not shown, of the incidents that are.
    pub victims_left_out: u64,
}

impl Filtered {
    /// The line of the text report.
    pub(super) fn line(&self) -> String {
        let mut asked = Vec::new();
        let mut list = |what: &str, all: Vec<String>| {
            if !all.is_empty() {
                asked.push(format!("{what} {}", all.join(" or ")));
            }
        };
        let safe = |all: &[String]| all.iter().map(|one| field(one)).collect();
        list("namespace", safe(&self.namespaces));
        list("APIService", safe(&self.apiservices));
        list("cause", self.causes.iter().map(|&cause| cause.to_owned()).collect());
        list("since", self.since.iter().cloned().collect());
        list("until", self.until.iter().cloned().collect());
        let from = match (&self.counted_from, self.counted_from_gathering) {
            (Some(at), Some(true)) => format!(" (counted back from the end of the gathering, {at})"),
            (Some(at), _) => format!(" (counted back from now, {at})"),
            _ => String::new(),
        };
        let victims = match self.victims_left_out {
            0 => String::new(),
            n => format!(" and {n} victim{} in other namespaces", plural(n)),
        };
        let whole =
            if self.since.is_some() || self.until.is_some() { "; counts are of whole incidents" } else { "" };
        format!(
            "Filter: {}{from}: {} incident{}{victims} left out{whole}.",
            asked.join(", "),
            self.incidents_left_out,
            plural(self.incidents_left_out)
        )
    }
}
