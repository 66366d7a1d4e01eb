//! Operators that make several tuples of one: explode, dyads. One tuple is held at a time.

use std::sync::Arc;

use crate::error::Result;
use crate::model::Value;
use crate::planner::expression::Expr;
use crate::planner::plan::dyad_columns;

use super::context::Watch;
use super::pipe::stream;
use super::{Context, Tuple, Tuples, dyad, evaluate};

/// A tuple for each value of a list, in the list's order; of an empty one a tuple with null.
pub(super) fn explode(
    input: Tuples,
    item: &Expr,
    at: Option<usize>,
    names: bool,
    context: &Arc<Context>,
) -> Tuples {
    let (item, with) = (item.clone(), Arc::clone(context));
    unfold(input, context, move |tuple| {
        let mut values = Vec::new();
        flatten(evaluate(&item, tuple, &with)?, &mut values);
        if names {
            let mut seen: Vec<Value> = Vec::with_capacity(values.len());
            for value in values {
                if !seen.contains(&value) {
                    seen.push(value);
                }
            }
            values = seen;
        }
        if values.is_empty() {
            values.push(Value::Null);
        }
        let with_value = |value| {
            let mut columns = tuple.values.clone();
            match at.and_then(|at| columns.get_mut(at)) {
                Some(place) => *place = value,
                None => columns.push(value),
            }
            columns
        };
        Ok(values.into_iter().map(with_value).collect())
    })
}

/// A tuple for each pair of states of the event, in the order of their names; none where there is no pair.
pub(super) fn dyads(input: Tuples, directed: bool, context: &Arc<Context>) -> Tuples {
    let with = Arc::clone(context);
    unfold(input, context, move |tuple| {
        let Some(stored) = &tuple.event else { return Ok(Vec::new()) };
        let pairs = dyad::of_states(stored, directed, &with)?;
        let columns = |(a, b): (String, String)| {
            let mut columns = tuple.values.clone();
            columns.extend([dyad::joined(&a, &b), a, b].map(Value::from));
            columns
        };
        Ok(pairs.into_iter().map(columns).collect())
    })
}

/// The pairs of an event as records.
pub(super) fn pairs(tuple: &Tuple, directed: bool, context: &Context) -> Result<Value> {
    let Some(stored) = &tuple.event else { return Ok(Value::Null) };
    let record = |(a, b): (String, String)| {
        let values = [dyad::joined(&a, &b), a, b].map(Value::from);
        let names = dyad_columns(directed).map(str::to_owned);
        Value::Record(names.into_iter().zip(values).collect())
    };
    let pairs = dyad::of_states(stored, directed, context)?;
    Ok(Value::List(pairs.into_iter().map(record).collect()))
}

/// For each tuple those of its event with these columns.
fn unfold(
    mut input: Tuples,
    context: &Arc<Context>,
    columns: impl Fn(&Tuple) -> Result<Vec<Vec<Value>>> + Send + 'static,
) -> Tuples {
    let mut watch = Watch::new(context);
    let mut event = None;
    let mut made = Vec::new().into_iter();
    stream(move || {
        loop {
            watch.row()?;
            if let Some(values) = made.next() {
                return Ok(Some(Tuple { event: Option::clone(&event), values }));
            }
            let Some(tuple) = input.next().transpose()? else { return Ok(None) };
            made = columns(&tuple)?.into_iter();
            event = tuple.event;
        }
    })
}

fn flatten(value: Value, values: &mut Vec<Value>) {
    match value {
        Value::Null => {}
        Value::List(list) => list.into_iter().for_each(|value| flatten(value, values)),
        value => values.push(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_within_lists_are_taken_apart_and_nothing_is_left_of_null() {
        let mut values = Vec::new();
        flatten(Value::List(vec![vec![1, 2].into(), Value::Null, 3.into()]), &mut values);
        assert_eq!(Value::List(values), vec![1, 2, 3].into());
    }
}
