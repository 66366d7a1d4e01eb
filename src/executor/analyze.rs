//! `explain analyze`: a query run to its end, and its plan with what each operator did.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rustc_hash::FxHashMap;

use crate::error::Result;
use crate::model::Value;
use crate::planner::explain;
use crate::planner::plan::{Node, QueryPlan};
use crate::planner::tree::{self, Line};

use super::meter::{Measured, Reads, Work};
use super::pipe::deferred;
use super::{Context, Tuple, Tuples, evaluate, execute};

/// Times have columns of one width, so that what stands behind them does.
const TIME_WIDTH: usize = 8;

/// A query to be analyzed.
pub(crate) struct Analysis {
    /// The query.
    pub(crate) plan: QueryPlan,
    /// How long it took to plan it.
    pub(crate) planning: Duration,
    /// The rows after which its run ends.
    pub(crate) most: Option<u64>,
}

/// The lines of the analysis, each in a tuple of its own. The query runs when the first is asked for.
pub(crate) fn analyze(analysis: Analysis, context: &Arc<Context>) -> Tuples {
    let context = Arc::clone(context);
    deferred(move || {
        let lines = analysis.run(&context)?;
        Ok(lines.into_iter().map(|line| Ok(Tuple::of(vec![Value::Text(line)]))))
    })
}

impl Analysis {
    fn run(&self, context: &Arc<Context>) -> Result<Vec<String>> {
        // The plan is not moved from here on: its meters are found by the addresses of its nodes.
        let root = &self.plan.root;
        let started = Instant::now();
        let (rows, stopped) = self.drain(execute(root, context)?, context)?;
        let running = started.elapsed();

        let mut lines = table(&described(root, context)?);
        let whole = context.meter(root).map(|meter| meter.measured().work.unwrap_or_default());
        let operators = whole.unwrap_or_default().time;
        lines.push(format!(
            "{}{} in {}: {} to plan, {} in the operators, {} for the columns",
            if stopped { "the first " } else { "" },
            explain::count(rows, "row"),
            time(self.planning + running),
            time(self.planning),
            time(operators),
            time(running.saturating_sub(operators)),
        ));
        Ok(lines)
    }

    /// Makes all rows of the answer, up to the most, and says whether there were more.
    fn drain(&self, tuples: Tuples, context: &Arc<Context>) -> Result<(u64, bool)> {
        let mut rows = 0;
        for tuple in tuples {
            let tuple = tuple?;
            if self.most.is_some_and(|most| rows >= most) {
                return Ok((rows, true));
            }
            for (_, expr) in &self.plan.output {
                evaluate(expr, &tuple, context)?;
            }
            rows += 1;
        }
        Ok((rows, false))
    }
}

/// A line of the plan with what its operator did.
struct Described {
    plan: String,
    rows: String,
    time: String,
    reads: String,
}

fn described(root: &Node, context: &Context) -> Result<Vec<Described>> {
    let mut done = FxHashMap::default();
    attribute(root, None, context, &mut done);
    let described = |Line { text, node }| {
        let (cost, reads) = done.get(&std::ptr::from_ref(node)).copied().unwrap_or_default();
        let rows = measured(node, context).rows;
        Described {
            plan: text,
            rows: rows.map_or_else(String::new, |rows| explain::count(rows, "row")),
            time: match cost {
                Cost::Own(own) => time(own),
                Cost::Fused => "fused".to_owned(),
                Cost::NotRun => "not run".to_owned(),
            },
            reads: told(reads),
        }
    };
    Ok(tree::lines(root, Some(&context.view))?.into_iter().map(described).collect())
}

/// Where the time of an operator went.
#[derive(Clone, Copy, Default)]
enum Cost {
    /// Into itself.
    Own(Duration),
    /// Into the operator above, which did its work.
    Fused,
    /// Nowhere: a query within a condition that nobody looked at.
    #[default]
    NotRun,
}

/// Says for a node and all below it what they cost by themselves.
///
/// `above`: what the operator above read while it did their work, which is told where they would have read, at the leaf;
/// none for the root and for a query within a condition.
fn attribute(
    node: &Node,
    above: Option<Reads>,
    context: &Context,
    done: &mut FxHashMap<*const Node, (Cost, Reads)>,
) {
    let (cost, reads) = match (measured(node, context).work, above) {
        (Some(work), _) => {
            let own = work - below(node, context);
            (Cost::Own(own.time), own.reads)
        }
        (None, Some(reads)) => (Cost::Fused, reads),
        (None, None) => (Cost::NotRun, Reads::default()),
    };
    // A pattern takes its brackets in one go where columns tell of them; a query is run when it is asked for, if at all.
    let above_branches = matches!(node, Node::Pattern(_)).then(Reads::default);
    for (_, branch) in tree::branches(node) {
        attribute(branch, above_branches, context, done);
    }
    let mut shown = reads;
    if let Some(input) = node.input() {
        let fuses = measured(input, context).work.is_none() && !matches!(cost, Cost::NotRun);
        if fuses {
            shown = Reads::default();
        }
        attribute(input, fuses.then_some(reads), context, done);
    }
    done.insert(std::ptr::from_ref(node), (cost, shown));
}

fn measured(node: &Node, context: &Context) -> Measured {
    context.meter(node).map(|meter| meter.measured()).unwrap_or_default()
}

/// What the operators right below cost, with all below them.
fn below(node: &Node, context: &Context) -> Work {
    tree::children(node).into_iter().fold(Work::default(), |sum, child| {
        let work = measured(child, context).work;
        sum + work.unwrap_or_else(|| below(child, context))
    })
}

/// The lines with their columns under one another.
fn table(lines: &[Described]) -> Vec<String> {
    let width = |column: fn(&Described) -> &str| {
        lines.iter().map(|line| column(line).chars().count()).max().unwrap_or(0)
    };
    let (plans, rows) = (width(|line| &line.plan), width(|line| &line.rows));
    let line = |Described { plan, rows: given, time, reads }: &Described| {
        // `1 row` ends where `rows` does not.
        let given = if given.ends_with("row") { format!("{given} ") } else { given.clone() };
        let line = format!("{plan:plans$}  {given:>rows$}  {time:>TIME_WIDTH$}  {reads}");
        line.trim_end().to_owned()
    };
    lines.iter().map(line).collect()
}

/// What was read, in words; empty when nothing was.
fn told(reads: Reads) -> String {
    let mut parts = Vec::new();
    if reads.events > 0 {
        parts.push(explain::count(reads.events, "event"));
    }
    let segments = reads.segments.saturating_add(reads.pruned);
    if segments > 0 {
        parts.push(format!("{} of {}", reads.segments, explain::count(segments, "segment")));
    }
    if reads.bytes > 0 {
        parts.push(size(reads.bytes));
    }
    parts.join(", ")
}

/// A time in milliseconds, with three digits as far as they are there.
fn time(time: Duration) -> String {
    match time.as_secs_f64() * 1000.0 {
        ms if ms < 9.995 => format!("{ms:.2} ms"),
        ms if ms < 99.95 => format!("{ms:.1} ms"),
        ms if ms < 9999.5 => format!("{ms:.0} ms"),
        ms => format!("{:.1} s", ms / 1000.0),
    }
}

/// A number of bytes, in the unit that people would take.
fn size(bytes: u64) -> String {
    let units = [(30, "GiB"), (20, "MiB"), (10, "KiB")];
    let Some((bits, unit)) = units.iter().find(|(bits, _)| bytes >> bits > 0) else {
        return explain::count(bytes, "byte");
    };
    match bytes as f64 / f64::from(1_u32 << bits) {
        number if number < 9.95 => format!("{number:.1} {unit}"),
        number => format!("{number:.0} {unit}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;
    use crate::executor::meter::metered;
    use crate::executor::pipe::stream;
    use crate::executor::{CancelToken, Limits};
    use crate::planner::expression::Expr;
    use crate::storage::{Store, StoreOptions};

    fn context() -> Arc<Context> {
        let view = Store::in_memory(&StoreOptions::default()).unwrap().view().unwrap();
        let catalog = Catalog::new(view.clone());
        Arc::new(Context::new(view, catalog, Limits::default(), CancelToken::new()).analyzed())
    }

    /// `Head` over `Filter` over `Scan`.
    fn plan() -> Node {
        let predicate = Expr::Constant(Value::Bool(true));
        let filter = Node::Filter { input: Box::new(Node::Scan), predicate, counted: false };
        Node::Head { input: Box::new(filter), count: 2 }
    }

    /// An operator that does the work of those below it, as one that goes through columns does.
    #[test]
    fn what_another_operator_did_is_fused_and_its_reads_stand_at_the_leaf() {
        let (context, head) = (context(), plan());
        let filter = head.input().unwrap();
        let (counted, meter) = (Arc::clone(&context), context.meter(filter).unwrap());
        let mut left = 2;
        let tuples = stream(move || {
            meter.count_rows(3);
            counted.tally.count_segments(1, 2);
            counted.tally.count_scanned();
            left -= 1;
            Ok((left >= 0).then(Tuple::default))
        });
        assert_eq!(metered(&head, tuples, &context).count(), 2);
        let described = described(&head, &context).unwrap();
        let shown =
            |line: &Described| (line.rows.clone(), line.time == "fused", line.reads.clone());
        let text = |rows: &str, reads: &str| (rows.to_owned(), reads.to_owned());
        let expected =
            [text("2 rows", ""), text("9 rows", ""), text("", "3 events, 3 of 9 segments")];
        for (at, (line, (rows, reads))) in described.iter().zip(expected).enumerate() {
            assert_eq!(shown(line), (rows, at > 0, reads), "{}", line.plan);
        }
    }

    #[test]
    fn own_times_leave_out_what_is_below() {
        let (context, head) = (context(), plan());
        let slow = |pause: u64, mut input: Tuples| {
            let mut left = 1;
            stream(move || {
                std::thread::sleep(Duration::from_millis(pause));
                input.next();
                left -= 1;
                Ok((left >= 0).then(Tuple::default))
            })
        };
        let filter = head.input().unwrap();
        let scan = metered(&Node::Scan, slow(0, Box::new(std::iter::empty())), &context);
        let below_it = metered(filter, slow(60, scan), &context);
        metered(&head, slow(5, below_it), &context).for_each(drop);
        let whole = measured(&head, &context).work.unwrap();
        let below = below(&head, &context);
        let own = (whole - below).time;
        assert!(whole.time >= Duration::from_millis(130), "{whole:?}");
        assert!(below.time >= Duration::from_millis(120), "{below:?}");
        assert!(own >= Duration::from_millis(10) && own < below.time, "{own:?}");
    }

    #[test]
    fn without_an_analysis_there_are_no_meters() {
        let view = Store::in_memory(&StoreOptions::default()).unwrap().view().unwrap();
        let catalog = Catalog::new(view.clone());
        let plain = Context::new(view, catalog, Limits::default(), CancelToken::new());
        assert!(plain.meter(&Node::Scan).is_none());
    }

    #[test]
    fn times_have_their_unit_and_fit_their_column() {
        let text = |micros| time(Duration::from_micros(micros));
        assert_eq!(text(4), "0.00 ms");
        assert_eq!(text(1_240), "1.24 ms");
        assert_eq!(text(9_996), "10.0 ms");
        assert_eq!(text(56_400), "56.4 ms");
        assert_eq!(text(2_310_000), "2310 ms");
        assert_eq!(text(12_310_000), "12.3 s");
        for exponent in 0..10 {
            assert!(text(10_u64.pow(exponent)).len() <= TIME_WIDTH);
        }
    }

    #[test]
    fn what_was_read_is_told_in_words() {
        let reads = Reads { events: 1, segments: 3, pruned: 2, bytes: 12 << 10 };
        assert_eq!(told(reads), "1 event, 3 of 5 segments, 12 KiB");
        assert_eq!(told(Reads { bytes: 1500, ..Reads::default() }), "1.5 KiB");
        assert_eq!(told(Reads::default()), "");
    }

    #[test]
    fn columns_stand_under_one_another() {
        let line = |plan: &str, rows: &str, reads: &str| Described {
            plan: plan.to_owned(),
            rows: rows.to_owned(),
            time: "0.10 ms".to_owned(),
            reads: reads.to_owned(),
        };
        let lines = table(&[line("Head: 1", "1 row", ""), line("└─ Scan", "12 rows", "12 events")]);
        assert_eq!(lines, ["Head: 1   1 row    0.10 ms", "└─ Scan  12 rows   0.10 ms  12 events"]);
    }
}
