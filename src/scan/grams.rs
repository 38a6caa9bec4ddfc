//! Four bytes of each anchor: what the search looks at first.
//!
//! A packed search (Teddy) compares the first four bytes of all its patterns at once; it is fast as
//! long as those are rare in what is searched, and at most 64 patterns share a pass. So the patterns
//! are not the anchors themselves but four bytes out of each, chosen to be rare in healthy logs (a
//! greedy cover, weighed by how often the four bytes occur in logs of control planes, audit logs and
//! operators). A place that is found is then compared with the anchors that hold those four bytes.
//!
//! A new anchor without any of these fails the test below, which says so: add four rare bytes of it.

/// The two passes.
#[rustfmt::skip]
pub(super) const GRAMS: [&[&str]; 2] = [
    &[
        ":\"ap", " 502", " 504", " Int", " cod", " los", " som", "'t g", "(Mis", "(re)", ": EO", ":404", ":500", ":504",
        "Disc", "ENOT", "Erro", "ROR;", "TTP-", "ady:", "ata ", "be c", "ces.", "ck e", "ct c", "d AP", "e cr",
        "each", "entl", "eset", "forb", "h st", "i/o ", "ith:", "le G", "lem ", "n po", "nd e", "nt.T", "o pa",
        "om h", "oo l", "or {", "oxyc", "pt #", "r mi", "re e", "rt m", "s) 4", "sp=4", "st o", "stop", "t er",
        "tcds", "tls:", "urn ", "x509",
    ],
    &[
        " 503", " Gat", " bod", " han", " pan", " unk", "(End", "(Ser", ": 50", ": tl", ":429", ":503", "APIS",
        "ECON", "ETIM", "Prec", "TTP ", "Unau", "any ", "avai", "brok", "ch h", "cs A", "ct t", "down", "e no",
        "en i", "epti", "exce", "g we", "he r", "is n", "ithi", "le i", "me r", "n we", "no m", "o ho", "olvi",
        "on t", "or h", "osed", "penA", "r ha", "r ti", "refu", "ry-r", "s) 5", "sp=5", "st-t", "t a ", "t: o",
        "th a", "to H", "ve r", "xpec",
    ],
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::anchors;

    #[test]
    fn every_anchor_holds_four_of_these_bytes() {
        let all: Vec<&str> = GRAMS.iter().flat_map(|pass| pass.iter().copied()).collect();
        for anchor in anchors() {
            assert!(
                all.iter().any(|gram| anchor.contains(gram)),
                "no gram for {anchor:?}: add four rare bytes of it"
            );
        }
    }

    #[test]
    fn every_gram_is_needed_and_fits() {
        let anchors = anchors();
        for pass in GRAMS {
            assert!(pass.len() <= 64, "Teddy takes 64 patterns at most");
            for gram in pass {
                assert_eq!(gram.len(), 4, "{gram:?}");
                assert!(anchors.iter().any(|anchor| anchor.contains(gram)), "no anchor holds {gram:?}");
            }
        }
    }
}
