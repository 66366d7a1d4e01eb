//! The kind: what sort of event it is, a tree with the CAMEO codes at its nodes.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::{fold, table};

/// An entry of the codebook.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Kind {
    /// The readable word.
    pub name: String,
    /// The kind that it is a kind of.
    pub parent: Option<String>,
    /// The CAMEO code, as text with its zeros.
    pub code: Option<String>,
    /// What the code book calls it.
    pub title: Option<String>,
    /// 1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict.
    pub quad: Option<u8>,
    /// The Goldstein score, -10 to 10.
    pub goldstein: Option<f64>,
    /// The score that ICEWS gives to the code, -10 to 10.
    pub intensity: Option<f64>,
    /// The PLOVER type.
    pub plover: Option<String>,
    /// The PLOVER mode.
    pub mode: Option<String>,
    /// True where two codes tell the same thing from both sides, as making and hosting a visit.
    pub mirrored: bool,
    /// Other words for it.
    pub aliases: Vec<String>,
}

/// A tree of kinds, the built-in one or one with more kinds.
#[derive(Debug, Clone, Default)]
pub struct Codebook {
    kinds: Vec<Kind>,
    /// By folded name and alias.
    by_name: FxHashMap<String, usize>,
    by_code: FxHashMap<String, usize>,
    /// The place of the parent of each kind.
    parents: Vec<Option<usize>>,
}

impl Codebook {
    /// The tree that is built into the crate: every CAMEO code and what hand coding needs besides.
    pub fn builtin() -> &'static Codebook {
        static BUILTIN: LazyLock<Codebook> =
            LazyLock::new(|| Codebook::read(include_str!("../../fixtures/codebook/kinds.tsv")).0);
        &BUILTIN
    }

    /// The tree of a table, and what is wrong with the table. Rows that cannot be understood are left out.
    fn read(text: &str) -> (Codebook, Vec<String>) {
        let mut problems = Vec::new();
        let mut book = Codebook::default();
        for row in table::rows(text) {
            let Some(name) = row.text("kind") else {
                problems.push(format!("line {}: a kind without a name", row.line));
                continue;
            };
            let kind = Kind {
                name,
                parent: row.text("parent"),
                code: row.text("code"),
                title: row.text("title"),
                quad: row.number("quad", &mut problems),
                goldstein: row.number("goldstein", &mut problems),
                intensity: row.number("intensity", &mut problems),
                plover: row.text("plover"),
                mode: row.text("mode"),
                mirrored: row.get("mirrored") == Some("yes"),
                aliases: row.list("aliases"),
            };
            for problem in book.add(kind) {
                problems.push(format!("line {}: {problem}", row.line));
            }
        }
        (book, problems)
    }

    /// This tree with one more kind, which takes the place of one of the same name. What it leaves open it takes from
    /// the kind above it.
    #[must_use]
    pub fn with(&self, kind: Kind) -> Codebook {
        let mut book = Codebook::default();
        let same = |other: &&Kind| fold(&other.name) == fold(&kind.name);
        let replaced = self.kinds.iter().find(same).map(|k| k.name.clone());
        for old in &self.kinds {
            let new = if Some(&old.name) == replaced.as_ref() { &kind } else { old };
            book.add(new.clone());
        }
        if replaced.is_none() {
            book.add(kind);
        }
        book
    }

    /// Adds a kind below one that is there, and tells what does not fit.
    fn add(&mut self, mut kind: Kind) -> Vec<String> {
        let mut problems = Vec::new();
        let at = self.kinds.len();
        let parent = kind.parent.as_ref().and_then(|name| self.place(name));
        if let Some(parent) = parent.and_then(|p| self.kinds.get(p)) {
            kind.inherit(parent);
        } else if let Some(name) = &kind.parent {
            problems.push(format!("`{name}` is not a kind above `{}`", kind.name));
        }
        for name in std::iter::once(&kind.name).chain(&kind.aliases) {
            let taken = *self.by_name.entry(fold(name)).or_insert(at);
            if taken != at {
                problems.push(format!("`{name}` is told twice"));
            }
        }
        if let Some(code) = &kind.code
            && *self.by_code.entry(code.clone()).or_insert(at) != at
        {
            problems.push(format!("the code `{code}` is told twice"));
        }
        self.kinds.push(kind);
        self.parents.push(parent);
        problems
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.by_name.get(&fold(name)).copied()
    }

    /// All kinds, parents before children.
    pub fn kinds(&self) -> &[Kind] {
        &self.kinds
    }

    /// The kind of a name or an alias, folded.
    pub fn get(&self, name: &str) -> Option<&Kind> {
        self.kinds.get(self.place(name)?)
    }

    /// The kind of a CAMEO code.
    pub fn by_code(&self, code: &str) -> Option<&Kind> {
        self.by_code.get(code).and_then(|&at| self.kinds.get(at))
    }

    /// The kinds right below one, in the order of the table.
    pub fn children(&self, name: &str) -> impl Iterator<Item = &Kind> {
        let above = self.place(name);
        self.kinds
            .iter()
            .zip(&self.parents)
            .filter(move |(_, parent)| above.is_some() && **parent == above)
            .map(|(kind, _)| kind)
    }

    /// The kinds above one, the nearest first.
    pub fn ancestors(&self, name: &str) -> impl Iterator<Item = &Kind> {
        let parent = |at: usize| self.parents.get(at).copied().flatten();
        std::iter::successors(self.place(name).and_then(parent), move |&at| parent(at))
            .filter_map(|at| self.kinds.get(at))
    }

    /// Is the kind the other, or a kind of it? False for names that are no kinds.
    pub fn is_under(&self, name: &str, above: &str) -> bool {
        let Some(above) = self.get(above) else { return false };
        self.get(name).is_some_and(|kind| {
            kind.name == above.name || self.ancestors(name).any(|k| k.name == above.name)
        })
    }

    /// A kind and all below it, parents before children.
    pub fn subtree(&self, name: &str) -> impl Iterator<Item = &Kind> {
        self.kinds.iter().filter(move |kind| self.is_under(&kind.name, name))
    }
}

impl Kind {
    /// Takes from the kind above what it leaves open itself. Type and mode of PLOVER go with the code: a kind that has a
    /// code and no type has none.
    pub(crate) fn inherit(&mut self, parent: &Kind) {
        self.mirrored |= parent.mirrored;
        self.quad = self.quad.or(parent.quad);
        self.goldstein = self.goldstein.or(parent.goldstein);
        self.intensity = self.intensity.or(parent.intensity);
        if self.code.is_none() {
            self.plover = self.plover.take().or_else(|| parent.plover.clone());
            self.mode = self.mode.take().or_else(|| parent.mode.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_table_is_whole() {
        let text = include_str!("../../fixtures/codebook/kinds.tsv");
        let (book, problems) = Codebook::read(text);
        assert_eq!(problems, Vec::<String>::new());
        assert_eq!(book.kinds().iter().filter(|k| k.code.is_some()).count(), 313);
        for kind in book.kinds() {
            assert!(matches!(kind.quad, Some(1..=4)), "{} has no quad class", kind.name);
            assert!(kind.goldstein.is_none_or(|g| (-10.0..=10.0).contains(&g)), "{}", kind.name);
        }
    }

    #[test]
    fn kinds_are_found_by_name_alias_and_code() {
        let book = Codebook::builtin();
        assert_eq!(book.get("Visits").map(|k| k.name.as_str()), Some("visit"));
        assert_eq!(book.by_code("043").map(|k| k.name.as_str()), Some("hosted visit"));
        assert_eq!(book.by_code("43"), None);
        assert!(book.is_under("hosted visit", "visit"));
        assert!(book.is_under("visit", "verbal cooperation"));
        assert!(!book.is_under("visit", "hosted visit"));
        assert!(book.children("visit").any(|k| k.name == "state visit"));
        assert_eq!(book.ancestors("visit").next().map(|k| k.name.as_str()), Some("consult"));
        assert_eq!(book.subtree("no such kind").count(), 0);
    }

    #[test]
    fn a_kind_of_ones_own_takes_after_the_kind_above() {
        let kind = Kind {
            name: "pilgrimage".to_owned(),
            parent: Some("visit".to_owned()),
            ..Kind::default()
        };
        let book = Codebook::builtin().with(kind);
        let kind = book.get("Pilgrimage").unwrap();
        assert_eq!((kind.quad, kind.mode.as_deref()), (Some(1), Some("visit")));
        assert!(book.is_under("pilgrimage", "consult"));
    }
}
