//! Which days a query asks about, by its own conditions on the date of the event.

use crate::model::{Day, Days, Stretches, Value};
use crate::parser::ast::{CmpOp, Relation};

use super::expression::{Expr, PeriodExpr};
use super::optimizer::is_event_date;
use super::plan::Node;

/// The days on which events may begin that the filters below let through; all where they say nothing of it.
pub(crate) fn days_asked(root: &Node) -> Stretches {
    let mut days = Stretches::all();
    let mut here = Some(root);
    while let Some(node) = here {
        if let Node::Filter { predicate, .. } = node {
            days = days.and(&of_condition(predicate));
        }
        here = node.input();
    }
    days
}

/// The days outside of which a condition is never true.
fn of_condition(expr: &Expr) -> Stretches {
    match expr {
        Expr::And(parts) => {
            parts.iter().map(of_condition).fold(Stretches::all(), |all, part| all.and(&part))
        }
        Expr::Or(parts) => {
            parts.iter().map(of_condition).fold(Stretches::default(), |all, part| all.or(&part))
        }
        Expr::Possibly(inner) | Expr::Certainly(inner) => of_condition(inner),
        Expr::Not(inner) => of_test(inner).map_or(Stretches::all(), |days| days.complement()),
        test => of_test(test).unwrap_or_else(Stretches::all),
    }
}

/// The days on which a plain test of the date is true, and no others.
fn of_test(expr: &Expr) -> Option<Stretches> {
    let days = match expr {
        Expr::When { left, relation, period: PeriodExpr::Days(days) } if is_event_date(left) => {
            match relation {
                Relation::During | Relation::Overlaps => *days,
                Relation::Before => Days { first: Day::MIN, last: days.first.plus_days(-1) },
                Relation::After => Days { first: days.last.plus_days(1), last: Day::MAX },
            }
        }
        Expr::Compare { left, op, right } if is_event_date(left) => {
            let Expr::Constant(Value::Date(date)) = right.as_ref() else { return None };
            let (first, last) = (date.earliest(), date.latest());
            match op {
                CmpOp::Lt => Days { first: Day::MIN, last: first.plus_days(-1) },
                CmpOp::Le => Days { first: Day::MIN, last },
                CmpOp::Gt => Days { first: last.plus_days(1), last: Day::MAX },
                CmpOp::Ge => Days { first, last: Day::MAX },
                CmpOp::Eq => Days { first, last },
                // `==` is of what was told, not of days.
                CmpOp::Same | CmpOp::Ne | CmpOp::NotSame => return None,
            }
        }
        _ => return None,
    };
    Some(Stretches::of([days]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Field;
    use crate::model::Date;

    fn test(field: Field, op: CmpOp, year: i64) -> Expr {
        let right = Box::new(Expr::Constant(Date::year(year).into()));
        Expr::Compare { left: Box::new(Expr::Field(field)), op, right }
    }

    fn asked(predicate: Expr) -> Stretches {
        days_asked(&Node::Filter { input: Box::new(Node::Scan), predicate, counted: true })
    }

    fn years(first: i64, last: i64) -> Days {
        Days { first: Days::year(first).first, last: Days::year(last).last }
    }

    #[test]
    fn conditions_on_the_date_bound_the_days() {
        let since = test(Field::Date, CmpOp::Ge, 2014);
        let until = test(Field::Year, CmpOp::Lt, 2016);
        let both = Expr::And(vec![since.clone(), Expr::Field(Field::Bilateral), until]);
        assert_eq!(asked(both), Stretches::of([years(2014, 2015)]));
        let either = [2012, 2014].map(|year| test(Field::Year, CmpOp::Eq, year));
        let two = Stretches::of([Days::year(2012), Days::year(2014)]);
        assert_eq!(asked(Expr::Or(either.to_vec())), two);
        let other = Expr::Or(vec![since.clone(), Expr::Field(Field::Bilateral)]);
        assert_eq!(asked(other), Stretches::all());
        let without =
            Expr::And(vec![since, Expr::Not(Box::new(test(Field::Year, CmpOp::Eq, 2015)))]);
        let asked = asked(without);
        assert!(asked.covers(Days::year(2014)) && !asked.touches(Days::year(2015)));
        assert!(asked.covers(years(2016, 3000)) && !asked.touches(Days::year(2013)));
    }

    #[test]
    fn what_says_nothing_of_the_date_bounds_nothing() {
        assert_eq!(asked(test(Field::Said, CmpOp::Eq, 2014)), Stretches::all());
        let denied = Expr::Not(Box::new(Expr::Or(vec![test(Field::Year, CmpOp::Eq, 2014)])));
        assert_eq!(asked(denied), Stretches::all());
    }
}
