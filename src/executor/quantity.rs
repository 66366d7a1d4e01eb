//! Quantities held against each other: only within one dimension, by the factors of the units.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::error::Result;
use crate::model::{Duration, Quantity, Truth, Unit, Units, Value, fold, singular};
use crate::parser::ast::CmpOp;

/// The unit of the difference of two dates.
pub(super) const DAYS: &str = "days";

/// Finds a unit by name: the catalogue's, or in tests and in sorting the built-in ones.
pub(super) type UnitLookup<'a> = &'a dyn Fn(&str) -> Result<Option<Arc<Unit>>>;

/// An amount in the base unit of its dimension.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Measure {
    dimension: String,
    low: f64,
    high: f64,
}

impl Measure {
    /// Of a quantity. What no table knows is counted: a dimension of its own, by its own word.
    pub(super) fn of(quantity: &Quantity, units: UnitLookup<'_>) -> Result<Measure> {
        let found = match quantity.unit.as_deref() {
            Some(name) if !is_days(name) => units(name)?,
            _ => None,
        };
        Ok(Measure::with(quantity, found.as_deref()))
    }

    /// Of a quantity, by the built-in units alone.
    pub(super) fn builtin(quantity: &Quantity) -> Measure {
        let name = quantity.unit.as_deref().filter(|name| !is_days(name));
        Measure::with(quantity, name.and_then(|name| Units::builtin().get(name)))
    }

    fn with(quantity: &Quantity, unit: Option<&Unit>) -> Measure {
        let (dimension, factor) = match unit {
            Some(unit) => (unit.dimension.clone(), unit.factor),
            None => (counted(quantity), 1.0),
        };
        Measure { dimension, low: quantity.low * factor, high: quantity.high * factor }
    }

    /// How many times the other it is: a number, or a range of numbers; none when the other may be nothing.
    pub(super) fn ratio(&self, other: &Measure) -> Option<Value> {
        if other.low <= 0.0 && other.high >= 0.0 {
            return None;
        }
        let all = [
            self.low / other.low,
            self.low / other.high,
            self.high / other.low,
            self.high / other.high,
        ];
        let low = all.into_iter().fold(f64::INFINITY, f64::min);
        let high = all.into_iter().fold(f64::NEG_INFINITY, f64::max);
        Some(if low < high {
            let (unit, of) = (None, None);
            Value::from(Quantity { low, high, unit, of, change: false, approx: true })
        } else {
            Value::Float(low)
        })
    }

    /// Dimension first, then the least, then the most that it may be.
    pub(super) fn total_cmp(&self, other: &Measure) -> Ordering {
        self.dimension
            .cmp(&other.dimension)
            .then_with(|| self.low.total_cmp(&other.low))
            .then_with(|| self.high.total_cmp(&other.high))
    }
}

/// The dimension of what is merely counted: its word, folded, in the singular.
fn counted(quantity: &Quantity) -> String {
    let items = |unit: &str| matches!(unit, "item" | "items");
    let word = match (quantity.unit.as_deref(), quantity.of.as_deref()) {
        (Some(unit), Some(of)) if items(unit) => of,
        (Some(unit), _) => unit,
        (None, _) => "",
    };
    fold(&singular(word))
}

fn is_days(unit: &str) -> bool {
    unit.eq_ignore_ascii_case(DAYS) || unit.eq_ignore_ascii_case("day")
}

/// Does the quantity count days, as the difference of two dates does?
pub(super) fn counts_days(quantity: &Quantity) -> bool {
    quantity.unit.as_deref().is_some_and(is_days)
}

/// So many days, or as many of a range.
pub(super) fn days(low: f64, high: f64) -> Value {
    let unit = Some(DAYS.to_owned());
    Value::from(Quantity { low, high, unit, of: None, change: false, approx: low < high })
}

/// A stretch of time as a quantity of days; months have their mean length.
pub(super) fn of_duration(duration: Duration) -> Quantity {
    let days = duration.to_days_approx();
    let unit = Some(DAYS.to_owned());
    Quantity { low: days, high: days, unit, of: None, change: false, approx: false }
}

/// Both in the base unit, when they are of one dimension.
pub(super) fn comparable(
    left: &Quantity,
    right: &Quantity,
    units: UnitLookup<'_>,
) -> Result<Option<(Measure, Measure)>> {
    let (left, right) = (Measure::of(left, units)?, Measure::of(right, units)?);
    Ok((left.dimension == right.dimension).then_some((left, right)))
}

/// Compares the amounts of one dimension; false where they are of two.
pub(super) fn compare(
    op: CmpOp,
    left: &Quantity,
    right: &Quantity,
    units: UnitLookup<'_>,
) -> Result<Truth> {
    if matches!(op, CmpOp::Ne | CmpOp::NotSame) {
        let same = if op == CmpOp::Ne { CmpOp::Eq } else { CmpOp::Same };
        return Ok(!compare(same, left, right, units)?);
    }
    if op == CmpOp::Same && (&left.of, left.change) != (&right.of, right.change) {
        return Ok(Truth::FALSE);
    }
    let Some((left, right)) = comparable(left, right, units)? else { return Ok(Truth::FALSE) };
    let (all, some) = match op {
        CmpOp::Lt => (left.high < right.low, left.low < right.high),
        CmpOp::Le => (at_most(left.high, right.low), at_most(left.low, right.high)),
        CmpOp::Gt => (left.low > right.high, left.high > right.low),
        CmpOp::Ge => (at_most(right.high, left.low), at_most(right.low, left.high)),
        CmpOp::Same => {
            let same = close(left.low, right.low) && close(left.high, right.high);
            (same, same)
        }
        // A range on the right is a set of amounts that would do.
        CmpOp::Eq | CmpOp::Ne | CmpOp::NotSame => (
            at_most(right.low, left.low) && at_most(left.high, right.high),
            at_most(right.low, left.high) && at_most(left.low, right.high),
        ),
    };
    Ok(match (all, some) {
        (true, _) => Truth::TRUE,
        (false, true) => Truth::POSSIBLE,
        (false, false) => Truth::FALSE,
    })
}

fn at_most(a: f64, b: f64) -> bool {
    a <= b || close(a, b)
}

/// Equal but for the rounding of conversions.
fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[allow(clippy::unnecessary_wraps)] // it stands in for the catalogue
    fn units(name: &str) -> Result<Option<Arc<Unit>>> {
        let unit = |dimension: &str, factor| {
            let (name, dimension) = (name.to_owned(), dimension.to_owned());
            Arc::new(Unit { name, dimension, factor, aliases: Vec::new() })
        };
        Ok(match name {
            "USD" => Some(unit("money USD", 1.0)),
            "PKR" => Some(unit("money PKR", 1.0)),
            "bcm/year" => Some(unit("volume per time", 1.0)),
            "bcf/day" => Some(unit("volume per time", 10.335_649_006_08)),
            _ => None,
        })
    }

    fn of(low: f64, high: f64, unit: &str) -> Quantity {
        let unit = Some(unit.to_owned());
        Quantity { low, high, unit, of: None, change: false, approx: false }
    }

    fn holds(op: CmpOp, left: &Quantity, right: &Quantity) -> Truth {
        compare(op, left, right, &units).unwrap()
    }

    #[test]
    fn amounts_compare_within_one_dimension() {
        assert_eq!(
            holds(CmpOp::Gt, &of(1.6, 1.6, "bcf/day"), &of(12.4, 12.4, "bcm/year")),
            Truth::TRUE
        );
        for op in [CmpOp::Gt, CmpOp::Lt, CmpOp::Eq] {
            assert_eq!(holds(op, &of(1.0, 1.0, "USD"), &of(2.0, 2.0, "PKR")), Truth::FALSE);
        }
        assert_eq!(holds(CmpOp::Ne, &of(1.0, 1.0, "USD"), &of(1.0, 1.0, "PKR")), Truth::TRUE);
    }

    #[test]
    fn what_is_counted_is_its_own_dimension() {
        let four = of(4.0, 4.0, "helicopters");
        let one = of(1.0, 1.0, "Helicopter");
        assert_eq!(holds(CmpOp::Gt, &four, &one), Truth::TRUE);
        assert_eq!(holds(CmpOp::Gt, &four, &of(1.0, 1.0, "tanks")), Truth::FALSE);
        let items = Quantity { of: Some("helicopter".to_owned()), ..of(4.0, 4.0, "items") };
        assert_eq!(holds(CmpOp::Eq, &items, &four), Truth::TRUE);
    }

    #[test]
    fn ranges_are_in_doubt_where_they_meet() {
        let told = of(3.0, 4.0, "USD");
        assert_eq!(holds(CmpOp::Ge, &told, &of(3.0, 3.0, "USD")), Truth::TRUE);
        assert_eq!(holds(CmpOp::Gt, &told, &of(3.5, 3.5, "USD")), Truth::POSSIBLE);
        assert_eq!(holds(CmpOp::Gt, &told, &of(4.0, 4.0, "USD")), Truth::FALSE);
        assert_eq!(holds(CmpOp::Eq, &told, &of(3.0, 5.0, "USD")), Truth::TRUE);
        assert_eq!(holds(CmpOp::Eq, &told, &of(4.0, 4.0, "USD")), Truth::POSSIBLE);
    }

    #[test]
    fn a_rise_is_found_by_how_much_it_is() {
        let rise = Quantity { change: true, ..of(46.0, 46.0, "percent") };
        assert_eq!(holds(CmpOp::Eq, &rise, &of(46.0, 46.0, "percent")), Truth::TRUE);
        assert_eq!(holds(CmpOp::Same, &rise, &of(46.0, 46.0, "percent")), Truth::FALSE);
    }
}
