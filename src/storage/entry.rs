//! Entries of the catalogues: what they are called and what they are tied under.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::{Actor, Coverage, Document, Import, Kind, Place, Unit, Value, fold, fold_name};

/// The catalogues.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntryKind {
    /// People, states, organisations.
    Actor,
    /// What sort of events there are.
    Kind,
    /// Where things happen.
    Place,
    /// What tells events.
    Document,
    /// What quantities are counted in.
    Unit,
    /// Saved queries.
    View,
    /// Files that were read in.
    Import,
    /// For which days the data are complete.
    Coverage,
}

impl EntryKind {
    /// All of them.
    pub const ALL: [EntryKind; 8] = [
        EntryKind::Actor,
        EntryKind::Kind,
        EntryKind::Place,
        EntryKind::Document,
        EntryKind::Unit,
        EntryKind::View,
        EntryKind::Import,
        EntryKind::Coverage,
    ];

    /// The byte that stands for it in keys. It never changes.
    pub(super) fn tag(self) -> u8 {
        match self {
            EntryKind::Actor => 1,
            EntryKind::Kind => 2,
            EntryKind::Place => 3,
            EntryKind::Document => 4,
            EntryKind::Unit => 5,
            EntryKind::View => 6,
            EntryKind::Import => 7,
            EntryKind::Coverage => 8,
        }
    }

    /// A name made comparable as this catalogue compares: titles in front are left out for actors alone, for a
    /// `general strike` is not a strike.
    pub fn fold(self, name: &str) -> String {
        if self == EntryKind::Actor { fold_name(name) } else { fold(name) }
    }
}

/// A saved query.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SavedView {
    /// Its name.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// An entry of a catalogue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Entry {
    /// Of the actors.
    Actor(Actor),
    /// Of the kinds.
    Kind(Kind),
    /// Of the places.
    Place(Place),
    /// Of the documents.
    Document(Document),
    /// Of the units.
    Unit(Unit),
    /// Of the saved queries.
    View(SavedView),
    /// Of the files that were read in.
    Import(Import),
    /// Of the coverage.
    Coverage(Coverage),
}

impl EntryKind {
    /// The word for one of its entries.
    pub const fn word(self) -> &'static str {
        match self {
            EntryKind::Actor => "actor",
            EntryKind::Kind => "kind",
            EntryKind::Place => "place",
            EntryKind::Document => "document",
            EntryKind::Unit => "unit",
            EntryKind::View => "view",
            EntryKind::Import => "import",
            EntryKind::Coverage => "coverage",
        }
    }
}

impl Entry {
    /// Its catalogue.
    pub fn kind(&self) -> EntryKind {
        match self {
            Entry::Actor(_) => EntryKind::Actor,
            Entry::Kind(_) => EntryKind::Kind,
            Entry::Place(_) => EntryKind::Place,
            Entry::Document(_) => EntryKind::Document,
            Entry::Unit(_) => EntryKind::Unit,
            Entry::View(_) => EntryKind::View,
            Entry::Import(_) => EntryKind::Import,
            Entry::Coverage(_) => EntryKind::Coverage,
        }
    }

    /// The name by which answers call it.
    pub fn name(&self) -> &str {
        match self {
            Entry::Actor(e) => &e.name,
            Entry::Kind(e) => &e.name,
            Entry::Place(e) => &e.name,
            Entry::Document(e) => &e.key,
            Entry::Unit(e) => &e.name,
            Entry::View(e) => &e.name,
            Entry::Import(e) => &e.name,
            Entry::Coverage(e) => &e.name,
        }
    }

    /// Its other spellings.
    pub fn aliases(&self) -> Vec<&str> {
        match self {
            Entry::Actor(e) => e.aliases.iter().map(|a| a.name.as_str()).collect(),
            Entry::Place(e) => e.aliases.iter().map(|a| a.name.as_str()).collect(),
            Entry::Kind(e) => e.aliases.iter().map(String::as_str).collect(),
            Entry::Unit(e) => e.aliases.iter().map(String::as_str).collect(),
            Entry::Document(_) | Entry::View(_) | Entry::Import(_) | Entry::Coverage(_) => {
                Vec::new()
            }
        }
    }

    /// Its codes in any system.
    pub fn codes(&self) -> Vec<&str> {
        match self {
            Entry::Actor(e) => e.codes.values().map(String::as_str).collect(),
            Entry::Place(e) => e.codes.values().map(String::as_str).collect(),
            Entry::Kind(e) => e.code.iter().map(String::as_str).collect(),
            Entry::Document(_)
            | Entry::Unit(_)
            | Entry::View(_)
            | Entry::Import(_)
            | Entry::Coverage(_) => Vec::new(),
        }
    }

    /// Whatever else is known of it.
    pub(super) fn attributes(&self) -> impl Iterator<Item = &Value> {
        match self {
            Entry::Actor(e) => Some(&e.attributes),
            Entry::Place(e) => Some(&e.attributes),
            Entry::Document(e) => Some(&e.attributes),
            Entry::Kind(_)
            | Entry::Unit(_)
            | Entry::View(_)
            | Entry::Import(_)
            | Entry::Coverage(_) => None,
        }
        .into_iter()
        .flat_map(BTreeMap::values)
    }

    /// All by which it is found: its name, aliases and codes.
    pub fn names(&self) -> Vec<&str> {
        let mut names = vec![self.name()];
        names.extend(self.aliases());
        names.extend(self.codes());
        names
    }

    /// The names of what it is tied directly under.
    pub fn parents(&self) -> Vec<&str> {
        match self {
            Entry::Actor(e) => {
                e.state.iter().chain(&e.affiliations).map(|tie| tie.under.as_str()).collect()
            }
            Entry::Place(e) => e.under.iter().map(String::as_str).collect(),
            Entry::Kind(e) => e.parent.iter().map(String::as_str).collect(),
            Entry::Document(_)
            | Entry::Unit(_)
            | Entry::View(_)
            | Entry::Import(_)
            | Entry::Coverage(_) => Vec::new(),
        }
    }
}
