//! The total order of values, by which rows are sorted and groups stand.
//!
//! Missing values, undated events and lists without values are last; of different types, truth values come before
//! numbers, dates, stretches of time, quantities, texts and records. A list counts by its first value.

use std::cmp::Ordering;

use crate::model::{Day, TimeOfDay, Value, fold};

use super::number;
use super::quantity::Measure;

/// A value made ready to be sorted by.
#[derive(Debug, Clone)]
pub(super) enum Rank {
    Bool(bool),
    /// A number.
    Number(Value),
    /// By the earliest day, then the latest, then the time of day.
    Date(Day, Day, Option<TimeOfDay>),
    /// By its length in days.
    Duration(f64),
    /// By its dimension, then its amount in the base unit.
    Quantity(Box<Measure>),
    /// Folded, then as written.
    Text(String, String),
    Record(Vec<(String, Rank)>),
    /// Nothing is known.
    Missing,
}

impl Rank {
    /// The rank of a value.
    pub(super) fn of(value: &Value) -> Rank {
        match value {
            Value::Null => Rank::Missing,
            Value::Bool(b) => Rank::Bool(*b),
            Value::Int(_) | Value::Float(_) => Rank::Number(value.clone()),
            Value::Text(text) => Rank::Text(fold(text), text.clone()),
            Value::Date(date) => {
                let (earliest, latest) = date.sort_key();
                Rank::Date(earliest, latest, date.time())
            }
            Value::Duration(duration) => Rank::Duration(duration.to_days_approx()),
            Value::Quantity(quantity) => Rank::Quantity(Box::new(Measure::builtin(quantity))),
            Value::List(list) => list.first().map_or(Rank::Missing, Rank::of),
            Value::Record(fields) => {
                Rank::Record(fields.iter().map(|(name, v)| (name.clone(), Rank::of(v))).collect())
            }
        }
    }

    /// Is nothing known?
    pub(super) fn is_missing(&self) -> bool {
        matches!(self, Rank::Missing)
    }

    const fn class(&self) -> u8 {
        match self {
            Rank::Bool(_) => 0,
            Rank::Number(_) => 1,
            Rank::Date(..) => 2,
            Rank::Duration(_) => 3,
            Rank::Quantity(_) => 4,
            Rank::Text(..) => 5,
            Rank::Record(_) => 6,
            Rank::Missing => 7,
        }
    }
}

impl Ord for Rank {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Rank::Bool(a), Rank::Bool(b)) => a.cmp(b),
            (Rank::Number(a), Rank::Number(b)) => number::total(a, b),
            (Rank::Date(earliest, latest, time), Rank::Date(other, other_latest, other_time)) => {
                (earliest, latest, time).cmp(&(other, other_latest, other_time))
            }
            (Rank::Duration(a), Rank::Duration(b)) => a.total_cmp(b),
            (Rank::Quantity(a), Rank::Quantity(b)) => a.total_cmp(b),
            (Rank::Text(a, b), Rank::Text(x, y)) => (a, b).cmp(&(x, y)),
            (Rank::Record(a), Rank::Record(b)) => a.cmp(b),
            _ => self.class().cmp(&other.class()),
        }
    }
}

impl PartialOrd for Rank {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Rank {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Rank {}

/// Which way a key goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Direction {
    /// Greatest first.
    pub(super) descending: bool,
    /// Missing values first, whichever way it goes.
    pub(super) nulls_first: bool,
}

impl Direction {
    /// Compares two ranks this way.
    pub(super) fn compare(self, left: &Rank, right: &Rank) -> Ordering {
        match (left.is_missing(), right.is_missing()) {
            (true, true) => Ordering::Equal,
            (false, false) if self.descending => right.cmp(left),
            (false, false) => left.cmp(right),
            (true, false) if self.nulls_first => Ordering::Less,
            (true, false) => Ordering::Greater,
            (false, true) if self.nulls_first => Ordering::Greater,
            (false, true) => Ordering::Less,
        }
    }
}

/// Compares the ranks of several keys, each in its own direction.
pub(super) fn compare_keys(left: &[Rank], right: &[Rank], directions: &[Direction]) -> Ordering {
    let pairs = left.iter().zip(right).zip(directions);
    pairs
        .map(|((a, b), direction)| direction.compare(a, b))
        .find(|order| order.is_ne())
        .unwrap_or(Ordering::Equal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Date;

    fn rank(value: impl Into<Value>) -> Rank {
        Rank::of(&value.into())
    }

    #[test]
    fn text_is_ordered_folded_and_then_as_written() {
        assert!(rank("apple") < rank("Banana"));
        assert!(rank("Apple") < rank("apple"));
        assert_ne!(rank("Apple"), rank("apple"));
    }

    #[test]
    fn dates_are_ordered_by_their_earliest_day_and_then_their_latest() {
        assert!(rank(Date::month(2015, 1)) < rank(Date::year(2015)));
        assert!(rank(Date::year(2014)) < rank(Date::month(2015, 1)));
    }

    #[test]
    fn lists_count_by_their_first_value_and_empty_ones_as_missing() {
        assert!(rank(vec!["a", "z"]) < rank("b"));
        assert!(rank(Value::List(Vec::new())).is_missing());
    }

    #[test]
    fn missing_values_are_last_whichever_way_it_goes_unless_asked_for() {
        let (known, missing) = (rank(1), Rank::Missing);
        for descending in [false, true] {
            let last = Direction { descending, nulls_first: false };
            let first = Direction { descending, nulls_first: true };
            assert_eq!(last.compare(&missing, &known), Ordering::Greater);
            assert_eq!(first.compare(&missing, &known), Ordering::Less);
            assert_eq!(last.compare(&missing, &missing), Ordering::Equal);
        }
    }

    #[test]
    fn the_first_key_that_differs_decides() {
        let up = Direction { descending: false, nulls_first: false };
        let down = Direction { descending: true, nulls_first: false };
        let (a, b) = ([rank(1), rank(2)], [rank(1), rank(3)]);
        assert_eq!(compare_keys(&a, &b, &[up, up]), Ordering::Less);
        assert_eq!(compare_keys(&a, &b, &[up, down]), Ordering::Greater);
    }
}
