//! Which layout reads a file.

use super::detect::Detected;
use super::format::field::Kinds;
use super::format::{
    Format, Layout, acled, gdelt, icews, mapped, mentions, names, phoenix, polecat, ucdp,
};

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
