//! Reading what is sealed: segments, their rows and columns, the numbers of texts, packed keys.

use std::sync::{Arc, OnceLock};

use redb::{AccessGuard, ReadTransaction, ReadableTable};
use roaring::RoaringBitmap;
use rustc_hash::FxHashMap;

use super::codec;
use super::guard::Fault;
use super::key;
use super::segment::key_run::KeyRun;
use super::segment::rows::Unpacker;
use super::segment::{Column, ColumnId, Segment, TextId, holding};
use super::snapshot::{EventRecord, decode_event};
use crate::error::{Error, Result};

type Bytes = &'static [u8];

/// The segments of a commit.
#[derive(Clone, Default)]
pub(super) struct Directory {
    /// By ascending first id; their ranges do not overlap.
    pub(super) segments: Arc<[Arc<Segment>]>,
    /// The rows that are of no event or no longer valid, by segment number.
    pub(super) gone: Arc<FxHashMap<u64, RoaringBitmap>>,
}

impl Directory {
    /// The segments of the last commit; those that are known need not be read again.
    pub(super) fn read(
        reading: &ReadTransaction,
        known: &[Arc<Segment>],
    ) -> Result<Directory, Fault> {
        let known: FxHashMap<u64, &Arc<Segment>> =
            known.iter().map(|segment| (segment.number, segment)).collect();
        let mut segments = Vec::new();
        for row in reading.open_table(key::SEGMENTS)?.iter()? {
            let (number, head) = row?;
            let number = number.value();
            segments.push(if let Some(segment) = known.get(&number) {
                Arc::clone(segment)
            } else {
                let head = codec::decode(head.value(), || format!("segment {number}"))?;
                Arc::new(Segment { number, head, unpacker: OnceLock::new() })
            });
        }
        segments.sort_by_key(|segment| segment.first());
        let mut gone = FxHashMap::default();
        for row in reading.open_table(key::GONE)?.iter()? {
            let (number, rows) = row?;
            gone.insert(number.value(), decode_gone(rows.value())?);
        }
        Ok(Directory { segments: segments.into(), gone: Arc::new(gone) })
    }

    /// The segment that tells of an event, with its row; none where no segment does, or no longer.
    pub(super) fn locate(&self, id: u64) -> Option<(&Arc<Segment>, u32)> {
        let segment = holding(&self.segments, id)?;
        let row = segment.row_of(id)?;
        let gone = self.gone.get(&segment.number).is_some_and(|gone| gone.contains(row));
        (!gone).then_some((segment, row))
    }

    /// The id behind all segments.
    pub(super) fn end(&self) -> u64 {
        self.segments.last().map_or(0, |segment| segment.end())
    }
}

/// Rows of a segment as stored.
pub(super) fn decode_gone(bytes: &[u8]) -> Result<RoaringBitmap> {
    RoaringBitmap::deserialize_from(bytes)
        .map_err(|error| Error::Corrupt(format!("rows that are gone cannot be read: {error}")))
}

/// Rows of a segment to be stored.
pub(super) fn encode_gone(rows: &RoaringBitmap) -> Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(rows.serialized_size());
    rows.serialize_into(&mut bytes).map_err(|error| Error::io("write rows into memory", error))?;
    Ok(bytes)
}

/// The packed records of segments, in a snapshot or in a commit.
pub(super) struct Blocks<'a, B, C> {
    pub(super) blocks: &'a B,
    pub(super) columns: &'a C,
}

impl<B, C> Blocks<'_, B, C>
where
    B: ReadableTable<(u64, u32), Bytes>,
    C: ReadableTable<(u64, u32), Bytes>,
{
    fn unpacker<'s>(&self, segment: &'s Segment) -> Result<&'s Unpacker, Fault> {
        if let Some(unpacker) = segment.unpacker.get() {
            return Ok(unpacker);
        }
        let table = self.columns.get((segment.number, key::PACKING))?;
        let unpacker = Unpacker::new(table.as_ref().map(AccessGuard::value).unwrap_or_default())?;
        Ok(segment.unpacker.get_or_init(|| unpacker))
    }

    /// The record of a row, and how many bytes were read.
    pub(super) fn event(&self, segment: &Segment, row: u32) -> Result<(EventRecord, usize), Fault> {
        let mut found = None;
        self.each_of(segment, &[row], |_, record, bytes| {
            found = Some((record, bytes));
            Ok(())
        })?;
        Ok(found.ok_or_else(|| missing(segment, row))?)
    }

    /// Hands out the records of ascending rows of a segment, with their packed length; each block is read once.
    pub(super) fn each_of(
        &self,
        segment: &Segment,
        rows: &[u32],
        mut with: impl FnMut(u32, EventRecord, usize) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        self.each_record(segment, rows, |row, record, bytes| {
            let id = segment.first() + u64::from(row);
            with(row, decode_event(id, record)?, bytes)
        })
    }

    /// Hands out the bytes of the records of ascending rows, and the bytes that were read for each.
    pub(super) fn each_record(
        &self,
        segment: &Segment,
        rows: &[u32],
        mut with: impl FnMut(u32, &[u8], usize) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let unpacker = self.unpacker(segment)?;
        let mut rows = rows.iter().copied().peekable();
        while let Some(&row) = rows.peek() {
            // Blocks are found by their last row, so that to seek is to be there.
            let behind = (segment.number, row)..=(segment.number, u32::MAX);
            let Some(block) = self.blocks.range(behind)?.next().transpose()? else {
                return Err(missing(segment, row).into());
            };
            let last = block.0.value().1;
            let packed = block.1.value();
            let count = u32::try_from(Unpacker::rows_in(packed)?).unwrap_or(u32::MAX);
            let first = last.saturating_add(1).checked_sub(count).filter(|first| *first <= row);
            let first = first.ok_or_else(|| missing(segment, row))?;
            let mut bytes = packed.len();
            while let Some(row) = rows.next_if(|row| *row <= last) {
                let record = unpacker.row(packed, (row - first) as usize)?;
                with(row, &record, bytes)?;
                bytes = 0;
            }
        }
        Ok(())
    }
}

fn missing(segment: &Segment, row: u32) -> Error {
    Error::Corrupt(format!("event {} has no record", segment.first() + u64::from(row)))
}

/// A column of a segment.
pub(super) fn column(
    columns: &redb::ReadOnlyTable<(u64, u32), Bytes>,
    segment: &Segment,
    column: &ColumnId,
) -> Result<Column, Fault> {
    let place = segment.head.columns.binary_search_by(|(id, _)| id.cmp(column));
    let Ok(place) = place else { return Ok(Column::missing(segment.rows())?) };
    if segment.head.columns.get(place).is_some_and(|(_, unknown)| *unknown) {
        return Ok(Column::unknown(segment.rows())?);
    }
    let at = key::column_key(place);
    let cells = columns.get((segment.number, at))?.ok_or_else(|| {
        Error::Corrupt(format!("a column of the events from {} on is missing", segment.first()))
    })?;
    let codes = match cells.value().first() {
        Some(0) => None,
        _ => columns.get((segment.number, at + 1))?,
    };
    Ok(Column::of(cells, codes, segment.rows())?)
}

/// The text of a number.
pub(super) fn text(
    texts: &impl ReadableTable<u32, &'static str>,
    id: TextId,
) -> Result<Arc<str>, Fault> {
    match texts.get(id.0)? {
        Some(text) => Ok(Arc::from(text.value())),
        None => Err(Error::Corrupt(format!("the text {} of a column is missing", id.0)).into()),
    }
}

/// The ids of sealed events of a run whose natural key may be one with this hash.
pub(super) fn key_candidates(
    runs: &impl ReadableTable<(u32, u32), Bytes>,
    (shard, run): (u32, KeyRun),
    hash: u64,
) -> Result<Vec<u64>, Fault> {
    let block = u32::try_from(run.block_of(hash)).unwrap_or(u32::MAX);
    let Some(block) = runs.get((shard, block))? else { return Ok(Vec::new()) };
    let first = key::first_of_shard(shard);
    let places = run.candidates(block.value(), hash)?;
    Ok(places.into_iter().map(|place| first + u64::from(place)).collect())
}

/// Hands out the hashes of the natural keys of a run.
pub(super) fn each_key(
    runs: &impl ReadableTable<(u32, u32), Bytes>,
    (shard, run): (u32, KeyRun),
    mut with: impl FnMut(u64),
) -> Result<(), Fault> {
    for row in runs.range((shard, 0)..(shard, key::RUN_HEAD))? {
        let (at, block) = row?;
        for entry in run.entries(at.value().1 as usize, block.value())? {
            with(entry.hash);
        }
    }
    Ok(())
}

/// The runs of all shards.
pub(super) fn key_runs(
    runs: &impl ReadableTable<(u32, u32), Bytes>,
) -> Result<Vec<(u32, KeyRun)>, Fault> {
    let mut all = Vec::new();
    let mut shard = 0;
    while let Some((at, _)) = runs.range((shard, 0)..)?.next().transpose()? {
        let (here, _) = at.value();
        let head = runs.get((here, key::RUN_HEAD))?;
        all.push((here, decode_head(head.as_ref().map(AccessGuard::value).unwrap_or_default())?));
        let Some(after) = here.checked_add(1) else { break };
        shard = after;
    }
    Ok(all)
}

/// How a run is cut, as its head tells.
pub(super) fn decode_head(head: &[u8]) -> Result<KeyRun> {
    let blocks: Option<&[u8; 4]> = head.first_chunk().filter(|_| head.len() == 4);
    let blocks = blocks
        .ok_or_else(|| Error::Corrupt("the head of a run of keys cannot be read".to_owned()))?;
    KeyRun::new(u32::from_le_bytes(*blocks) as usize)
}
