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
    unfold(input, at, context, move |tuple| {
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
        Ok(values.into_iter().map(|value| vec![value]).collect())
    })
}

/// A tuple for each pair of states of the event, in the order of their names; none where there is no pair.
pub(super) fn dyads(input: Tuples, directed: bool, context: &Arc<Context>) -> Tuples {
    let with = Arc::clone(context);
    unfold(input, None, context, move |tuple| {
        let Some(stored) = &tuple.event else { return Ok(Vec::new()) };
        let pairs = dyad::of_states(stored, directed, &with)?;
        Ok(pairs
            .into_iter()
            .map(|(a, b)| [dyad::joined(&a, &b), a, b].map(Value::from).into())
            .collect())
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

/// For each tuple the same with each of these values behind its columns, or the first of them in place of the column `at`.
fn unfold(
    mut input: Tuples,
    at: Option<usize>,
    context: &Arc<Context>,
    values: impl Fn(&Tuple) -> Result<Vec<Vec<Value>>> + Send + 'static,
) -> Tuples {
    let mut watch = Watch::new(context);
    let mut base = Tuple::default();
    let mut more = Vec::<Vec<Value>>::new().into_iter();
    stream(move || {
        loop {
            watch.row()?;
            if let Some(values) = more.next() {
                let mut tuple = base.clone();
                let mut values = values.into_iter();
                if let Some(place) = at.and_then(|at| tuple.values.get_mut(at)) {
                    *place = values.next().unwrap_or_default();
                }
                tuple.values.extend(values);
                return Ok(Some(tuple));
            }
            let Some(tuple) = input.next().transpose()? else { return Ok(None) };
            more = values(&tuple)?.into_iter();
            base = tuple;
            // What is replaced need not be copied for every row.
            if let Some(place) = at.and_then(|at| base.values.get_mut(at)) {
                *place = Value::Null;
            }
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
