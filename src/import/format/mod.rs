//! The formats: what the records of each data set say.

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

use self::field::Kinds;
use super::detect::Detected;
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

/// What is asked of an import besides its file.
pub(crate) struct Asked {
    /// The format.
    pub(crate) format: Option<Format>,
    /// Which columns of a table are which fields.
    pub(crate) mapping: Vec<(String, Vec<String>)>,
    /// The kind of rows that name none.
    pub(crate) kind: Option<String>,
    /// What the database knows of kinds.
    pub(crate) kinds: Kinds,
}

/// The layout of a file of records, the first of which has `width` cells.
pub(crate) fn layout(
    detected: &Detected,
    width: usize,
    asked: &Asked,
) -> Result<Box<dyn Layout>, String> {
    let format = detected.format;
    if format == Format::Gdelt2 || format == Format::Gdelt1 {
        let header = detected.shape.header.as_ref().and_then(|_| detected.columns(width));
        return Ok(Box::new(gdelt::Gdelt::new(header.as_ref())));
    }
    let columns = detected.columns(width).ok_or_else(|| {
        let known: Vec<String> =
            names::all(format).iter().map(|names| names.len().to_string()).collect();
        format!("its rows have {width} cells; {} has {}", format.word(), known.join(" or "))
    })?;
    Ok(match format {
        Format::Gdelt2 | Format::Gdelt1 | Format::GdeltReduced => {
            Box::new(gdelt::Gdelt::new(Some(&columns)))
        }
        Format::GdeltMentions => Box::new(mentions::Mentions::new(&columns)),
        Format::Icews => Box::new(icews::Icews::new(&columns)),
        Format::Acled => Box::new(acled::Acled::new(&columns)?),
        Format::Ucdp => Box::new(ucdp::Ucdp::new(&columns)?),
        Format::Polecat => Box::new(polecat::Polecat::new(&columns)?),
        Format::Phoenix => Box::new(phoenix::Phoenix::new(&columns)?),
        Format::Table | Format::Actors | Format::JsonLines => {
            let kinds = Kinds::clone(&asked.kinds);
            let kind = asked.kind.as_deref();
            Box::new(mapped::Mapped::new(&columns, &asked.mapping, kind, kinds)?)
        }
    })
}
