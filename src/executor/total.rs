//! Sums and means of numbers, or of quantities of one unit.

use crate::model::{Quantity, Value};

use super::arithmetic::{one_unit, unit_word};
use super::weight::{Weight, Weights};

/// What has been added up so far.
#[derive(Debug, Default)]
pub(super) struct Total {
    count: i64,
    /// Of what was divided, how much was added.
    parts: Weights,
    sum: Option<Sum>,
}

#[derive(Debug)]
enum Sum {
    Int(i64),
    Float(f64),
    Quantity(Box<Quantity>),
}

/// A number made ready to be added many times: floats of few decimals as whole numbers, whose sum is exact in any order.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) enum Addend {
    /// Null.
    #[default]
    Nothing,
    Int(i64),
    /// So many ten-thousandths.
    Decimal(i64),
    Float(f64),
}

/// How many of a decimal's units are one.
const UNITS: f64 = 10_000.0;

impl Addend {
    /// Of a value; none when it is no number.
    #[allow(clippy::cast_possible_truncation)] // its size is looked at before
    pub(super) fn of(value: &Value) -> Option<Addend> {
        match value {
            Value::Null => Some(Addend::Nothing),
            Value::Int(i) => Some(Addend::Int(*i)),
            Value::Float(f) => {
                let units = (f * UNITS).round();
                let small = units.abs() < 1e12;
                #[allow(clippy::float_cmp)] // the same number again, or none
                let exact = small && units / UNITS == *f;
                Some(if exact { Addend::Decimal(units as i64) } else { Addend::Float(*f) })
            }
            _ => None,
        }
    }
}

/// Numbers added up in any order.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sums {
    count: i64,
    ints: i128,
    /// In ten-thousandths.
    decimals: i64,
    floats: f64,
    /// Was there any that is not whole?
    is_float: bool,
}

impl Sums {
    /// Adds a number so many times.
    pub(super) fn add(&mut self, addend: Addend, times: u32) {
        let times = i64::from(times);
        match addend {
            Addend::Nothing => return,
            Addend::Int(int) => self.ints += i128::from(int) * i128::from(times),
            Addend::Decimal(units) => {
                self.is_float = true;
                match units.checked_mul(times).and_then(|more| self.decimals.checked_add(more)) {
                    Some(sum) => self.decimals = sum,
                    None => self.floats += float(units) / UNITS * float(times),
                }
            }
            Addend::Float(more) => {
                self.is_float = true;
                self.floats += more * float(times);
            }
        }
        self.count += times;
    }

    /// Adds what others have added up.
    pub(super) fn merge(&mut self, other: &Sums) {
        self.count += other.count;
        self.ints += other.ints;
        match self.decimals.checked_add(other.decimals) {
            Some(sum) => self.decimals = sum,
            None => self.floats += float(other.decimals) / UNITS,
        }
        self.floats += other.floats;
        self.is_float |= other.is_float;
    }
}

/// Why a value cannot be added to a sum.
pub(super) enum Problem {
    /// It is neither.
    Type,
    /// It has another unit: the one so far, and its own.
    Units(String, String),
    /// It is a rise or fall by so much.
    Change,
}

impl Total {
    /// Adds a number or a quantity.
    pub(super) fn add(&mut self, value: &Value) -> Result<(), Problem> {
        let sum = match (self.sum.take(), value) {
            (_, Value::Quantity(more)) if more.change => return Err(Problem::Change),
            (None, Value::Int(more)) => Sum::Int(*more),
            (None, Value::Float(more)) => Sum::Float(*more),
            (None, Value::Quantity(more)) => Sum::Quantity(more.clone()),
            (Some(Sum::Int(sum)), Value::Int(more)) => match sum.checked_add(*more) {
                Some(sum) => Sum::Int(sum),
                None => Sum::Float(float(sum) + float(*more)),
            },
            (Some(Sum::Int(sum)), Value::Float(more)) => Sum::Float(float(sum) + more),
            (Some(Sum::Float(sum)), Value::Int(more)) => Sum::Float(sum + float(*more)),
            (Some(Sum::Float(sum)), Value::Float(more)) => Sum::Float(sum + more),
            (Some(Sum::Quantity(mut sum)), Value::Quantity(more)) => {
                if !one_unit(&sum, more) {
                    return Err(Problem::Units(unit_word(&sum), unit_word(more)));
                }
                // Items of one thing are no items of another, though both are items.
                if sum.of != more.of && sum.dimension() != more.dimension() {
                    return Err(Problem::Units(counted_word(&sum), counted_word(more)));
                }
                sum.low += more.low;
                sum.high += more.high;
                sum.approx |= more.approx;
                if sum.of != more.of {
                    sum.of = None;
                }
                Sum::Quantity(sum)
            }
            (Some(Sum::Quantity(sum)), Value::Int(_) | Value::Float(_)) => {
                return Err(Problem::Units(unit_word(&sum), "no unit".to_owned()));
            }
            (Some(_), Value::Quantity(more)) => {
                return Err(Problem::Units("no unit".to_owned(), unit_word(more)));
            }
            _ => return Err(Problem::Type),
        };
        self.sum = Some(sum);
        self.count += 1;
        Ok(())
    }

    /// Adds a part of a number or a quantity.
    pub(super) fn add_part(&mut self, value: &Value, weight: Weight) -> Result<usize, Problem> {
        self.add(&weight.scale(value))?;
        self.count -= 1;
        Ok(self.parts.add(weight))
    }

    /// Adds numbers that were added up elsewhere.
    #[allow(clippy::cast_precision_loss)] // sums that overflow are floats
    pub(super) fn add_sums(&mut self, more: Sums) -> Result<(), Problem> {
        if more.count == 0 {
            return Ok(());
        }
        let value = match i64::try_from(more.ints) {
            Ok(ints) if !more.is_float => Value::Int(ints),
            _ => {
                let decimals = float(more.decimals) / UNITS;
                Value::Float(more.ints as f64 + decimals + more.floats)
            }
        };
        self.add(&value)?;
        self.count += more.count - 1;
        Ok(())
    }

    /// The sum, or the mean; null of nothing.
    pub(super) fn finish(self, mean: bool) -> Value {
        let by = float(self.count) + self.parts.sum();
        match self.sum {
            None => Value::Null,
            Some(Sum::Int(sum)) if mean => Value::Float(float(sum) / by),
            Some(Sum::Int(sum)) => Value::Int(sum),
            Some(Sum::Float(sum)) => Value::Float(if mean { sum / by } else { sum }),
            Some(Sum::Quantity(mut sum)) => {
                if mean {
                    sum.low /= by;
                    sum.high /= by;
                }
                Value::Quantity(sum)
            }
        }
    }
}

/// A unit with what is counted in it, for messages.
fn counted_word(quantity: &Quantity) -> String {
    let unit = unit_word(quantity);
    quantity.of.as_ref().map_or_else(|| unit.clone(), |of| format!("{unit} of `{of}`"))
}

#[allow(clippy::cast_precision_loss)] // sums that overflow are floats
fn float(int: i64) -> f64 {
    int as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(addends: &[(Value, u32)]) -> Value {
        let mut sums = Sums::default();
        for (value, times) in addends {
            sums.add(Addend::of(value).unwrap(), *times);
        }
        let mut total = Total::default();
        assert!(total.add_sums(sums).is_ok());
        total.finish(false)
    }

    #[test]
    fn numbers_of_few_decimals_add_up_exactly() {
        assert_eq!(sum(&[(Value::Float(0.1), 3)]), Value::Float(0.3));
        assert_eq!(sum(&[(Value::Int(2), 3), (Value::Float(0.5), 1)]), Value::Float(6.5));
        assert_eq!(sum(&[(Value::Int(2), 3), (Value::Null, 4)]), Value::Int(6));
        assert_eq!(sum(&[(Value::Null, 4)]), Value::Null);
        assert_eq!(sum(&[(Value::Int(i64::MAX), 2)]), Value::Float(2.0_f64.powi(64)));
        assert_eq!(Addend::of(&Value::from("x")), None);
    }
}
