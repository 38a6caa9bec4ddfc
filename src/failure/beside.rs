//! The group/version of an error that the server answered: what stands beside it in the record.

use super::atoms::Atom;
use super::context;
use super::read::Reader;
use crate::k8s::GroupVersion;
use crate::knowledge::signatures::Doing;

impl Reader<'_> {
    /// The group/version beside an error: before it, behind `stale GroupVersion discovery`, behind
    /// what the program was doing, or in fields.
    pub(super) fn group_version(
        &self,
        atom: Atom,
        doing: Option<(Doing, Atom)>,
        left: &str,
        right: &str,
    ) -> Option<GroupVersion> {
        if let Some(gv) = context::group_version_before(left) {
            return Some(gv);
        }
        if atom.row.id == "CG-04" {
            // `stale GroupVersion discovery: g/v`; a line that is cut before it names nothing.
            let right = right.find("discovery").map_or("", |at| &right[at + 9..]);
            return context::group_version_at(right);
        }
        if let Some((Doing::Discovery, at)) = doing {
            let line = &self.text[at.end..self.line_end(at.end)];
            if let Some(gv) = context::group_version_at(line) {
                return Some(gv);
            }
        }
        let keys = ["gv=", "groupVersion=", "GroupVersion=", "GroupVersion\"="];
        let gv = keys.iter().find_map(|key| GroupVersion::parse(context::field(self.text, key)?));
        gv.or_else(|| {
            let group = context::field(self.text, "group=")?;
            let version = context::field(self.text, "version=")?;
            GroupVersion::parse(&format!("{group}/{version}"))
        })
        .or_else(|| match doing {
            Some((Doing::List | Doing::Watch, at)) => {
                context::group_version_kind(&self.text[at.end..atom.start])
            }
            _ => None,
        })
    }

    /// A version that the record tells of a group elsewhere (a path, a list of pairs).
    pub(super) fn version_of(&self, group: &str) -> Option<String> {
        if group.is_empty() {
            return None;
        }
        let at = self.text.find(&format!("{group}/v"))?;
        context::group_version_at(&self.text[at..]).map(|gv| gv.version)
    }
}
