//! Rows to bytes: the one file of a database.
//!
//! Event records and catalogue entries are the truth; columns, postings, keys and names are derived from them, written in
//! the same transaction, and compared with them by [`Store::verify`]. This page is the format of the file. All numbers are
//! little-endian where nothing else is said.
//!
//! # Pages
//!
//! The engine (redb 4.5, file format 3) sees a device of pages of 4,096 bytes. Beneath it [`pages`] gives each page a
//! slot of 4,104 bytes, so that page *n* lies at byte 4,104 *n*:
//!
//! | bytes | what |
//! |---|---|
//! | 4,096 | the page |
//! | 8 | xxh3-64 of the page, seeded with the file's number XOR the page's number |
//!
//! The file is a whole number of slots. The engine's page 0 holds its header alone, 320 bytes, and is not stored as
//! such. Slot 0 is:
//!
//! | at | bytes | what |
//! |---|---|---|
//! | 0 | 16 | `attache-db`, 1A 0D 0A, three zero bytes |
//! | 16 | 8 | the version of this layout: 1 |
//! | 24 | 8 | the file's number, random |
//! | 32 | 8 | xxh3-64 of the 32 bytes before, seed 0 |
//! | 512 | 336 | a copy of the engine's header |
//! | 1,024 | 336 | another copy of the engine's header |
//! | 2,048 | 120 | who has it open for writing, as text, zeros behind; only shown, never believed |
//!
//! A copy of the header is a sequence number (8), the header (320) and the xxh3-64 of both (8), seeded with the file's
//! number XOR 2⁶⁴ − 1 (first copy) or 2⁶⁴ − 2 (second). The engine writes its header in place, and nothing else. Each
//! write goes to the copy that does not hold the last synced header, with the next sequence number, so that a power cut
//! in the middle spoils no more than a header which was not yet durable. A good copy with the higher number counts.
//! When the file is closed, both copies are made the same. One copy that is bad is damage for a reader, unless the
//! other says that the file was closed.
//!
//! Not protected: the bytes of slot 0 that hold nothing, and the note. Not noticed at a read: a page that was once right
//! in its place; the engine's own tree of checksums finds it, which [`Store::verify`] asks.
//!
//! # Tables
//!
//! Keys are redb's: numbers compare as numbers, tuples part by part, the rest as bytes. *Record* is a version byte, 1,
//! and bincode 2 (standard configuration: little-endian, variable-length integers) of the type named, to the last byte
//! and at most 16 MiB. A version is of its type's whole layout, the types of [`crate::model`] included: a change of any
//! is a new version. Values nest at most 64 deep.
//!
//! A [`Date`](crate::model::Date) is one of four forms, numbered in this order: 0 one day of a year of four digits, as
//! its day; 1 one day within what it spans, a month say, as the first and the last day of it; 2 what lasted, as the
//! first and last days of its start and of its end; 3 any other, as all its fields. The first form that says all of the
//! date is the one that is written.
//!
//! | table | key | value |
//! |---|---|---|
//! | `meta` | `format` | the version of these tables: 1 |
//! | | `commit` | the number of the last commit; 0 before the first |
//! | | `next_id` | the id that the next event gets; from 1 on, never given twice |
//! | | `import` | the number of the last import; 0 before the first |
//! | `commits` | commit number | record: number, time (milliseconds after 1970-01-01 UTC), reason, import |
//! | | `next_segment`, `next_text` | the number that the next segment, or text of a column, gets; from 1 on |
//! | `events` | event id | record: commit that recorded it, [`Event`](crate::model::Event) |
//! | `history` | event id, commit that recorded it | record: commit that ended it, and the record as it was in `events` |
//! | `keys` | natural key | event id |
//! | `entries` | catalogue (1 byte), folded name | record: commit that recorded it, [`Entry`] |
//! | `entry_history` | key in `entries`, commit that recorded it | record: commit that ended it, and the record as it was in `entries` |
//! | `names` | index (1), catalogue or field (1), folded text, 00 00, name | nothing |
//! | `postings` | field (1), value, 00 00, shard (4, big-endian) | number of events (4), roaring bitmap of the last 32 bits of their ids in the portable format, with runs where they are shorter |
//! | `segments` | segment number | record: first id, number of rows, first and last day of all events where each has one day, columns in order and whether each is left out |
//! | `columns` | segment number, twice the place of the column in that order | the cells of a column, see [`segment`](segment) |
//! | | segment number, one more | the codes of all its rows, where there is more than one cell |
//! | | segment number, 2³² − 1 | the dictionary of the packed records |
//! | `blocks` | segment number, last row | packed records of the rows up to there: the records as they were in `events` |
//! | `gone` | segment number | roaring bitmap of the rows that are of no event or no longer: deleted, or revised and in `events` again |
//! | `texts` | number | a text that cells name by its number |
//! | `text_ids` | text | its number |
//! | `key_runs` | shard (of 2²⁰ ids), block | hashes of the natural keys of sealed events |
//! | | shard, 2³² − 1 | number of the shard's blocks (4) |
//!
//! *Catalogues*: 1 actors, 2 kinds, 3 places, 4 documents, 5 units, 6 saved views, 7 imports. Names fold with
//! [`fold_name`](crate::model::fold_name) for actors and [`fold`](crate::model::fold) for all others. How they
//! fold is part of the format: when folding changes, `names` is to be built anew.
//!
//! *Fields*: 0 all events (the value is empty), 1 kind, 2 name, 3 place, 4 code, 5 status, 6 document, 7 year, 8
//! attribute, 9 word of the summary. Values are as written in the event, words folded, a zero byte as 00 01; years are
//! those of [`year_value`], [`WIDE`] and [`UNDATED`]. A *shard* has the events whose ids are the same but for their last
//! 20 bits, and these bits cut off is its number, so that a commit writes anew what is posted of a million events and not
//! of all.
//!
//! *Indexes of `names`*: 1 entries by folded name, alias or code; 2 entries by folded word of a name or alias; 3 entries
//! by the folded name of what they are tied directly under (state and affiliations of an actor, place above, parent
//! kind); 4 names that events write in a field, by folded form; 5 the same by folded word. A zero byte in the folded
//! text is written 00 01.
//!
//! # Segments
//!
//! `events` and `keys` have the newest events and those that were revised. When a commit leaves more than 8,192 of the
//! newest, they become a *segment*: their records are packed, what they say in plain places becomes columns, and their
//! keys hashes. A row is the id less the first of its segment; ids without an event are rows that are gone. A segment
//! never changes and no number is given twice: small neighbours are joined into another, and one of which many events
//! were revised is built anew. An import builds full segments, 64,512 rows, beside reading.
//!
//! # Commits
//!
//! A [`Transaction`] gathers changes in memory over a snapshot, a [`Load`] new rows. Committing writes them in one
//! engine transaction with immediate durability. In a file above 64 MiB every commit also records the engine's allocator, so that a file which
//! was not closed opens at once.

mod batch;
mod codec;
mod commit;
mod depth;
mod entry;
#[cfg(test)]
mod faults;
mod guard;
mod key;
mod known;
mod load;
mod names;
mod opening;
mod overlay;
mod pages;
mod posted;
mod postings;
mod sealed;
mod sealing;
#[allow(unreachable_pub)] // as all of this, for tests
pub mod segment;
mod snapshot;
mod store;
mod texts;
mod transaction;
mod verify;
mod view;

pub use entry::{Entry, EntryKind, SavedView};
#[allow(unused_imports, unreachable_pub)] // for the importers, which are inside
pub use known::KnownKeys;
#[allow(unused_imports, unreachable_pub)] // as above
pub use load::Load;
pub use opening::{Access, StoreOptions};
pub use postings::{Ids, Posting, UNDATED, WIDE, year_value};
#[allow(unreachable_pub)] // as all of this, for tests
pub use sealing::Sealing;
pub use snapshot::CommitInfo;
pub use store::Store;
pub use transaction::{Inserted, Transaction};
pub use view::{Scan, Version, View};

/// The version of the tables that this program reads and writes.
pub(crate) const FORMAT_VERSION: u64 = 1;
