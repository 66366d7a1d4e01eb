//! The catalogues as sources of rows: their names and columns.

use crate::catalog::FieldType;
use crate::storage::EntryKind;

/// The words for the catalogues.
pub(crate) const CATALOGS: &[(&str, EntryKind)] = &[
    ("actors", EntryKind::Actor),
    ("kinds", EntryKind::Kind),
    ("places", EntryKind::Place),
    ("documents", EntryKind::Document),
    ("units", EntryKind::Unit),
];

/// The columns of a catalogue's rows.
pub(crate) const fn columns(catalog: EntryKind) -> &'static [(&'static str, FieldType)] {
    use FieldType::{Actors, Any, Bool, Code, Date, Number, Places, Text};
    match catalog {
        EntryKind::Actor => {
            &[("name", Actors), ("type", Text), ("state", Actors), ("aliases", Text), ("codes", Text), ("affiliations", Text), ("sectors", Text), ("events", Number)]
        }
        EntryKind::Kind => &[
            ("kind", Text),
            ("parent", Text),
            ("code", Code),
            ("title", Text),
            ("quad", Number),
            ("goldstein", Number),
            ("plover", Text),
            ("mirrored", Bool),
            ("aliases", Text),
        ],
        EntryKind::Place => &[("name", Places), ("type", Text), ("under", Places), ("aliases", Text), ("codes", Text), ("coordinates", Any), ("events", Number)],
        EntryKind::Document => &[
            ("key", Text),
            ("title", Text),
            ("authors", Text),
            ("publisher", Text),
            ("published", Date),
            ("accessed", Date),
            ("language", Text),
            ("url", Text),
            ("events", Number),
        ],
        EntryKind::Unit => &[("unit", Text), ("dimension", Text), ("factor", Number), ("aliases", Text)],
        EntryKind::View => &[("name", Text), ("query", Text)],
    }
}
