//! The batch: new rows on their way into the file, each encoded when it comes, with what it is posted under.
//!
//! As soon as the rows of a segment are together they are built into one by a thread of its own, so that what a batch
//! keeps of a row is its packed record and its codes.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;
use std::thread::{self, JoinHandle};

use rustc_hash::FxHashMap;

use super::codec;
use super::posted::Posted;
use super::sealing::Sealing;
use super::segment::rows::Unpacker;
use super::segment::{Records, Sealed, build, key_run};
use super::snapshot::{EventRecord, decode_event};
use crate::error::{Error, Result};
use crate::model::Event;

/// The place of a row in its batch. Its id is so many after the first.
type Row = u32;

/// How many segments of rows a commit best has: enough that the postings which every commit writes anew cost little
/// beside the rows.
const SEGMENTS: usize = 16;

/// How many bytes a batch may keep, roughly, before it should be written.
const MOST_BYTES: usize = 160 << 20;

/// So many segments may be in the making at once.
const BUILDING: usize = 2;

/// The records of rows that were replaced, by their ids.
pub(super) type Revised = BTreeMap<u64, Vec<u8>>;

/// Rows without gaps from the first id on. Nothing is removed from it.
pub(super) struct Batch {
    first: u64,
    rows: Row,
    sealing: Sealing,
    /// Segments, all but the last as large as may be, ascending.
    sealed: Vec<Sealed>,
    building: VecDeque<JoinHandle<Result<Sealed>>>,
    /// The rows behind those.
    open: Records,
    /// The records of rows that were replaced. What stands for them in segments is not valid.
    revised: Revised,
    keys: FxHashMap<u64, Row>,
    /// Keys whose hash is another's, too.
    more_keys: BTreeMap<String, Row>,
    bytes: usize,
}

impl Batch {
    /// An empty batch whose first row gets this id.
    pub(super) fn new(first: u64, sealing: Sealing) -> Batch {
        Batch {
            first,
            rows: 0,
            sealing,
            sealed: Vec::new(),
            building: VecDeque::new(),
            open: Records::new(first),
            revised: BTreeMap::new(),
            keys: FxHashMap::default(),
            more_keys: BTreeMap::new(),
            bytes: 0,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.rows as usize
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// Should it be written now?
    pub(super) fn is_full(&self) -> bool {
        self.len() >= SEGMENTS * self.sealing.segment_rows || self.bytes >= MOST_BYTES
    }

    /// The ids of all rows.
    pub(super) fn ids(&self) -> Range<u64> {
        self.first..self.first + u64::from(self.rows)
    }

    /// The id of the row with a natural key.
    pub(super) fn by_key(&mut self, natural: &str) -> Result<Option<u64>> {
        if let Some(row) = self.more_keys.get(natural) {
            return Ok(Some(self.id(*row)));
        }
        let Some(row) = self.keys.get(&key_run::hash(natural)) else { return Ok(None) };
        let id = self.id(*row);
        let event = self.event(id)?;
        Ok(event.is_some_and(|event| event.key.as_deref() == Some(natural)).then_some(id))
    }

    /// The hashes of the keys of all rows.
    pub(super) fn key_hashes(&self) -> impl Iterator<Item = u64> {
        self.keys.keys().copied().chain(self.more_keys.keys().map(|key| key_run::hash(key)))
    }

    fn id(&self, row: Row) -> u64 {
        self.first + u64::from(row)
    }

    /// The event of an id; none when it is of no row.
    pub(super) fn event(&mut self, id: u64) -> Result<Option<Event>> {
        if !self.ids().contains(&id) {
            return Ok(None);
        }
        let decode = |bytes: &[u8]| decode_event(id, bytes).map(|EventRecord { event, .. }| event);
        if let Some(bytes) = self.revised.get(&id) {
            return decode(bytes).map(Some);
        }
        if let Some(row) = id.checked_sub(self.open.first) {
            let row = usize::try_from(row).unwrap_or(usize::MAX);
            return decode(self.open.record(row)).map(Some);
        }
        self.join(0)?;
        let at = self.sealed.partition_point(|sealed| sealed.first <= id);
        let Some(sealed) = at.checked_sub(1).and_then(|at| self.sealed.get(at)) else {
            return Ok(None);
        };
        packed_event(sealed, id)
    }

    /// Takes in the segments that were built, until no more than so many are in the making.
    fn join(&mut self, left: usize) -> Result<()> {
        while self.building.len() > left {
            let Some(building) = self.building.pop_front() else { break };
            let stopped = || Error::Storage("the building of a segment stopped".to_owned());
            let sealed = building.join().map_err(|_| stopped())??;
            self.bytes += sealed.bytes();
            self.sealed.push(sealed);
        }
        Ok(())
    }

    /// Adds a row that commit `number` records. Its key is nobody's.
    pub(super) fn push(&mut self, event: &Event, number: u64) -> Result<u64> {
        let row = self.rows;
        let next = row.checked_add(1).ok_or_else(|| {
            Error::Limit("a batch of more than four thousand million rows".into())
        })?;
        // Borrowed by hand: an `EventRecord` would own a copy of the event.
        codec::append(&(number, event), &mut self.open.bytes)?;
        self.open.close()?;
        self.rows = next;
        if let Some(natural) = &event.key {
            self.add_key(natural, row);
        }
        if self.open.is_full(self.sealing.segment_rows) {
            self.join(BUILDING - 1)?;
            let next = Records::new(self.open.end());
            let records = std::mem::replace(&mut self.open, next);
            self.building.push_back(thread::spawn(move || build(&records, true)));
        }
        Ok(self.id(row))
    }

    fn add_key(&mut self, natural: &str, row: Row) {
        match self.keys.entry(key_run::hash(natural)) {
            Entry::Vacant(place) => drop(place.insert(row)),
            Entry::Occupied(_) => drop(self.more_keys.insert(natural.to_owned(), row)),
        }
    }

    /// Replaces the event of a row by another, whose key is its own or nobody's; false when it is of no row.
    pub(super) fn replace(&mut self, id: u64, event: &Event, number: u64) -> Result<bool> {
        let Some(old) = self.event(id)? else { return Ok(false) };
        let row = Row::try_from(id - self.first).unwrap_or_default();
        let record = codec::encode(&(number, event))?;
        self.bytes += record.len();
        self.revised.insert(id, record);
        if old.key != event.key {
            if let Some(natural) = &old.key
                && self.more_keys.remove(natural).is_none()
            {
                self.keys.remove(&key_run::hash(natural));
            }
            if let Some(natural) = &event.key {
                self.add_key(natural, row);
            }
        }
        Ok(true)
    }

    /// The records as they are now, by ascending id; only of a batch that has no segment yet.
    pub(super) fn records(&self) -> impl Iterator<Item = (u64, &[u8])> {
        let first = self.open.first;
        (0..self.open.ends.len()).map(move |row| {
            let id = first + row as u64;
            (id, self.revised.get(&id).map_or_else(|| self.open.record(row), Vec::as_slice))
        })
    }

    /// All rows in segments, with the records of those that were replaced, by their ids: their segments do not have
    /// these rows.
    pub(super) fn finish(&mut self) -> Result<(Vec<Sealed>, Revised)> {
        if !self.open.is_empty() {
            let next = Records::new(self.open.end());
            let records = std::mem::replace(&mut self.open, next);
            // Here, while the others are still in the making.
            let last = build(&records, true)?;
            self.join(0)?;
            self.sealed.push(last);
        }
        self.join(0)?;
        let mut sealed = std::mem::take(&mut self.sealed);
        let revised = std::mem::take(&mut self.revised);
        for (id, record) in &revised {
            let at = sealed.partition_point(|sealed| sealed.first <= *id);
            if let Some(sealed) = at.checked_sub(1).and_then(|at| sealed.get_mut(at))
                && let Some(old) = packed_event(sealed, *id)?
            {
                sealed.revise(*id, &old, &decode_event(*id, record)?.event);
            }
        }
        Ok((sealed, revised))
    }

    /// What the rows are posted under, only of a batch that has no segment yet.
    pub(super) fn posted(&self) -> Result<Posted> {
        let mut posted = Posted::default();
        for ((id, record), row) in self.records().zip(0..) {
            posted.push(row, &decode_event(id, record)?.event);
        }
        Ok(posted)
    }
}

/// The event of a row of a segment that is still in memory.
fn packed_event(sealed: &Sealed, id: u64) -> Result<Option<Event>> {
    let row = usize::try_from(id - sealed.first).unwrap_or(usize::MAX);
    let at = sealed.packed.starts.partition_point(|start| usize::from(*start) <= row);
    let block = at.checked_sub(1).and_then(|at| {
        Some((sealed.packed.blocks.get(at)?, usize::from(*sealed.packed.starts.get(at)?)))
    });
    let Some((block, start)) = block else { return Ok(None) };
    let bytes = Unpacker::new(&sealed.packed.table)?.row(block, row - start)?;
    Ok(Some(decode_event(id, &bytes)?.event))
}

#[cfg(test)]
mod tests {
    use super::super::postings::Posting;
    use super::*;
    use crate::model::{Date, Day, Participant, Role, Value};

    /// A row as ICEWS has it.
    fn row() -> Event {
        let text = Value::Text("Express intent to meet or negotiate".to_owned());
        Event {
            key: Some("icews:20718170:20140312x".to_owned()),
            kind: "meet".to_owned(),
            code: Some("036".to_owned()),
            participants: vec![
                Participant::new("Citizen (Pakistan)", Role::Source),
                Participant::new("Sergey Viktorovich Lavrov", Role::Target),
            ],
            date: Some(Date::day(Day(16_141))),
            goldstein: Some(4.0),
            import: Some(1),
            attributes: [("Event Text".to_owned(), text)].into(),
            ..Event::default()
        }
    }

    #[test]
    fn a_record_is_little_longer_than_its_texts() {
        let event = row();
        let texts = [
            event.key.as_deref(),
            Some(&event.kind),
            event.code.as_deref(),
            Some("Citizen (Pakistan)Sergey Viktorovich LavrovEvent Text"),
            event.attributes.get("Event Text").and_then(Value::as_text),
        ];
        let texts: usize = texts.into_iter().flatten().map(str::len).sum();
        let mut batch = Batch::new(1, Sealing::default());
        batch.push(&event, 1000).unwrap();
        let (id, record) = batch.records().next().unwrap();
        assert_eq!((id, texts, record.len()), (1, 119, 163));
        let dated = record.len();
        batch.replace(1, &Event { date: None, ..row() }, 1000).unwrap();
        assert_eq!(dated - batch.records().next().unwrap().1.len(), 4, "of the date");
    }

    #[test]
    fn a_replaced_row_is_posted_under_what_it_has_now() {
        let mut batch = Batch::new(10, Sealing::default());
        for n in 0..5 {
            batch.push(&Event { key: Some(n.to_string()), ..row() }, 1).unwrap();
        }
        let other = Event { key: Some("x".to_owned()), code: Some("042".to_owned()), ..row() };
        assert!(batch.replace(12, &other, 1).unwrap());
        assert!(!batch.replace(15, &other, 1).unwrap());
        assert!(!batch.replace(9, &other, 1).unwrap());
        assert_eq!(batch.event(12).unwrap(), Some(other));
        assert_eq!((batch.by_key("2").unwrap(), batch.by_key("x").unwrap()), (None, Some(12)));
        let codes = |batch: &Batch| -> BTreeMap<String, Vec<u64>> {
            let posted = batch.posted().unwrap();
            let ids = |rows: &[u32]| rows.iter().map(|row| batch.id(*row)).collect();
            posted.values(Posting::Code).map(|(code, rows)| (code.to_owned(), ids(rows))).collect()
        };
        let (old, new) = ("036".to_owned(), "042".to_owned());
        assert_eq!(codes(&batch), [(old.clone(), vec![10, 11, 13, 14]), (new, vec![12])].into());
        batch.replace(12, &Event { key: None, ..row() }, 1).unwrap();
        assert_eq!(codes(&batch), [(old, vec![10, 11, 12, 13, 14])].into());
        assert_eq!((batch.by_key("x").unwrap(), batch.keys.len(), batch.len()), (None, 4, 5));
    }
}
