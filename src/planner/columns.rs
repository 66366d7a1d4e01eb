//! The columns of the catalogues, when they are queried like events.

use crate::catalog::FieldType;
use crate::storage::EntryKind;

/// The words for the catalogues as sources of rows.
pub(crate) const CATALOGS: &[(&str, EntryKind)] = &[
    ("actors", EntryKind::Actor),
    ("kinds", EntryKind::Kind),
    ("places", EntryKind::Place),
    ("documents", EntryKind::Document),
    ("units", EntryKind::Unit),
    ("imports", EntryKind::Import),
    ("coverage", EntryKind::Coverage),
];

/// The columns of a catalogue's entries, in the order of their tuples.
pub(crate) const fn catalog_columns(catalog: EntryKind) -> &'static [(&'static str, FieldType)] {
    match catalog {
        EntryKind::Actor => &[
            ("name", FieldType::Actors),
            ("type", FieldType::Text),
            ("state", FieldType::Actors),
            ("aliases", FieldType::Text),
            ("codes", FieldType::Any),
            ("affiliations", FieldType::Any),
            ("sectors", FieldType::Text),
        ],
        EntryKind::Kind => &[
            ("kind", FieldType::Kind),
            ("parent", FieldType::Kind),
            ("code", FieldType::Code),
            ("title", FieldType::Text),
            ("quad", FieldType::Number),
            ("goldstein", FieldType::Number),
            ("plover", FieldType::Text),
            ("mirrored", FieldType::Bool),
            ("aliases", FieldType::Text),
        ],
        EntryKind::Place => &[
            ("name", FieldType::Places),
            ("type", FieldType::Text),
            ("parent", FieldType::Places),
            ("aliases", FieldType::Text),
            ("codes", FieldType::Any),
            ("coordinates", FieldType::Any),
        ],
        EntryKind::Document => &[
            ("key", FieldType::Text),
            ("title", FieldType::Text),
            ("authors", FieldType::Text),
            ("publisher", FieldType::Text),
            ("published", FieldType::Date),
            ("accessed", FieldType::Date),
            ("language", FieldType::Text),
            ("url", FieldType::Text),
        ],
        EntryKind::Unit => &[
            ("unit", FieldType::Text),
            ("dimension", FieldType::Text),
            ("factor", FieldType::Number),
            ("aliases", FieldType::Text),
        ],
        EntryKind::View => &[("name", FieldType::Text), ("query", FieldType::Text)],
        EntryKind::Import => &[
            ("import", FieldType::Number),
            ("file", FieldType::Text),
            ("format", FieldType::Text),
            ("date", FieldType::Date),
            ("finished", FieldType::Bool),
            ("undone", FieldType::Bool),
            ("read", FieldType::Number),
            ("loaded", FieldType::Number),
            ("updated", FieldType::Number),
            ("duplicates", FieldType::Number),
            ("rejected", FieldType::Number),
            ("covers", FieldType::Any),
        ],
        EntryKind::Coverage => &[
            ("name", FieldType::Text),
            ("from", FieldType::Date),
            ("to", FieldType::Date),
            ("note", FieldType::Text),
        ],
    }
}
