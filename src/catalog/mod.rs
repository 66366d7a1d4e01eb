//! Which fields, kinds, actors and places exist, and what a name means.
mod catalog;
mod field;
mod nameset;
pub(crate) use catalog::Catalog;
pub(crate) use field::{Field, FieldType, PeriodUnit};
pub(crate) use nameset::{NameSet, Validity};
