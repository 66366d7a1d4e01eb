//! The document: what tells events.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Date, Value};

/// An entry of the catalogue of documents.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Document {
    /// The word by which events cite it.
    pub key: String,
    /// Its title.
    pub title: Option<String>,
    /// Who wrote it.
    pub authors: Vec<String>,
    /// Who published it.
    pub publisher: Option<String>,
    /// When it was published.
    pub published: Option<Date>,
    /// When it was read.
    pub accessed: Option<Date>,
    /// Its language, as a code of BCP 47.
    pub language: Option<String>,
    /// Where it is.
    pub url: Option<String>,
    /// Whatever else is known.
    pub attributes: BTreeMap<String, Value>,
}
