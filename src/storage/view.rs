//! The view: a snapshot of the last commit with a transaction's own changes over it.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Bound;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use roaring::treemap::IntoIter;
use roaring::{RoaringBitmap, RoaringTreemap};

use super::entry::{Entry, EntryKind};
use super::guard::Fault;
use super::key::{self, NameIndex};
use super::overlay::Overlay;
use super::postings::{Ids, Posting};
use super::segment::key_filter::KeyFilter;
use super::segment::{Cell, Column, ColumnId, Plain, Segment, TextId, participant_of, restore};
use super::snapshot::{CommitInfo, Snapshot};
use super::store::Inner;
use crate::error::{Error, Result};
use crate::model::{Event, EventId, Participant};

/// A version of an event.
#[derive(Debug, Clone, PartialEq)]
pub struct Version {
    /// The commit that recorded it.
    pub recorded: u64,
    /// The commit that ended it; none for the current version.
    pub ended: Option<u64>,
    /// The event as it was.
    pub event: Event,
}

/// What the database holds, unchanging: the last commit, and over it the changes of the transaction that it comes from.
///
/// Cheap to clone. It keeps the database open.
#[derive(Clone)]
pub struct View {
    pub(super) inner: Arc<Inner>,
    pub(super) base: Arc<Snapshot>,
    pub(super) overlay: Arc<Overlay>,
    pub(super) bytes_read: Arc<AtomicU64>,
}

impl View {
    fn read<T>(&self, work: impl FnOnce() -> Result<T, Fault>) -> Result<T> {
        self.inner.check_open()?;
        self.inner.health.guard(work)
    }

    /// The number of the last commit; 0 before the first.
    pub fn commit(&self) -> u64 {
        self.base.commit
    }

    /// The number of the last import; 0 before the first.
    pub fn imports(&self) -> u64 {
        self.base.import
    }

    /// How many bytes of records and postings it and its clones have read so far.
    pub fn bytes_read(&self) -> u64 {
        self.bytes_read.load(Ordering::Relaxed)
    }

    /// How many events there are.
    pub fn event_count(&self) -> Result<u64> {
        let base = self.read(|| self.base.event_count())?;
        Ok(self.overlay.all.cardinality(base))
    }

    /// An event.
    pub fn event(&self, id: EventId) -> Result<Option<Event>> {
        match self.overlay.events.get(&id.0) {
            Some(event) => Ok(event.as_deref().cloned()),
            None => self
                .read(|| Ok(self.base.event(id.0, &self.bytes_read)?.map(|record| record.event))),
        }
    }

    /// The event of a natural key.
    pub fn event_by_key(&self, key: &str) -> Result<Option<EventId>> {
        match self.overlay.keys.get(key) {
            Some(id) => Ok(id.map(EventId)),
            None => self.read(|| Ok(self.base.event_by_key(key)?.map(EventId))),
        }
    }

    /// The event of a natural key that nothing stored has.
    pub(super) fn new_by_key(&self, key: &str) -> Option<EventId> {
        self.overlay.keys.get(key).copied().flatten().map(EventId)
    }

    /// The keys that events have got since what is stored.
    pub(super) fn taken_keys(&self) -> impl Iterator<Item = &str> {
        self.overlay.keys.iter().filter(|(_, id)| id.is_some()).map(|(key, _)| key.as_str())
    }

    /// A filter of the natural keys of all that is stored.
    pub(super) fn key_filter(&self) -> Result<KeyFilter> {
        self.read(|| self.base.key_filter())
    }

    /// The ids of all events.
    pub fn all(&self) -> Result<Ids> {
        let mut ids = self.read(|| self.base.all(&self.bytes_read))?;
        self.overlay.all.apply(&mut ids);
        Ok(Ids(ids))
    }

    /// The ids of the events that have exactly this value.
    pub fn postings(&self, field: Posting, value: &str) -> Result<Ids> {
        let mut ids = self.read(|| self.base.posting(field, value, &self.bytes_read))?;
        if let Some(change) = self.overlay.change(field, value) {
            change.apply(&mut ids);
        }
        Ok(Ids(ids))
    }

    /// How many events have exactly this value.
    pub fn posting_len(&self, field: Posting, value: &str) -> Result<u64> {
        let base = self.read(|| self.base.cardinality(field, value))?;
        Ok(self.overlay.change(field, value).map_or(base, |change| change.cardinality(base)))
    }

    /// The values of a field within a range, ascending, each with the number of its events.
    pub fn posting_values(
        &self,
        field: Posting,
        from: Bound<&str>,
        to: Bound<&str>,
    ) -> Result<Vec<(String, u64)>> {
        let stored = self.read(|| self.base.posting_values(field, from, to))?;
        let changes = self.overlay.changes(field, from, to);
        if changes.is_empty() {
            return Ok(stored);
        }
        let mut values: BTreeMap<String, u64> = stored.into_iter().collect();
        for (value, change) in changes {
            let count = change.cardinality(values.get(value).copied().unwrap_or_default());
            values.insert(value.to_owned(), count);
        }
        Ok(values.into_iter().filter(|(_, count)| *count > 0).collect())
    }

    /// The sealed segments, by ascending first id; their ranges do not overlap.
    pub fn segments(&self) -> Arc<[Arc<Segment>]> {
        Arc::clone(&self.base.directory.segments)
    }

    /// A column of a segment; all missing where no event of it has anything there.
    pub fn column(&self, segment: &Segment, column: &ColumnId) -> Result<Column> {
        self.read(|| self.base.column(segment, column, &self.bytes_read))
    }

    /// The rows of a segment that it does not tell (any more): never there, deleted, or revised since; none when all are
    /// valid. Those of revised events are among [`View::loose`].
    pub fn gone(&self, segment: &Segment) -> Option<RoaringBitmap> {
        let stored = self.base.directory.gone.get(&segment.number);
        let changed = self.overlay.events.range(segment.first()..segment.end());
        let mut changed = changed.filter_map(|(id, _)| segment.row_of(*id)).peekable();
        if changed.peek().is_none() {
            return stored.cloned();
        }
        let mut gone = stored.cloned().unwrap_or_default();
        gone.extend(changed);
        Some(gone)
    }

    /// The ids of the events that no segment tells: the newest, the revised, those of the transaction.
    pub fn loose(&self) -> Result<Ids> {
        let mut ids = self.read(|| self.base.loose())?;
        for (id, event) in &self.overlay.events {
            if event.is_some() {
                ids.insert(*id);
            } else {
                ids.remove(*id);
            }
        }
        Ok(Ids(ids))
    }

    /// A text by its number.
    pub fn text(&self, id: TextId) -> Result<Arc<str>> {
        if let Some(known) = self.inner.texts.get(id) {
            return Ok(known);
        }
        let text = self.read(|| self.base.text(id))?;
        self.inner.texts.put(id, &text);
        Ok(text)
    }

    /// The number of a text; none when no segment has it.
    pub fn text_id(&self, text: &str) -> Result<Option<TextId>> {
        self.read(|| self.base.text_id(text))
    }

    /// Puts what a cell says into an event which says nothing there, so that the event says what those of the column's
    /// rows do.
    pub fn restore(&self, column: &ColumnId, cell: Cell, event: &mut Event) -> Result<()> {
        let text;
        let plain = match cell {
            Cell::Missing => return Ok(()),
            Cell::Bool(b) => Plain::Bool(b),
            Cell::Int(i) => Plain::Int(i),
            Cell::Float(f) => Plain::Float(f),
            Cell::Day(day) => Plain::Day(day),
            Cell::Text(id) => {
                text = self.text(id)?;
                Plain::Text((&*text).into())
            }
        };
        if restore(column, plain, event) {
            return Ok(());
        }
        Err(Error::Corrupt(format!("the column {column:?} has a cell that no event can say")))
    }

    /// The participant that a text of a participant's column stands for.
    pub fn participant(&self, id: TextId) -> Result<Participant> {
        let text = self.text(id)?;
        participant_of(&text)
            .ok_or_else(|| Error::Corrupt(format!("the text {} is no participant", id.0)))
    }

    /// The events of a set, by ascending id.
    pub fn scan(&self, ids: Ids) -> Scan {
        Scan { view: self.clone(), ids: ids.0.into_iter(), chunk: 16, ready: VecDeque::new() }
    }

    /// The entry of a name, folded as its catalogue folds.
    pub fn entry(&self, catalog: EntryKind, name: &str) -> Result<Option<Entry>> {
        let at = key::entry_key(catalog, &catalog.fold(name));
        match self.overlay.entries.get(&at) {
            Some(entry) => Ok(entry.as_deref().cloned()),
            None => self.read(|| Ok(self.base.entry(&at)?.map(|record| record.entry))),
        }
    }

    /// All entries of a catalogue, in the order of their folded names.
    pub fn entries(&self, catalog: EntryKind) -> Result<Vec<Entry>> {
        let stored = self.read(|| self.base.entries(catalog))?;
        let range = vec![catalog.tag()]..vec![catalog.tag() + 1];
        let mut changed = self.overlay.entries.range(range).peekable();
        if changed.peek().is_none() {
            return Ok(stored.into_iter().map(|(_, entry)| entry).collect());
        }
        let mut entries: BTreeMap<Vec<u8>, Entry> = stored.into_iter().collect();
        for (at, entry) in changed {
            match entry {
                Some(entry) => entries.insert(at.clone(), Entry::clone(entry)),
                None => entries.remove(at),
            };
        }
        Ok(entries.into_values().collect())
    }

    /// The names of the entries that have a name, alias or code which folds to this.
    pub fn bearers(&self, catalog: EntryKind, folded: &str) -> Result<Vec<String>> {
        self.names(NameIndex::Bearer(catalog), folded)
    }

    /// The names of the entries one of whose names or aliases has this folded word.
    pub fn bearers_of_word(&self, catalog: EntryKind, word: &str) -> Result<Vec<String>> {
        self.names(NameIndex::BearerWord(catalog), word)
    }

    /// The names of the entries that are tied directly under this folded name.
    pub fn members(&self, catalog: EntryKind, folded: &str) -> Result<Vec<String>> {
        self.names(NameIndex::Member(catalog), folded)
    }

    /// The names as written in events which fold to this; none for fields whose values are not names.
    pub fn written(&self, field: Posting, folded: &str) -> Result<Vec<String>> {
        self.names(NameIndex::Written(field), folded)
    }

    /// The names as written in events which have this folded word.
    pub fn written_with_word(&self, field: Posting, word: &str) -> Result<Vec<String>> {
        self.names(NameIndex::WrittenWord(field), word)
    }

    fn names(&self, index: NameIndex, folded: &str) -> Result<Vec<String>> {
        let prefix = index.prefix(folded);
        let mut keys = self.read(|| self.base.names(&prefix))?;
        let range = prefix.clone()..key::prefix_end(&prefix);
        let mut changed = self.overlay.names.range(range).peekable();
        if changed.peek().is_some() {
            let mut merged: BTreeMap<_, _> = keys.into_iter().map(|at| (at, true)).collect();
            merged.extend(changed.map(|(at, present)| (at.clone(), *present)));
            keys = merged.into_iter().filter(|(_, present)| *present).map(|(at, _)| at).collect();
        }
        let name = |at: Vec<u8>| {
            super::snapshot::text(at.get(prefix.len()..).unwrap_or_default(), "a name")
        };
        self.read(|| keys.into_iter().map(|at| name(at).map_err(Fault::from)).collect())
    }

    /// The versions of an event, the oldest first; the last is the current one when it has not ended.
    pub fn history(&self, id: EventId) -> Result<Vec<Version>> {
        let current = |id| self.base.event(id, &self.bytes_read);
        let (ended, current) = self.read(|| Ok((self.base.history(id.0)?, current(id.0)?)))?;
        let mut versions: Vec<Version> = ended
            .into_iter()
            .map(|version| Version {
                recorded: version.record.recorded,
                ended: Some(version.ended),
                event: version.record.event,
            })
            .collect();
        let pending = self.commit() + 1;
        let change = self.overlay.events.get(&id.0);
        if let Some(record) = current {
            let ended = change.is_some().then_some(pending);
            versions.push(Version { recorded: record.recorded, ended, event: record.event });
        }
        if let Some(Some(event)) = change {
            let event = Event::clone(event);
            versions.push(Version { recorded: pending, ended: None, event });
        }
        Ok(versions)
    }

    /// The ids of events that have versions which ended, by update or deletion.
    pub fn with_history(&self) -> Result<Ids> {
        self.read(|| self.base.with_history().map(Ids))
    }

    /// What is known of a commit.
    pub fn commits(&self, number: u64) -> Result<Option<CommitInfo>> {
        self.read(|| self.base.commit_info(number))
    }

    fn fetch(&self, ids: &[u64], out: &mut VecDeque<Result<(EventId, Event)>>) -> Result<()> {
        let changed = |id: &u64| self.overlay.events.get(id);
        let stored: Vec<u64> = ids.iter().copied().filter(|id| changed(id).is_none()).collect();
        let events = self.read(|| self.base.events_of(&stored, &self.bytes_read))?;
        let mut events = events.into_iter();
        for id in ids {
            let event = match changed(id) {
                Some(event) => event.as_deref().cloned(),
                None => events.next().flatten(),
            };
            out.push_back(match event {
                Some(event) => Ok((EventId(*id), event)),
                None => Err(self.dangling(*id)),
            });
        }
        Ok(())
    }

    fn dangling(&self, id: u64) -> Error {
        let what = format!("event {id} is in a posting and has no record");
        // Ids may also come from elsewhere than postings: then they are wrong and the file is not.
        match self.all() {
            Ok(all) if !all.contains(id) => Error::Storage(format!("there is no event {id}")),
            _ => Error::Corrupt(what),
        }
    }
}

/// The events of a set of ids, ascending, fetched in chunks that grow with what is asked for.
pub struct Scan {
    view: View,
    ids: IntoIter,
    chunk: usize,
    ready: VecDeque<Result<(EventId, Event)>>,
}

impl Iterator for Scan {
    type Item = Result<(EventId, Event)>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ready.is_empty() {
            let ids: Vec<u64> = self.ids.by_ref().take(self.chunk).collect();
            self.chunk = (self.chunk * 2).min(256);
            if let Err(error) = self.view.fetch(&ids, &mut self.ready) {
                self.ids = RoaringTreemap::new().into_iter();
                self.ready.push_back(Err(error));
            }
        }
        self.ready.pop_front()
    }
}
