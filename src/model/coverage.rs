//! The coverage: for which days the data are complete, as somebody says.

use serde::{Deserialize, Serialize};

use super::{Date, Day, Days};

/// An entry of the catalogue of coverage.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Coverage {
    /// What it is called: a data set, a collection, a pile of papers.
    pub name: String,
    /// From when on; without it, ever since.
    pub from: Option<Date>,
    /// Until when; without it, to this day and on.
    pub to: Option<Date>,
    /// Whatever else there is to say.
    pub note: Option<String>,
}

impl Coverage {
    /// The days, from the first day of its beginning to the last of its end.
    pub fn days(&self) -> Days {
        Days {
            first: self.from.as_ref().map_or(Day::MIN, Date::earliest),
            last: self.to.as_ref().map_or(Day::MAX, Date::latest),
        }
    }
}
