//! Sealing: what moves events into segments, in the transaction of the commit that makes them too many to be loose.
//!
//! The newest events lie loose, one record a row. When a commit leaves more of them than [`Sealing::newest`], all become
//! a segment, and the segments before it that are not much larger are taken in, so that their number stays small. Revised
//! events stay loose until one segment has many: then it is built anew with them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use redb::{ReadableTable, WriteTransaction};
use roaring::RoaringBitmap;
use rustc_hash::FxHashMap;

use super::codec;
use super::guard::Fault;
use super::key::{self, counter};
use super::sealed::{Blocks, Directory, decode_head, encode_gone};
use super::segment::key_run::{self, KeyEntry};
use super::segment::{
    Head, MOST_ROWS, Records, Sealed, SealedColumn, Segment, TextId, build, holding,
};
use super::snapshot::decode_event;
use crate::error::{Error, Result};

/// When events are sealed, and into how large segments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sealing {
    /// How many of the newest events lie loose at most.
    pub newest: usize,
    /// How many rows a segment has at most.
    pub segment_rows: usize,
}

impl Default for Sealing {
    /// Some thousand rows are decoded in milliseconds. Tests have few events and want many segments.
    fn default() -> Self {
        if cfg!(test) {
            Sealing { newest: 40, segment_rows: 64 }
        } else {
            Sealing { newest: 8192, segment_rows: MOST_ROWS }
        }
    }
}

impl Sealing {
    /// So many loose, and segments of so many rows, one at least and [`MOST_ROWS`] at most.
    pub fn new(newest: usize, segment_rows: usize) -> Sealing {
        Sealing { newest, segment_rows: segment_rows.clamp(1, MOST_ROWS) }
    }

    /// How many revised events of a segment are too many to lie loose.
    fn most_revised(self) -> usize {
        (self.segment_rows / 64).max(1)
    }
}

/// The segments of a commit that is being written.
pub(super) struct Segments<'a> {
    writing: &'a WriteTransaction,
    sealing: Sealing,
    directory: Directory,
    /// Rows that are gone, by segment number, where that changes.
    gone: BTreeMap<u64, RoaringBitmap>,
    /// The numbers of the texts that were met.
    texts: FxHashMap<String, TextId>,
    next_segment: u64,
    next_text: u32,
    /// Hashes of natural keys of events that are now sealed, with their ids.
    keys: Vec<(u64, u64)>,
}

impl<'a> Segments<'a> {
    pub(super) fn new(
        writing: &'a WriteTransaction,
        sealing: Sealing,
        directory: Directory,
    ) -> Result<Segments<'a>, Fault> {
        let meta = writing.open_table(key::META)?;
        let get = |name: &'static str| -> Result<u64, Fault> {
            Ok(meta.get(name)?.map_or(1, |value| value.value()))
        };
        let next_text = u32::try_from(get(counter::NEXT_TEXT)?).unwrap_or(u32::MAX);
        let next_segment = get(counter::NEXT_SEGMENT)?;
        Ok(Segments {
            writing,
            sealing,
            directory,
            gone: BTreeMap::new(),
            texts: FxHashMap::default(),
            next_segment,
            next_text,
            keys: Vec::new(),
        })
    }

    /// Takes a row out of its segment; its record as it was, or none where no segment tells of the event.
    pub(super) fn take(&mut self, id: u64) -> Result<Option<Vec<u8>>, Fault> {
        let Some((segment, row)) = self.directory.locate(id) else { return Ok(None) };
        let gone = self.gone.entry(segment.number).or_insert_with(|| {
            self.directory.gone.get(&segment.number).cloned().unwrap_or_default()
        });
        if !gone.insert(row) {
            return Ok(None);
        }
        let mut found = Vec::new();
        let (blocks, columns) =
            (self.writing.open_table(key::BLOCKS)?, self.writing.open_table(key::COLUMNS)?);
        Blocks { blocks: &blocks, columns: &columns }.each_record(
            segment,
            &[row],
            |_, record, _| {
                found.extend_from_slice(record);
                Ok(())
            },
        )?;
        Ok(Some(found))
    }

    /// Adds segments of new events.
    pub(super) fn add(&mut self, sealed: &[Sealed]) -> Result<(), Fault> {
        sealed.iter().try_for_each(|sealed| self.write(sealed))
    }

    /// How many events lie loose behind all segments, where `loose` do so at all. Counted only if they may be too many.
    pub(super) fn newest(&self, loose: usize) -> Result<usize, Fault> {
        if loose <= self.sealing.newest || self.directory.segments.is_empty() {
            return Ok(loose);
        }
        self.loose_within(self.directory.end(), u64::MAX)
    }

    fn loose_within(&self, from: u64, below: u64) -> Result<usize, Fault> {
        let mut count = 0;
        for row in self.writing.open_table(key::EVENTS)?.range(from..below)? {
            row?;
            count += 1;
        }
        Ok(count)
    }

    /// Builds the segments anew of which too many events are loose, and, where the `newest` are too many, seals these.
    pub(super) fn seal(&mut self, newest: bool) -> Result<(), Fault> {
        let segments = Arc::clone(&self.directory.segments);
        let mut kept = segments.len();
        let new = self.loose_within(self.directory.end(), u64::MAX)?;
        if newest && new > 0 {
            kept = self.not_taken_in(&segments, new as u64)?;
            self.rebuild(segments.get(kept..).unwrap_or_default(), u64::MAX)?;
        }
        // Only of segments that have lost rows in this commit more can be loose than before.
        for segment in segments.get(..kept).unwrap_or_default() {
            if self.gone.contains_key(&segment.number)
                && self.loose_within(segment.first(), segment.end())? > self.sealing.most_revised()
            {
                self.rebuild(std::slice::from_ref(segment), segment.end())?;
            }
        }
        Ok(())
    }

    /// How many segments stay as they are when so many events are sealed behind them.
    fn not_taken_in(&self, segments: &[Arc<Segment>], new: u64) -> Result<usize, Fault> {
        let last = self.writing.open_table(key::EVENTS)?.last()?.map_or(0, |(id, _)| id.value());
        let (mut kept, mut rows) = (segments.len(), new);
        while let Some(segment) = kept.checked_sub(1).and_then(|at| segments.get(at)) {
            let fits = last - segment.first() < self.sealing.segment_rows as u64;
            if !fits || u64::from(segment.rows()) > 2 * rows {
                break;
            }
            rows += u64::from(segment.rows());
            kept -= 1;
        }
        Ok(kept)
    }

    /// Seals all that is loose where there are segments or too many for none, joins small neighbours, and leaves out what
    /// is gone where that is much. Full segments stay as they are.
    pub(super) fn compact(&mut self) -> Result<(), Fault> {
        let (segments, end) = (Arc::clone(&self.directory.segments), self.directory.end());
        let (mut revised, mut loose) = (BTreeSet::new(), 0);
        for row in self.writing.open_table(key::EVENTS)?.iter()? {
            let id = row?.0.value();
            match holding(&segments, id) {
                Some(segment) => drop(revised.insert(segment.number)),
                None if id >= end => loose += 1,
                None => {}
            }
        }
        if segments.is_empty() && loose <= self.sealing.newest {
            return Ok(());
        }
        let stays = |segment: &Arc<Segment>| {
            let (rows, gone) = (u64::from(segment.rows()), self.gone_of(segment).len());
            let full = rows * 8 >= self.sealing.segment_rows as u64 * 7;
            full && gone * 16 <= rows && !revised.contains(&segment.number)
        };
        let groups = segments.chunk_by(|a, b| stays(a) == stays(b));
        let groups: Vec<_> = groups.filter(|group| !group.first().is_some_and(stays)).collect();
        let mut tail = false;
        for group in groups {
            let last = group.last().is_some_and(|segment| segment.end() == end);
            tail |= last;
            let below = group.last().map_or(end, |segment| segment.end());
            self.rebuild(group, if last { u64::MAX } else { below })?;
        }
        if tail || loose == 0 { Ok(()) } else { self.rebuild(&[], u64::MAX) }
    }

    /// Makes new segments out of neighbours and of the loose events from the first of them, or from the last segment's
    /// end, to below an id.
    fn rebuild(&mut self, old: &[Arc<Segment>], below: u64) -> Result<(), Fault> {
        let from = old.first().map_or_else(|| self.directory.end(), |segment| segment.first());
        let mut loose = self.loose(from, below)?.into_iter().peekable();
        let mut records = Records::new(from);
        for segment in old {
            let gone = self.gone_of(segment);
            let live: Vec<u32> = (0..segment.rows()).filter(|row| !gone.contains(*row)).collect();
            for rows in live.chunks(4096) {
                for (id, record) in self.records_of(segment, rows)? {
                    while let Some((id, record)) = loose.next_if(|(loose, _)| *loose < id) {
                        self.take_record(&mut records, id, &record)?;
                    }
                    self.take_record(&mut records, id, &record)?;
                }
            }
        }
        for (id, record) in loose {
            self.take_record(&mut records, id, &record)?;
        }
        self.close(&mut records)?;
        old.iter().try_for_each(|segment| self.remove(segment))
    }

    fn take_record(&mut self, records: &mut Records, id: u64, record: &[u8]) -> Result<(), Fault> {
        if records.is_empty() {
            *records = Records::new(id);
        }
        let rows = usize::try_from(id - records.first).unwrap_or(usize::MAX);
        if rows >= self.sealing.segment_rows || records.is_full(self.sealing.segment_rows) {
            self.close(records)?;
            *records = Records::new(id);
        }
        Ok(records.push(id, record)?)
    }

    fn close(&mut self, records: &mut Records) -> Result<(), Fault> {
        let records = std::mem::take(records);
        if records.is_empty() { Ok(()) } else { self.write(&build(&records, false)?) }
    }

    fn gone_of(&self, segment: &Segment) -> RoaringBitmap {
        let gone = self.gone.get(&segment.number);
        gone.or_else(|| self.directory.gone.get(&segment.number)).cloned().unwrap_or_default()
    }

    fn records_of(&self, segment: &Segment, rows: &[u32]) -> Result<Vec<(u64, Vec<u8>)>, Fault> {
        let (blocks, columns) =
            (self.writing.open_table(key::BLOCKS)?, self.writing.open_table(key::COLUMNS)?);
        let mut records = Vec::with_capacity(rows.len());
        let packed = Blocks { blocks: &blocks, columns: &columns };
        packed.each_record(segment, rows, |row, record, _| {
            records.push((segment.first() + u64::from(row), record.to_vec()));
            Ok(())
        })?;
        Ok(records)
    }

    /// Takes the loose events of a range out of their table, with their keys.
    fn loose(&self, from: u64, below: u64) -> Result<Vec<(u64, Vec<u8>)>, Fault> {
        let mut events = self.writing.open_table(key::EVENTS)?;
        let mut keys = self.writing.open_table(key::KEYS)?;
        let mut found = Vec::new();
        for row in events.extract_from_if(from..below, |_, _| true)? {
            let (id, record) = row?;
            found.push((id.value(), record.value().to_vec()));
        }
        for (id, record) in &found {
            if let Some(natural) = decode_event(*id, record)?.event.key {
                keys.remove(natural.as_str())?;
            }
        }
        Ok(found)
    }

    fn write(&mut self, sealed: &Sealed) -> Result<(), Fault> {
        let number = self.next_segment;
        self.next_segment += 1;
        let head = Head {
            first: sealed.first,
            rows: sealed.rows,
            days: sealed.days,
            columns: sealed.columns.iter().map(|c| (c.id.clone(), c.unknown)).collect(),
        };
        self.number_texts(sealed)?;
        let mut columns = self.writing.open_table(key::COLUMNS)?;
        for (place, column) in sealed.columns.iter().enumerate().filter(|(_, c)| !c.unknown) {
            let (cells, codes) = column.encode(|text| self.texts.get(text).copied())?;
            let at = key::column_key(place);
            columns.insert((number, at), cells.as_slice())?;
            if let Some(codes) = codes {
                columns.insert((number, at + 1), codes.as_slice())?;
            }
        }
        columns.insert((number, key::PACKING), sealed.packed.table.as_slice())?;
        let mut blocks = self.writing.open_table(key::BLOCKS)?;
        let ends = sealed.packed.starts.iter().skip(1).map(|start| u32::from(*start));
        let ends = ends.chain([sealed.rows]);
        for (end, block) in ends.zip(&sealed.packed.blocks) {
            blocks.insert((number, end.saturating_sub(1)), block.as_slice())?;
        }
        let mut segments = self.writing.open_table(key::SEGMENTS)?;
        segments.insert(number, codec::encode(&head)?.as_slice())?;
        if !sealed.absent.is_empty() {
            self.gone.insert(number, sealed.absent.clone());
        }
        let ids = sealed.keys.iter().map(|(hash, row)| (*hash, sealed.first + u64::from(*row)));
        self.keys.extend(ids);
        Ok(())
    }

    /// Sees to it that all texts of a segment have numbers.
    fn number_texts(&mut self, sealed: &Sealed) -> Result<(), Fault> {
        let mut ids = self.writing.open_table(key::TEXT_IDS)?;
        let mut texts = self.writing.open_table(key::TEXTS)?;
        for text in sealed.columns.iter().flat_map(SealedColumn::texts) {
            if self.texts.contains_key(text) {
                continue;
            }
            let known = ids.get(text)?.map(|id| id.value());
            let id = if let Some(id) = known {
                id
            } else {
                let id = self.next_text;
                self.next_text = id.checked_add(1).ok_or_else(|| {
                    Error::Limit("more different texts than a database can number".to_owned())
                })?;
                ids.insert(text, id)?;
                texts.insert(id, text)?;
                id
            };
            self.texts.insert(text.to_owned(), TextId(id));
        }
        Ok(())
    }

    /// Removes a segment whose rows are in others.
    fn remove(&mut self, segment: &Segment) -> Result<(), Fault> {
        let number = segment.number;
        self.writing.open_table(key::SEGMENTS)?.remove(number)?;
        self.writing.open_table(key::GONE)?.remove(number)?;
        self.gone.remove(&number);
        let range = (number, 0)..=(number, u32::MAX);
        self.writing.open_table(key::COLUMNS)?.retain_in(range.clone(), |_, _| false)?;
        self.writing.open_table(key::BLOCKS)?.retain_in(range, |_, _| false)?;
        Ok(())
    }

    /// Writes what is known at the end: rows that are gone, keys, counters.
    pub(super) fn finish(mut self) -> Result<(), Fault> {
        let mut gone = self.writing.open_table(key::GONE)?;
        for (number, rows) in &self.gone {
            gone.insert(*number, encode_gone(rows)?.as_slice())?;
        }
        self.keys.sort_unstable_by_key(|(_, id)| *id);
        for keys in self.keys.chunk_by(|(_, a), (_, b)| key::shard_of(*a) == key::shard_of(*b)) {
            self.write_keys(keys)?;
        }
        let mut meta = self.writing.open_table(key::META)?;
        meta.insert(counter::NEXT_SEGMENT, self.next_segment)?;
        meta.insert(counter::NEXT_TEXT, u64::from(self.next_text))?;
        Ok(())
    }

    /// Adds keys of one shard to its run.
    fn write_keys(&self, keys: &[(u64, u64)]) -> Result<(), Fault> {
        let Some(shard) = keys.first().map(|(_, id)| key::shard_of(*id)) else { return Ok(()) };
        let first = key::first_of_shard(shard);
        let place = |id: u64| u32::try_from(id - first).unwrap_or(u32::MAX);
        let mut entries: Vec<KeyEntry> =
            keys.iter().map(|(hash, id)| KeyEntry { hash: *hash, place: place(*id) }).collect();
        let new: RoaringBitmap = entries.iter().map(|entry| entry.place).collect();
        let mut runs = self.writing.open_table(key::KEY_RUNS)?;
        let head = runs.get((shard, key::RUN_HEAD))?;
        let run = head.map(|head| decode_head(head.value())).transpose()?;
        if let Some(run) = run {
            for row in runs.extract_from_if((shard, 0)..(shard, key::RUN_HEAD), |_, _| true)? {
                let (at, block) = row?;
                let old = run.entries(at.value().1 as usize, block.value())?;
                entries.extend(old.into_iter().filter(|entry| !new.contains(entry.place)));
            }
        }
        let blocks = key_run::build(entries)?;
        for (block, number) in blocks.iter().zip(0_u32..) {
            runs.insert((shard, number), block.as_slice())?;
        }
        let blocks = u32::try_from(blocks.len()).unwrap_or(u32::MAX);
        runs.insert((shard, key::RUN_HEAD), blocks.to_le_bytes().as_slice())?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Store, StoreOptions};
    use super::*;
    use crate::model::{Event, EventId};

    fn event(n: u64) -> Event {
        Event { kind: format!("kind {}", n % 5), key: Some(n.to_string()), ..Event::default() }
    }

    /// Many revised events here and there are no reason to seal a new one.
    #[test]
    fn what_is_new_is_not_sealed_for_what_was_revised() {
        let store = Store::in_memory(&StoreOptions::default()).unwrap();
        let mut load = store.load().unwrap();
        let sealing = Sealing::default();
        let segments = sealing.newest + 5;
        for n in 0..(segments * sealing.segment_rows) as u64 {
            load.insert(&event(n)).unwrap();
        }
        load.commit().unwrap();
        let mut writing = store.begin().unwrap();
        for segment in 0..segments {
            let id = (segment * sealing.segment_rows) as u64 + 7;
            writing.update(EventId(id), Event { key: None, ..event(id) }).unwrap();
        }
        writing.commit().unwrap();
        for n in 0..3 {
            let mut writing = store.begin().unwrap();
            writing.insert(event(1_000_000 + n)).unwrap();
            writing.commit().unwrap();
            let view = store.view().unwrap();
            assert_eq!(view.segments().len(), segments);
            assert_eq!(view.loose().unwrap().len(), segments as u64 + n + 1);
        }
        assert!(store.verify().unwrap().is_empty());
    }

    /// The segment of which too many are loose is built anew, whatever else lies about.
    #[test]
    fn a_segment_that_was_much_revised_is_built_anew() {
        let store = Store::in_memory(&StoreOptions::default()).unwrap();
        let mut load = store.load().unwrap();
        (0..200).for_each(|n| assert!(load.insert(&event(n)).is_ok()));
        load.commit().unwrap();
        let mut writing = store.begin().unwrap();
        for id in 10..14 {
            writing.update(EventId(id), event(500 + id)).unwrap();
        }
        writing.commit().unwrap();
        let view = store.view().unwrap();
        assert!(view.loose().unwrap().is_empty());
        assert_eq!(view.event(EventId(12)).unwrap(), Some(event(512)));
        assert_eq!(view.event_by_key("512").unwrap(), Some(EventId(12)));
        assert_eq!(view.event_by_key("11").unwrap(), None);
        drop(view);
        assert!(store.verify().unwrap().is_empty());
    }
}
