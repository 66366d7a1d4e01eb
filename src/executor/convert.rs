//! Amounts told in another unit of what they measure.

use crate::error::{Diagnostic, Error, Result, Span};
use crate::model::{Quantity, Value};
use crate::planner::function::Function;

use super::arithmetic::{type_word, unit_word};
use super::function::mismatch;
use super::quantity::UnitLookup;

/// An amount, or each of a list, in a unit of its dimension; null of null.
pub(super) fn convert(
    value: &Value,
    to: &Value,
    span: Span,
    units: UnitLookup<'_>,
) -> Result<Value> {
    match (value, to) {
        (Value::Null, _) | (_, Value::Null) => Ok(Value::Null),
        (Value::List(list), _) => match list.as_slice() {
            [] => Ok(Value::Null),
            [one] => convert(one, to, span, units),
            _ => {
                let each = list.iter().map(|value| convert(value, to, span, units));
                each.collect::<Result<Vec<_>>>().map(Value::List)
            }
        },
        (Value::Quantity(quantity), Value::Text(to)) => of_quantity(quantity, to, span, units),
        (Value::Quantity(_), other) => {
            Err(mismatch(Function::Convert, "the name of a unit", other, span))
        }
        (other, _) => Err(mismatch(Function::Convert, "an amount", other, span)),
    }
}

fn of_quantity(quantity: &Quantity, to: &str, span: Span, units: UnitLookup<'_>) -> Result<Value> {
    let Some(target) = units(to)? else {
        let message = format!("`convert` knows no unit `{to}`");
        return Err(Diagnostic::new("unknown-unit", message, span)
            .label("unknown unit")
            .help("`units | select unit, dimension` lists them; `define unit` adds one")
            .evaluate());
    };
    let from = quantity.unit.as_deref().map(units).transpose()?.flatten();
    let Some(from) = from.filter(|from| from.dimension == target.dimension) else {
        return Err(two_dimensions(quantity, &target.name, span));
    };
    let factor = from.factor / target.factor;
    Ok(Quantity {
        low: quantity.low * factor,
        high: quantity.high * factor,
        unit: Some(target.name.clone()),
        ..quantity.clone()
    }
    .into())
}

fn two_dimensions(quantity: &Quantity, to: &str, span: Span) -> Error {
    let unit = unit_word(quantity);
    let message = format!("`convert` met {unit}, which is not measured in `{to}`");
    Diagnostic::new("units", message, span)
        .label(format!("met {unit}"))
        .help(format!(
            "currencies and what is counted never convert; take what has the unit alone: \
             `| explode amount | where amount.unit in (…) | derive told = convert(amount, \"{to}\")`"
        ))
        .evaluate()
}

/// The word for what a value is.
pub(super) fn type_of(value: &Value) -> Value {
    let word = match value {
        Value::Bool(_) => "bool",
        Value::Duration(_) => "duration",
        // The article is for sentences.
        other => type_word(other).trim_start_matches("a "),
    };
    word.into()
}
