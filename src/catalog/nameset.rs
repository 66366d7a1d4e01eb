//! What a name in a query stands for: the names as written that mean it, and when they do.

use rustc_hash::FxHashMap;

use crate::model::{Date, Days, Truth};

/// When a name as written means what was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Validity {
    /// At any time.
    Always,
    /// Within these intervals: an office, a dated alias.
    During(Vec<Days>),
}

impl Validity {
    /// Does it hold at the date of an event? Without a date any time counts.
    pub(crate) fn at(&self, date: Option<&Date>) -> Truth {
        match (self, date) {
            (Validity::Always, _) | (Validity::During(_), None) => Truth::TRUE,
            (Validity::During(intervals), Some(date)) => {
                intervals.iter().fold(Truth::FALSE, |truth, days| truth.or(date.during(*days)))
            }
        }
    }
}

/// A set of names as written, each with the times within which it belongs to the set.
#[derive(Debug, Clone, Default)]
pub(crate) struct NameSet {
    names: FxHashMap<String, Validity>,
}

impl NameSet {
    /// Adds a name; what holds always wins over what holds at times.
    pub(crate) fn insert(&mut self, written: String, validity: Validity) {
        match (self.names.get_mut(&written), validity) {
            (Some(Validity::Always), _) => {}
            (Some(Validity::During(have)), Validity::During(more)) => have.extend(more),
            (Some(slot), Validity::Always) => *slot = Validity::Always,
            (None, validity) => {
                self.names.insert(written, validity);
            }
        }
    }

    /// Adds all of another set.
    pub(crate) fn extend(&mut self, other: &NameSet) {
        for (name, validity) in &other.names {
            self.insert(name.clone(), validity.clone());
        }
    }

    /// Does a name as written belong to the set at the date of its event?
    pub(crate) fn contains(&self, written: &str, date: Option<&Date>) -> Truth {
        self.names.get(written).map_or(Truth::FALSE, |validity| validity.at(date))
    }

    /// The names, in no order.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.keys().map(String::as_str)
    }

    /// Number of names.
    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }
}
