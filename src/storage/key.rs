//! The tables with their keys. Keys sort as bytes in the order in which ranges of them are read.

use std::ops::Bound;

use redb::TableDefinition;

use super::entry::EntryKind;
use super::postings::Posting;

type Bytes = &'static [u8];

/// Word → number: the format and the counters.
pub(super) const META: TableDefinition<&str, u64> = TableDefinition::new("meta");
/// Commit number → [`CommitInfo`](super::CommitInfo).
pub(super) const COMMITS: TableDefinition<u64, Bytes> = TableDefinition::new("commits");
/// Event id → current version.
pub(super) const EVENTS: TableDefinition<u64, Bytes> = TableDefinition::new("events");
/// Event id and the commit that recorded it → ended version.
pub(super) const HISTORY: TableDefinition<(u64, u64), Bytes> = TableDefinition::new("history");
/// Natural key → event id.
pub(super) const KEYS: TableDefinition<&str, u64> = TableDefinition::new("keys");
/// [`entry_key`] → current entry of a catalogue.
pub(super) const ENTRIES: TableDefinition<Bytes, Bytes> = TableDefinition::new("entries");
/// [`entry_key`] and commit → ended entry.
pub(super) const ENTRY_HISTORY: TableDefinition<(Bytes, u64), Bytes> =
    TableDefinition::new("entry_history");
/// [`NameIndex`] keys.
pub(super) const NAMES: TableDefinition<Bytes, ()> = TableDefinition::new("names");
/// [`posting_key`] → cardinality and bitmap.
pub(super) const POSTINGS: TableDefinition<Bytes, Bytes> = TableDefinition::new("postings");

/// Counters of [`META`].
pub(super) mod counter {
    /// The version of tables and records.
    pub(in crate::storage) const FORMAT: &str = "format";
    /// The number of the last commit.
    pub(in crate::storage) const COMMIT: &str = "commit";
    /// The next event id to give.
    pub(in crate::storage) const NEXT_ID: &str = "next_id";
    /// The number of the last import.
    pub(in crate::storage) const IMPORT: &str = "import";
}

/// The key of the bitmap of all events.
pub(super) const ALL: &[u8] = &[0];

/// The key of a posting: the field, then the value as it is.
pub(super) fn posting_key(field: Posting, value: &str) -> Vec<u8> {
    let mut key = Vec::with_capacity(value.len() + 1);
    key.push(field.tag());
    key.extend_from_slice(value.as_bytes());
    key
}

/// The range of keys of a field's values.
pub(super) fn posting_range(
    field: Posting,
    from: Bound<&str>,
    to: Bound<&str>,
) -> (Bound<Vec<u8>>, Bound<Vec<u8>>) {
    let from = match from {
        Bound::Unbounded => Bound::Included(vec![field.tag()]),
        bound => bound.map(|value| posting_key(field, value)),
    };
    let to = match to {
        Bound::Unbounded => Bound::Excluded(vec![field.tag() + 1]),
        bound => bound.map(|value| posting_key(field, value)),
    };
    (from, to)
}

/// The key of an entry: the catalogue, then the folded name.
pub(super) fn entry_key(kind: EntryKind, folded: &str) -> Vec<u8> {
    let mut key = Vec::with_capacity(folded.len() + 1);
    key.push(kind.tag());
    key.extend_from_slice(folded.as_bytes());
    key
}

/// What an index of names finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NameIndex {
    /// Entries by folded name, alias or code.
    Bearer(EntryKind),
    /// Entries by a folded word of a name or alias.
    BearerWord(EntryKind),
    /// Entries by the folded name of what they are tied under.
    Member(EntryKind),
    /// Names as written in events by their folded form.
    Written(Posting),
    /// Names as written in events by a folded word.
    WrittenWord(Posting),
}

impl NameIndex {
    /// All keys of a folded text begin with this: two tags, the text with its end marked.
    pub(super) fn prefix(self, folded: &str) -> Vec<u8> {
        let (index, field) = match self {
            NameIndex::Bearer(kind) => (1, kind.tag()),
            NameIndex::BearerWord(kind) => (2, kind.tag()),
            NameIndex::Member(kind) => (3, kind.tag()),
            NameIndex::Written(field) => (4, field.tag()),
            NameIndex::WrittenWord(field) => (5, field.tag()),
        };
        let mut key = Vec::with_capacity(folded.len() + 4);
        key.extend_from_slice(&[index, field]);
        for &byte in folded.as_bytes() {
            key.push(byte);
            if byte == 0 {
                key.push(1);
            }
        }
        key.extend_from_slice(&[0, 0]);
        key
    }

    /// The key that leads from a folded text to a name.
    pub(super) fn key(self, folded: &str, name: &str) -> Vec<u8> {
        let mut key = self.prefix(folded);
        key.extend_from_slice(name.as_bytes());
        key
    }
}

/// The end of the range of keys that begin with `prefix`, which ends with a zero byte.
pub(super) fn prefix_end(prefix: &[u8]) -> Vec<u8> {
    let mut end = prefix.to_vec();
    if let Some(last) = end.last_mut() {
        *last += 1;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_is_found_under_the_beginning_of_another() {
        let index = NameIndex::Bearer(EntryKind::Actor);
        let nul = index.key("a\0b", "x");
        assert!(!nul.starts_with(&index.prefix("a")));
        assert!(nul.starts_with(&index.prefix("a\0b")));
        let range = index.prefix("a")..prefix_end(&index.prefix("a"));
        assert!(!range.contains(&nul) && !range.contains(&index.key("ab", "x")));
        assert!(range.contains(&index.key("a", "x")) && range.contains(&index.key("a", "")));
    }
}
