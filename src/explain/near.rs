//! The words nearest to one that nobody knows.

use strsim::levenshtein;

/// How many are named.
const MOST: usize = 5;

/// At most five words that are near enough to be meant, the nearest first.
pub(super) fn nearest(word: &str, words: impl IntoIterator<Item = &'static str>) -> Vec<&'static str> {
    let typed = word.to_ascii_lowercase();
    if typed.len() > 300 {
        return Vec::new();
    }
    let mut found: Vec<(usize, &str)> = words
        .into_iter()
        .filter_map(|known| {
            let other = known.to_ascii_lowercase();
            let part = typed.len() >= 3 && other.contains(&typed);
            let distance = if part { 1 } else { levenshtein(&typed, &other) };
            (distance <= typed.len().max(other.len()).div_ceil(3)).then_some((distance, known))
        })
        .collect();
    found.sort_unstable();
    found.truncate(MOST);
    found.into_iter().map(|(_, known)| known).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        assert_eq!(levenshtein("etcd", "etdc"), 2);
        assert_eq!(levenshtein("", "abc"), 3);
        assert_eq!(nearest("certifcate", ["certificate", "dns"]), ["certificate"]);
        assert!(nearest("zzzzzzzz", ["certificate", "dns"]).is_empty());
    }
}
