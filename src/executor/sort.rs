//! Operators of order: sort, the first of an order, the last tuples.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, VecDeque};
use std::sync::Arc;

use crate::error::Result;
use crate::model::EventId;
use crate::planner::plan::SortKey;

use super::context::Holding;
use super::order::{Direction, Rank, compare_keys};
use super::pipe::deferred;
use super::{Context, Tuple, Tuples, evaluate, memory};

/// A tuple with what it is sorted by.
struct Placed {
    ranks: Vec<Rank>,
    id: Option<EventId>,
    /// Its place in the input, the very last key.
    at: u64,
    tuple: Tuple,
    bytes: usize,
    directions: Arc<[Direction]>,
}

impl Ord for Placed {
    fn cmp(&self, other: &Self) -> Ordering {
        compare_keys(&self.ranks, &other.ranks, &self.directions)
            .then_with(|| self.id.cmp(&other.id))
            .then_with(|| self.at.cmp(&other.at))
    }
}

impl PartialOrd for Placed {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Placed {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Placed {}

/// Gives tuples their place in an order.
struct Placing {
    keys: Vec<SortKey>,
    directions: Arc<[Direction]>,
    context: Arc<Context>,
    count: u64,
}

impl Placing {
    fn new(keys: &[SortKey], context: &Arc<Context>) -> Placing {
        let directions = keys
            .iter()
            .map(|key| Direction { descending: key.descending, nulls_first: key.nulls_first });
        Placing {
            keys: keys.to_vec(),
            directions: directions.collect(),
            context: Arc::clone(context),
            count: 0,
        }
    }

    fn place(&mut self, tuple: Tuple) -> Result<Placed> {
        let mut ranks = Vec::with_capacity(self.keys.len());
        let mut bytes = memory::of_tuple(&tuple) + size_of::<Placed>();
        for key in &self.keys {
            let value = evaluate(&key.expr, &tuple, &self.context)?;
            bytes += size_of::<Rank>() + 2 * memory::of_value(&value);
            ranks.push(Rank::of(&value));
        }
        self.count += 1;
        let (id, directions) = (tuple.id(), Arc::clone(&self.directions));
        Ok(Placed { ranks, id, at: self.count, tuple, bytes, directions })
    }
}

/// All tuples in order; ties in order of id.
pub(super) fn sort(input: Tuples, keys: &[SortKey], context: &Arc<Context>) -> Tuples {
    let mut placing = Placing::new(keys, context);
    let mut holding = Holding::new(context, "sort");
    deferred(move || {
        let mut all = Vec::new();
        for tuple in input {
            let placed = placing.place(tuple?)?;
            holding.add(placed.bytes)?;
            all.push(placed);
        }
        all.sort_unstable();
        Ok(given(all.into_iter(), holding))
    })
}

/// The first tuples of the order, with a heap of no more than these.
pub(super) fn top(input: Tuples, count: u64, keys: &[SortKey], context: &Arc<Context>) -> Tuples {
    let mut placing = Placing::new(keys, context);
    let mut holding = Holding::new(context, "top");
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    deferred(move || {
        let mut heap = BinaryHeap::new();
        for tuple in input {
            let placed = placing.place(tuple?)?;
            if heap.len() >= count && heap.peek().is_none_or(|last| placed >= *last) {
                continue;
            }
            holding.add(placed.bytes)?;
            heap.push(placed);
            if heap.len() > count
                && let Some(out) = heap.pop()
            {
                holding.release(out.bytes);
            }
        }
        Ok(given(heap.into_sorted_vec().into_iter(), holding))
    })
}

/// The last tuples.
pub(super) fn tail(input: Tuples, count: u64, context: &Arc<Context>) -> Tuples {
    let mut holding = Holding::new(context, "tail");
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    deferred(move || {
        let mut ring = VecDeque::new();
        for tuple in input {
            let tuple = tuple?;
            holding.add(memory::of_tuple(&tuple))?;
            ring.push_back(tuple);
            if ring.len() > count
                && let Some(out) = ring.pop_front()
            {
                holding.release(memory::of_tuple(&out));
            }
        }
        Ok(ring.into_iter().map(move |tuple| {
            holding.release(memory::of_tuple(&tuple));
            Ok(tuple)
        }))
    })
}

/// Gives tuples away, and their memory back.
fn given(
    all: impl Iterator<Item = Placed> + Send + 'static,
    mut holding: Holding,
) -> impl Iterator<Item = Result<Tuple>> + Send + 'static {
    all.map(move |placed| {
        holding.release(placed.bytes);
        Ok(placed.tuple)
    })
}
