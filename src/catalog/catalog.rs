//! The catalogue of one view of the store: what a name means. (Interface; being filled.)
#![allow(clippy::todo, dead_code, unused_variables)]

use std::sync::Arc;

use crate::error::Result;
use crate::model::{Actor, Affiliation, Date, Document, Kind, Place, Unit};
use crate::storage::View;

/// The catalogue as one view of the store has it, over what is built in.
pub(crate) struct Catalog {
    view: View,
}

impl Catalog {
    /// The catalogue of a view.
    pub(crate) fn new(view: View) -> Self {
        Catalog { view }
    }
    /// The kind of a name or alias: defined or built in.
    pub(crate) fn kind(&self, name: &str) -> Result<Option<Arc<Kind>>> {
        todo!()
    }
    /// The actors that a name as written means; none when the catalogue does not know it.
    pub(crate) fn actors(&self, written: &str) -> Result<Arc<[Arc<Actor>]>> {
        todo!()
    }
    /// The states that a name as written belongs to, or is; by their catalogue names, sorted.
    pub(crate) fn states(&self, written: &str) -> Result<Arc<[String]>> {
        todo!()
    }
    /// The ties with an office that the bearers of a name held at a date (any time without one).
    pub(crate) fn offices(&self, written: &str, date: Option<&Date>) -> Result<Vec<Affiliation>> {
        todo!()
    }
    /// The place that a name as written means.
    pub(crate) fn place(&self, written: &str) -> Result<Option<Arc<Place>>> {
        todo!()
    }
    /// The document of a key.
    pub(crate) fn document(&self, key: &str) -> Result<Option<Arc<Document>>> {
        todo!()
    }
    /// The unit of a name or alias: defined or built in.
    pub(crate) fn unit(&self, name: &str) -> Result<Option<Arc<Unit>>> {
        todo!()
    }
}
