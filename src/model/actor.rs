//! The actor: a person, a state, an organisation, with names and ties in time.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Date, Value};

/// An entry of the catalogue of actors.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Actor {
    /// The name by which answers call it.
    pub name: String,
    /// `person`, `state`, `organisation`, `armed_force`, `company`, `alliance`, `non_state`, or a word of one's own.
    pub kind: Option<String>,
    /// Codes by system: `iso3`, `cameo`, `cow`.
    pub codes: BTreeMap<String, String>,
    /// The state it belongs to: a tie without dates, unless given.
    pub state: Option<Affiliation>,
    /// Other spellings.
    pub aliases: Vec<Alias>,
    /// Ties to other actors.
    pub affiliations: Vec<Affiliation>,
    /// Sectors, such as `GOV` and `MIL`.
    pub sectors: Vec<String>,
    /// Whatever else is known.
    pub attributes: BTreeMap<String, Value>,
}

/// Another spelling, with the dates within which it means this actor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Alias {
    /// The spelling.
    pub name: String,
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
}

/// A tie to an actor above: an office, a membership, a state.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Affiliation {
    /// The name of the actor above.
    pub under: String,
    /// The office: `Chief of Army Staff`.
    pub office: Option<String>,
    /// 5 head of state or government, 4 minister or service chief, 3 deputy, 2 envoy, 1 official.
    pub rank: Option<u8>,
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
}
