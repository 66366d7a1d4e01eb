//! Files to events.
//!
//! A file goes through these hands:
//!
//! | step | what | where |
//! |---|---|---|
//! | bytes | a plain file, a `.gz`, the members of a `.zip`, standard input | `source` |
//! | lines | UTF-8, or Latin-1 where a line is none; no line is longer than a limit | `text` |
//! | records | cells between delimiters, quoted or not; the header | `table` |
//! | | the rows of a Parquet file, in place of lines and their cells (feature `parquet`) | `parquet` |
//! | format | recognised from the header, the width or the shape of the first records | `detect` |
//! | drafts | what a record says: an event, and hints at actors, places and documents | `format` |
//! | chunks | drafts from the thread that reads to the one that takes them; back come the hints that need not be told again | `chunk` |
//! | entries | hints to entries of the catalogues, merged with what is there | `register` |
//! | batches | keys, duplicates, revisions; one commit for each batch of rows, from which a cut-off import goes on | `load` |
//!
//! Nothing grows with the file: a batch is at most four segments of rows.

mod chunk;
mod coverage;
mod detect;
mod draft;
mod fate;
mod fingerprint;
mod format;
mod layouts;
mod load;
mod options;
#[cfg(feature = "parquet")]
mod parquet;
mod record;
mod register;
mod rehearsal;
mod rejects;
mod report;
mod row_key;
mod run;
mod shape;
mod source;
mod table;
mod text;

pub use format::Format;
pub use options::{ImportOptions, OnProgress, Progress};
pub use rejects::Rejected;
pub use report::ImportReport;
pub(crate) use run::import;
