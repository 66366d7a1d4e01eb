//! The catalogue of one view of the store, over what is built in.

use std::collections::BTreeSet;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustc_hash::{FxHashMap, FxHashSet};

use super::nameset::Validity;
use crate::error::Result;
use crate::model::{
    Actor, Affiliation, Codebook, Date, Document, Kind, Place, Truth, Unit, Units, fold, fold_name,
};
use crate::storage::{Entry, EntryKind, View};

/// How many ties a chain from an actor to its state may have. Longer chains are cycles or mistakes.
pub(super) const MAX_DEPTH: usize = 16;

/// What exists and what names mean, as one view of the store has it. Answers are kept for the life of the view.
pub(crate) struct Catalog {
    pub(super) view: View,
    actors: Memo<String, Arc<[Arc<Actor>]>>,
    states: Memo<String, Arc<[(String, Validity)]>>,
    places: Memo<String, Option<Arc<Place>>>,
    documents: Memo<String, Option<Arc<Document>>>,
    kinds: Memo<String, Option<Arc<Kind>>>,
}

/// Answers that were given before.
struct Memo<K, V>(Mutex<FxHashMap<K, V>>);

impl<K: Eq + Hash, V: Clone> Memo<K, V> {
    fn new() -> Self {
        Memo(Mutex::new(FxHashMap::default()))
    }

    fn lock(&self) -> MutexGuard<'_, FxHashMap<K, V>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn get<Q: ?Sized + Eq + Hash + ToOwned<Owned = K>>(
        &self,
        key: &Q,
        find: impl FnOnce() -> Result<V>,
    ) -> Result<V>
    where
        K: std::borrow::Borrow<Q>,
    {
        if let Some(known) = self.lock().get(key) {
            return Ok(known.clone());
        }
        let found = find()?;
        self.lock().insert(key.to_owned(), found.clone());
        Ok(found)
    }
}

impl Catalog {
    /// The catalogue of a view.
    pub(crate) fn new(view: View) -> Self {
        Catalog {
            view,
            actors: Memo::new(),
            states: Memo::new(),
            places: Memo::new(),
            documents: Memo::new(),
            kinds: Memo::new(),
        }
    }

    /// Are there sealed events, whose columns can be read?
    pub(crate) fn is_sealed(&self) -> bool {
        !self.view.segments().is_empty()
    }

    /// The kind of a name or alias: defined or built in.
    pub(crate) fn kind(&self, name: &str) -> Result<Option<Arc<Kind>>> {
        self.kinds.get(name, || {
            if let Some(Entry::Kind(kind)) = self.entry_of(EntryKind::Kind, name)? {
                return Ok(Some(Arc::new(kind)));
            }
            Ok(Codebook::builtin().get(name).map(|k| Arc::new(k.clone())))
        })
    }

    /// A kind and all kinds of it, by name.
    pub(crate) fn subkinds(&self, kind: &str) -> Result<BTreeSet<String>> {
        let mut found = BTreeSet::new();
        let mut open = vec![kind.to_owned()];
        while let Some(name) = open.pop() {
            if !found.insert(name.clone()) {
                continue;
            }
            open.extend(Codebook::builtin().children(&name).map(|k| k.name.clone()));
            open.extend(self.view.members(EntryKind::Kind, &fold(&name))?);
        }
        Ok(found)
    }

    /// All kinds, built in and defined.
    pub(crate) fn all_kinds(&self) -> Result<Vec<Kind>> {
        let defined = self.view.entries(EntryKind::Kind)?;
        let replaced: FxHashSet<String> = defined.iter().map(|e| fold(e.name())).collect();
        let builtin = Codebook::builtin()
            .kinds()
            .iter()
            .filter(|k| !replaced.contains(&fold(&k.name)))
            .cloned();
        Ok(builtin
            .chain(
                defined
                    .into_iter()
                    .filter_map(|e| if let Entry::Kind(k) = e { Some(k) } else { None }),
            )
            .collect())
    }

    /// The actors that a name as written means; none when the catalogue does not know it.
    pub(crate) fn actors(&self, written: &str) -> Result<Arc<[Arc<Actor>]>> {
        self.actors.get(written, || {
            let names = self.view.bearers(EntryKind::Actor, &fold_name(written))?;
            let mut actors = Vec::with_capacity(names.len());
            for name in names {
                if let Some(Entry::Actor(actor)) = self.view.entry(EntryKind::Actor, &name)? {
                    actors.push(Arc::new(actor));
                }
            }
            Ok(actors.into())
        })
    }

    /// The states that a name as written belongs to at a date, or is; by their catalogue names, sorted. A tie that
    /// may have held counts, and without a date each does.
    pub(crate) fn states(&self, written: &str, date: Option<&Date>) -> Result<Vec<String>> {
        let states = self.states.get(written, || self.all_states(written))?;
        let holds = |(_, validity): &&(String, Validity)| validity.at(date).is_possible();
        let mut found: Vec<String> = states.iter().filter(holds).map(|(s, _)| s.clone()).collect();
        found.dedup();
        Ok(found)
    }

    /// Does somebody by this name belong to the same states at every date?
    pub(crate) fn is_steady(&self, written: &str) -> Result<bool> {
        let states = self.states.get(written, || self.all_states(written))?;
        Ok(states.iter().all(|(_, validity)| *validity == Validity::Always))
    }

    /// Is nothing known of the state of somebody by this name? What belongs to none by its nature is no such case.
    pub(crate) fn is_stateless(&self, written: &str) -> Result<bool> {
        if !self.states.get(written, || self.all_states(written))?.is_empty() {
            return Ok(false);
        }
        let of_none = |kind: &str| matches!(kind, "alliance" | "organisation" | "non_state");
        Ok(!self.actors(written)?.iter().any(|a| a.kind.as_deref().is_some_and(of_none)))
    }

    /// Is the name of the catalogue that of a state?
    pub(crate) fn is_state(&self, name: &str) -> Result<bool> {
        let entry = self.view.entry(EntryKind::Actor, name)?;
        Ok(matches!(entry, Some(Entry::Actor(actor)) if actor.kind.as_deref() == Some("state")))
    }

    /// Every state that a name as written has ever belonged to, and when.
    fn all_states(&self, written: &str) -> Result<Arc<[(String, Validity)]>> {
        let mut states = Vec::new();
        let mut seen: Vec<(String, Validity)> = Vec::new();
        let actors = self.actors(written)?;
        let mut open: Vec<(Arc<Actor>, Validity, usize)> =
            actors.iter().map(|a| (Arc::clone(a), Validity::Always, 0)).collect();
        while let Some((actor, validity, depth)) = open.pop() {
            let here = (actor.name.clone(), validity.clone());
            if depth > MAX_DEPTH || seen.contains(&here) {
                continue;
            }
            seen.push(here);
            if actor.kind.as_deref() == Some("state") {
                states.push((actor.name.clone(), validity));
                continue;
            }
            // The state tie is the answer where there is one; offices lead to it only where there is none.
            let offices = actor.affiliations.iter().filter(|_| actor.state.is_none());
            for tie in actor.state.iter().chain(offices) {
                if let Some(both) = validity.and(&Validity::of(tie)) {
                    let above = self.actors(&tie.under)?;
                    open.extend(above.iter().map(|a| (Arc::clone(a), both.clone(), depth + 1)));
                }
            }
        }
        states.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(states.into())
    }

    /// The ties with an office that the bearers of a name held at a date, for sure or possibly (at any time without one).
    pub(crate) fn offices(
        &self,
        written: &str,
        date: Option<&Date>,
        possibly: bool,
    ) -> Result<Vec<Affiliation>> {
        let within = |truth: Truth| if possibly { truth.is_possible() } else { truth.is_certain() };
        let held = |tie: &&Affiliation| {
            (tie.office.is_some() || tie.rank.is_some()) && within(Validity::of(tie).at(date))
        };
        Ok(self
            .actors(written)?
            .iter()
            .flat_map(|a| a.affiliations.iter().filter(held).cloned().collect::<Vec<_>>())
            .collect())
    }

    /// The place that a name as written means.
    pub(crate) fn place(&self, written: &str) -> Result<Option<Arc<Place>>> {
        self.places.get(written, || {
            Ok(match self.entry_of(EntryKind::Place, written)? {
                Some(Entry::Place(place)) => Some(Arc::new(place)),
                _ => None,
            })
        })
    }

    /// The document of a key.
    pub(crate) fn document(&self, key: &str) -> Result<Option<Arc<Document>>> {
        self.documents.get(key, || {
            Ok(match self.view.entry(EntryKind::Document, key)? {
                Some(Entry::Document(document)) => Some(Arc::new(document)),
                _ => None,
            })
        })
    }

    /// The unit of a name or alias: defined or built in.
    pub(crate) fn unit(&self, name: &str) -> Result<Option<Arc<Unit>>> {
        if let Some(Entry::Unit(unit)) = self.entry_of(EntryKind::Unit, name)? {
            return Ok(Some(Arc::new(unit)));
        }
        Ok(Units::builtin().get(name).map(|u| Arc::new(u.clone())))
    }

    /// The saved text of a view.
    pub(crate) fn saved_view(&self, name: &str) -> Result<Option<String>> {
        Ok(match self.view.entry(EntryKind::View, name)? {
            Some(Entry::View(view)) => Some(view.text),
            _ => None,
        })
    }

    /// The entry of a name, alias or code.
    pub(crate) fn entry_of(&self, catalog: EntryKind, name: &str) -> Result<Option<Entry>> {
        if let Some(entry) = self.view.entry(catalog, name)? {
            return Ok(Some(entry));
        }
        let folded = if matches!(catalog, EntryKind::Actor) { fold_name(name) } else { fold(name) };
        match self.view.bearers(catalog, &folded)?.first() {
            Some(bearer) => self.view.entry(catalog, bearer),
            None => Ok(None),
        }
    }
}
