//! Plan to rows.
//!
//! Rows are pulled: [`execute`] turns a node of the plan into an iterator, which asks the iterators of its inputs for the
//! next tuple whenever it is asked itself. Nothing runs before the first tuple is asked for, and only sorting, grouping
//! and their like hold more than one tuple, within the memory that the query may take.
//!
//! ```text
//! visit where actor = "Bajwa" | count by year
//!
//! aggregate   asks for all tuples, gives one a year
//!   filter    asks until one certainly fits, counts those that are only possible
//!     scan    asks the store for the next event
//! ```
//!
//! A tuple is an event with columns, or columns alone. Conditions have three values ([`Truth`](crate::model::Truth)), at
//! the worst and at the best choice of the days in doubt.

mod accumulator;
mod aggregate;
mod analyze;
mod arithmetic;
mod catalog_scan;
mod columnar;
mod compare;
mod context;
mod convert;
mod dyad;
mod evaluate;
mod field;
mod fill;
mod function;
mod group;
mod key;
mod list;
mod memory;
mod meter;
mod number;
mod order;
mod pattern;
mod pipe;
mod place;
mod property;
mod quantity;
mod ranked;
mod relation;
mod sample;
mod scan;
mod sort;
mod subquery;
#[cfg(test)]
mod tests;
mod text;
mod total;
mod unfold;
mod weight;
mod when;

use std::sync::Arc;

use crate::error::Result;
use crate::model::{Event, EventId, Value};
use crate::planner::plan::Node;

pub(crate) use analyze::{Analysis, analyze};
pub use context::CancelToken;
pub(crate) use context::{Context, Limits};
pub(crate) use evaluate::{evaluate, truth};

/// An event with its number.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Stored {
    /// Its number.
    pub(crate) id: EventId,
    /// The record.
    pub(crate) event: Event,
}

/// What goes from node to node: an event with columns, or columns alone.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Tuple {
    /// The event that it came from; none behind a grouping or in a catalogue.
    pub(crate) event: Option<Arc<Stored>>,
    /// The columns.
    pub(crate) values: Vec<Value>,
}

impl Tuple {
    /// Columns without an event.
    pub(crate) fn of(values: Vec<Value>) -> Tuple {
        Tuple { event: None, values }
    }

    /// The number of its event, which breaks ties.
    pub(crate) fn id(&self) -> Option<EventId> {
        self.event.as_ref().map(|stored| stored.id)
    }
}

/// Tuples as they are pulled. After an error there is nothing more to pull.
pub(crate) type Tuples = Box<dyn Iterator<Item = Result<Tuple>> + Send>;

/// The tuples of a node. Nothing is read before the first is pulled.
///
/// # Errors
/// When the query is cancelled, or out of time, before it begins.
pub(crate) fn execute(node: &Node, context: &Arc<Context>) -> Result<Tuples> {
    context.check()?;
    let tuples: Tuples = match node {
        Node::Nothing => Box::new(std::iter::empty()),
        Node::Scan => scan::scan(context),
        Node::PostingsScan { postings } => scan::postings_scan(postings, context),
        Node::ColumnScan { columns, postings, rows } => {
            columnar::column_scan(columns, postings.as_ref(), None, *rows, context)
        }
        Node::CatalogScan { catalog } => catalog_scan::catalog_scan(*catalog, context),
        Node::Rows { rows } => scan::rows(rows, context),
        Node::Pattern(of) => pattern::pattern(of, context),
        Node::Filter { input, predicate, counted } => {
            let input = match input.as_ref() {
                Node::ColumnScan { columns, postings, rows } => {
                    let postings = postings.as_ref();
                    columnar::column_scan(columns, postings, Some(predicate), *rows, context)
                }
                other => execute(other, context)?,
            };
            pipe::filter(input, predicate, *counted, context)
        }
        Node::Project { input, items } => pipe::project(execute(input, context)?, items, context),
        Node::Derive { input, items } => pipe::derive(execute(input, context)?, items, context),
        Node::Aggregate { input, keys, aggregates, possible } => {
            if let Some(groups) = columnar::grouping(node, context) {
                groups
            } else {
                let input = execute(input, context)?;
                aggregate::aggregate(input, keys, aggregates, *possible, context)
            }
        }
        Node::Fill { input, filling } => fill::fill(execute(input, context)?, filling, context),
        Node::Sort { input, keys } => sort::sort(execute(input, context)?, keys, context),
        Node::TopN { input, count, keys } => {
            let groups = columnar::top_grouping(input, *count, keys, context);
            let input = groups.map_or_else(|| execute(input, context), Ok)?;
            sort::top(input, *count, keys, context)
        }
        Node::Head { input, count } => {
            pipe::head(execute(input, context)?, *count, pipe::streams(input), context)
        }
        Node::Tail { input, count } => sort::tail(execute(input, context)?, *count, context),
        Node::Skip { input, count } => pipe::skip(execute(input, context)?, *count),
        Node::Fetch { input } => scan::fetch(execute(input, context)?, context),
        Node::Sample { input, count, seed } => {
            sample::sample(execute(input, context)?, *count, *seed, context)
        }
        Node::Unique { input, keys } => pipe::unique(execute(input, context)?, keys, context),
        Node::Explode { input, item, at, names } => {
            unfold::explode(execute(input, context)?, item, *at, *names, context)
        }
        Node::Dyads { input, directed } => {
            unfold::dyads(execute(input, context)?, *directed, context)
        }
    };
    Ok(meter::metered(node, tuples, context))
}
