//! Meters: what each operator of a plan did, for `explain analyze`.
//!
//! While a query is analyzed, [`execute`](super::execute) puts a [`Metered`] around the tuples of every operator, which
//! looks at the clock and at what the query has read before and after each tuple. That includes what the inputs did;
//! who reads the meters takes it off again. A query that is not analyzed has no meters, and nothing is wrapped.

use std::ops::{Add, Sub};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rustc_hash::FxHashMap;

use crate::error::Result;
use crate::planner::plan::Node;

use super::{Context, Tuple, Tuples};

/// What running has cost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Work {
    /// Time.
    pub(crate) time: Duration,
    /// What was read meanwhile.
    pub(crate) reads: Reads,
}

/// What was read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Reads {
    /// Events that were decoded.
    pub(crate) events: u64,
    /// Segments that were looked into.
    pub(crate) segments: u64,
    /// Segments that need not be, by what is known of them as a whole.
    pub(crate) pruned: u64,
    /// Bytes of records, postings and columns.
    pub(crate) bytes: u64,
}

impl Add for Work {
    type Output = Work;

    fn add(self, other: Work) -> Work {
        Work {
            time: self.time.saturating_add(other.time),
            reads: self.reads.with(other.reads, u64::saturating_add),
        }
    }
}

impl Sub for Work {
    type Output = Work;

    fn sub(self, other: Work) -> Work {
        Work {
            time: self.time.saturating_sub(other.time),
            reads: self.reads.with(other.reads, u64::saturating_sub),
        }
    }
}

impl Reads {
    fn with(self, other: Reads, both: fn(u64, u64) -> u64) -> Reads {
        Reads {
            events: both(self.events, other.events),
            segments: both(self.segments, other.segments),
            pruned: both(self.pruned, other.pruned),
            bytes: both(self.bytes, other.bytes),
        }
    }
}

/// What one operator did.
#[derive(Debug, Default)]
pub(crate) struct Meter(Mutex<Measured>);

/// What a meter shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Measured {
    /// Rows that it gave; none where nobody counted them.
    pub(crate) rows: Option<u64>,
    /// What it cost with all below it; none for an operator whose work another did.
    pub(crate) work: Option<Work>,
}

impl Meter {
    /// Counts rows that the operator gave.
    ///
    /// For an operator that takes others below it in one go: what it knows of their rows. Their time is its own.
    pub(super) fn count_rows(&self, rows: u64) {
        let mut measured = self.lock();
        measured.rows = Some(measured.rows.unwrap_or(0).saturating_add(rows));
    }

    fn add(&self, work: Work) {
        let mut measured = self.lock();
        measured.work = Some(measured.work.unwrap_or_default() + work);
    }

    /// What it shows now. An operator has told it all when its tuples are dropped.
    pub(crate) fn measured(&self) -> Measured {
        *self.lock()
    }

    fn lock(&self) -> MutexGuard<'_, Measured> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The meters of a plan, by the addresses of its nodes, which stay where they are while it runs.
#[derive(Debug, Default)]
pub(super) struct Meters(Mutex<FxHashMap<usize, Arc<Meter>>>);

impl Meters {
    /// The meter of a node.
    pub(super) fn of(&self, node: &Node) -> Arc<Meter> {
        let mut meters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(meters.entry(std::ptr::from_ref(node) as usize).or_default())
    }
}

/// The tuples of a node, metered where the query is analyzed.
pub(super) fn metered(node: &Node, tuples: Tuples, context: &Arc<Context>) -> Tuples {
    let Some(meter) = context.meter(node) else { return tuples };
    let context = Arc::clone(context);
    Box::new(Metered { tuples, context, meter, rows: 0, work: Work::default() })
}

/// Tuples with an eye on what they cost.
struct Metered {
    tuples: Tuples,
    context: Arc<Context>,
    meter: Arc<Meter>,
    rows: u64,
    work: Work,
}

impl Iterator for Metered {
    type Item = Result<Tuple>;

    fn next(&mut self) -> Option<Result<Tuple>> {
        let before = Work { time: Duration::ZERO, reads: self.context.reads() };
        let started = Instant::now();
        let tuple = self.tuples.next();
        let after = Work { time: started.elapsed(), reads: self.context.reads() };
        self.work = self.work + (after - before);
        self.rows += u64::from(matches!(tuple, Some(Ok(_))));
        tuple
    }
}

impl Drop for Metered {
    fn drop(&mut self) {
        self.meter.count_rows(self.rows);
        self.meter.add(self.work);
    }
}
