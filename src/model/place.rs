//! The place: a node of a tree.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Alias, Value};

/// An entry of the catalogue of places.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Place {
    /// The name by which answers call it.
    pub name: String,
    /// `city`, `region`, `country`, `sea`, or a word of one's own.
    pub kind: Option<String>,
    /// The place that it lies in.
    pub under: Option<String>,
    /// Other spellings.
    pub aliases: Vec<Alias>,
    /// Codes by system: `iso3`, `fips`.
    pub codes: BTreeMap<String, String>,
    /// Latitude and longitude in degrees.
    pub coordinates: Option<(f64, f64)>,
    /// Whatever else is known.
    pub attributes: BTreeMap<String, Value>,
}
