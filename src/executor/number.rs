//! Whole numbers and others, in one order without loss.

use std::cmp::Ordering;

use crate::model::Value;

/// Compares two numbers exactly; none when one of the values is none or not a number at all.
pub(super) fn compare(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Int(a), Value::Int(b)) => Some(a.cmp(b)),
        (Value::Float(a), Value::Float(b)) => a.partial_cmp(b),
        (Value::Int(a), Value::Float(b)) => int_float(*a, *b),
        (Value::Float(a), Value::Int(b)) => int_float(*b, *a).map(Ordering::reverse),
        _ => None,
    }
}

/// Compares numbers in a total order: what is not a number comes after all that are.
pub(super) fn total(left: &Value, right: &Value) -> Ordering {
    let is_nan = |value: &Value| matches!(value, Value::Float(f) if f.is_nan());
    compare(left, right).unwrap_or_else(|| is_nan(left).cmp(&is_nan(right)))
}

/// Compares without rounding the whole number to 53 bits.
#[allow(clippy::cast_possible_truncation)] // its whole part fits: the limits are looked at before
fn int_float(int: i64, float: f64) -> Option<Ordering> {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    if float.is_nan() {
        return None;
    }
    if float >= LIMIT {
        return Some(Ordering::Less);
    }
    if float < -LIMIT {
        return Some(Ordering::Greater);
    }
    let whole = int.cmp(&(float.trunc() as i64));
    Some(whole.then_with(|| 0.0_f64.partial_cmp(&float.fract()).unwrap_or(Ordering::Equal)))
}

/// The number as a float.
#[allow(clippy::cast_precision_loss)]
pub(super) fn as_float(value: &Value) -> Option<f64> {
    match value {
        Value::Int(i) => Some(*i as f64),
        Value::Float(f) => Some(*f),
        _ => None,
    }
}

/// A float as a whole number where it is one that fits, else as it is.
#[allow(clippy::cast_possible_truncation)]
pub(super) fn whole(float: f64) -> Value {
    if float.fract() == 0.0 && (-9.2e18..=9.2e18).contains(&float) {
        Value::Int(float as i64)
    } else {
        Value::Float(float)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_and_others_compare_without_loss() {
        let big = Value::Int(9_007_199_254_740_993);
        assert_eq!(compare(&big, &Value::Float(9_007_199_254_740_992.0)), Some(Ordering::Greater));
        assert_eq!(compare(&Value::Int(1), &Value::Float(1.0)), Some(Ordering::Equal));
        assert_eq!(compare(&Value::Int(-1), &Value::Float(-1.5)), Some(Ordering::Greater));
        assert_eq!(compare(&Value::Int(i64::MAX), &Value::Float(1e300)), Some(Ordering::Less));
        assert_eq!(compare(&Value::Int(0), &Value::Float(-0.0)), Some(Ordering::Equal));
        assert_eq!(compare(&Value::Int(0), &Value::Float(f64::NAN)), None);
    }

    #[test]
    fn what_is_no_number_comes_last() {
        assert_eq!(total(&Value::Int(5), &Value::Float(f64::NAN)), Ordering::Less);
        assert_eq!(total(&Value::Float(f64::NAN), &Value::Float(f64::NAN)), Ordering::Equal);
    }
}
