//! Queries: sources, patterns, stages.

use super::{At, Expr, Name, Path, Query, Value};
use crate::error::Span;
use crate::model::Date;

use super::Duration;

/// A source and its stages.
#[derive(Debug, Clone, PartialEq)]
pub struct QueryKind {
    /// Where the rows come from.
    pub source: At<Source>,
    /// What is done to them.
    pub stages: Vec<At<Stage>>,
}

/// Where rows come from.
#[derive(Debug, Clone, PartialEq)]
pub enum Source {
    /// `sequence …` or `together …`
    Pattern(Pattern),
    /// `(query)`
    Query(Box<Query>),
    /// `visit from "A" to "B" where …`; also a catalogue, a view or a `let`, which only binding can tell.
    Events(EventFilter),
}

/// Events of a kind, as of a time, of a dyad, under a condition.
#[derive(Debug, Clone, PartialEq)]
pub struct EventFilter {
    /// The kind, or the name of another source.
    pub kind: At<Kind>,
    /// `as of …`
    pub as_of: Option<At<AsOf>>,
    /// `between … and …`
    pub dyad: Option<At<Dyad>>,
    /// `where …`
    pub condition: Option<Expr>,
}

/// The head of an event filter.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// `events`
    Events,
    /// A quoted name, always a kind.
    Quoted(String),
    /// A bare name: catalogue, view, `let` or kind.
    Name(String),
}

/// A moment of the store's own history.
#[derive(Debug, Clone, PartialEq)]
pub enum AsOf {
    /// The end of a day.
    Date(Box<Date>),
    /// A commit.
    Commit(u64),
    /// By a parameter.
    Param(String),
}

/// Who stands in a relation with whom.
#[derive(Debug, Clone, PartialEq)]
pub enum Dyad {
    /// `between A and B`
    Between(At<Party>, At<Party>),
    /// `from A to B`, `from A`, `to B`
    Directed { from: Option<At<Party>>, to: Option<At<Party>> },
    /// `involving A and B and …`
    Involving(Vec<At<Party>>),
}

/// One side of a dyad.
#[derive(Debug, Clone, PartialEq)]
pub enum Party {
    /// A name.
    Name(String),
    /// A parameter.
    Param(String),
    /// A set of names.
    Set(Vec<Expr>),
}

/// `sequence` or `together`.
#[derive(Debug, Clone, PartialEq)]
pub struct Pattern {
    /// Ordered or not.
    pub mode: PatternMode,
    /// Options of the head.
    pub options: Vec<PatternOpt>,
    /// The steps.
    pub steps: Vec<At<Step>>,
    /// `until [ … ] by …`
    pub until: Option<(EventFilter, Vec<Expr>)>,
}

/// How matches are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PatternMode {
    /// `sequence`, with `possibly`, and `all` or `each`
    Sequence { possibly: bool, matches: Matches },
    /// `together`, with `possibly`
    Together { possibly: bool },
}

/// Which matches of a sequence are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Matches {
    /// The newest start, the earliest end.
    Closest,
    /// Every combination.
    All,
    /// One for each event of the first step.
    Each,
}

/// An option of a pattern's head.
#[derive(Debug, Clone, PartialEq)]
pub enum PatternOpt {
    /// `by keys`
    By(Vec<Expr>),
    /// `within span`
    Within(At<SpanOf>),
    /// A dyad.
    Dyad(At<Dyad>),
}

/// A stretch of time, written or by parameter.
#[derive(Debug, Clone, PartialEq)]
pub enum SpanOf {
    /// `90 days`
    Duration(Duration),
    /// `$span`
    Param(String),
}

/// A step of a pattern.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Present, absent or optional.
    pub presence: Presence,
    /// What fills it.
    pub filter: EventFilter,
    /// `by`, `as`, `times`, `within`
    pub options: Vec<StepOpt>,
}

/// Whether a step must be filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// It must.
    Required,
    /// `no`: it must not.
    No,
    /// `maybe`: it may.
    Maybe,
}

/// An option of a step.
#[derive(Debug, Clone, PartialEq)]
pub enum StepOpt {
    /// `by keys`
    By(Vec<Expr>),
    /// `as name`
    As(Name),
    /// `times n`
    Times(At<Count>),
    /// `within span`
    Within(At<SpanOf>),
}

/// What is done to rows.
#[derive(Debug, Clone, PartialEq)]
pub enum Stage {
    /// `where expr`
    Where(Expr),
    /// `select items`
    Select(Vec<Item>),
    /// `derive a = …`
    Derive(Vec<Assign>),
    /// `drop a, b`
    Drop(Vec<At<Path>>),
    /// `count by …`
    Count(Option<Grouping>),
    /// `summarize items by …`
    Summarize { items: Vec<Item>, grouping: Option<Grouping> },
    /// `sort by keys`
    Sort(Vec<SortKey>),
    /// `top n by keys`
    Top { count: At<Count>, keys: Vec<SortKey> },
    /// `head n`
    Head(Option<At<Count>>),
    /// `tail n`
    Tail(Option<At<Count>>),
    /// `skip n`
    Skip(At<Count>),
    /// `sample n seed s`
    Sample { count: At<Count>, seed: Option<u64> },
    /// `distinct items`
    Distinct(Option<Vec<Item>>),
    /// `unique items`
    Unique(Vec<Item>),
    /// `explode path as name`
    Explode { path: At<Path>, name: Option<Name> },
    /// `dyads directed`
    Dyads { directed: bool },
}

/// `by items fill spread`. Equality does not look at places.
#[derive(Debug, Clone)]
pub struct Grouping {
    /// The keys.
    pub items: Vec<Item>,
    /// `fill`
    pub fill: Option<Span>,
    /// `spread`
    pub spread: Option<Span>,
}

impl PartialEq for Grouping {
    fn eq(&self, other: &Self) -> bool {
        let options = |g: &Self| (g.fill.is_some(), g.spread.is_some());
        self.items == other.items && options(self) == options(other)
    }
}

/// An expression with a name.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// The expression.
    pub expr: Expr,
    /// `as name`
    pub name: Option<Name>,
}

/// `path = value`
#[derive(Debug, Clone, PartialEq)]
pub struct Assign {
    /// What is set.
    pub path: At<Path>,
    /// To what.
    pub value: Value,
}

/// A key of an order.
#[derive(Debug, Clone, PartialEq)]
pub struct SortKey {
    /// The expression.
    pub expr: Expr,
    /// `desc`
    pub descending: bool,
    /// `nulls first`, `nulls last`
    pub nulls_first: Option<bool>,
}

/// A number of rows.
#[derive(Debug, Clone, PartialEq)]
pub enum Count {
    /// Written.
    Number(u64),
    /// By parameter.
    Param(String),
}
