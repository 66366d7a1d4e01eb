//! The tables with their keys. Keys sort as bytes in the order in which ranges of them are read.

use std::ops::Bound;

use redb::TableDefinition;

use super::entry::EntryKind;
use super::postings::Posting;
use crate::error::{Error, Result};

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
/// [`posting_prefix`] and shard → cardinality and bitmap.
pub(super) const POSTINGS: TableDefinition<Bytes, Bytes> = TableDefinition::new("postings");

/// Segment number → [`Segment`](super::segment::Segment).
pub(super) const SEGMENTS: TableDefinition<u64, Bytes> = TableDefinition::new("segments");
/// Segment number and [`column_key`] → cells or codes of a column.
pub(super) const COLUMNS: TableDefinition<(u64, u32), Bytes> = TableDefinition::new("columns");
/// Segment number and last row → packed records.
pub(super) const BLOCKS: TableDefinition<(u64, u32), Bytes> = TableDefinition::new("blocks");
/// Segment number → rows that are of no event, or no longer.
pub(super) const GONE: TableDefinition<u64, Bytes> = TableDefinition::new("gone");
/// Number of a text → text, as cells name it.
pub(super) const TEXTS: TableDefinition<u32, &str> = TableDefinition::new("texts");
/// Text → its number.
pub(super) const TEXT_IDS: TableDefinition<&str, u32> = TableDefinition::new("text_ids");
/// Shard and block → hashes of the natural keys of sealed events.
pub(super) const KEY_RUNS: TableDefinition<(u32, u32), Bytes> = TableDefinition::new("key_runs");

/// The key, within a segment, of the cells of its column at a place; the codes have the next one.
pub(super) fn column_key(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX / 2) * 2
}

/// The key, within a segment, of what its packed records share.
pub(super) const PACKING: u32 = u32::MAX;

/// The block of a shard of [`KEY_RUNS`] that tells how many blocks there are.
pub(super) const RUN_HEAD: u32 = u32::MAX;

/// Counters of [`META`].
pub(super) mod counter {
    /// The version of tables and records.
    pub(in crate::storage) const FORMAT: &str = "format";
    /// The number of the last commit.
    pub(in crate::storage) const COMMIT: &str = "commit";
    /// The next event id to give.
    pub(in crate::storage) const NEXT_ID: &str = "next_id";
    /// The next segment number to give.
    pub(in crate::storage) const NEXT_SEGMENT: &str = "next_segment";
    /// The next number of a text to give.
    pub(in crate::storage) const NEXT_TEXT: &str = "next_text";
    /// The number of the last import.
    pub(in crate::storage) const IMPORT: &str = "import";
}

/// The keys of the bitmap of all events begin with this.
pub(super) const ALL: &[u8] = &[0, 0, 0];

/// The ids of a shard have all but this many bits in common. Tests have few events and want many shards.
const SHARD_BITS: u32 = if cfg!(test) { 5 } else { 20 };

/// The length of a shard's number at the end of a key.
const SHARD_LEN: usize = 4;

/// The keys of a posting begin with this: the field, then the value with its end marked.
pub(super) fn posting_prefix(field: Posting, value: &str) -> Vec<u8> {
    let mut key = Vec::with_capacity(value.len() + 3 + SHARD_LEN);
    key.push(field.tag());
    push_marked(&mut key, value);
    key
}

/// The shard of a posting in which an id is. Sooner than ever shards run out, the last holds all that is beyond.
pub(super) fn shard_of(id: u64) -> u32 {
    u32::try_from(id >> SHARD_BITS).unwrap_or(u32::MAX)
}

/// The bits of the ids of a shard above their last 32, by the key of the shard.
pub(super) fn high_bits(key: &[u8]) -> Result<u32> {
    let shard = key.last_chunk::<SHARD_LEN>().map(|shard| u32::from_be_bytes(*shard));
    shard
        .map(|shard| u32::try_from(first_of_shard(shard) >> 32).unwrap_or(u32::MAX))
        .ok_or_else(|| Error::Corrupt("the key of a posting is none".to_owned()))
}

/// The first id of a shard.
pub(super) fn first_of_shard(shard: u32) -> u64 {
    u64::from(shard) << SHARD_BITS
}

/// The key of a shard of the posting with this prefix.
pub(super) fn shard_key(prefix: &[u8], shard: u32) -> Vec<u8> {
    [prefix, &shard.to_be_bytes()].concat()
}

/// The value in the key of a shard; none where it is not marked as one.
pub(super) fn posted_value(key: &[u8]) -> Option<Vec<u8>> {
    let end = key.len().checked_sub(SHARD_LEN)?;
    let mut marked = key.get(1..end)?.strip_suffix(&[0, 0])?.iter();
    let mut value = Vec::with_capacity(marked.len());
    while let Some(&byte) = marked.next() {
        if byte == 0 && marked.next() != Some(&1) {
            return None;
        }
        value.push(byte);
    }
    Some(value)
}

/// Appends text with its end marked, so that no other text begins with it and all sort as texts do.
fn push_marked(key: &mut Vec<u8>, text: &str) {
    for &byte in text.as_bytes() {
        key.push(byte);
        if byte == 0 {
            key.push(1);
        }
    }
    key.extend_from_slice(&[0, 0]);
}

/// The range of the keys of a field's values.
pub(super) fn posting_range(
    field: Posting,
    from: Bound<&str>,
    to: Bound<&str>,
) -> (Bound<Vec<u8>>, Bound<Vec<u8>>) {
    let from = match from {
        Bound::Unbounded => Bound::Included(vec![field.tag()]),
        Bound::Included(value) => Bound::Included(posting_prefix(field, value)),
        Bound::Excluded(value) => Bound::Included(prefix_end(&posting_prefix(field, value))),
    };
    let to = match to {
        Bound::Unbounded => Bound::Excluded(vec![field.tag() + 1]),
        Bound::Included(value) => Bound::Excluded(prefix_end(&posting_prefix(field, value))),
        Bound::Excluded(value) => Bound::Excluded(posting_prefix(field, value)),
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
        push_marked(&mut key, folded);
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
    use std::ops::RangeBounds;

    use super::*;

    #[test]
    fn shards_sort_by_value_and_give_it_back() {
        let values =
            ["", "\0", "\0\0", "\0a", "\u{1}", "a", "a\0", "a\0\0", "a\0b", "a\u{1}", "ab"];
        let mut keys = Vec::new();
        for value in values {
            let shard = 1 << SHARD_BITS;
            for id in [1, shard - 1, shard, 300 * shard, u64::MAX] {
                let key = shard_key(&posting_prefix(Posting::Name, value), shard_of(id));
                assert_eq!(posted_value(&key).unwrap(), value.as_bytes());
                keys.push(key);
            }
        }
        assert!(keys.is_sorted());
        keys.dedup();
        assert_eq!(keys.len(), values.len() * 4);
        for broken in [&b""[..], b"\x02", b"\x02ab", b"\x02a\0\x02\0\0\0\0\0\0", b"\x02a\0\0\0\0\0"]
        {
            assert_eq!(posted_value(broken), None, "{broken:?}");
        }
    }

    #[test]
    fn ranges_of_values_hold_all_their_shards_and_no_others() {
        let values = ["a", "a\0", "a\0b", "ab", "b"];
        let bounds = |n: usize| [Bound::Included(values[n]), Bound::Excluded(values[n])];
        for (low, high) in (0..5).flat_map(|low| (low + 1..5).map(move |high| (low, high))) {
            for (from, to) in bounds(low).iter().flat_map(|f| bounds(high).map(|t| (*f, t))) {
                let range = posting_range(Posting::Name, from, to);
                for value in values {
                    for id in [1, 5 << SHARD_BITS] {
                        let at = shard_key(&posting_prefix(Posting::Name, value), shard_of(id));
                        let holds = range.contains(&at);
                        assert_eq!(
                            holds,
                            RangeBounds::<str>::contains(&(from, to), value),
                            "{value:?} {from:?} {to:?}"
                        );
                    }
                }
            }
        }
    }

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
