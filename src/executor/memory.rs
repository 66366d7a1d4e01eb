//! How much memory values take, roughly and rather too much, for the budget of a query.

use crate::model::{Event, Value};

use super::Tuple;

/// What an allocation costs besides its bytes.
const ALLOCATION: usize = 16;

/// The bytes of a value.
pub(super) fn of_value(value: &Value) -> usize {
    size_of::<Value>() + beyond(value)
}

/// The bytes that a value holds elsewhere.
fn beyond(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Duration(_) => 0,
        Value::Text(text) => text.len() + ALLOCATION,
        Value::Date(_) => 192,
        Value::Quantity(_) => 144,
        Value::List(list) => ALLOCATION + list.iter().map(of_value).sum::<usize>(),
        Value::Record(fields) => {
            ALLOCATION + fields.iter().map(|(name, v)| name.len() + 40 + of_value(v)).sum::<usize>()
        }
    }
}

/// The bytes of values.
pub(super) fn of_values(values: &[Value]) -> usize {
    ALLOCATION + values.iter().map(of_value).sum::<usize>()
}

/// The bytes of a tuple with its event.
pub(super) fn of_tuple(tuple: &Tuple) -> usize {
    let event = tuple.event.as_ref().map_or(0, |stored| of_event(&stored.event));
    size_of::<Tuple>() + of_values(&tuple.values) + event
}

fn of_event(event: &Event) -> usize {
    let names = event
        .participants
        .iter()
        .map(|p| p.written().map(str::len).sum::<usize>() + 72)
        .sum::<usize>();
    let attributes = event.attributes.iter().map(|(name, v)| name.len() + 64 + of_value(v));
    size_of::<Event>()
        + 256
        + names
        + event.summary.as_ref().map_or(0, String::len)
        + event.kind.len()
        + event.places.iter().map(|p| p.name.len() + 64).sum::<usize>()
        + event.quantities.len() * 160
        + event.documents.len() * 256
        + event.links.len() * 64
        + attributes.sum::<usize>()
}
