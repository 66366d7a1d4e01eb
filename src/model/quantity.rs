//! The quantity: so many of something, in a unit.

use std::fmt;

use serde::{Deserialize, Serialize};

/// So many of something: `790 million USD`, `20 helicopters`, `3..4 billion USD`, a change of `46 percent`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Quantity {
    /// The least that it may be, in `unit`.
    pub low: f64,
    /// The most that it may be, in `unit`; equal to `low` when it is known.
    pub high: f64,
    /// The unit, or what is counted, as the units spell it.
    pub unit: Option<String>,
    /// Of what: `Mi-35M`, `investment`.
    pub of: Option<String>,
    /// True for a rise or fall by so much.
    pub change: bool,
    /// True when the teller says `about`.
    pub approx: bool,
}

/// A unit of a dimension.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Unit {
    /// The unit.
    pub name: String,
    /// What it measures. Only quantities of one dimension compare.
    pub dimension: String,
    /// How many base units of the dimension one of it is.
    pub factor: f64,
    /// Other spellings.
    pub aliases: Vec<String>,
}

/// The built-in units.
#[derive(Debug)]
pub struct Units {
    units: Vec<Unit>,
}

impl Units {
    /// The table that is built into the crate.
    pub fn builtin() -> &'static Units {
        static EMPTY: Units = Units { units: Vec::new() };
        &EMPTY
    }

    /// All units.
    pub fn units(&self) -> &[Unit] {
        &self.units
    }

    /// The unit of a name or alias, folded.
    pub fn get(&self, name: &str) -> Option<&Unit> {
        self.units.iter().find(|u| u.name == name)
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.low)
    }
}
