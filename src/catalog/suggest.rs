//! Did you mean: the nearest thing that exists.

use std::collections::BTreeMap;
use std::ops::Bound;

use crate::error::Result;
use crate::model::{fold, words};
use crate::storage::{Entry, EntryKind};

use super::catalog::Catalog;
use super::resolve::{Bearer, Tree};

/// How alike two words must be (Jaro–Winkler, 0 to 1) to be offered for one another.
const ALIKE: f64 = 0.82;

/// The candidates nearest to a word, the nearest first, at most three.
///
/// Of names that have an equally near word, the one that is nearest as a whole comes first: `visit` before `hosted visit`.
pub(crate) fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Vec<&'a str> {
    let word = fold(word);
    let mut scored: Vec<((f64, f64), &str)> = candidates
        .into_iter()
        .map(|candidate| (likeness(&word, &fold(candidate)), candidate))
        .filter(|((score, _), _)| *score >= ALIKE)
        .collect();
    scored.sort_by(|((a, whole_a), x), ((b, whole_b), y)| {
        b.total_cmp(a).then(whole_b.total_cmp(whole_a)).then(x.cmp(y))
    });
    scored.dedup_by(|a, b| a.1 == b.1);
    scored.into_iter().take(3).map(|(_, candidate)| candidate).collect()
}

/// How alike a folded word is to a folded name: to the whole of it or to one of its words; and to the whole alone.
fn likeness(word: &str, name: &str) -> (f64, f64) {
    let whole = strsim::jaro_winkler(word, name);
    let best =
        words(name).iter().map(|part| strsim::jaro_winkler(word, part)).fold(whole, f64::max);
    (best, whole)
}

impl Catalog {
    /// The bearers whose names are nearest to a name that nobody bears, each with its number of events.
    pub(crate) fn nearest_bearers(&self, tree: Tree, name: &str) -> Result<Vec<(Bearer, u64)>> {
        let names = self.all_names(tree)?;
        let mut found: Vec<(Bearer, u64)> = Vec::new();
        for near in nearest(name, names.iter().map(|(name, _)| name.as_str())) {
            if let Some((_, bearer)) = names.iter().find(|(name, _)| name == near)
                && !found.iter().any(|(b, _)| b.name == bearer.name)
            {
                let count = self.count_events(tree, bearer)?;
                found.push((bearer.clone(), count));
            }
        }
        Ok(found)
    }

    /// The bearers with a name that fits, each with its number of events.
    pub(crate) fn bearers_like(
        &self,
        tree: Tree,
        fits: &dyn Fn(&str) -> bool,
    ) -> Result<Vec<(String, u64)>> {
        let mut found: BTreeMap<String, Bearer> = BTreeMap::new();
        for (name, bearer) in self.all_names(tree)? {
            if fits(&name) {
                found.insert(bearer.name.clone(), bearer);
            }
        }
        found
            .into_values()
            .map(|bearer| Ok((bearer.name.clone(), self.count_events(tree, &bearer)?)))
            .collect()
    }

    /// Every name and alias with its bearer, and every name as written that no entry bears.
    fn all_names(&self, tree: Tree) -> Result<Vec<(String, Bearer)>> {
        let mut names: Vec<(String, Bearer)> = Vec::new();
        for entry in self.view.entries(tree.entries())? {
            let bearer = Bearer { name: entry.name().to_owned(), known: true };
            names.push((bearer.name.clone(), bearer.clone()));
            names.extend(
                entry.aliases().into_iter().map(|alias| (alias.to_owned(), bearer.clone())),
            );
        }
        for (written, _) in
            self.view.posting_values(tree.posting(), Bound::Unbounded, Bound::Unbounded)?
        {
            if self.view.bearers(tree.entries(), &tree.fold(&written))?.is_empty() {
                names.push((written.clone(), Bearer { name: written, known: false }));
            }
        }
        Ok(names)
    }

    /// The kinds nearest to a word.
    pub(crate) fn nearest_kinds(&self, name: &str) -> Result<Vec<String>> {
        let kinds = self.all_kinds()?;
        let names = kinds
            .iter()
            .flat_map(|k| k.aliases.iter().map(String::as_str).chain([k.name.as_str()]));
        Ok(nearest(name, names).into_iter().map(str::to_owned).collect())
    }

    /// The documents nearest to a key.
    pub(crate) fn nearest_documents(&self, key: &str) -> Result<Vec<String>> {
        let entries = self.view.entries(EntryKind::Document)?;
        Ok(nearest(key, entries.iter().map(Entry::name)).into_iter().map(str::to_owned).collect())
    }
}
