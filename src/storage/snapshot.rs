//! The snapshot: what one commit left in the file, with its tables open.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use redb::{ReadOnlyTable, ReadTransaction, ReadableTable, ReadableTableMetadata};
use roaring::{RoaringBitmap, RoaringTreemap};
use serde::{Deserialize, Serialize};

use super::codec;
use super::entry::{Entry, EntryKind};
use super::guard::Fault;
use super::key::{self, counter};
use super::postings::{self, Posting};
use super::sealed::{self, Blocks, Directory};
use super::segment::key_filter::KeyFilter;
use super::segment::key_run::KeyRun;
use super::segment::{Column, ColumnId, Segment, TextId, key_run};
use crate::error::{Error, Result};
use crate::model::Event;

/// An event as stored: a version with the commit that recorded it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct EventRecord {
    pub(super) recorded: u64,
    pub(super) event: Event,
}

/// An entry of a catalogue as stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct EntryRecord {
    pub(super) recorded: u64,
    pub(super) entry: Entry,
}

/// A version that has ended, with the commit that ended it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Ended<T> {
    pub(super) ended: u64,
    pub(super) record: T,
}

/// What is known of a commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommitInfo {
    /// Its number: 1 for the first.
    pub number: u64,
    /// When, in milliseconds after 1970-01-01 UTC.
    pub time: i64,
    /// Why, as the user put it.
    pub reason: Option<String>,
    /// The import that made it.
    pub import: Option<u64>,
}

type Table<K, V> = ReadOnlyTable<K, V>;
type Bytes = &'static [u8];
/// Values by segment number and a place within.
type Pieces = Table<(u64, u32), Bytes>;

/// The tables of one commit.
pub(super) struct Snapshot {
    pub(super) commit: u64,
    pub(super) next_id: u64,
    pub(super) import: u64,
    pub(super) next_segment: u64,
    pub(super) next_text: u64,
    pub(super) events: Table<u64, Bytes>,
    pub(super) keys: Table<&'static str, u64>,
    pub(super) history: Table<(u64, u64), Bytes>,
    pub(super) entries: Table<Bytes, Bytes>,
    pub(super) entry_history: Table<(Bytes, u64), Bytes>,
    pub(super) names: Table<Bytes, ()>,
    pub(super) postings: Table<Bytes, Bytes>,
    pub(super) commits: Table<u64, Bytes>,
    pub(super) directory: Directory,
    pub(super) columns: Pieces,
    pub(super) blocks: Pieces,
    pub(super) texts: Table<u32, &'static str>,
    pub(super) text_ids: Table<&'static str, u32>,
    pub(super) key_runs: Table<(u32, u32), Bytes>,
    /// The runs that these are of, once somebody has asked for a key.
    runs: OnceLock<Vec<(u32, KeyRun)>>,
}

/// The counters of a snapshot, which tell whether another is needed.
pub(super) struct Counters {
    pub(super) format: u64,
    pub(super) commit: u64,
    next_id: u64,
    import: u64,
    next_segment: u64,
    next_text: u64,
}

impl Counters {
    pub(super) fn read(reading: &ReadTransaction) -> Result<Counters, Fault> {
        let meta = reading.open_table(key::META)?;
        let get = |name: &'static str| -> Result<u64, Fault> {
            match meta.get(name)? {
                Some(value) => Ok(value.value()),
                None => Err(Error::Corrupt(format!("the counter `{name}` is missing")).into()),
            }
        };
        Ok(Counters {
            format: get(counter::FORMAT)?,
            commit: get(counter::COMMIT)?,
            next_id: get(counter::NEXT_ID)?,
            import: get(counter::IMPORT)?,
            next_segment: get(counter::NEXT_SEGMENT)?,
            next_text: get(counter::NEXT_TEXT)?,
        })
    }
}

impl Snapshot {
    /// The tables of a commit. Segments that are known need not be read again.
    pub(super) fn new(
        reading: &ReadTransaction,
        counters: &Counters,
        known: &[Arc<Segment>],
    ) -> Result<Snapshot, Fault> {
        Ok(Snapshot {
            directory: Directory::read(reading, known)?,
            columns: reading.open_table(key::COLUMNS)?,
            blocks: reading.open_table(key::BLOCKS)?,
            texts: reading.open_table(key::TEXTS)?,
            text_ids: reading.open_table(key::TEXT_IDS)?,
            key_runs: reading.open_table(key::KEY_RUNS)?,
            runs: OnceLock::new(),
            commit: counters.commit,
            next_id: counters.next_id,
            import: counters.import,
            next_segment: counters.next_segment,
            next_text: counters.next_text,
            events: reading.open_table(key::EVENTS)?,
            keys: reading.open_table(key::KEYS)?,
            history: reading.open_table(key::HISTORY)?,
            entries: reading.open_table(key::ENTRIES)?,
            entry_history: reading.open_table(key::ENTRY_HISTORY)?,
            names: reading.open_table(key::NAMES)?,
            postings: reading.open_table(key::POSTINGS)?,
            commits: reading.open_table(key::COMMITS)?,
        })
    }

    pub(super) fn event_count(&self) -> Result<u64, Fault> {
        self.cardinality_of(key::ALL)
    }

    /// The packed records of segments.
    pub(super) fn packed(&self) -> Blocks<'_, Pieces, Pieces> {
        Blocks { blocks: &self.blocks, columns: &self.columns }
    }

    /// An event. The methods that take `read` add to it the bytes that they have read.
    pub(super) fn event(&self, id: u64, read: &AtomicU64) -> Result<Option<EventRecord>, Fault> {
        if let Some((segment, row)) = self.directory.locate(id) {
            let (record, bytes) = self.packed().event(segment, row)?;
            read.fetch_add(bytes as u64, Ordering::Relaxed);
            return Ok(Some(record));
        }
        match self.events.get(id)? {
            None => Ok(None),
            Some(bytes) => Ok(Some(decode_event(id, counted(bytes.value(), read))?)),
        }
    }

    /// The events of ascending ids, in their order, none where there is no such event.
    pub(super) fn events_of(
        &self,
        ids: &[u64],
        read: &AtomicU64,
    ) -> Result<Vec<Option<Event>>, Fault> {
        let mut found = Vec::with_capacity(ids.len());
        let mut left = ids;
        while let Some(&id) = left.first() {
            let taken = if let Some((segment, _)) = self.directory.locate(id) {
                let gone = self.directory.gone.get(&segment.number);
                let row = |id: &u64| {
                    segment.row_of(*id).filter(|row| gone.is_none_or(|gone| !gone.contains(*row)))
                };
                let rows: Vec<u32> = left.iter().map_while(row).collect();
                self.packed().each_of(segment, &rows, |_, record, bytes| {
                    found.push(Some(record.event));
                    read.fetch_add(bytes as u64, Ordering::Relaxed);
                    Ok(())
                })?;
                rows.len()
            } else {
                let loose = left.iter().take_while(|id| self.directory.locate(**id).is_none());
                let loose = left.get(..loose.count()).unwrap_or_default();
                self.loose_events(loose, &mut found, read)?;
                loose.len()
            };
            left = left.get(taken..).unwrap_or_default();
        }
        Ok(found)
    }

    fn loose_events(
        &self,
        ids: &[u64],
        found: &mut Vec<Option<Event>>,
        read: &AtomicU64,
    ) -> Result<(), Fault> {
        let (Some(&first), Some(&last)) = (ids.first(), ids.last()) else { return Ok(()) };
        let take = |id: u64, bytes: &[u8]| -> Result<Event, Fault> {
            Ok(decode_event(id, counted(bytes, read))?.event)
        };
        // Neighbours are read in one walk along the leaves, strangers one by one.
        if last - first >= 2 * ids.len() as u64 {
            for &id in ids {
                let bytes = self.events.get(id)?;
                found.push(bytes.map(|bytes| take(id, bytes.value())).transpose()?);
            }
            return Ok(());
        }
        let mut rows = self.events.range(first..=last)?;
        let mut row = rows.next().transpose()?;
        for &id in ids {
            while row.as_ref().is_some_and(|(at, _)| at.value() < id) {
                row = rows.next().transpose()?;
            }
            let here = row.as_ref().filter(|(at, _)| at.value() == id);
            found.push(here.map(|(_, bytes)| take(id, bytes.value())).transpose()?);
        }
        Ok(())
    }

    /// The ids of the events that are in no segment.
    pub(super) fn loose(&self) -> Result<RoaringTreemap, Fault> {
        let mut ids = RoaringTreemap::new();
        for row in self.events.iter()? {
            ids.insert(row?.0.value());
        }
        Ok(ids)
    }

    pub(super) fn column(
        &self,
        segment: &Segment,
        column: &ColumnId,
        read: &AtomicU64,
    ) -> Result<Column, Fault> {
        let column = sealed::column(&self.columns, segment, column)?;
        read.fetch_add(column.bytes() as u64, Ordering::Relaxed);
        Ok(column)
    }

    pub(super) fn text(&self, id: TextId) -> Result<Arc<str>, Fault> {
        sealed::text(&self.texts, id)
    }

    pub(super) fn text_id(&self, text: &str) -> Result<Option<TextId>, Fault> {
        Ok(self.text_ids.get(text)?.map(|id| TextId(id.value())))
    }

    /// A filter of all natural keys.
    pub(super) fn key_filter(&self) -> Result<KeyFilter, Fault> {
        let loose = usize::try_from(self.keys.len()?).unwrap_or(usize::MAX);
        let runs = self.runs()?;
        // The runs are not read twice: they have no more keys than this.
        let sealed = runs.iter().map(|(_, run)| run.most_keys());
        let mut filter = KeyFilter::new(sealed.fold(loose, usize::saturating_add));
        for run in runs {
            sealed::each_key(&self.key_runs, *run, |hash| filter.insert(hash))?;
        }
        for row in self.keys.iter()? {
            filter.insert(key_run::hash(row?.0.value()));
        }
        Ok(filter)
    }

    pub(super) fn event_by_key(&self, natural: &str) -> Result<Option<u64>, Fault> {
        if let Some(id) = self.keys.get(natural)? {
            return Ok(Some(id.value()));
        }
        let hash = key_run::hash(natural);
        for run in self.runs()?.iter().rev() {
            for id in sealed::key_candidates(&self.key_runs, *run, hash)? {
                let Some(record) = self.event(id, &AtomicU64::default())? else { continue };
                if record.event.key.as_deref() == Some(natural) {
                    return Ok(Some(id));
                }
            }
        }
        Ok(None)
    }

    /// The runs of keys, by shard.
    fn runs(&self) -> Result<&[(u32, KeyRun)], Fault> {
        if let Some(runs) = self.runs.get() {
            return Ok(runs);
        }
        let runs = sealed::key_runs(&self.key_runs)?;
        Ok(self.runs.get_or_init(|| runs))
    }

    pub(super) fn history(&self, id: u64) -> Result<Vec<Ended<EventRecord>>, Fault> {
        let mut versions = Vec::new();
        for row in self.history.range((id, 0)..=(id, u64::MAX))? {
            let (_, bytes) = row?;
            versions.push(codec::decode(bytes.value(), || format!("a version of event {id}"))?);
        }
        Ok(versions)
    }

    /// The ids that have ended versions.
    pub(super) fn with_history(&self) -> Result<RoaringTreemap, Fault> {
        let mut ids = RoaringTreemap::new();
        for row in self.history.iter()? {
            ids.insert(row?.0.value().0);
        }
        Ok(ids)
    }

    pub(super) fn all(&self, read: &AtomicU64) -> Result<RoaringTreemap, Fault> {
        self.bitmap(key::ALL, read)
    }

    pub(super) fn posting(
        &self,
        field: Posting,
        value: &str,
        read: &AtomicU64,
    ) -> Result<RoaringTreemap, Fault> {
        self.bitmap(&key::posting_prefix(field, value), read)
    }

    fn bitmap(&self, prefix: &[u8], read: &AtomicU64) -> Result<RoaringTreemap, Fault> {
        let mut bitmaps: BTreeMap<u32, RoaringBitmap> = BTreeMap::new();
        let end = key::prefix_end(prefix);
        for row in self.postings.range::<&[u8]>(prefix..end.as_slice())? {
            let (at, bytes) = row?;
            let ids = postings::decode(counted(bytes.value(), read))?;
            *bitmaps.entry(key::high_bits(at.value())?).or_default() |= ids;
        }
        Ok(RoaringTreemap::from_bitmaps(bitmaps))
    }

    pub(super) fn cardinality(&self, field: Posting, value: &str) -> Result<u64, Fault> {
        self.cardinality_of(&key::posting_prefix(field, value))
    }

    fn cardinality_of(&self, prefix: &[u8]) -> Result<u64, Fault> {
        let end = key::prefix_end(prefix);
        let mut count = 0;
        for row in self.postings.range::<&[u8]>(prefix..end.as_slice())? {
            count += postings::cardinality(row?.1.value())?;
        }
        Ok(count)
    }

    pub(super) fn posting_values(
        &self,
        field: Posting,
        from: Bound<&str>,
        to: Bound<&str>,
    ) -> Result<Vec<(String, u64)>, Fault> {
        let (from, to) = key::posting_range(field, from, to);
        let mut values: Vec<(String, u64)> = Vec::new();
        if is_empty_range(&from, &to) {
            return Ok(values);
        }
        let range = (as_slice(&from), as_slice(&to));
        for row in self.postings.range::<&[u8]>(range)? {
            let (at, bytes) = row?;
            let value = key::posted_value(at.value())
                .ok_or_else(|| Error::Corrupt("the key of a posting is none".to_owned()))?;
            let count = postings::cardinality(bytes.value())?;
            match values.last_mut() {
                Some((last, sum)) if last.as_bytes() == value => *sum += count,
                _ => values.push((text(&value, "a posting")?, count)),
            }
        }
        Ok(values)
    }

    pub(super) fn entry(&self, at: &[u8]) -> Result<Option<EntryRecord>, Fault> {
        match self.entries.get(at)? {
            None => Ok(None),
            Some(bytes) => Ok(Some(decode_entry(at, bytes.value())?)),
        }
    }

    /// The entries of a catalogue with their keys.
    pub(super) fn entries(&self, kind: EntryKind) -> Result<Vec<(Vec<u8>, Entry)>, Fault> {
        let mut entries = Vec::new();
        let (from, to) = ([kind.tag()], [kind.tag() + 1]);
        for row in self.entries.range::<&[u8]>(from.as_slice()..to.as_slice())? {
            let (at, bytes) = row?;
            let at = at.value();
            entries.push((at.to_vec(), decode_entry(at, bytes.value())?.entry));
        }
        Ok(entries)
    }

    /// The names at the keys of the index of names that begin with `prefix`, with their keys.
    pub(super) fn names(&self, prefix: &[u8]) -> Result<Vec<Vec<u8>>, Fault> {
        let end = key::prefix_end(prefix);
        let mut keys = Vec::new();
        for row in self.names.range::<&[u8]>(prefix..end.as_slice())? {
            keys.push(row?.0.value().to_vec());
        }
        Ok(keys)
    }

    pub(super) fn commit_info(&self, number: u64) -> Result<Option<CommitInfo>, Fault> {
        match self.commits.get(number)? {
            None => Ok(None),
            Some(bytes) => Ok(Some(codec::decode(bytes.value(), || format!("commit {number}"))?)),
        }
    }
}

/// The bytes, added to those that have been read.
fn counted<'b>(bytes: &'b [u8], read: &AtomicU64) -> &'b [u8] {
    read.fetch_add(bytes.len() as u64, Ordering::Relaxed);
    bytes
}

pub(super) fn decode_event(id: u64, bytes: &[u8]) -> Result<EventRecord> {
    codec::decode(bytes, || format!("event {id}"))
}

pub(super) fn decode_entry(at: &[u8], bytes: &[u8]) -> Result<EntryRecord> {
    let name = || String::from_utf8_lossy(at.get(1..).unwrap_or_default()).into_owned();
    codec::decode(bytes, || format!("the entry `{}`", name()))
}

/// Text from the bytes of a key.
pub(super) fn text(bytes: &[u8], what: &str) -> Result<String> {
    String::from_utf8(bytes.to_vec())
        .map_err(|_| Error::Corrupt(format!("the key of {what} is not text")))
}

fn as_slice(bound: &Bound<Vec<u8>>) -> Bound<&[u8]> {
    bound.as_ref().map(Vec::as_slice)
}

/// The engine panics on ranges that end before they start.
fn is_empty_range(from: &Bound<Vec<u8>>, to: &Bound<Vec<u8>>) -> bool {
    match (from, to) {
        (Bound::Included(a), Bound::Included(b)) => a > b,
        (Bound::Included(a) | Bound::Excluded(a), Bound::Excluded(b))
        | (Bound::Excluded(a), Bound::Included(b)) => a >= b,
        _ => false,
    }
}
