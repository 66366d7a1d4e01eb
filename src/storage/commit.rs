//! One commit being written: the changes of a transaction and the rows of a batch, table by table in the order of keys.

use std::collections::BTreeMap;

use redb::{ReadableTable, ReadableTableMetadata, Table, WriteTransaction};
use roaring::RoaringBitmap;

use super::batch::Batch;
use super::codec;
use super::guard::Fault;
use super::key;
use super::names;
use super::overlay::Overlay;
use super::posted::Posted;
use super::postings::{self, Change, Posting};
use super::sealed::Directory;
use super::sealing::{Sealing, Segments};
use super::snapshot::{self, Ended, EntryRecord};

type Bytes = &'static [u8];

/// What one commit writes. The ids of the batch are above all others.
pub(super) struct Commit<'a> {
    pub(super) writing: &'a WriteTransaction,
    pub(super) overlay: &'a Overlay,
    pub(super) batch: &'a mut Batch,
    pub(super) number: u64,
    pub(super) sealing: Sealing,
    pub(super) directory: Directory,
}

impl Commit<'_> {
    /// Writes the records and all that is derived from them.
    pub(super) fn write(mut self) -> Result<(), Fault> {
        let mut segments = Segments::new(self.writing, self.sealing, self.directory.clone())?;
        let loose = self.revise(&mut segments)?;
        let sealing = segments.newest(loose)? + self.batch.len() > self.sealing.newest;
        // Those of the overlay come first: the batch may have taken a key that an event gave up.
        self.keys()?;
        let mut sealed = Vec::new();
        let mut loose = Posted::default();
        segments.seal(sealing)?;
        if sealing {
            let revised;
            (sealed, revised) = self.batch.finish()?;
            segments.add(&sealed)?;
            self.add(revised.iter().map(|(id, record)| (*id, record.as_slice())))?;
        } else {
            loose = self.batch.posted()?;
            self.add(self.batch.records())?;
        }
        segments.finish()?;
        let posted = sealed.iter().map(|sealed| (sealed.first, &sealed.posted));
        let loose = std::iter::once((self.batch.ids().start, &loose));
        let written = self.postings(&posted.chain(loose).collect::<Vec<_>>())?;
        self.entries()?;
        self.names(&written)
    }

    /// Writes the changes of stored events; how many events are loose then.
    fn revise(&mut self, segments: &mut Segments) -> Result<usize, Fault> {
        let mut events = self.writing.open_table(key::EVENTS)?;
        let mut history = self.writing.open_table(key::HISTORY)?;
        for (&id, new) in &self.overlay.events {
            let loose = match new {
                // Borrowed by hand: an `EventRecord` would own a copy of the event.
                Some(event) => {
                    let record = codec::encode(&(self.number, event.as_ref()))?;
                    events.insert(id, record.as_slice())?
                }
                None => events.remove(id)?,
            };
            let old = match loose {
                Some(old) => Some(snapshot::decode_event(id, old.value())?),
                None => match segments.take(id)? {
                    Some(old) => Some(snapshot::decode_event(id, &old)?),
                    None => None,
                },
            };
            if let Some(record) = old {
                let at = (id, record.recorded);
                let ended = Ended { ended: self.number, record };
                history.insert(at, codec::encode(&ended)?.as_slice())?;
            }
        }
        Ok(usize::try_from(events.len()?).unwrap_or(usize::MAX))
    }

    /// Adds loose events, with their keys.
    fn add<'r>(&self, records: impl Iterator<Item = (u64, &'r [u8])>) -> Result<(), Fault> {
        let mut events = self.writing.open_table(key::EVENTS)?;
        let mut keys = self.writing.open_table(key::KEYS)?;
        for (id, record) in records {
            events.insert(id, record)?;
            if let Some(natural) = snapshot::decode_event(id, record)?.event.key {
                keys.insert(natural.as_str(), id)?;
            }
        }
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

    /// Writes each posting once: the changes of stored events, and the rows from each first id on. The keys of the index
    /// of names that new values need.
    fn postings(&self, posted: &[(u64, &Posted)]) -> Result<Vec<Vec<u8>>, Fault> {
        let mut table = self.writing.open_table(key::POSTINGS)?;
        let mut named = Vec::new();
        post(&mut table, key::ALL, Some(&self.overlay.all), self.batch.ids())?;
        for field in Posting::ALL {
            let mut values: BTreeMap<&str, (Option<&Change>, Vec<_>)> = BTreeMap::new();
            for (value, change) in self.overlay.postings.get(&field).into_iter().flatten() {
                values.entry(value).or_default().0 = Some(change);
            }
            for (first, posted) in posted {
                for (value, rows) in posted.values(field) {
                    values.entry(value).or_default().1.push((*first, rows));
                }
            }
            for (value, (change, new)) in values {
                let prefix = key::posting_prefix(field, value);
                // What the overlay took the last event from has lost its names, and has them again.
                if !new.is_empty()
                    && names::catalog_of(field).is_some()
                    && (change.is_some() || !is_posted(&table, &prefix)?)
                {
                    named.extend(names::keys_of_written(field, value));
                }
                let ids = new
                    .iter()
                    .flat_map(|(first, rows)| rows.iter().map(move |row| first + u64::from(*row)));
                post(&mut table, &prefix, change, ids)?;
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

/// Reads, changes and writes the shards of one posting that lose or get ids; empty ones are removed. What is added
/// ascends.
fn post(
    table: &mut Table<Bytes, Bytes>,
    prefix: &[u8],
    change: Option<&Change>,
    added: impl Iterator<Item = u64>,
) -> Result<(), Fault> {
    let removed = change.into_iter().flat_map(|change| &change.removed);
    each_shard(removed, |shard, removed| {
        let at = key::shard_key(prefix, shard);
        let Some(mut ids) = stored(table, &at)? else { return Ok(()) };
        ids -= removed;
        if ids.is_empty() {
            table.remove(at.as_slice())?;
        } else {
            table.insert(at.as_slice(), postings::encode(ids)?.as_slice())?;
        }
        Ok(())
    })?;
    let added = change.into_iter().flat_map(|change| &change.added).chain(added);
    each_shard(added, |shard, mut added| {
        let at = key::shard_key(prefix, shard);
        if let Some(ids) = stored(table, &at)? {
            added |= ids;
        }
        table.insert(at.as_slice(), postings::encode(added)?.as_slice())?;
        Ok(())
    })
}

fn stored(table: &Table<Bytes, Bytes>, at: &[u8]) -> Result<Option<RoaringBitmap>, Fault> {
    Ok(table.get(at)?.map(|bytes| postings::decode(bytes.value())).transpose()?)
}

/// Ascending ids, shard by shard.
fn each_shard(
    ids: impl Iterator<Item = u64>,
    mut with: impl FnMut(u32, RoaringBitmap) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let mut ids = ids.peekable();
    while let Some(shard) = ids.peek().map(|id| key::shard_of(*id)) {
        let here = std::iter::from_fn(|| ids.next_if(|id| key::shard_of(*id) == shard));
        let some: Vec<u32> = here.map(postings::low_bits).collect();
        let some = RoaringBitmap::from_sorted_iter(some.iter().copied())
            .unwrap_or_else(|_| some.iter().copied().collect());
        with(shard, some)?;
    }
    Ok(())
}

/// Has any event the value with this prefix?
fn is_posted(table: &Table<Bytes, Bytes>, prefix: &[u8]) -> Result<bool, Fault> {
    let end = key::prefix_end(prefix);
    Ok(table.range::<&[u8]>(prefix..end.as_slice())?.next().transpose()?.is_some())
}
