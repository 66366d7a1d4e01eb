//! Groupings: what stands behind `by`, and what `fill` and `spread` make of it.

use crate::catalog::FieldType;
use crate::error::{Result, Span};
use crate::model::{Period, Value, fold};
use crate::parser::ast::{self, ArithOp};

use super::super::asked::days_asked;
use super::super::expression::Expr;
use super::super::function::Function;
use super::super::optimizer::is_event_date;
use super::super::plan::{
    Aggregate, AggregateCall, Column, FillKey, Filling, GroupKey, Node, Shape,
};
use super::stage::{column_of, twice};
use super::{Binder, Place, Typed, error};

impl Binder<'_> {
    /// A grouping by keys, with the columns that are made of each group.
    pub(super) fn aggregate(
        &mut self,
        below: Box<Node>,
        shape: &Shape,
        grouping: Option<&ast::Grouping>,
        made: Vec<(Aggregate, Column)>,
    ) -> Result<(Node, Shape)> {
        let mut keys = Vec::new();
        let mut columns = Vec::new();
        let spread = grouping.and_then(|grouping| grouping.spread);
        for item in grouping.iter().flat_map(|grouping| &grouping.items) {
            let bound = self.expression(&item.expr, &mut Place::row(shape))?;
            columns.push(column_of(Self::item_name(item), &bound));
            keys.push(group_key(bound, spread.is_some()));
        }
        let periods = keys.iter().any(|key| key.period.is_some());
        let possible = periods && spread.is_none();
        let (aggregates, more): (Vec<_>, Vec<_>) = made.into_iter().unzip();
        columns.extend(more);
        if possible {
            columns.push(Column {
                name: "possible".to_owned(),
                holds: FieldType::Number,
                field: None,
            });
        }
        for (i, column) in columns.iter().enumerate() {
            if columns.iter().take(i).any(|c| fold(&c.name) == fold(&column.name)) {
                let span =
                    grouping.and_then(|g| g.items.first()).map_or(Span::default(), |i| i.expr.span);
                return Err(twice(&column.name, span));
            }
        }
        if let Some(span) = spread {
            can_spread(&keys, &aggregates, span)?;
        }
        let filling = match grouping.and_then(|grouping| grouping.fill) {
            Some(span) => {
                let keys = fill_keys(&keys, span)?;
                let (days, aggregates) = (days_asked(&below), aggregates.clone());
                let spread = spread.is_some();
                Some(Filling { keys, days, aggregates, possible, spread, span })
            }
            None => None,
        };
        let mut node = Node::Aggregate { input: below, keys, aggregates, possible };
        if let Some(filling) = filling {
            node = Node::Fill { input: Box::new(node), filling: Box::new(filling) };
        }
        Ok((node, Shape { columns, ..Shape::default() }))
    }

    /// The width of a `bucket`, which must be known before the query runs.
    pub(super) fn bucket(args: &[Typed], span: Span) -> Result<()> {
        let [date, width] = args else { return Ok(()) };
        if !matches!(date.holds, FieldType::Date | FieldType::Period(_) | FieldType::Any) {
            return Err(error("not-a-date", "`bucket` is of a date", span, "this is not a date")
                .help("write `bucket(date, 1 week)`")
                .bind());
        }
        match width.constant() {
            Some(Value::Duration(width)) if Period::of_width(*width).is_some() => Ok(()),
            _ => Err(error("width", "this is no width of a period", span, "of what width?")
                .help("write whole days, weeks, months, quarters or years: `bucket(date, 2 weeks)`")
                .bind()),
        }
    }

    /// `share(condition)`: rows that fulfil it among the rows of the group; `share()`: those of the group among all.
    pub(super) fn share(
        argument: Option<Expr>,
        calls: &mut Vec<AggregateCall>,
        any_status: bool,
        span: Span,
    ) -> Typed {
        let all = if argument.is_some() { Function::Count } else { Function::Share };
        let mut add = |function, argument| {
            calls.push(AggregateCall { function, argument, any_status, span });
            Box::new(Expr::Column(calls.len() - 1))
        };
        let (left, right) = (add(Function::Count, argument), add(all, None));
        Typed::new(Expr::Arithmetic { left, op: ArithOp::Div, right, span }, FieldType::Number)
    }
}

/// A key: a field that is a period, a bucket of a date, or any other value.
pub(super) fn group_key(bound: Typed, spread: bool) -> GroupKey {
    if let Expr::Call { function: Function::Bucket, args, .. } = &bound.expr
        && let [date, Expr::Constant(Value::Duration(width))] = args.as_slice()
        && let Some(unit) = Period::of_width(*width)
    {
        return GroupKey { expr: date.clone(), period: Some(unit), spread };
    }
    let period = match bound.holds {
        FieldType::Period(unit) if matches!(bound.expr, Expr::Field(_) | Expr::Of { .. }) => {
            Some(unit)
        }
        _ => None,
    };
    GroupKey { expr: bound.expr, period, spread: spread && period.is_some() }
}

/// What becomes of the keys when they are filled.
fn fill_keys(keys: &[GroupKey], span: Span) -> Result<Vec<FillKey>> {
    let fill_key = |key: &GroupKey| match (&key.expr, key.period) {
        (expr, Some(unit)) => FillKey::Periods { unit, of_event: is_event_date(expr) },
        (Expr::Call { function: Function::MonthOfYear, .. }, None) => FillKey::Numbers(12),
        (Expr::Call { function: Function::DayOfWeek, .. }, None) => FillKey::Numbers(7),
        (_, None) => FillKey::Met,
    };
    let keys: Vec<FillKey> = keys.iter().map(fill_key).collect();
    if keys.iter().all(|key| *key == FillKey::Met) {
        return Err(error(
            "no-steps",
            "`fill` goes from period to period, and no key is one",
            span,
            "fill what?",
        )
        .help("group by a period as well: `by dyad, month fill`, `by bucket(date, 1 week) fill`")
        .bind());
    }
    Ok(keys)
}

/// `spread` needs periods to divide among, and functions of which a part of an event makes a part.
fn can_spread(keys: &[GroupKey], aggregates: &[Aggregate], span: Span) -> Result<()> {
    if keys.iter().all(|key| key.period.is_none()) {
        return Err(error(
            "no-steps",
            "`spread` divides an event among periods, and no key is one",
            span,
            "among what?",
        )
        .help("group by a period as well: `by dyad, month spread`, or leave `spread` out")
        .bind());
    }
    for call in aggregates.iter().flat_map(|aggregate| &aggregate.calls) {
        if !matches!(
            call.function,
            Function::Count | Function::Sum | Function::Avg | Function::Share
        ) {
            let name = call.function.name();
            let message = format!("a part of an event has no part in `{name}`");
            return Err(error("no-parts-of-events", message, call.span, "not with `spread`")
                .help("leave `spread` out, or take `count`, `sum`, `avg` or `share`")
                .bind());
        }
    }
    Ok(())
}
