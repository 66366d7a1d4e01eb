//! Values held against values.
//!
//! A comparison sees the type of its operand: of a list, the values of that type. What is of another type is missing:
//! neither equal nor unequal.

use std::cmp::Ordering;

use crate::error::Result;
use crate::model::{Date, Duration, Order, Quantity, Truth, Value, fold};
use crate::parser::ast::CmpOp;

use super::number;
use super::quantity::{self, UnitLookup};

/// A comparison with what it needs to know of its sides.
#[derive(Clone, Copy)]
pub(super) struct Comparison<'a> {
    /// Which.
    pub(super) op: CmpOp,
    /// Is the right side a value of the query, so that a coarse date means all of its days? Else both are in doubt.
    pub(super) literal: bool,
    /// What units mean.
    pub(super) units: UnitLookup<'a>,
}

/// The same comparison with its sides exchanged.
pub(super) const fn mirrored(op: CmpOp) -> CmpOp {
    match op {
        CmpOp::Lt => CmpOp::Gt,
        CmpOp::Le => CmpOp::Ge,
        CmpOp::Gt => CmpOp::Lt,
        CmpOp::Ge => CmpOp::Le,
        same => same,
    }
}

/// The comparison of which `!=` is the negation.
const fn negated(op: CmpOp) -> Option<CmpOp> {
    match op {
        CmpOp::Ne => Some(CmpOp::Eq),
        CmpOp::NotSame => Some(CmpOp::Same),
        _ => None,
    }
}

impl Comparison<'_> {
    /// Holds it between these values? Of a list on either side, for any of its values.
    pub(super) fn of(self, left: &Value, right: &Value) -> Result<Truth> {
        if let Some(op) = negated(self.op) {
            return Ok(!Comparison { op, ..self }.of(left, right)?);
        }
        match (left, right) {
            (Value::Null, _) | (_, Value::Null) => Ok(Truth::MISSING),
            (Value::List(list), Value::List(other)) if self.op == CmpOp::Same => {
                Ok(Truth::from(list == other))
            }
            (_, Value::List(list)) => any(list, |value| self.of(left, value)),
            (Value::List(list), _) => any(list, |value| self.of(value, right)),
            _ => self.of_one(left, right),
        }
    }

    fn of_one(self, left: &Value, right: &Value) -> Result<Truth> {
        match (left, right) {
            (Value::Text(a), Value::Text(b)) => Ok(Truth::from(self.texts(a, b))),
            (Value::Date(a), Value::Date(b)) => Ok(self.dates(a, b)),
            (Value::Quantity(a), Value::Quantity(b)) => {
                quantity::compare(self.op, a, b, self.units)
            }
            (Value::Quantity(a), Value::Duration(b)) if quantity::counts_days(a) => {
                quantity::compare(self.op, a, &quantity::of_duration(*b), self.units)
            }
            (Value::Duration(a), Value::Quantity(b)) if quantity::counts_days(b) => {
                quantity::compare(self.op, &quantity::of_duration(*a), b, self.units)
            }
            (Value::Quantity(a), Value::Int(_) | Value::Float(_)) if is_bare(a) => {
                self.amount(a, right)
            }
            (Value::Duration(a), Value::Duration(b)) => Ok(self.durations(*a, *b)),
            (Value::Bool(a), Value::Bool(b)) => Ok(self.ordered(a.cmp(b))),
            (Value::Record(_), Value::Record(_)) if self.is_equality() => {
                Ok(Truth::from(left == right))
            }
            (Value::Int(_) | Value::Float(_), Value::Int(_) | Value::Float(_)) => {
                Ok(number::compare(left, right).map_or(Truth::FALSE, |order| self.ordered(order)))
            }
            _ => Ok(Truth::MISSING),
        }
    }

    fn is_equality(self) -> bool {
        matches!(self.op, CmpOp::Eq | CmpOp::Same)
    }

    fn ordered(self, order: Ordering) -> Truth {
        Truth::from(match self.op {
            CmpOp::Eq | CmpOp::Same => order.is_eq(),
            CmpOp::Ne | CmpOp::NotSame => order.is_ne(),
            CmpOp::Lt => order.is_lt(),
            CmpOp::Le => order.is_le(),
            CmpOp::Gt => order.is_gt(),
            CmpOp::Ge => order.is_ge(),
        })
    }

    fn texts(self, left: &str, right: &str) -> bool {
        match self.op {
            CmpOp::Same => left == right,
            CmpOp::Eq => same_folded(left, right),
            _ => self.ordered(fold(left).cmp(&fold(right))) == Truth::TRUE,
        }
    }

    fn dates(self, left: &Date, right: &Date) -> Truth {
        let order = match self.op {
            CmpOp::Same | CmpOp::NotSame => return Truth::from(left.edtf() == right.edtf()),
            CmpOp::Eq | CmpOp::Ne if self.literal => return left.equals(right.covering()),
            CmpOp::Eq | CmpOp::Ne => return left.shares_a_day_with(right),
            CmpOp::Lt => Order::Less,
            CmpOp::Le => Order::LessEqual,
            CmpOp::Gt => Order::Greater,
            CmpOp::Ge => Order::GreaterEqual,
        };
        if self.literal { left.compare(order, right) } else { left.compare_with(order, right) }
    }

    fn durations(self, left: Duration, right: Duration) -> Truth {
        if left == right {
            return self.ordered(Ordering::Equal);
        }
        self.ordered(left.to_days_approx().total_cmp(&right.to_days_approx()))
    }

    /// A quantity without a unit is a number that may be a range.
    fn amount(self, left: &Quantity, right: &Value) -> Result<Truth> {
        let number = number::as_float(right).unwrap_or(f64::NAN);
        let right = Quantity { low: number, high: number, ..left.clone() };
        quantity::compare(self.op, left, &right, self.units)
    }
}

/// Does it hold for any of the values?
fn any(list: &[Value], holds: impl Fn(&Value) -> Result<Truth>) -> Result<Truth> {
    let mut truth = Truth::FALSE;
    for value in list {
        let one = holds(value)?;
        // A value of another type, or none, is not there: the list counts without it.
        if one != Truth::MISSING {
            truth = truth.or(one);
        }
        if truth == Truth::TRUE {
            break;
        }
    }
    Ok(truth)
}

/// Has it neither unit nor anything that it counts?
fn is_bare(quantity: &Quantity) -> bool {
    quantity.unit.is_none() && quantity.of.is_none()
}

/// Are the texts the same when folded? Spares the folding where a look at the bytes decides.
pub(super) fn same_folded(left: &str, right: &str) -> bool {
    left == right
        || match (is_plain(left), is_plain(right)) {
            (true, true) => left.eq_ignore_ascii_case(right),
            _ => fold(left) == fold(right),
        }
}

/// Does folding change nothing but the case?
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let blank = |byte: Option<&u8>| byte.is_none_or(|b| *b == b' ');
    text.is_ascii()
        && !blank(bytes.first())
        && !blank(bytes.last())
        && !bytes.iter().any(u8::is_ascii_control)
        && !text.contains("  ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Day, Days};

    fn holds_with(literal: bool, left: &Value, op: CmpOp, right: &Value) -> Truth {
        Comparison { op, literal, units: &|_| Ok(None) }.of(left, right).unwrap()
    }

    fn holds(left: impl Into<Value>, op: CmpOp, right: impl Into<Value>) -> Truth {
        holds_with(true, &left.into(), op, &right.into())
    }

    #[test]
    fn text_is_folded_but_for_exact_comparisons() {
        assert_eq!(holds("Moscow", CmpOp::Eq, "moscow"), Truth::TRUE);
        assert_eq!(holds("Moscow", CmpOp::Same, "moscow"), Truth::FALSE);
        assert_eq!(holds("Moscow", CmpOp::NotSame, "moscow"), Truth::TRUE);
        assert_eq!(holds("apple", CmpOp::Lt, "Banana"), Truth::TRUE);
        assert_eq!(holds("İ", CmpOp::Ne, "i̇"), Truth::FALSE);
    }

    #[test]
    fn any_value_of_a_list_will_do_and_none_for_the_negation() {
        let tags = vec!["army", "Mi-35"];
        assert_eq!(holds(tags.clone(), CmpOp::Eq, "ARMY"), Truth::TRUE);
        assert_eq!(holds(tags.clone(), CmpOp::Ne, "army"), Truth::FALSE);
        assert_eq!(holds(tags, CmpOp::Ne, "navy"), Truth::TRUE);
    }

    #[test]
    fn a_list_without_values_is_empty_and_not_missing() {
        let none = || Value::List(Vec::new());
        assert_eq!(holds(none(), CmpOp::Eq, "x"), Truth::FALSE);
        assert_eq!(holds(none(), CmpOp::Lt, "x"), Truth::FALSE);
        assert_eq!(holds(none(), CmpOp::Ne, "x"), Truth::TRUE);
    }

    #[test]
    fn what_is_missing_stays_missing() {
        for op in [CmpOp::Eq, CmpOp::Ne, CmpOp::Same, CmpOp::Lt] {
            assert_eq!(holds(Value::Null, op, 1), Truth::MISSING);
        }
    }

    #[test]
    fn other_types_are_missing() {
        assert_eq!(holds("5", CmpOp::Eq, 5), Truth::MISSING);
        assert_eq!(holds("5", CmpOp::Ne, 5), Truth::MISSING);
        assert_eq!(holds("5", CmpOp::Lt, 6), Truth::MISSING);
        let mixed = || Value::List(vec![Value::from("many"), Value::Int(7)]);
        assert_eq!(holds(mixed(), CmpOp::Gt, 5), Truth::TRUE);
        assert_eq!(holds(mixed(), CmpOp::Gt, 9), Truth::FALSE);
    }

    #[test]
    fn a_coarse_date_is_possibly_one_of_its_days() {
        let year = Date::year(2015);
        assert_eq!(holds(year.clone(), CmpOp::Eq, Date::month(2015, 6)), Truth::POSSIBLE);
        assert_eq!(holds(year.clone(), CmpOp::Eq, Date::year(2015)), Truth::TRUE);
        assert_eq!(holds(year.clone(), CmpOp::Ge, Date::year(2015)), Truth::TRUE);
        assert_eq!(holds(year.clone(), CmpOp::Gt, Date::month(2015, 6)), Truth::POSSIBLE);
        assert_eq!(holds(year.clone(), CmpOp::Same, Date::year(2015)), Truth::TRUE);
        let both_in_doubt = holds_with(false, &year.clone().into(), CmpOp::Eq, &year.into());
        assert_eq!(both_in_doubt, Truth::POSSIBLE);
    }

    #[test]
    fn what_lasted_shares_a_day() {
        let day = |d| Days::one(Day::from_ymd(2016, 9, d));
        let exercise = Date::lasting(day(1), day(20));
        assert_eq!(holds(exercise.clone(), CmpOp::Eq, Date::month(2016, 9)), Truth::TRUE);
        assert_eq!(holds(exercise, CmpOp::Eq, Date::day(Day::from_ymd(2016, 9, 24))), Truth::FALSE);
    }

    #[test]
    fn a_difference_of_dates_compares_with_a_stretch_of_time() {
        assert_eq!(holds(quantity::days(49.0, 49.0), CmpOp::Le, Duration::days(90)), Truth::TRUE);
        assert_eq!(
            holds(quantity::days(49.0, 120.0), CmpOp::Le, Duration::days(90)),
            Truth::POSSIBLE
        );
        assert_eq!(holds(Duration::months(3), CmpOp::Gt, quantity::days(90.0, 90.0)), Truth::TRUE);
    }
}
