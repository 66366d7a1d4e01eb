//! Rows to bytes (interface only for now; the real one is merged over this file).
#![allow(clippy::todo, dead_code, unused_variables)]
use std::ops::Bound;
use crate::error::Result;
use crate::model::{Actor, Document, Event, EventId, Kind, Place, Unit};

#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Ids(roaring::RoaringTreemap);
impl Ids {
    pub(crate) fn len(&self) -> u64 { self.0.len() }
    pub(crate) fn is_empty(&self) -> bool { self.0.is_empty() }
    pub(crate) fn contains(&self, id: u64) -> bool { self.0.contains(id) }
    #[must_use] pub(crate) fn and(self, other: &Ids) -> Ids { Ids(self.0 & &other.0) }
    #[must_use] pub(crate) fn or(self, other: &Ids) -> Ids { Ids(self.0 | &other.0) }
    #[must_use] pub(crate) fn minus(self, other: &Ids) -> Ids { Ids(self.0 - &other.0) }
}
impl FromIterator<u64> for Ids { fn from_iter<T: IntoIterator<Item = u64>>(i: T) -> Self { Ids(i.into_iter().collect()) } }

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Posting { Kind, Name, Place, Code, Status, Document, Year }
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum EntryKind { Actor, Kind, Place, Document, Unit, View }
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SavedView { pub(crate) name: String, pub(crate) text: String }
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Entry { Actor(Actor), Kind(Kind), Place(Place), Document(Document), Unit(Unit), View(SavedView) }
impl Entry { pub(crate) fn name(&self) -> &str { todo!() } }

pub(crate) struct Scan;
impl Iterator for Scan { type Item = Result<(EventId, Event)>; fn next(&mut self) -> Option<Self::Item> { None } }

#[derive(Clone)]
pub(crate) struct View;
impl View {
    pub(crate) fn commit(&self) -> u64 { todo!() }
    pub(crate) fn event_count(&self) -> Result<u64> { todo!() }
    pub(crate) fn event(&self, id: EventId) -> Result<Option<Event>> { todo!() }
    pub(crate) fn event_by_key(&self, key: &str) -> Result<Option<EventId>> { todo!() }
    pub(crate) fn all(&self) -> Result<Ids> { todo!() }
    pub(crate) fn postings(&self, field: Posting, value: &str) -> Result<Ids> { todo!() }
    pub(crate) fn posting_values(&self, field: Posting, from: Bound<&str>, to: Bound<&str>) -> Result<Vec<(String, u64)>> { todo!() }
    pub(crate) fn scan(&self, ids: Ids) -> Scan { Scan }
    pub(crate) fn entry(&self, catalog: EntryKind, name: &str) -> Result<Option<Entry>> { todo!() }
    pub(crate) fn entries(&self, catalog: EntryKind) -> Result<Vec<Entry>> { todo!() }
    pub(crate) fn bearers(&self, catalog: EntryKind, folded: &str) -> Result<Vec<String>> { todo!() }
    pub(crate) fn bearers_of_word(&self, catalog: EntryKind, word: &str) -> Result<Vec<String>> { todo!() }
    pub(crate) fn members(&self, catalog: EntryKind, folded: &str) -> Result<Vec<String>> { todo!() }
    pub(crate) fn written(&self, field: Posting, folded: &str) -> Result<Vec<String>> { todo!() }
    pub(crate) fn written_with_word(&self, field: Posting, word: &str) -> Result<Vec<String>> { todo!() }
}
