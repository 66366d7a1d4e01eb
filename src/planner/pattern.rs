//! Patterns of events: what follows what, what happens together, and what is not to happen meanwhile.
//!
//! ```text
//! sequence by dyad within 90 days [visit] as v no [threat] [agreement] times 2 as a
//!
//! brackets    0 visit        1 threat       2 agreement     what is looked for, each with its keys
//! steps       v: 0           a: 2           a: 2            what a match is made of, one event each
//! absences                   1 before step 1
//! ```

use std::fmt;

use crate::model::Duration;
use crate::parser::ast::PatternMode;

use super::plan::{GroupKey, Node};

/// The most steps of a pattern, those of `times` counted one by one.
pub(crate) const MOST_STEPS: usize = 64;

/// The most brackets of a pattern: each has a bit.
pub(crate) const MOST_BRACKETS: usize = 32;

/// A pattern of events. Its tuples are the values of the keys, then for each name the number of its event (a list for
/// `times`, null for `maybe`), then, where they are asked for, `open` and `certain`.
#[derive(Debug, Clone)]
pub(crate) struct Pattern {
    /// How matches are made.
    pub(crate) mode: PatternMode,
    /// How long a match may last.
    pub(crate) within: Option<Duration>,
    /// What stands between brackets, in the order of writing.
    pub(crate) brackets: Vec<Bracket>,
    /// What a match is made of, in order.
    pub(crate) steps: Vec<Step>,
    /// What is not to happen.
    pub(crate) absences: Vec<Absence>,
    /// The bracket that ends what has begun.
    pub(crate) until: Option<usize>,
    /// How many of the keys all brackets have in common; those behind are a bracket's own.
    pub(crate) shared: usize,
    /// How many columns the steps have.
    pub(crate) columns: usize,
}

/// Events that are looked for.
#[derive(Debug, Clone)]
pub(crate) struct Bracket {
    /// What it is called in plans.
    pub(crate) name: String,
    /// The events.
    pub(crate) input: Node,
    /// What those of a match have in common; the same number for all brackets.
    pub(crate) keys: Vec<GroupKey>,
}

/// A place in a match for one event.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    /// The events that can fill it.
    pub(crate) bracket: usize,
    /// May it be missing?
    pub(crate) optional: bool,
    /// How long after the step before.
    pub(crate) within: Option<Duration>,
    /// The column that tells its event; steps of one `times` share it.
    pub(crate) column: usize,
    /// Is it one of several of a `times`, so that its column is a list?
    pub(crate) repeated: bool,
}

/// Events that are not to happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Absence {
    /// The events.
    pub(crate) bracket: usize,
    /// The step before which it is written; the number of steps for one behind them all.
    pub(crate) before: usize,
}

impl Pattern {
    /// Is there an absence before the first step or behind the last, which the end of the data leaves open?
    pub(crate) fn is_open_ended(&self) -> bool {
        let ends = [0, self.steps.len()];
        matches!(self.mode, PatternMode::Sequence { .. })
            && self.absences.iter().any(|absence| ends.contains(&absence.before))
    }

    /// Are matches given that are only possible?
    pub(crate) fn gives_possible(&self) -> bool {
        match self.mode {
            PatternMode::Sequence { possibly, .. } | PatternMode::Together { possibly } => possibly,
        }
    }

    /// How many keys it has.
    pub(crate) fn keys(&self) -> usize {
        self.brackets.first().map_or(0, |bracket| bracket.keys.len())
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pattern: {}", self.mode)?;
        let keys = self.brackets.first().map_or(&[][..], |bracket| &bracket.keys);
        for (at, key) in keys.iter().take(self.shared).enumerate() {
            write!(f, "{} {}", if at == 0 { " by" } else { "," }, key.expr)?;
        }
        self.within.map_or(Ok(()), |within| write!(f, " within {within}"))
    }
}
