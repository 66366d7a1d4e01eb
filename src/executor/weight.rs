//! Parts of an event that is divided among periods, as fractions: their sum is the same in whatever order they come.

use std::collections::BTreeMap;

use crate::model::{Days, Value};

use super::number;

/// So many of so many days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Weight {
    days: i64,
    of: i64,
}

impl Weight {
    /// All of it.
    pub(super) const WHOLE: Weight = Weight { days: 1, of: 1 };

    /// The part of some days that lies within others. All of it where an end is not known.
    pub(super) fn of_days(days: Days, within: Days) -> Weight {
        let both = Days { first: days.first.max(within.first), last: days.last.min(within.last) };
        match (both.count(), days.count()) {
            (Some(count), Some(of)) if of > 0 => Weight { days: count.max(0), of },
            _ => Weight::WHOLE,
        }
    }

    /// That part of this part.
    pub(super) fn times(self, other: Weight) -> Weight {
        let product = |a: i64, b: i64| a.checked_mul(b);
        match (product(self.days, other.days), product(self.of, other.of)) {
            (Some(days), Some(of)) => Weight { days, of },
            // Far beyond what counting by days can tell apart.
            _ => Weight { days: self.days / 2, of: (self.of / 2).max(1) }
                .times(Weight { days: other.days / 2, of: (other.of / 2).max(1) }),
        }
    }

    /// Is there nothing of it?
    pub(super) const fn is_nothing(self) -> bool {
        self.days == 0
    }

    /// As a number from 0 to 1.
    pub(super) fn as_float(self) -> f64 {
        float(self.days) / float(self.of)
    }

    /// That part of a number or a quantity; other values as they are.
    pub(super) fn scale(self, value: &Value) -> Value {
        match value {
            Value::Quantity(quantity) => {
                let mut part = quantity.clone();
                part.low *= self.as_float();
                part.high *= self.as_float();
                Value::Quantity(part)
            }
            value => match number::as_float(value) {
                Some(number) => Value::Float(number * self.as_float()),
                None => value.clone(),
            },
        }
    }
}

/// Weights added up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Weights(BTreeMap<i64, i64>);

impl Weights {
    /// Adds one. Gives how many bytes more that holds.
    pub(super) fn add(&mut self, weight: Weight) -> usize {
        let before = self.0.len();
        let days = self.0.entry(weight.of).or_insert(0);
        *days = days.saturating_add(weight.days);
        (self.0.len() - before) * size_of::<(i64, i64)>()
    }

    /// Their sum.
    pub(super) fn sum(&self) -> f64 {
        self.0.iter().map(|(of, days)| Weight { days: *days, of: *of }.as_float()).sum()
    }
}

#[allow(clippy::cast_precision_loss)] // days of human time are far below 2^53
fn float(days: i64) -> f64 {
    days as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Day, Period};

    #[test]
    fn the_parts_of_an_event_make_the_whole() {
        let days = Days::new(Day::from_ymd(2014, 11, 20), Day::from_ymd(2015, 2, 3));
        let mut all = Weights::default();
        for month in Period::Month.ordinal(days.first)..=Period::Month.ordinal(days.last) {
            all.add(Weight::of_days(days, Period::Month.days(month)));
        }
        assert_eq!(all.sum().to_bits(), 1.0_f64.to_bits());
        assert!(Weight::of_days(days, Days::year(2016)).is_nothing());
        assert_eq!(Weight::of_days(Days::ALL, Days::year(2016)), Weight::WHOLE);
    }

    #[test]
    fn a_part_of_a_part_bears_any_size() {
        let half = Weight { days: i64::MAX / 2, of: i64::MAX };
        assert!((half.times(half).as_float() - 0.25).abs() < 1e-9);
        assert_eq!(Weight { days: 1, of: 4 }.scale(&Value::Int(8)), Value::Float(2.0));
    }
}
