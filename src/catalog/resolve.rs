//! What a queried name means: the actors or places that bear it, and the names as written that mean them.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::error::Result;
use crate::model::{Alias, words};
use crate::storage::{Entry, EntryKind, Ids, Posting, View};

use super::catalog::{Catalog, MAX_DEPTH};
use super::nameset::{NameSet, Validity};

/// Which of the two trees of names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tree {
    /// Actors: titles in front of names do not count; ties have dates.
    Actors,
    /// Places.
    Places,
}

impl Tree {
    pub(crate) const fn entries(self) -> EntryKind {
        match self {
            Tree::Actors => EntryKind::Actor,
            Tree::Places => EntryKind::Place,
        }
    }

    pub(crate) const fn posting(self) -> Posting {
        match self {
            Tree::Actors => Posting::Name,
            Tree::Places => Posting::Place,
        }
    }

    /// The word for one of them in messages.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Tree::Actors => "actor",
            Tree::Places => "place",
        }
    }

    /// A name made comparable.
    pub(crate) fn fold(self, name: &str) -> String {
        self.entries().fold(name)
    }
}

/// Somebody or something that bears a queried name.
#[derive(Debug, Clone)]
pub(crate) struct Bearer {
    /// The catalogue's name, or the name as written where the catalogue does not know it.
    pub(crate) name: String,
    /// Is it in the catalogue?
    pub(crate) known: bool,
}

/// How a queried name was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fit {
    /// It is a full name, an alias or a code.
    Full,
    /// Its words are among the words of names.
    Words,
}

/// What a queried name means.
#[derive(Debug, Clone)]
pub(crate) struct Resolution {
    /// How it was found.
    pub(crate) fit: Fit,
    /// Who bears it. Empty when nobody does.
    pub(crate) bearers: Vec<Bearer>,
}

impl Catalog {
    /// Who bears a name: a full name, alias or code first; only when none fits, the words of names.
    pub(crate) fn resolve(&self, tree: Tree, name: &str) -> Result<Resolution> {
        let folded = tree.fold(name);
        let full = self.join(
            tree,
            self.view.bearers(tree.entries(), &folded)?,
            self.view.written(tree.posting(), &folded)?,
        )?;
        if !full.is_empty() {
            return Ok(Resolution { fit: Fit::Full, bearers: full });
        }
        Ok(Resolution { fit: Fit::Words, bearers: self.bearers_by_words(tree, name)? })
    }

    /// Everybody among whose names are all the words of `name`.
    pub(crate) fn bearers_by_words(&self, tree: Tree, name: &str) -> Result<Vec<Bearer>> {
        let words = words(&tree.fold(name));
        let mut entries: Option<Vec<String>> = None;
        let mut written: Option<Vec<String>> = None;
        for word in &words {
            narrow(&mut entries, self.view.bearers_of_word(tree.entries(), word)?);
            narrow(&mut written, self.view.written_with_word(tree.posting(), word)?);
        }
        self.join(tree, entries.unwrap_or_default(), written.unwrap_or_default())
    }

    /// Catalogue names and names as written together: what is written counts by itself only where no entry bears it.
    fn join(&self, tree: Tree, entries: Vec<String>, written: Vec<String>) -> Result<Vec<Bearer>> {
        let mut found: BTreeMap<String, Bearer> =
            entries.into_iter().map(|name| (name.clone(), Bearer { name, known: true })).collect();
        for name in written {
            let known = self.view.bearers(tree.entries(), &tree.fold(&name))?;
            if known.is_empty() {
                found.entry(name.clone()).or_insert(Bearer { name, known: false });
            }
            for name in known {
                found.entry(name.clone()).or_insert(Bearer { name, known: true });
            }
        }
        Ok(found.into_values().collect())
    }

    /// The names as written that mean one of the bearers.
    pub(crate) fn name_set(&self, tree: Tree, bearers: &[Bearer]) -> Result<NameSet> {
        let mut set = NameSet::default();
        for bearer in bearers {
            self.add_names(tree, bearer, &Validity::Always, &mut set)?;
        }
        Ok(set)
    }

    /// The names as written that mean one of the bearers, or somebody under them at the time.
    pub(crate) fn name_set_under(&self, tree: Tree, bearers: &[Bearer]) -> Result<NameSet> {
        let mut set = NameSet::default();
        let mut seen: FxHashMap<String, Vec<Validity>> = FxHashMap::default();
        let mut open: Vec<(Bearer, Validity, usize)> =
            bearers.iter().map(|b| (b.clone(), Validity::Always, 0)).collect();
        while let Some((bearer, validity, depth)) = open.pop() {
            let before = seen.entry(bearer.name.clone()).or_default();
            if depth > MAX_DEPTH || before.contains(&validity) || before.contains(&Validity::Always)
            {
                continue;
            }
            before.push(validity.clone());
            self.add_names(tree, &bearer, &validity, &mut set)?;
            for name in self.names_of(tree, &bearer)? {
                for member in self.view.members(tree.entries(), &tree.fold(&name.name))? {
                    let Some(entry) = self.view.entry(tree.entries(), &member)? else { continue };
                    for tie in self.ties(tree, &entry, &bearer)? {
                        if let Some(both) = validity.and(&tie) {
                            open.push((
                                Bearer { name: member.clone(), known: true },
                                both,
                                depth + 1,
                            ));
                        }
                    }
                }
            }
        }
        Ok(set)
    }

    /// Does anybody belong under one of the bearers?
    pub(crate) fn has_members(&self, tree: Tree, bearers: &[Bearer]) -> Result<bool> {
        for bearer in bearers {
            for name in self.names_of(tree, bearer)? {
                if !self.view.members(tree.entries(), &tree.fold(&name.name))?.is_empty() {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// Number of events that a bearer's names are posted under.
    pub(crate) fn count_events(&self, tree: Tree, bearer: &Bearer) -> Result<u64> {
        let set = self.name_set(tree, std::slice::from_ref(bearer))?;
        let mut ids = Ids::default();
        for name in set.names() {
            ids = ids.or(&self.view.postings(tree.posting(), name)?);
        }
        Ok(ids.len())
    }

    fn add_names(
        &self,
        tree: Tree,
        bearer: &Bearer,
        validity: &Validity,
        set: &mut NameSet,
    ) -> Result<()> {
        // The catalogue's own rows name it so, whether or not an event does.
        set.insert(bearer.name.clone(), validity.clone());
        for name in self.names_of(tree, bearer)? {
            let dated = validity.and(&Validity::between(name.from.as_ref(), name.to.as_ref()));
            if let Some(validity) = dated {
                for written in self.view.written(tree.posting(), &tree.fold(&name.name))? {
                    set.insert(written, validity.clone());
                }
            }
        }
        Ok(())
    }

    /// The name, the aliases and the codes of a bearer.
    fn names_of(&self, tree: Tree, bearer: &Bearer) -> Result<Vec<Alias>> {
        let plain = |name: &str| Alias { name: name.to_owned(), from: None, to: None };
        let mut names = vec![plain(&bearer.name)];
        if bearer.known {
            match self.view.entry(tree.entries(), &bearer.name)? {
                Some(Entry::Actor(actor)) => {
                    names.extend(actor.codes.values().map(|c| plain(c)));
                    names.extend(actor.aliases);
                }
                Some(Entry::Place(place)) => {
                    names.extend(place.codes.values().map(|c| plain(c)));
                    names.extend(place.aliases);
                }
                _ => {}
            }
        }
        Ok(names)
    }

    /// When an entry is tied directly under a bearer.
    fn ties(&self, tree: Tree, entry: &Entry, above: &Bearer) -> Result<Vec<Validity>> {
        let mut found = Vec::new();
        match entry {
            Entry::Actor(actor) => {
                for tie in actor.state.iter().chain(&actor.affiliations) {
                    if self.means(tree, &tie.under, above)? {
                        found.push(Validity::of(tie));
                    }
                }
            }
            Entry::Place(place) => {
                if let Some(under) = &place.under
                    && self.means(tree, under, above)?
                {
                    found.push(Validity::Always);
                }
            }
            _ => {}
        }
        Ok(found)
    }

    /// Does a name in a tie mean this bearer?
    fn means(&self, tree: Tree, name: &str, bearer: &Bearer) -> Result<bool> {
        let folded = tree.fold(name);
        Ok(folded == tree.fold(&bearer.name)
            || self.view.bearers(tree.entries(), &folded)?.contains(&bearer.name))
    }

    /// The view that this catalogue speaks of.
    pub(crate) fn view(&self) -> &View {
        &self.view
    }
}

/// Keeps what is in both; takes all the first time.
fn narrow(have: &mut Option<Vec<String>>, more: Vec<String>) {
    match have {
        Some(have) => have.retain(|name| more.contains(name)),
        None => *have = Some(more),
    }
}
