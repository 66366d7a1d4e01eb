//! Sums and means of numbers, or of quantities of one unit.

use crate::model::{Quantity, Value};

use super::arithmetic::{one_unit, unit_word};

/// What has been added up so far.
#[derive(Debug, Default)]
pub(super) struct Total {
    count: i64,
    sum: Option<Sum>,
}

#[derive(Debug)]
enum Sum {
    Int(i64),
    Float(f64),
    Quantity(Box<Quantity>),
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

    /// The sum, or the mean; null of nothing.
    pub(super) fn finish(self, mean: bool) -> Value {
        let by = float(self.count);
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

#[allow(clippy::cast_precision_loss)] // sums that overflow are floats
fn float(int: i64) -> f64 {
    int as f64
}
