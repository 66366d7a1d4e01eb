//! The transaction: changes gathered in memory, read back through views, and written in one commit.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use redb::{Durability, WriteTransaction};

use super::batch::Batch;
use super::codec;
use super::commit::Commit;
use super::depth::{DEEPEST, is_too_deep};
use super::entry::{Entry, EntryKind};
use super::guard::Fault;
use super::key::{self, counter};
use super::overlay::Overlay;
use super::snapshot::CommitInfo;
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
    pub(super) view: View,
    pub(super) next_id: u64,
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
            return Err(key_taken(natural, taken));
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
            check_event(event)?;
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
        let mut none = Batch::new(self.next_id, self.view.inner.sealing);
        self.commit_with(&mut none)
    }

    /// Writes the rows of a batch along with everything else. Their ids are the next that are to be given.
    pub(super) fn commit_with(self, batch: &mut Batch) -> Result<u64> {
        let Transaction { view, next_id, reason, import, _turn: turn } = self;
        if view.overlay.is_empty() && batch.is_empty() {
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
        let View { inner, base, overlay, .. } = view;
        let (sealing, directory) = (inner.sealing, base.directory.clone());
        // The pages of the last snapshot can be used again once nobody reads them.
        drop(base);
        inner.forget_snapshot();
        let written = inner.write(|writing| {
            Commit { writing, overlay: &overlay, batch, number, sealing, directory }.write()?;
            writing.open_table(key::COMMITS)?.insert(number, codec::encode(&info)?.as_slice())?;
            let mut meta = writing.open_table(key::META)?;
            meta.insert(counter::COMMIT, number)?;
            meta.insert(counter::NEXT_ID, next_id + batch.len() as u64)?;
            meta.insert(counter::IMPORT, imports)?;
            Ok(())
        });
        // Somebody may have looked again meanwhile.
        inner.forget_snapshot();
        drop(turn);
        written.map(|()| number)
    }
}

pub(super) fn key_taken(natural: &str, id: EventId) -> Error {
    Error::Storage(format!("the key `{natural}` belongs to event {id}"))
}

/// An error for an event that could not be read again.
pub(super) fn check_event(event: &Event) -> Result<()> {
    let claims = event.documents.iter().flat_map(|citation| citation.claims.values());
    check_depth(event.attributes.values().chain(claims))
}

fn check_depth<'a>(values: impl IntoIterator<Item = &'a Value>) -> Result<()> {
    if is_too_deep(values) {
        return Err(Error::Limit(format!("a value that nests more than {DEEPEST} deep")));
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
        self.commits.fetch_add(1, Ordering::Relaxed);
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
