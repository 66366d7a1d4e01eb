//! The formats: what the records of each data set say.
//!
//! | format | file | what becomes of its columns |
//! |---|---|---|
//! | GDELT 1 and 2, reduced | `gdelt` | codes of actors with their names; the action's place; the address is the document; what code and date say again goes, the rest are attributes |
//! | GDELT mentions | `mentions` | a citation of an event that is there already, with the document; the rest are its claims |
//! | ICEWS | `icews` | names with country and sectors; city to country are the place; the story is the document; the event text stays |
//! | ACLED | `acled` | both sides with their associates; precision makes the date a day, a week or a month; fatalities are a quantity; the rest are attributes |
//! | UCDP GED | `ucdp` | both sides; start and end bound one unknown day; the estimates of the dead are a quantity; the rest are attributes |
//! | POLECAT | `polecat` | lists of actors and recipients; type and mode are the kind; the rest are attributes |
//! | Phoenix | `phoenix` | codes of actors; addresses and sources are the documents; parts of codes and dates go |
//! | dictionaries of actors | `actors` | names, other spellings, and roles with their days: actors, no events |
//! | tables | `mapped` | what the mapping or the column's own name says; the rest are attributes |
//! | JSON lines | `jsonl` | the event as `insert` takes it; other keys are attributes |
//!
//! What they read alike: where a file has what (`columns`, `names`, `row_number`), what a cell holds (`holds`, `number`,
//! `day`, `amount`, `cameo`, `kind_table`; `field` for what people write), and what it becomes (`attribute`, `place`,
//! `document`). What is odd and was read all the same is counted in `oddities`, for the notes.
//!
//! A layout is made of the columns of a file; it reads a row as a draft, or says why not: lower-case, with the file's own
//! words in back-quotes.

pub(crate) mod acled;
pub(crate) mod actors;
mod amount;
mod attribute;
pub(crate) mod cameo;
pub(crate) mod columns;
mod day;
mod document;
pub(crate) mod field;
pub(crate) mod gdelt;
mod holds;
pub(crate) mod icews;
pub(crate) mod jsonl;
mod kind_table;
pub(crate) mod mapped;
pub(crate) mod mentions;
pub(crate) mod names;
mod number;
mod oddities;
pub(crate) mod phoenix;
mod place;
pub(crate) mod polecat;
mod row_number;
#[cfg(test)]
pub(crate) mod testing;
pub(crate) mod ucdp;

use super::draft::Draft;
use super::record::{Record, Reject};

/// A format of event data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// GDELT 2 events (since February 2015): 61 columns, raw or with a header that another program has put on.
    Gdelt2,
    /// GDELT 1 events: 58 columns, or 57 before April 2013; a file may have rows of both.
    Gdelt1,
    /// GDELT 1 reduced: 17 columns with a header, or the older 12.
    GdeltReduced,
    /// GDELT 2 mentions, 16 columns: which article tells which event. The events must be in the database.
    GdeltMentions,
    /// ICEWS events: 20 columns, the six that matter, or the ten of a reduced form.
    Icews,
    /// ACLED: 31 columns with a header, or the older columns from before April 2023.
    Acled,
    /// UCDP GED: 49 columns, or 46 without coordinates, with or without a header.
    Ucdp,
    /// POLECAT: 40 columns with a header, or more names or tabs than cells; kinds by the types and modes of PLOVER.
    Polecat,
    /// Phoenix: 26 columns without a header.
    Phoenix,
    /// A dictionary of actors as TABARI, PETRARCH and Phoenix have it: names, spellings, roles with their days.
    Actors,
    /// A table with a header of its own: columns named like fields, and a mapping of others.
    Table,
    /// JSON lines, one event a line, as `insert` takes it and answers are exported.
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

    /// Takes in which hints need not be told again, by their fingerprints.
    fn heard(&mut self, _hints: &[u64]) {}

    /// What there is to say of the file as a whole when it is through, a sentence each: what was mended, what to beware of.
    fn notes(&self) -> Vec<String> {
        Vec::new()
    }
}
