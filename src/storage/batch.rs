//! The batch: new rows on their way into the file, each encoded when it comes, with what it is posted under.

use std::collections::BTreeMap;
use std::ops::Range;

use rustc_hash::FxHashMap;

use super::codec;
use super::postings::{Posting, each_term, terms};
use super::snapshot::{EventRecord, decode_event};
use crate::error::{Error, Result};
use crate::model::Event;

/// The place of a row in its batch. Its id is so many after the first.
type Row = u32;

/// Rows without gaps from the first id on. Nothing is removed from it.
pub(super) struct Batch {
    first: u64,
    /// The records, one after the other, with those that were replaced between them.
    bytes: Vec<u8>,
    records: Vec<Range<usize>>,
    keys: FxHashMap<String, Row>,
    /// The rows of every value, ascending; none where replaced rows have left it.
    postings: BTreeMap<Posting, FxHashMap<String, Vec<Row>>>,
}

impl Batch {
    /// An empty batch whose first row gets this id.
    pub(super) fn new(first: u64) -> Batch {
        Batch {
            first,
            bytes: Vec::new(),
            records: Vec::new(),
            keys: FxHashMap::default(),
            postings: BTreeMap::new(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.records.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// The ids of all rows.
    pub(super) fn ids(&self) -> Range<u64> {
        self.first..self.first + self.records.len() as u64
    }

    /// The id of the row with a natural key.
    pub(super) fn by_key(&self, natural: &str) -> Option<u64> {
        self.keys.get(natural).map(|&row| self.id(row))
    }

    fn id(&self, row: Row) -> u64 {
        self.first + u64::from(row)
    }

    fn row(&self, id: u64) -> Option<Row> {
        let row = id.checked_sub(self.first)?;
        Row::try_from(row).ok().filter(|_| self.ids().contains(&id))
    }

    /// The event of an id; none when it is of no row.
    pub(super) fn event(&self, id: u64) -> Result<Option<Event>> {
        match self.row(id).and_then(|row| self.record(row)) {
            Some(bytes) => decode_event(id, bytes).map(|EventRecord { event, .. }| Some(event)),
            None => Ok(None),
        }
    }

    fn record(&self, row: Row) -> Option<&[u8]> {
        self.bytes.get(self.records.get(usize::try_from(row).ok()?)?.clone())
    }

    /// Adds a row that commit `number` records. Its key is nobody's.
    pub(super) fn push(&mut self, event: Event, number: u64) -> Result<u64> {
        let row = Row::try_from(self.records.len())
            .map_err(|_| Error::Limit("a batch of more than four thousand million rows".into()))?;
        let record = self.encode(&event, number)?;
        self.records.push(record);
        each_term(&event, |field, value| {
            let values = self.postings.entry(field).or_default();
            match values.get_mut(value) {
                // The row itself when it has the value twice.
                Some(rows) if rows.last() == Some(&row) => {}
                Some(rows) => rows.push(row),
                None => {
                    values.insert(value.to_owned(), vec![row]);
                }
            }
        });
        if let Some(natural) = event.key {
            self.keys.insert(natural, row);
        }
        Ok(self.id(row))
    }

    fn encode(&mut self, event: &Event, number: u64) -> Result<Range<usize>> {
        let start = self.bytes.len();
        // Borrowed by hand: an `EventRecord` would own a copy of the event.
        codec::append(&(number, event), &mut self.bytes)?;
        Ok(start..self.bytes.len())
    }

    /// Replaces the event of a row by another, whose key is its own or nobody's; false when it is of no row.
    pub(super) fn replace(&mut self, id: u64, event: Event, number: u64) -> Result<bool> {
        let (Some(row), Some(old)) = (self.row(id), self.event(id)?) else { return Ok(false) };
        let record = self.encode(&event, number)?;
        if let Some(place) = usize::try_from(row).ok().and_then(|at| self.records.get_mut(at)) {
            *place = record;
        }
        let (before, after) = (terms(&old), terms(&event));
        for (field, value) in before.difference(&after) {
            let rows = self.postings.get_mut(field).and_then(|values| values.get_mut(value));
            if let Some(rows) = rows
                && let Ok(at) = rows.binary_search(&row)
            {
                rows.remove(at);
            }
        }
        for (field, value) in after.difference(&before) {
            let rows = self.postings.entry(*field).or_default().entry(value.clone()).or_default();
            if let Err(at) = rows.binary_search(&row) {
                rows.insert(at, row);
            }
        }
        if old.key != event.key {
            old.key.and_then(|natural| self.keys.remove(&natural));
            event.key.and_then(|natural| self.keys.insert(natural, row));
        }
        Ok(true)
    }

    /// The records by ascending id.
    pub(super) fn records(&self) -> impl Iterator<Item = (u64, &[u8])> {
        let bytes = |place: &Range<usize>| self.bytes.get(place.clone()).unwrap_or_default();
        self.ids().zip(self.records.iter().map(bytes))
    }

    /// The natural keys in their order, each with its id.
    pub(super) fn keys(&self) -> Vec<(&str, u64)> {
        let mut keys: Vec<_> =
            self.keys.iter().map(|(natural, &row)| (natural.as_str(), self.id(row))).collect();
        keys.sort_unstable();
        keys
    }

    /// The values of a field that rows have, each with their ids ascending.
    pub(super) fn postings(
        &self,
        field: Posting,
    ) -> impl Iterator<Item = (&str, impl Iterator<Item = u64> + '_)> {
        let values = self.postings.get(&field).into_iter().flatten();
        values
            .filter(|(_, rows)| !rows.is_empty())
            .map(|(value, rows)| (value.as_str(), rows.iter().map(|&row| self.id(row))))
    }
}

#[cfg(test)]
mod tests {
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
        let mut batch = Batch::new(1);
        batch.push(event, 1000).unwrap();
        let (id, record) = batch.records().next().unwrap();
        assert_eq!((id, texts, record.len()), (1, 119, 163));
        let dated = record.len();
        batch.replace(1, Event { date: None, ..row() }, 1000).unwrap();
        assert_eq!(dated - batch.records().next().unwrap().1.len(), 4, "of the date");
    }

    #[test]
    fn a_replaced_row_is_posted_under_what_it_has_now() {
        let mut batch = Batch::new(10);
        for n in 0..5 {
            batch.push(Event { key: Some(n.to_string()), ..row() }, 1).unwrap();
        }
        let other = Event { key: Some("x".to_owned()), code: Some("042".to_owned()), ..row() };
        assert!(batch.replace(12, other.clone(), 1).unwrap());
        assert!(!batch.replace(15, other.clone(), 1).unwrap());
        assert!(!batch.replace(9, other.clone(), 1).unwrap());
        assert_eq!(batch.event(12).unwrap(), Some(other));
        assert_eq!((batch.by_key("2"), batch.by_key("x")), (None, Some(12)));
        let codes = |batch: &Batch| -> BTreeMap<String, Vec<u64>> {
            let postings = batch.postings(Posting::Code);
            postings.map(|(value, ids)| (value.to_owned(), ids.collect())).collect()
        };
        let (old, new) = ("036".to_owned(), "042".to_owned());
        assert_eq!(codes(&batch), [(old.clone(), vec![10, 11, 13, 14]), (new, vec![12])].into());
        batch.replace(12, Event { key: None, ..row() }, 1).unwrap();
        assert_eq!(codes(&batch), [(old, vec![10, 11, 12, 13, 14])].into());
        assert_eq!((batch.by_key("x"), batch.keys().len(), batch.len()), (None, 4, 5));
    }
}
