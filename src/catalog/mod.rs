//! Which fields, kinds, actors and places exist, and what a name means.
//!
//! Events store names as they were written and postings are by name; here a queried name becomes the set of written
//! names that mean it ([`NameSet`]), so an alias added, a merge or a split touches no event.
#![allow(clippy::module_inception)]

mod catalog;
mod coverage;
mod field;
mod indexes;
mod nameset;
mod resolve;
mod suggest;
mod synonym;

pub(crate) use catalog::Catalog;
pub(crate) use coverage::Covered;
pub(crate) use field::{Field, FieldType};
pub(crate) use nameset::{NameSet, Validity};
pub(crate) use resolve::{Bearer, Fit, Tree};
pub(crate) use suggest::nearest;
pub(crate) use synonym::{letters, synonym};
