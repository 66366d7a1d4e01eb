//! The formats: what the records of each data set say.

pub(crate) mod acled;
pub(crate) mod actors;
pub(crate) mod address;
mod amount;
pub(crate) mod cameo;
mod cell;
pub(crate) mod columns;
pub(crate) mod extra;
pub(crate) mod field;
pub(crate) mod gdelt;
pub(crate) mod icews;
pub(crate) mod jsonl;
pub(crate) mod mapped;
pub(crate) mod mentions;
pub(crate) mod names;
pub(crate) mod phoenix;
pub(crate) mod polecat;
pub(crate) mod stamp;
pub(crate) mod ucdp;
#[cfg(test)]
pub(crate) mod testing;

use super::draft::Draft;
use super::record::{Record, Reject};

/// A format of event data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// GDELT 2, 61 columns.
    Gdelt2,
    /// GDELT 1, 58 or 57 columns, mixed.
    Gdelt1,
    /// GDELT 1 reduced, 17 columns.
    GdeltReduced,
    /// GDELT 2 mentions, 16 columns: which article tells which event.
    GdeltMentions,
    /// ICEWS, 20 columns, or the six that matter.
    Icews,
    /// ACLED, 31 columns and older ones.
    Acled,
    /// UCDP GED, with or without header.
    Ucdp,
    /// POLECAT, 40 columns.
    Polecat,
    /// Phoenix, 26 columns.
    Phoenix,
    /// A dictionary of actors of TABARI, PETRARCH and Phoenix.
    Actors,
    /// A table with a header and a mapping of its columns.
    Table,
    /// JSON lines, one event a line.
    JsonLines,
}

impl Format {
    /// All of them, with the word for `--as` and what they are.
    pub const ALL: &[(Format, &str, &str)] = &[
        (Format::Gdelt2, "gdelt2", "GDELT 2 events, 61 columns"),
        (Format::Gdelt1, "gdelt1", "GDELT 1 events, 58 or 57 columns"),
        (Format::GdeltReduced, "gdelt-reduced", "GDELT 1 reduced, 17 columns"),
        (
            Format::GdeltMentions,
            "gdelt-mentions",
            "GDELT 2 mentions: the articles that tell the events",
        ),
        (Format::Icews, "icews", "ICEWS, 20 columns or 6"),
        (Format::Acled, "acled", "ACLED, 31 columns or older"),
        (Format::Ucdp, "ucdp", "UCDP GED, with or without header"),
        (Format::Polecat, "polecat", "POLECAT, 40 columns"),
        (Format::Phoenix, "phoenix", "Phoenix, 26 columns"),
        (Format::Actors, "actors", "a dictionary of actors (TABARI, PETRARCH, Phoenix)"),
        (
            Format::Table,
            "table",
            "a table with a header: comma, semicolon, tab or Ctrl-A between its cells",
        ),
        (Format::JsonLines, "jsonl", "JSON lines, one event a line"),
    ];

    /// The word for it.
    pub fn word(self) -> &'static str {
        Format::ALL.iter().find(|(format, ..)| *format == self).map_or("", |(_, word, _)| word)
    }

    /// What a word means; `csv` and `tsv` are tables.
    pub fn from_word(word: &str) -> Option<Format> {
        if ["csv", "tsv"].iter().any(|table| table.eq_ignore_ascii_case(word)) {
            return Some(Format::Table);
        }
        let found = Format::ALL.iter().find(|(_, known, _)| known.eq_ignore_ascii_case(word));
        found.map(|(format, ..)| *format)
    }
}

/// How the records of one file are read.
pub(crate) trait Layout: Send {
    /// What a record says.
    fn read(&mut self, record: &Record) -> Result<Draft, Reject>;

    /// What there is to say of the file as a whole when it is through, a sentence each: what was mended, what to beware of.
    fn notes(&self) -> Vec<String> {
        Vec::new()
    }
}
