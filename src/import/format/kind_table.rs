//! The kinds of a data set's own types, from a table in the codebook.

use rustc_hash::FxHashMap;

use crate::model::fold;

/// A table of kinds by type and type within it, tab-separated with a header, `#` in front of comments.
#[derive(Debug)]
pub(super) struct KindTable {
    /// As the data set writes the types: nearly all rows are found so, and nothing is allocated for them.
    exact: FxHashMap<(&'static str, &'static str), &'static str>,
    folded: FxHashMap<(String, String), &'static str>,
}

impl KindTable {
    /// The kinds of a table.
    pub(super) fn read(text: &'static str) -> KindTable {
        let rows = text.lines().filter(|line| !line.starts_with('#')).skip(1).filter_map(|line| {
            let mut cells = line.split('\t');
            Some(((cells.next()?, cells.next()?), cells.next()?.trim()))
        });
        let exact: FxHashMap<_, _> = rows.collect();
        let folded =
            exact.iter().map(|((above, within), kind)| ((fold(above), fold(within)), *kind));
        KindTable { folded: folded.collect(), exact }
    }

    /// The kind of a type within another; where it is not known, that of the type around it.
    pub(super) fn get(&self, above: &str, within: &str) -> Option<&'static str> {
        if let Some(kind) = self.exact.get(&(above, within)) {
            return Some(kind);
        }
        let (above, within) = (fold(above), fold(within));
        let mut found = self.folded.get(&(above.clone(), within));
        if found.is_none() {
            found = self.folded.get(&(above, String::new()));
        }
        found.copied()
    }

    /// Makes sure that the codebook has all kinds of the table, and that there are more than `least`.
    #[cfg(test)]
    #[track_caller]
    pub(super) fn assert_known(&self, least: usize) {
        assert!(self.exact.len() > least && self.exact.len() == self.folded.len());
        for kind in self.exact.values() {
            let known = crate::model::Codebook::builtin().get(kind);
            assert!(known.is_some_and(|known| known.name == *kind), "{kind}");
        }
    }
}
