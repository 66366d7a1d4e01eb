//! The draft: what a record says, before the store has seen it.

use crate::model::{Actor, Citation, Document, Event};

/// What a record says.
#[derive(Debug, Clone, PartialEq)]
#[allow(clippy::large_enum_variant, reason = "nearly all are events")]
pub(crate) enum Draft {
    /// An event, with what there is to know of those whom it names.
    Event {
        /// The event. Where it has no key, the import makes one from the row.
        event: Event,
        /// What the catalogues may learn.
        hints: Vec<Hint>,
    },
    /// That a document tells an event which another file brought.
    Telling {
        /// The natural key of the event.
        key: String,
        /// The citation that the event is to have.
        citation: Citation,
        /// The document.
        document: Document,
    },
    /// An actor of a dictionary, to be added to what is known of him.
    Actor {
        /// The actor.
        actor: Actor,
        /// The codes that his ties name.
        hints: Vec<Hint>,
    },
}

/// What a row lets the catalogues know. The same hint may come with every row.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Hint {
    /// A name with what the data set tells beside it: `Military (Pakistan)`, the sectors `Military, Government`.
    Actor {
        /// The name as the event writes it.
        name: String,
        /// His country: a name or a code of any system, as the data set writes it.
        country: Option<String>,
        /// Words or codes of sectors.
        sectors: Vec<String>,
        /// `person`, `state` …, where the data set says so.
        kind: Option<&'static str>,
        /// Codes by system: `wikidata`, `ucdp`.
        codes: Vec<(&'static str, String)>,
    },
    /// A CAMEO actor code, `PAKGOVMIL`: whose it is and its sectors are in the code.
    Code(String),
    /// A place within others.
    Place {
        /// Its name as the event writes it, then what it lies in, the nearest first; each with its type.
        path: Vec<(String, &'static str)>,
        /// Codes of the first by system: `fips`, `adm1`.
        codes: Vec<(&'static str, String)>,
        /// Latitude and longitude of the first, where it is a point and no centre of something large.
        coordinates: Option<(f64, f64)>,
    },
    /// A document. In a box, for it is three times as large as the others, and every row of some data sets has four hints.
    Document(Box<Document>),
}
