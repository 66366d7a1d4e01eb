//! The transaction: changes gathered in memory, read back through views, and written in one commit.

use std::sync::Arc;

use redb::{Durability, ReadableTable, Table, WriteTransaction};
use roaring::RoaringTreemap;

use super::codec;
use super::depth::{DEEPEST, is_too_deep};
use super::entry::{Entry, EntryKind};
use super::guard::Fault;
use super::key::{self, counter};
use super::overlay::Overlay;
use super::postings::{self, Change};
use super::snapshot::{self, CommitInfo, Ended, EntryRecord, EventRecord};
use super::store::{Inner, Turn};
use super::view::View;
use crate::error::{Error, Result};
use crate::model::{Event, EventId, Value};

/// A file above this length records the state of its allocator with every commit, for after a crash it would take long
/// to find out.
const QUICK_REPAIR_ABOVE: u64 = 64 << 20;

/// What became of an event that was to be inserted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inserted {
    /// It is in, with this id.
    New(EventId),
    /// Its natural key belongs to this event; nothing was changed.
    KeyTaken(EventId),
}

/// Changes that become visible to others all at once, or never: dropped, it leaves nothing behind.
pub struct Transaction {
    view: View,
    next_id: u64,
    reason: Option<String>,
    import: Option<u64>,
    _turn: Turn,
}

impl Transaction {
    pub(super) fn new(view: View, turn: Turn) -> Transaction {
        let next_id = view.base.next_id;
        Transaction { view, next_id, reason: None, import: None, _turn: turn }
    }

    /// What the database holds with the changes made so far.
    pub fn view(&self) -> View {
        self.view.clone()
    }

    fn overlay(&mut self) -> &mut Overlay {
        Arc::make_mut(&mut self.view.overlay)
    }

    /// Adds an event, unless its natural key is in use.
    pub fn insert(&mut self, event: Event) -> Result<Inserted> {
        if let Some(natural) = &event.key
            && let Some(taken) = self.view.event_by_key(natural)?
        {
            return Ok(Inserted::KeyTaken(taken));
        }
        let id = self.next_id;
        self.put(id, None, Some(event))?;
        self.next_id += 1;
        Ok(Inserted::New(EventId(id)))
    }

    /// Replaces an event by another version; false when there is none of this id.
    ///
    /// A natural key that belongs to another event is an error.
    pub fn update(&mut self, id: EventId, event: Event) -> Result<bool> {
        let Some(old) = self.view.event(id)? else { return Ok(false) };
        if let Some(natural) = event.key.as_deref()
            && let Some(taken) = self.view.event_by_key(natural)?
            && taken != id
        {
            return Err(Error::Storage(format!("the key `{natural}` belongs to event {taken}")));
        }
        if old != event {
            self.put(id.0, Some(&old), Some(event))?;
        }
        Ok(true)
    }

    /// Removes an event, which stays in the history; false when there is none of this id.
    pub fn delete(&mut self, id: EventId) -> Result<bool> {
        let Some(old) = self.view.event(id)? else { return Ok(false) };
        self.put(id.0, Some(&old), None)?;
        Ok(true)
    }

    fn put(&mut self, id: u64, old: Option<&Event>, new: Option<Event>) -> Result<()> {
        if let Some(event) = &new {
            let claims = event.documents.iter().flat_map(|citation| citation.claims.values());
            check_depth(event.attributes.values().chain(claims))?;
        }
        let (base, health) = (Arc::clone(&self.view.base), Arc::clone(&self.view.inner.health));
        let overlay = self.overlay();
        overlay.repost(id, old, new.as_ref(), |field, value| {
            health.guard(|| base.cardinality(field, value))
        })?;
        if let Some(natural) = old.and_then(|event| event.key.as_ref()) {
            overlay.keys.insert(natural.clone(), None);
        }
        if let Some(natural) = new.as_ref().and_then(|event| event.key.as_ref()) {
            overlay.keys.insert(natural.clone(), Some(id));
        }
        overlay.events.insert(id, new.map(Arc::new));
        Ok(())
    }

    /// Enters an entry in its catalogue, in place of the one of the same folded name, which is returned.
    pub fn define(&mut self, entry: Entry) -> Result<Option<Entry>> {
        check_depth(entry.attributes())?;
        let kind = entry.kind();
        let old = self.view.entry(kind, entry.name())?;
        if old.as_ref() != Some(&entry) {
            let at = key::entry_key(kind, &kind.fold(entry.name()));
            let overlay = self.overlay();
            overlay.rename(old.as_ref(), Some(&entry));
            overlay.entries.insert(at, Some(Arc::new(entry)));
        }
        Ok(old)
    }

    /// Removes an entry; false when there is none of this name.
    pub fn remove(&mut self, catalog: EntryKind, name: &str) -> Result<bool> {
        let Some(old) = self.view.entry(catalog, name)? else { return Ok(false) };
        let at = key::entry_key(catalog, &catalog.fold(name));
        let overlay = self.overlay();
        overlay.rename(Some(&old), None);
        overlay.entries.insert(at, None);
        Ok(true)
    }

    /// Says why, for the list of commits.
    pub fn set_reason(&mut self, reason: &str) {
        self.reason = Some(reason.to_owned());
    }

    /// Says that this is the import of a number.
    pub fn set_import(&mut self, number: u64) {
        self.import = Some(number);
    }

    /// Writes everything and returns the number of the commit once it is durable. Without changes there is no commit,
    /// and the number is the last one's.
    ///
    /// After an error it is not known whether the changes reached the file, and the database must be opened again.
    pub fn commit(self) -> Result<u64> {
        let Transaction { view, next_id, reason, import, _turn: turn } = self;
        if view.overlay.is_empty() {
            return Ok(view.commit());
        }
        let info = CommitInfo {
            number: view.commit() + 1,
            time: jiff::Timestamp::now().as_millisecond(),
            reason,
            import,
        };
        let number = info.number;
        let imports = view.base.import.max(import.unwrap_or_default());
        let View { inner, base, overlay } = view;
        // The pages of the last snapshot can be used again once nobody reads them.
        drop(base);
        inner.forget_snapshot();
        let written = inner.write(|writing| {
            let commit = Commit { writing, overlay: &overlay, number };
            commit.events()?;
            commit.keys()?;
            commit.postings()?;
            commit.entries()?;
            commit.names()?;
            writing.open_table(key::COMMITS)?.insert(number, codec::encode(&info)?.as_slice())?;
            let mut meta = writing.open_table(key::META)?;
            meta.insert(counter::COMMIT, number)?;
            meta.insert(counter::NEXT_ID, next_id)?;
            meta.insert(counter::IMPORT, imports)?;
            Ok(())
        });
        // Somebody may have looked again meanwhile.
        inner.forget_snapshot();
        drop(turn);
        written.map(|()| number)
    }
}

fn check_depth<'a>(values: impl IntoIterator<Item = &'a Value>) -> Result<()> {
    if is_too_deep(values) {
        return Err(Error::Limit(format!("a value that nests more than {DEEPEST} deep")));
    }
    Ok(())
}

/// One commit being written.
struct Commit<'a> {
    writing: &'a WriteTransaction,
    overlay: &'a Overlay,
    number: u64,
}

type Bytes = &'static [u8];

impl Commit<'_> {
    fn events(&self) -> Result<(), Fault> {
        let mut events = self.writing.open_table(key::EVENTS)?;
        let mut history = self.writing.open_table(key::HISTORY)?;
        for (&id, new) in &self.overlay.events {
            if let Some(event) = new {
                // Borrowed by hand: an `EventRecord` would own a copy of the event.
                let record = (self.number, event.as_ref());
                let old = events.insert(id, codec::encode(&record)?.as_slice())?;
                if let Some(old) = old {
                    let old = snapshot::decode_event(id, old.value())?;
                    self.end_event(&mut history, id, old)?;
                }
            } else if let Some(old) = events.remove(id)? {
                let old = snapshot::decode_event(id, old.value())?;
                self.end_event(&mut history, id, old)?;
            }
        }
        Ok(())
    }

    fn end_event(
        &self,
        history: &mut Table<(u64, u64), Bytes>,
        id: u64,
        record: EventRecord,
    ) -> Result<(), Fault> {
        let at = (id, record.recorded);
        let ended = Ended { ended: self.number, record };
        history.insert(at, codec::encode(&ended)?.as_slice())?;
        Ok(())
    }

    fn keys(&self) -> Result<(), Fault> {
        let mut keys = self.writing.open_table(key::KEYS)?;
        for (natural, id) in &self.overlay.keys {
            match id {
                Some(id) => keys.insert(natural.as_str(), *id)?,
                None => keys.remove(natural.as_str())?,
            };
        }
        Ok(())
    }

    fn postings(&self) -> Result<(), Fault> {
        let mut postings = self.writing.open_table(key::POSTINGS)?;
        post(&mut postings, key::ALL, &self.overlay.all)?;
        for (&field, changes) in &self.overlay.postings {
            for (value, change) in changes {
                post(&mut postings, &key::posting_key(field, value), change)?;
            }
        }
        Ok(())
    }

    fn entries(&self) -> Result<(), Fault> {
        let mut entries = self.writing.open_table(key::ENTRIES)?;
        let mut history = self.writing.open_table(key::ENTRY_HISTORY)?;
        for (at, new) in &self.overlay.entries {
            let at = at.as_slice();
            let old = match new {
                Some(entry) => {
                    let record = (self.number, entry.as_ref());
                    entries.insert(at, codec::encode(&record)?.as_slice())?
                }
                None => entries.remove(at)?,
            };
            if let Some(old) = old {
                let record: EntryRecord = snapshot::decode_entry(at, old.value())?;
                let recorded = record.recorded;
                let ended = Ended { ended: self.number, record };
                history.insert((at, recorded), codec::encode(&ended)?.as_slice())?;
            }
        }
        Ok(())
    }

    fn names(&self) -> Result<(), Fault> {
        let mut names = self.writing.open_table(key::NAMES)?;
        for (at, present) in &self.overlay.names {
            if *present {
                names.insert(at.as_slice(), ())?;
            } else {
                names.remove(at.as_slice())?;
            }
        }
        Ok(())
    }
}

/// Reads, changes and writes one posting; an empty one is removed.
fn post(table: &mut Table<Bytes, Bytes>, at: &[u8], change: &Change) -> Result<(), Fault> {
    if change.is_empty() {
        return Ok(());
    }
    let mut ids = match table.get(at)? {
        Some(bytes) => postings::decode(bytes.value())?,
        None => RoaringTreemap::new(),
    };
    change.apply(&mut ids);
    if ids.is_empty() {
        table.remove(at)?;
    } else {
        table.insert(at, postings::encode(&ids)?.as_slice())?;
    }
    Ok(())
}

impl Inner {
    /// Runs one engine transaction and makes it durable.
    pub(super) fn write(
        &self,
        work: impl FnOnce(&WriteTransaction) -> Result<(), Fault>,
    ) -> Result<()> {
        let quick = self.file_len()? > QUICK_REPAIR_ABOVE;
        let written = self.with_writer(|database| {
            let mut writing = database.begin_write()?;
            writing.set_durability(Durability::Immediate)?;
            writing.set_quick_repair(quick);
            work(&writing)?;
            Ok(writing.commit()?)
        });
        // Where the engine failed, what is in the file is in doubt; where our records failed, nothing was written.
        if let Err(error) = &written
            && !matches!(error, Error::Limit(_))
        {
            self.health.failed(format!("the last commit failed ({error})"));
        }
        written
    }
}
