//! One commit being written: the changes of a transaction and the rows of a batch, table by table in the order of keys.

use std::collections::BTreeMap;
use std::ops::Bound;

use redb::{ReadableTable, Table, WriteTransaction};
use roaring::RoaringTreemap;

use super::batch::Batch;
use super::codec;
use super::guard::Fault;
use super::key;
use super::names;
use super::overlay::Overlay;
use super::postings::{self, Change, Posting};
use super::snapshot::{self, Ended, EntryRecord, EventRecord};

type Bytes = &'static [u8];

/// What one commit writes. The ids of the batch are above all others.
pub(super) struct Commit<'a> {
    pub(super) writing: &'a WriteTransaction,
    pub(super) overlay: &'a Overlay,
    pub(super) batch: &'a Batch,
    pub(super) number: u64,
}

impl Commit<'_> {
    /// Writes the records and all that is derived from them.
    pub(super) fn write(&self) -> Result<(), Fault> {
        self.events()?;
        self.keys()?;
        let written = self.postings()?;
        self.entries()?;
        self.names(&written)
    }

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
        let mut end = events.upper_bound_mut(Bound::<u64>::Unbounded)?;
        for (id, record) in self.batch.records() {
            end.insert_before(id, record)?;
        }
        Ok(end.close()?)
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

    /// Those of the overlay come first: the batch may have taken a key that an event gave up.
    fn keys(&self) -> Result<(), Fault> {
        let mut keys = self.writing.open_table(key::KEYS)?;
        for (natural, id) in &self.overlay.keys {
            match id {
                Some(id) => keys.insert(natural.as_str(), *id)?,
                None => keys.remove(natural.as_str())?,
            };
        }
        let new = self.batch.keys();
        let last = keys.last()?.map(|(natural, _)| natural.value().to_owned());
        let ascending = new.first().is_some_and(|(first, _)| last.as_deref() < Some(*first));
        if ascending {
            let mut end = keys.upper_bound_mut(Bound::<&str>::Unbounded)?;
            for (natural, id) in new {
                end.insert_before(natural, id)?;
            }
            end.close()?;
        } else {
            for (natural, id) in new {
                keys.insert(natural, id)?;
            }
        }
        Ok(())
    }

    /// Writes each posting once. The keys of the index of names that its new values need.
    fn postings(&self) -> Result<Vec<Vec<u8>>, Fault> {
        let mut table = self.writing.open_table(key::POSTINGS)?;
        let mut named = Vec::new();
        post(&mut table, key::ALL, Some(&self.overlay.all), self.batch.ids())?;
        for field in Posting::ALL {
            let mut values: BTreeMap<&str, (Option<&Change>, Option<_>)> = BTreeMap::new();
            for (value, change) in self.overlay.postings.get(&field).into_iter().flatten() {
                values.entry(value).or_default().0 = Some(change);
            }
            for (value, ids) in self.batch.postings(field) {
                values.entry(value).or_default().1 = Some(ids);
            }
            for (value, (change, ids)) in values {
                let prefix = key::posting_prefix(field, value);
                // What the overlay took the last event from has lost its names, and has them again.
                if ids.is_some()
                    && names::catalog_of(field).is_some()
                    && (change.is_some() || !is_posted(&table, &prefix)?)
                {
                    named.extend(names::keys_of_written(field, value));
                }
                post(&mut table, &prefix, change, ids.into_iter().flatten())?;
            }
        }
        named.sort_unstable();
        Ok(named)
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

    fn names(&self, written: &[Vec<u8>]) -> Result<(), Fault> {
        let mut names = self.writing.open_table(key::NAMES)?;
        for (at, present) in &self.overlay.names {
            if *present {
                names.insert(at.as_slice(), ())?;
            } else {
                names.remove(at.as_slice())?;
            }
        }
        for at in written {
            names.insert(at.as_slice(), ())?;
        }
        Ok(())
    }
}

/// Reads, changes and writes the shards of one posting that lose or get ids; empty ones are removed.
fn post(
    table: &mut Table<Bytes, Bytes>,
    prefix: &[u8],
    change: Option<&Change>,
    added: impl Iterator<Item = u64>,
) -> Result<(), Fault> {
    let mut shards: BTreeMap<u32, Change> = BTreeMap::new();
    for id in change.into_iter().flat_map(|change| &change.removed) {
        shards.entry(key::shard_of(id)).or_default().removed.insert(id);
    }
    for id in change.into_iter().flat_map(|change| &change.added).chain(added) {
        shards.entry(key::shard_of(id)).or_default().added.insert(id);
    }
    for (shard, change) in shards {
        let at = key::shard_key(prefix, shard);
        let mut ids = match table.get(at.as_slice())? {
            Some(bytes) => postings::decode(bytes.value())?,
            None => RoaringTreemap::new(),
        };
        change.apply(&mut ids);
        if ids.is_empty() {
            table.remove(at.as_slice())?;
        } else {
            table.insert(at.as_slice(), postings::encode(ids)?.as_slice())?;
        }
    }
    Ok(())
}

/// Has any event the value with this prefix?
fn is_posted(table: &Table<Bytes, Bytes>, prefix: &[u8]) -> Result<bool, Fault> {
    let end = key::prefix_end(prefix);
    Ok(table.range::<&[u8]>(prefix..end.as_slice())?.next().transpose()?.is_some())
}
