//! The proof: everything that is derived, computed again from the records and compared.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::AtomicU64;

use redb::ReadableTable;
use roaring::RoaringBitmap;
use rustc_hash::FxHashMap;

use super::codec;
use super::entry::{Entry, EntryKind};
use super::guard::Fault;
use super::key;
use super::names;
use super::postings::{self, Posting, terms};
use super::segment::{Records, TextId, build};
use super::snapshot::{Ended, EntryRecord, EventRecord, Snapshot, decode_entry, decode_event};
use super::view::View;
use crate::error::Result;

/// What the records say the derived tables must hold.
#[derive(Default)]
struct Expected {
    postings: BTreeMap<Vec<u8>, RoaringBitmap>,
    names: BTreeSet<Vec<u8>>,
    keys: BTreeMap<String, u64>,
}

/// Every disagreement of a committed view; changes of a transaction over it are not looked at.
pub(super) fn disagreements(view: &View) -> Result<Vec<String>> {
    view.inner.health.guard(|| {
        let base = &view.base;
        let mut found = Vec::new();
        let mut expected = Expected::default();
        events(base, &mut expected, &mut found)?;
        segments(base, &mut found)?;
        texts(base, &mut found)?;
        leftovers(base, &mut found)?;
        entries(base, &mut expected, &mut found)?;
        history(base, &mut found)?;
        commits(base, &mut found)?;
        compare(base, &expected, &mut found)?;
        Ok(found)
    })
}

fn events(base: &Snapshot, expected: &mut Expected, found: &mut Vec<String>) -> Result<(), Fault> {
    for row in base.events.iter()? {
        let (id, bytes) = row?;
        let id = id.value();
        if base.directory.locate(id).is_some() {
            found.push(format!("event {id} is both loose and in a segment"));
        }
        event(base, id, decode_event(id, bytes.value())?, expected, found);
    }
    for segment in base.directory.segments.iter() {
        let gone = base.directory.gone.get(&segment.number);
        let live = (0..segment.rows()).filter(|row| gone.is_none_or(|gone| !gone.contains(*row)));
        let live: Vec<u32> = live.collect();
        base.packed().each_of(segment, &live, |row, record, _| {
            event(base, segment.first() + u64::from(row), record, expected, found);
            Ok(())
        })?;
    }
    Ok(())
}

fn event(
    base: &Snapshot,
    id: u64,
    record: EventRecord,
    expected: &mut Expected,
    found: &mut Vec<String>,
) {
    if id >= base.next_id {
        found.push(format!("event {id} is not below the next id {}", base.next_id));
    }
    if record.recorded == 0 || record.recorded > base.commit {
        found.push(format!("event {id} was recorded by commit {}", record.recorded));
    }
    let shard = key::shard_of(id);
    expected
        .postings
        .entry(key::shard_key(key::ALL, shard))
        .or_default()
        .insert(postings::low_bits(id));
    for (field, value) in terms(&record.event) {
        let at = key::shard_key(&key::posting_prefix(field, &value), shard);
        let ids = expected.postings.entry(at).or_default();
        if ids.is_empty() {
            expected.names.extend(names::keys_of_written(field, &value));
        }
        ids.insert(postings::low_bits(id));
    }
    if let Some(natural) = record.event.key
        && let Some(other) = expected.keys.insert(natural.clone(), id)
    {
        found.push(format!("events {other} and {id} both have the key `{natural}`"));
    }
}

/// The columns of each segment are those that its records make.
fn segments(base: &Snapshot, found: &mut Vec<String>) -> Result<(), Fault> {
    let mut end = 0;
    for segment in base.directory.segments.iter() {
        let from = segment.first();
        if from < end {
            found.push(format!("two segments have event {from}"));
        }
        end = segment.end();
        let rows: Vec<u32> = (0..segment.rows()).collect();
        let mut records = Records::new(from);
        base.packed().each_record(segment, &rows, |row, record, _| {
            Ok(records.push(from + u64::from(row), record)?)
        })?;
        let sealed = build(&records, false)?;
        let columns: Vec<_> = sealed.columns.iter().map(|c| (c.id.clone(), c.unknown)).collect();
        if (sealed.days, &columns) != (segment.head.days, &segment.head.columns) {
            found.push(format!(
                "the segment of event {from} says of itself what its records do not"
            ));
            continue;
        }
        for (place, column) in sealed.columns.iter().enumerate().filter(|(_, c)| !c.unknown) {
            let mut numbers = FxHashMap::default();
            for text in column.texts() {
                if let Some(id) = base.text_id(text)? {
                    numbers.insert(text, id);
                }
            }
            let at = (segment.number, key::column_key(place));
            let cells = base.columns.get(at)?;
            let codes = base.columns.get((at.0, at.1 + 1))?;
            let stored = (
                cells.as_ref().map(|cells| cells.value().to_vec()),
                codes.as_ref().map(|codes| codes.value().to_vec()),
            );
            let made = column.encode(|text| numbers.get(text).copied()).ok();
            if made.is_none_or(|(cells, codes)| (Some(cells), codes) != stored) {
                let column = &column.id;
                found.push(format!(
                    "the column {column:?} of event {from} is not what its records say"
                ));
            }
        }
    }
    Ok(())
}

/// Texts have one number each, and none that is still to be given.
fn texts(base: &Snapshot, found: &mut Vec<String>) -> Result<(), Fault> {
    let (mut texts, mut ids) = (0_u64, 0_u64);
    for row in base.texts.iter()? {
        let (id, text) = row?;
        texts += 1;
        if base.text_id(text.value())? != Some(TextId(id.value())) {
            found.push(format!("the text {} has another number", id.value()));
        }
        if u64::from(id.value()) >= base.next_text {
            found.push(format!("the number {} of a text would be given again", id.value()));
        }
    }
    for row in base.text_ids.iter()? {
        row?;
        ids += 1;
    }
    if texts != ids {
        found.push(format!("{texts} texts have {ids} numbers"));
    }
    Ok(())
}

/// Nothing is left of segments that others have replaced, and no number of one would be given again.
fn leftovers(base: &Snapshot, found: &mut Vec<String>) -> Result<(), Fault> {
    let rows: FxHashMap<u64, u32> =
        base.directory.segments.iter().map(|segment| (segment.number, segment.rows())).collect();
    for number in rows.keys().filter(|number| **number >= base.next_segment) {
        found.push(format!("the number {number} of a segment would be given again"));
    }
    let mut left = BTreeSet::new();
    for (number, gone) in base.directory.gone.iter() {
        match rows.get(number) {
            Some(rows) if gone.max().is_some_and(|row| row >= *rows) => {
                found.push(format!("rows are gone that segment {number} never had"));
            }
            Some(_) => {}
            None => drop(left.insert(*number)),
        }
    }
    for table in [&base.columns, &base.blocks] {
        for row in table.iter()? {
            let (number, _) = row?.0.value();
            if !rows.contains_key(&number) {
                left.insert(number);
            }
        }
    }
    found.extend(left.iter().map(|number| format!("segment {number} is none, but left something")));
    Ok(())
}

fn entries(base: &Snapshot, expected: &mut Expected, found: &mut Vec<String>) -> Result<(), Fault> {
    for row in base.entries.iter()? {
        let (at, bytes) = row?;
        let record = decode_entry(at.value(), bytes.value())?;
        let entry: &Entry = &record.entry;
        let kind: EntryKind = entry.kind();
        if at.value() != key::entry_key(kind, &kind.fold(entry.name())) {
            found.push(format!("the entry `{}` is kept under another name", entry.name()));
        }
        if record.recorded == 0 || record.recorded > base.commit {
            found.push(format!("`{}` was recorded by commit {}", entry.name(), record.recorded));
        }
        expected.names.extend(names::keys_of_entry(entry));
    }
    for row in base.entry_history.iter()? {
        let (at, bytes) = row?;
        let (_, recorded) = at.value();
        let version: Ended<EntryRecord> =
            codec::decode(bytes.value(), || "a version of an entry".to_owned())?;
        if version.record.recorded != recorded
            || !(recorded + 1..=base.commit).contains(&version.ended)
        {
            found.push(format!(
                "a version of `{}` lasted from commit {recorded} to {}",
                version.record.entry.name(),
                version.ended
            ));
        }
    }
    Ok(())
}

/// Versions of an event follow each other, and the current one follows the last that ended.
fn history(base: &Snapshot, found: &mut Vec<String>) -> Result<(), Fault> {
    for id in base.with_history()? {
        let mut before = 0;
        for version in base.history(id)? {
            if version.record.recorded < before || version.ended <= version.record.recorded {
                found.push(format!(
                    "a version of event {id} lasted from commit {} to {} after one that ended with {before}",
                    version.record.recorded, version.ended
                ));
            }
            before = version.ended;
        }
        if let Some(current) = base.event(id, &AtomicU64::default())?
            && current.recorded < before
        {
            found.push(format!(
                "event {id} was recorded by commit {} and had a version until {before}",
                current.recorded
            ));
        }
        if before > base.commit || id >= base.next_id {
            found.push(format!("the history of event {id} runs past the last commit"));
        }
    }
    Ok(())
}

fn commits(base: &Snapshot, found: &mut Vec<String>) -> Result<(), Fault> {
    let mut next = 1;
    for row in base.commits.iter()? {
        let number = row?.0.value();
        if number != next {
            found.push(format!("commit {next} is missing"));
        }
        if base.commit_info(number)?.is_none_or(|info| info.number != number) {
            found.push(format!("commit {number} calls itself another"));
        }
        next = number + 1;
    }
    if next != base.commit + 1 {
        found.push(format!("the last commit is {} and not {}", next - 1, base.commit));
    }
    Ok(())
}

fn compare(base: &Snapshot, expected: &Expected, found: &mut Vec<String>) -> Result<(), Fault> {
    let mut left: BTreeMap<&[u8], &RoaringBitmap> =
        expected.postings.iter().map(|(at, ids)| (at.as_slice(), ids)).collect();
    for row in base.postings.iter()? {
        let (at, bytes) = row?;
        let stored = postings::decode(bytes.value())?;
        let wanted = left.remove(at.value());
        if wanted != Some(&stored) {
            found.push(format!(
                "the posting {} has {} events and should have {}",
                posting_name(at.value()),
                stored.len(),
                wanted.map_or(0, RoaringBitmap::len)
            ));
        }
    }
    found.extend(left.keys().map(|at| format!("the posting {} is missing", posting_name(at))));

    let mut left: BTreeSet<&[u8]> = expected.names.iter().map(Vec::as_slice).collect();
    for row in base.names.iter()? {
        let at = row?.0;
        if !left.remove(at.value()) {
            found.push(format!("the name {} leads to nothing", shown(at.value())));
        }
    }
    found.extend(left.iter().map(|at| format!("the name {} is missing", shown(at))));

    for row in base.keys.iter()? {
        let (natural, id) = row?;
        if expected.keys.get(natural.value()) != Some(&id.value()) {
            found.push(format!(
                "the key `{}` leads to event {}, which does not have it",
                natural.value(),
                id.value()
            ));
        }
    }
    for (natural, id) in &expected.keys {
        if base.event_by_key(natural)? != Some(*id) {
            found.push(format!("the key `{natural}` of event {id} is missing"));
        }
    }
    Ok(())
}

fn posting_name(at: &[u8]) -> String {
    match (at.first(), key::posted_value(at)) {
        (Some(0) | None, _) => "of all events".to_owned(),
        (Some(&tag), value) => {
            let field = Posting::ALL.into_iter().find(|field| field.tag() == tag);
            let field = field.map_or_else(|| format!("{tag}"), |field| format!("{field:?}"));
            format!("{field} `{}`", shown(value.as_deref().unwrap_or(at)))
        }
    }
}

fn shown(bytes: &[u8]) -> String {
    crate::error::visible(&String::from_utf8_lossy(bytes))
}
