//! Postings: which events have which value, as compressed bitmaps of ids.

use std::collections::BTreeSet;
use std::ops::{BitAnd, BitOr, Sub};

use roaring::{RoaringBitmap, RoaringTreemap};

use crate::error::{Error, Result};
use crate::model::{Event, EventId, each_word};

/// The fields that have postings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Posting {
    /// The kind as written.
    Kind,
    /// Every participant who takes part, whatever the role, by name and by code; not those who are only spoken of.
    Name,
    /// Every place.
    Place,
    /// The code that the event itself has.
    Code,
    /// The word of the status.
    Status,
    /// Every document cited.
    Document,
    /// Each year that has a day of the event, or may have, by [`year_value`]; [`WIDE`], [`UNDATED`].
    Year,
    /// The name of every free attribute that the event has.
    Attribute,
    /// Every word of the summary, folded.
    Word,
}

/// The year value of an event that may lie in any of more than a hundred years.
pub const WIDE: &str = "wide";

/// The year value of an event without a date.
pub const UNDATED: &str = "undated";

/// The most years that an event is posted under one by one.
const MOST_YEARS: i64 = 100;

impl Posting {
    /// All of them.
    pub const ALL: [Posting; 9] = [
        Posting::Kind,
        Posting::Name,
        Posting::Place,
        Posting::Code,
        Posting::Status,
        Posting::Document,
        Posting::Year,
        Posting::Attribute,
        Posting::Word,
    ];

    /// Its place in [`Posting::ALL`].
    pub(super) fn place(self) -> usize {
        usize::from(self.tag()) - 1
    }

    /// The byte that stands for it in keys. It never changes; 0 is all events.
    pub(super) fn tag(self) -> u8 {
        match self {
            Posting::Kind => 1,
            Posting::Name => 2,
            Posting::Place => 3,
            Posting::Code => 4,
            Posting::Status => 5,
            Posting::Document => 6,
            Posting::Year => 7,
            Posting::Attribute => 8,
            Posting::Word => 9,
        }
    }
}

/// A year as a posted value. Values sort as years do: `2014`, and `-…` before and `a…` after the years of four digits.
pub fn year_value(year: i64) -> String {
    const BEFORE: i64 = 1_000_000_000_000;
    match year {
        0..=9999 => format!("{year:04}"),
        ..0 => format!("-{:012}", BEFORE.saturating_add(year).max(0)),
        _ => format!("a{year:019}"),
    }
}

/// What an event is posted under.
pub(super) fn terms(event: &Event) -> BTreeSet<(Posting, String)> {
    let mut terms = BTreeSet::new();
    each_term(event, |field, value| {
        terms.insert((field, value.to_owned()));
    });
    terms
}

/// Hands out what an event is posted under; a value may come more than once.
pub(super) fn each_term(event: &Event, mut term: impl FnMut(Posting, &str)) {
    term(Posting::Kind, &event.kind);
    for participant in event.participants.iter().filter(|p| p.role.side().is_some()) {
        participant.written().for_each(|name| term(Posting::Name, name));
    }
    event.places.iter().for_each(|place| term(Posting::Place, &place.name));
    event.code.iter().for_each(|code| term(Posting::Code, code));
    term(Posting::Status, event.status.word());
    event.documents.iter().for_each(|citation| term(Posting::Document, &citation.document));
    event.attributes.keys().for_each(|name| term(Posting::Attribute, name));
    if let Some(summary) = &event.summary {
        each_word(summary, |word| term(Posting::Word, word));
    }
    match years_of(event) {
        Years::Undated => term(Posting::Year, UNDATED),
        Years::Wide => term(Posting::Year, WIDE),
        Years::Each(first, last) => {
            (first..=last).for_each(|year| term(Posting::Year, &year_value(year)));
        }
    }
}

enum Years {
    Undated,
    Wide,
    Each(i64, i64),
}

/// The years that have a day of the event, or may have.
fn years_of(event: &Event) -> Years {
    let Some(date) = &event.date else { return Years::Undated };
    let (first, last) = (date.earliest(), date.latest());
    if !first.is_known() || !last.is_known() {
        return Years::Wide;
    }
    let (first, last) = (first.ymd().0, last.ymd().0);
    if last.saturating_sub(first) > MOST_YEARS {
        Years::Wide
    } else {
        Years::Each(first, last.max(first))
    }
}

/// A set of event ids.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Ids(pub(super) RoaringTreemap);

impl Ids {
    /// The empty set.
    pub fn new() -> Self {
        Ids::default()
    }

    /// How many there are.
    pub fn len(&self) -> u64 {
        self.0.len()
    }

    /// Are there none?
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Is it one of them?
    pub fn contains(&self, id: u64) -> bool {
        self.0.contains(id)
    }

    /// Adds one; false when it was there.
    pub fn insert(&mut self, id: u64) -> bool {
        self.0.insert(id)
    }

    /// Those in both.
    #[must_use]
    pub fn and(&self, other: &Ids) -> Ids {
        Ids((&self.0).bitand(&other.0))
    }

    /// Those in either.
    #[must_use]
    pub fn or(&self, other: &Ids) -> Ids {
        Ids((&self.0).bitor(&other.0))
    }

    /// Those not in the other.
    #[must_use]
    pub fn minus(&self, other: &Ids) -> Ids {
        Ids((&self.0).sub(&other.0))
    }

    /// Adds all of another set.
    pub fn extend(&mut self, other: &Ids) {
        self.0 |= &other.0;
    }

    /// The rows of a segment whose ids are in the set, ascending.
    pub fn rows_of(&self, first: u64, rows: u32) -> Vec<u16> {
        let end = first + u64::from(rows);
        let mut ids = self.0.iter();
        ids.advance_to(first);
        ids.take_while(|id| *id < end).filter_map(|id| u16::try_from(id - first).ok()).collect()
    }

    /// The ids, ascending.
    pub fn iter(&self) -> impl Iterator<Item = u64> + '_ {
        self.0.iter()
    }
}

impl FromIterator<u64> for Ids {
    fn from_iter<I: IntoIterator<Item = u64>>(ids: I) -> Self {
        Ids(ids.into_iter().collect())
    }
}

impl FromIterator<EventId> for Ids {
    fn from_iter<I: IntoIterator<Item = EventId>>(ids: I) -> Self {
        ids.into_iter().map(|id| id.0).collect()
    }
}

/// How far an uncommitted transaction changes one posting. Nothing added is in the base, everything removed is.
#[derive(Debug, Clone, Default)]
pub(super) struct Change {
    pub(super) added: RoaringTreemap,
    pub(super) removed: RoaringTreemap,
}

impl Change {
    pub(super) fn add(&mut self, id: u64) {
        if !self.removed.remove(id) {
            self.added.insert(id);
        }
    }

    pub(super) fn remove(&mut self, id: u64) {
        if !self.added.remove(id) {
            self.removed.insert(id);
        }
    }

    pub(super) fn apply(&self, ids: &mut RoaringTreemap) {
        *ids -= &self.removed;
        *ids |= &self.added;
    }

    pub(super) fn cardinality(&self, base: u64) -> u64 {
        (base + self.added.len()).saturating_sub(self.removed.len())
    }
}

/// The last 32 bits of an id: what a shard keeps of it.
pub(super) fn low_bits(id: u64) -> u32 {
    let [a, b, c, d, ..] = id.to_le_bytes();
    u32::from_le_bytes([a, b, c, d])
}

/// A shard of a posting as stored: the cardinality in four bytes, then the bitmap of the last 32 bits of the ids, in runs
/// where that is shorter.
pub(super) fn encode(mut ids: RoaringBitmap) -> Result<Vec<u8>> {
    ids.optimize();
    let count = u32::try_from(ids.len()).unwrap_or(u32::MAX);
    let mut bytes = Vec::with_capacity(ids.serialized_size() + 4);
    bytes.extend_from_slice(&count.to_le_bytes());
    ids.serialize_into(&mut bytes)
        .map_err(|error| Error::io("write a posting into memory", error))?;
    Ok(bytes)
}

/// The cardinality of a stored shard.
pub(super) fn cardinality(bytes: &[u8]) -> Result<u64> {
    bytes
        .first_chunk()
        .map(|count| u64::from(u32::from_le_bytes(*count)))
        .ok_or_else(|| Error::Corrupt("a posting without its cardinality".to_owned()))
}

/// A stored shard.
pub(super) fn decode(bytes: &[u8]) -> Result<RoaringBitmap> {
    let count = cardinality(bytes)?;
    let mut rest = bytes.get(4..).unwrap_or_default();
    let ids = RoaringBitmap::deserialize_from(&mut rest)
        .map_err(|error| Error::Corrupt(format!("a posting cannot be read: {error}")))?;
    if !rest.is_empty() || ids.len() != count {
        return Err(Error::Corrupt("a posting is not as long as it says".to_owned()));
    }
    Ok(ids)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn year_values_sort_as_years() {
        let years = [-4000, -44, -1, 0, 1, 622, 1970, 2014, 9999, 10_000, 123_456];
        let values: Vec<_> = years.iter().map(|&y| year_value(y)).collect();
        assert!(values.is_sorted());
        assert!(values.iter().all(|v| v.as_str() < UNDATED && v.as_str() < WIDE));
        assert_eq!(year_value(2014), "2014");
    }

    #[test]
    fn a_posting_tells_its_size_without_being_read() {
        let ids: RoaringBitmap = [1, 5, 1 << 30].into_iter().collect();
        let bytes = encode(ids.clone()).unwrap();
        assert_eq!(cardinality(&bytes).unwrap(), 3);
        assert_eq!(decode(&bytes).unwrap(), ids);
        assert!(decode(&bytes[..bytes.len() - 1]).is_err());
        assert!(decode(&[bytes, vec![0]].concat()).is_err());
    }
}
