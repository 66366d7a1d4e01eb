//! What a running query has at hand: the view, the catalogue, its limits, its counts.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use rustc_hash::FxHashMap;

use crate::catalog::Catalog;
use crate::error::{Error, Result};
use crate::model::{Day, EventId, Status};
use crate::planner::plan::Node;
use crate::storage::View;
use crate::storage::segment::ColumnId;

use super::Stored;
use super::columnar::Lookup;
use super::meter::{Meter, Meters, Reads};
use super::subquery::Found;

/// How many rows pass between two looks at the clock and the cancel token.
const ROWS_BETWEEN_LOOKS: u64 = 1024;

/// So many events that were asked for by number are kept.
const MOST_EVENTS: usize = 256;

/// Stops a running query from another thread or from a signal handler.
///
/// Clones share one flag, and cancelling is a single store. The query looks at the flag every 1,024 rows and ends with
/// [`Error::Cancelled`](crate::Error::Cancelled).
#[derive(Debug, Clone, Default)]
pub struct CancelToken(Arc<AtomicBool>);

impl CancelToken {
    /// A token that is not cancelled.
    pub fn new() -> Self {
        Self::default()
    }

    /// Stops every query that runs with this token, and every later one.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Was it cancelled?
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// What a query may take.
#[derive(Debug, Clone)]
pub(crate) struct Limits {
    /// When it must be done.
    pub(crate) deadline: Option<Instant>,
    /// How much memory what it holds may take, in bytes.
    pub(crate) memory: usize,
}

impl Default for Limits {
    /// No deadline, 1 GiB.
    fn default() -> Self {
        Limits { deadline: None, memory: 1 << 30 }
    }
}

/// What a query has counted so far, for notices and statistics.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    possible: AtomicU64,
    undated: AtomicU64,
    scanned: AtomicU64,
    segments: AtomicU64,
    pruned: AtomicU64,
    stopped_early: AtomicBool,
    statuses: [AtomicU64; Status::ALL.len()],
    matches: AtomicU64,
    more_matches: AtomicBool,
}

impl Tally {
    /// Rows for which the counted condition is only possible.
    pub(crate) fn possible(&self) -> u64 {
        self.possible.load(Ordering::Relaxed)
    }

    /// How many of these have no date at all.
    pub(crate) fn undated(&self) -> u64 {
        self.undated.load(Ordering::Relaxed)
    }

    /// Matches of patterns that are only possible, and are not given.
    pub(crate) fn possible_matches(&self) -> u64 {
        self.matches.load(Ordering::Relaxed)
    }

    /// Are there more of them than were counted?
    pub(crate) fn has_more_matches(&self) -> bool {
        self.more_matches.load(Ordering::Relaxed)
    }

    pub(super) fn count_no_more_matches(&self) {
        self.more_matches.store(true, Ordering::Relaxed);
    }

    pub(super) fn count_possible_match(&self) {
        self.matches.fetch_add(1, Ordering::Relaxed);
    }

    /// Events that were read.
    pub(crate) fn scanned(&self) -> u64 {
        self.scanned.load(Ordering::Relaxed)
    }

    /// Did a stage have enough before all rows were looked at, so that the counts are only *at least*?
    pub(crate) fn stopped_early(&self) -> bool {
        self.stopped_early.load(Ordering::Relaxed)
    }

    /// How many rows of each status fulfilled the counted condition; those without any are left out.
    pub(crate) fn statuses(&self) -> Vec<(Status, u64)> {
        let counts = self.statuses.iter().map(|count| count.load(Ordering::Relaxed));
        Status::ALL.iter().copied().zip(counts).filter(|(_, count)| *count > 0).collect()
    }

    pub(super) fn count_possible(&self, undated: bool) {
        self.possible.fetch_add(1, Ordering::Relaxed);
        self.undated.fetch_add(u64::from(undated), Ordering::Relaxed);
    }

    pub(super) fn count_scanned(&self) {
        self.scanned.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts events that were looked at, by records or by columns.
    pub(super) fn count_scanned_many(&self, events: u64) {
        self.scanned.fetch_add(events, Ordering::Relaxed);
    }

    /// Counts rows of a status that fulfilled the counted condition.
    pub(super) fn count_status_many(&self, status: Status, rows: u64) {
        if let Some(at) = Status::ALL.iter().position(|s| *s == status)
            && let Some(count) = self.statuses.get(at)
        {
            count.fetch_add(rows, Ordering::Relaxed);
        }
    }

    /// Counts segments that were looked into, and segments that need not be.
    pub(super) fn count_segments(&self, read: u64, pruned: u64) {
        self.segments.fetch_add(read, Ordering::Relaxed);
        self.pruned.fetch_add(pruned, Ordering::Relaxed);
    }

    pub(super) fn stop_early(&self) {
        self.stopped_early.store(true, Ordering::Relaxed);
    }

    pub(super) fn count_status(&self, status: Status) {
        if let Some(at) = Status::ALL.iter().position(|s| *s == status)
            && let Some(count) = self.statuses.get(at)
        {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// What a running query has at hand.
pub(crate) struct Context {
    /// The store as the query sees it.
    pub(crate) view: View,
    /// What names mean.
    pub(crate) catalog: Catalog,
    /// What it has counted.
    pub(crate) tally: Tally,
    /// What it may take.
    pub(crate) limits: Limits,
    /// What stops it.
    pub(crate) cancel: CancelToken,
    /// The day on which it began, UTC.
    pub(crate) today: Day,
    /// Bytes that its operators hold.
    held: AtomicUsize,
    /// The answers of queries within conditions, by the address of their plan.
    pub(super) found: Mutex<FxHashMap<usize, Arc<Found>>>,
    /// Events that were asked for by number, the last of them.
    events: Mutex<FxHashMap<EventId, Arc<Stored>>>,
    /// What columns tell of such events.
    lookup: Mutex<Lookup>,
    /// What its operators did; only while it is analyzed.
    meters: Option<Meters>,
}

impl Context {
    /// An event by its number, or as much of it as these columns tell. Several columns of one row ask for the same.
    pub(super) fn event(
        &self,
        id: EventId,
        columns: Option<&[ColumnId]>,
    ) -> Result<Option<Arc<Stored>>> {
        let lock = || self.events.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(stored) = lock().get(&id) {
            return Ok(Some(Arc::clone(stored)));
        }
        if let Some(columns) = columns {
            let mut lookup = self.lookup.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(told) = lookup.event(id, columns, self)? {
                return Ok(Some(told));
            }
        }
        let Some(event) = self.view.event(id)? else { return Ok(None) };
        self.tally.count_scanned();
        let stored = Arc::new(Stored { id, event });
        let mut events = lock();
        if events.len() >= MOST_EVENTS {
            events.clear();
        }
        events.insert(id, Arc::clone(&stored));
        Ok(Some(stored))
    }

    /// What a query on a view needs to run.
    pub(crate) fn new(view: View, catalog: Catalog, limits: Limits, cancel: CancelToken) -> Self {
        let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs());
        Context {
            view,
            catalog,
            tally: Tally::default(),
            limits,
            cancel,
            today: Day(i64::try_from(seconds / 86_400).unwrap_or(0)),
            held: AtomicUsize::new(0),
            found: Mutex::new(FxHashMap::default()),
            events: Mutex::new(FxHashMap::default()),
            lookup: Mutex::default(),
            meters: None,
        }
    }

    /// The same with a meter for every operator, for `explain analyze`.
    #[must_use]
    pub(crate) fn analyzed(self) -> Context {
        Context { meters: Some(Meters::default()), ..self }
    }

    /// The meter of a node; none unless the query is analyzed.
    ///
    /// [`execute`](super::execute) sees to the meters of the nodes that it is asked for. An operator that does the work
    /// of nodes below it in one go, without executing them, tells what it knows of their rows:
    ///
    /// ```text
    /// if let Some(meter) = context.meter(filter) { meter.count_rows(batch.len()) }   // whenever it knows
    /// context.tally.count_segments(read, pruned);
    /// ```
    ///
    /// Their line then says `fused`: their time is part of the operator's, and what it reads stands beside the lowest
    /// of them. Nodes of which it tells nothing are shown so, too, without rows.
    pub(super) fn meter(&self, node: &Node) -> Option<Arc<Meter>> {
        self.meters.as_ref().map(|meters| meters.of(node))
    }

    /// What it has read so far. Other queries on clones of its view count there, too.
    pub(super) fn reads(&self) -> Reads {
        Reads {
            events: self.tally.scanned(),
            segments: self.tally.segments.load(Ordering::Relaxed),
            pruned: self.tally.pruned.load(Ordering::Relaxed),
            bytes: self.view.bytes_read(),
        }
    }

    /// Stops the query when it was cancelled or its time is over.
    pub(crate) fn check(&self) -> Result<()> {
        if self.cancel.is_cancelled() {
            return Err(Error::Cancelled);
        }
        match self.limits.deadline {
            Some(deadline) if Instant::now() >= deadline => Err(Error::Limit(
                "the query took longer than it may; narrow it with `where`, or allow more time"
                    .to_owned(),
            )),
            _ => Ok(()),
        }
    }
}

impl Context {
    /// Counts bytes that a stage holds; an error when the query may not hold so many.
    pub(super) fn hold(&self, stage: &str, bytes: usize) -> Result<()> {
        let before = self.held.fetch_add(bytes, Ordering::Relaxed);
        if before.saturating_add(bytes) <= self.limits.memory {
            return Ok(());
        }
        Err(Error::Limit(format!(
            "`{stage}` needs more than the {} of memory that the query may take; narrow it with `where`, keep fewer \
             columns with `select` before it, or allow more memory",
            Bytes(self.limits.memory)
        )))
    }
}

/// Looks at the limits of its query every so many rows, the first among them.
pub(super) struct Watch {
    context: Arc<Context>,
    rows: u64,
}

impl Watch {
    pub(super) fn new(context: &Arc<Context>) -> Self {
        Watch { context: Arc::clone(context), rows: 0 }
    }

    /// To be called for every row.
    pub(super) fn row(&mut self) -> Result<()> {
        let due = self.rows.is_multiple_of(ROWS_BETWEEN_LOOKS);
        self.rows = self.rows.wrapping_add(1);
        if due { self.context.check() } else { Ok(()) }
    }
}

/// The memory that one operator holds; given back when it is dropped.
pub(super) struct Holding {
    context: Arc<Context>,
    stage: &'static str,
    bytes: usize,
}

impl Holding {
    /// Nothing yet, for a stage that calls itself so in messages.
    pub(super) fn new(context: &Arc<Context>, stage: &'static str) -> Self {
        Holding { context: Arc::clone(context), stage, bytes: 0 }
    }

    /// Holds so many bytes more, if the query may.
    pub(super) fn add(&mut self, bytes: usize) -> Result<()> {
        self.bytes = self.bytes.saturating_add(bytes);
        self.context.hold(self.stage, bytes)
    }

    /// Gives back so many bytes.
    pub(super) fn release(&mut self, bytes: usize) {
        let bytes = bytes.min(self.bytes);
        self.bytes -= bytes;
        self.context.held.fetch_sub(bytes, Ordering::Relaxed);
    }
}

impl Drop for Holding {
    fn drop(&mut self) {
        self.release(self.bytes);
    }
}

/// A number of bytes in the largest unit that leaves it whole.
struct Bytes(usize);

impl std::fmt::Display for Bytes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let units = [(30, "GiB"), (20, "MiB"), (10, "KiB")];
        match units.iter().find(|(bits, _)| self.0 > 0 && self.0.trailing_zeros() >= *bits) {
            Some((bits, unit)) => write!(f, "{} {unit}", self.0 >> bits),
            None => write!(f, "{} bytes", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_of_a_token_share_its_flag() {
        let token = CancelToken::new();
        let other = token.clone();
        assert!(!other.is_cancelled());
        token.cancel();
        assert!(other.is_cancelled());
    }

    #[test]
    fn the_tally_counts_each_status() {
        let tally = Tally::default();
        tally.count_status(Status::Planned);
        tally.count_status(Status::Planned);
        tally.count_status(Status::Happened);
        assert_eq!(tally.statuses(), [(Status::Happened, 1), (Status::Planned, 2)]);
    }

    #[test]
    fn bytes_are_told_in_whole_units() {
        assert_eq!(Bytes(1 << 30).to_string(), "1 GiB");
        assert_eq!(Bytes(3 << 20).to_string(), "3 MiB");
        assert_eq!(Bytes(1000).to_string(), "1000 bytes");
    }
}
