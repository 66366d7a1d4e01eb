//! Operators that pass tuples on one by one: filter, project, derive, head, skip, unique.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::error::Result;
use crate::planner::expression::Expr;
use crate::planner::plan::Node;

use super::context::{Holding, Watch};
use super::{Context, Tuple, Tuples, evaluate, key, truth};

/// What a key takes in a hash table besides its bytes.
const ENTRY: usize = 48;

/// Tuples from a function that gives the next; nothing more once it has given none or failed.
pub(super) fn stream(next: impl FnMut() -> Result<Option<Tuple>> + Send + 'static) -> Tuples {
    let mut next = Some(next);
    Box::new(std::iter::from_fn(move || {
        let tuple = next.as_mut()?().transpose();
        if !matches!(tuple, Some(Ok(_))) {
            next = None;
        }
        tuple
    }))
}

/// Tuples that are made all at once, when the first is asked for.
pub(super) fn deferred<I>(run: impl FnOnce() -> Result<I> + Send + 'static) -> Tuples
where
    I: Iterator<Item = Result<Tuple>> + Send + 'static,
{
    let mut run = Some(run);
    let mut tuples = None;
    stream(move || {
        if let Some(run) = run.take() {
            tuples = Some(run()?);
        }
        tuples.as_mut().and_then(Iterator::next).transpose()
    })
}

/// Does the node give its first tuple before it has seen all of its input's, down to the scan?
pub(super) fn streams(node: &Node) -> bool {
    match node {
        Node::Scan | Node::PostingsScan { .. } | Node::ColumnScan { .. } => true,
        Node::Filter { input, .. }
        | Node::Project { input, .. }
        | Node::Derive { input, .. }
        | Node::Head { input, .. }
        | Node::Skip { input, .. }
        | Node::Unique { input, .. }
        | Node::Explode { input, .. }
        | Node::Dyads { input, .. }
        | Node::Fetch { input } => streams(input),
        Node::Nothing
        | Node::CatalogScan { .. }
        | Node::Rows { .. }
        | Node::Pattern(_)
        | Node::Aggregate { .. }
        | Node::Fill { .. }
        | Node::Sort { .. }
        | Node::TopN { .. }
        | Node::Tail { .. }
        | Node::Sample { .. } => false,
    }
}

/// Tuples for which the condition is certainly true.
pub(super) fn filter(
    mut input: Tuples,
    predicate: &Expr,
    counted: bool,
    context: &Arc<Context>,
) -> Tuples {
    let (predicate, context) = (predicate.clone(), Arc::clone(context));
    let mut watch = Watch::new(&context);
    stream(move || {
        while let Some(tuple) = input.next().transpose()? {
            watch.row()?;
            let truth = truth(&predicate, &tuple, &context)?;
            if truth.is_certain() {
                if let (true, Some(stored)) = (counted, &tuple.event) {
                    context.tally.count_status(stored.event.status);
                }
                return Ok(Some(tuple));
            }
            if counted && truth.is_possible() {
                let undated =
                    tuple.event.as_ref().is_some_and(|stored| stored.event.date.is_none());
                context.tally.count_possible(undated);
            }
        }
        Ok(None)
    })
}

/// Tuples of the expressions alone; the event goes on unseen.
pub(super) fn project(mut input: Tuples, items: &[Expr], context: &Arc<Context>) -> Tuples {
    let (items, context) = (items.to_vec(), Arc::clone(context));
    stream(move || {
        let Some(tuple) = input.next().transpose()? else { return Ok(None) };
        let values = items.iter().map(|item| evaluate(item, &tuple, &context));
        let values = values.collect::<Result<_>>()?;
        Ok(Some(Tuple { event: tuple.event, values }))
    })
}

/// Tuples with the expressions behind their columns; each may look at those before it.
pub(super) fn derive(mut input: Tuples, items: &[Expr], context: &Arc<Context>) -> Tuples {
    let (items, context) = (items.to_vec(), Arc::clone(context));
    stream(move || {
        let Some(mut tuple) = input.next().transpose()? else { return Ok(None) };
        for item in &items {
            let value = evaluate(item, &tuple, &context)?;
            tuple.values.push(value);
        }
        Ok(Some(tuple))
    })
}

/// The first tuples. What comes before and passes rows on one by one has not seen them all then.
pub(super) fn head(
    mut input: Tuples,
    count: u64,
    input_streams: bool,
    context: &Arc<Context>,
) -> Tuples {
    let context = Arc::clone(context);
    let mut left = count;
    stream(move || {
        if left == 0 {
            if input_streams {
                context.tally.stop_early();
            }
            return Ok(None);
        }
        left -= 1;
        input.next().transpose()
    })
}

/// All but the first tuples.
pub(super) fn skip(mut input: Tuples, count: u64) -> Tuples {
    let mut left = count;
    stream(move || {
        while left > 0 {
            left -= 1;
            if input.next().transpose()?.is_none() {
                return Ok(None);
            }
        }
        input.next().transpose()
    })
}

/// The first tuple of each combination of values.
pub(super) fn unique(mut input: Tuples, keys: &[Expr], context: &Arc<Context>) -> Tuples {
    let (keys, context) = (keys.to_vec(), Arc::clone(context));
    let mut seen: FxHashSet<Vec<u8>> = FxHashSet::default();
    let mut holding = Holding::new(&context, "unique");
    stream(move || {
        while let Some(tuple) = input.next().transpose()? {
            let mut bytes = Vec::new();
            for item in &keys {
                key::write(&evaluate(item, &tuple, &context)?, &mut bytes);
            }
            let size = bytes.len() + ENTRY;
            if seen.insert(bytes) {
                holding.add(size)?;
                return Ok(Some(tuple));
            }
        }
        Ok(None)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use crate::model::Value;

    fn numbers(to: i64) -> Tuples {
        Box::new((0..to).map(|n| Ok(Tuple::of(vec![Value::Int(n)]))))
    }

    fn firsts(tuples: Tuples) -> Vec<Value> {
        tuples.map(|tuple| tuple.unwrap().values.swap_remove(0)).collect()
    }

    #[test]
    fn skip_leaves_out_the_first() {
        assert_eq!(firsts(skip(numbers(4), 2)), [Value::Int(2), Value::Int(3)]);
        assert!(firsts(skip(numbers(1), 2)).is_empty());
    }

    #[test]
    fn nothing_follows_an_error() {
        let failing = numbers(2).chain([Err(Error::Cancelled)]).chain(numbers(2));
        let results: Vec<_> = skip(Box::new(failing), 1).collect();
        assert_eq!(results.len(), 2);
        assert!(results[1].is_err());
        let early: Vec<_> = skip(Box::new([Err(Error::Cancelled)].into_iter()), 5).collect();
        assert_eq!(early.len(), 1);
    }

    #[test]
    fn nothing_runs_before_it_is_asked_for() {
        let mut tuples = deferred(|| Err::<Tuples, _>(Error::Cancelled));
        assert!(matches!(tuples.next(), Some(Err(Error::Cancelled))));
        assert!(tuples.next().is_none());
    }
}
