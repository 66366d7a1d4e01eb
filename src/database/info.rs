//! What a database is and what is in it.

use std::path::PathBuf;

use crate::catalog::{Catalog, Field};
use crate::error::Result;
use crate::model::Kind;
use crate::planner::columns::CATALOGS;
use crate::planner::function::Function;
use crate::storage::{FORMAT_VERSION, Store, View};

/// What a database file is.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Info {
    /// The file; none in memory.
    pub path: Option<PathBuf>,
    /// Its length in bytes.
    pub bytes: u64,
    /// The version of its format.
    pub format: u64,
    /// Number of events.
    pub events: u64,
    /// Number of entries by catalogue: `actors`, `kinds`, `places`, `documents`, `units`; those that are built in do not count.
    pub entries: Vec<(&'static str, u64)>,
    /// Number of segments: of sealed events, in columns.
    pub segments: u64,
    /// Number of commits.
    pub commits: u64,
}

/// Fields, kinds and functions of a database.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Schema {
    /// Name, type and meaning of each field; free attributes behind the fields that every event has.
    pub fields: Vec<(String, String, String)>,
    /// The kinds, built in and defined.
    pub kinds: Vec<Kind>,
    /// Name and meaning of each function.
    pub functions: Vec<(String, String)>,
}

pub(super) fn info(store: &Store) -> Result<Info> {
    let view = store.view()?;
    let mut entries = Vec::new();
    for (word, catalog) in CATALOGS {
        entries.push((*word, view.entries(*catalog)?.len() as u64));
    }
    Ok(Info {
        path: store.path().map(PathBuf::from),
        bytes: store.file_len()?,
        format: FORMAT_VERSION,
        events: view.event_count()?,
        entries,
        segments: view.segments().len() as u64,
        commits: view.commit(),
    })
}

pub(super) fn schema(view: View) -> Result<Schema> {
    let catalog = Catalog::new(view);
    let owned = |a: &str, b: &str, c: &str| (a.to_owned(), b.to_owned(), c.to_owned());
    let mut fields: Vec<_> =
        Field::ALL.iter().map(|f| owned(f.name(), f.field_type().word(), f.doc())).collect();
    for (typed, _, events) in catalog.typed_attributes()? {
        fields.push((typed, "attribute".to_owned(), format!("in {events} events")));
    }
    Ok(Schema {
        fields,
        kinds: catalog.all_kinds()?,
        functions: Function::ALL
            .iter()
            .map(|f| (f.name().to_owned(), f.doc().to_owned()))
            .collect(),
    })
}
