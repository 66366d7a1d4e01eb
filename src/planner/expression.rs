//! Bound expressions: every name resolved, every constant in the type of what it is compared with.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::catalog::{Field, FieldType, NameSet};
use crate::error::Span;
use crate::model::{Days, Value};
use crate::parser::ast::{ArithOp, CmpOp, Relation};
use crate::storage::segment::ColumnId;

use super::function::Function;
use super::plan::Node;
use super::ranking::Ranking;

/// An expression over a tuple: its event and its columns.
#[derive(Debug, Clone)]
pub(crate) enum Expr {
    /// A value that is known before the query runs.
    Constant(Value),
    /// A column of the tuple, by position.
    Column(usize),
    /// A field of the event.
    Field(Field),
    /// A property of what a field names: `source.office`, `documents.publisher`, `place.country`.
    Property(Field, String),
    /// A free attribute of the event, by its own name; null where the event has none.
    Attribute(String),
    /// An expression over the event of a number, which another gives; over several events, the values of each. `columns`:
    /// those of sealed events that tell it, where some do.
    Of { event: Box<Expr>, expr: Box<Expr>, columns: Option<Arc<[ColumnId]>> },
    /// A value of a record, by name; of a list of records, all of them.
    Member(Box<Expr>, String),
    /// A property of the document of a key, or of each in a list: as the event cites it, else as the catalogue has it.
    OfDocument(Box<Expr>, String),
    /// A value of a list, by position from 0; null beyond its end.
    Index(Box<Expr>, usize),
    /// True when one is.
    Or(Vec<Expr>),
    /// True when all are.
    And(Vec<Expr>),
    /// The contrary.
    Not(Box<Expr>),
    /// A comparison of values; on lists, true when it holds for one of them.
    Compare { left: Box<Expr>, op: CmpOp, right: Box<Expr> },
    /// One of the names of the field, at the date of the event, is in the set. `text` is how the query wrote it.
    Named { names: Names, set: Arc<NameSet>, text: String },
    /// The kind of the event is one of these.
    KindIn { kinds: Arc<BTreeSet<String>>, text: String },
    /// The text starts so: `code under "19"`.
    Prefix { left: Box<Expr>, prefixes: Vec<String> },
    /// One of these values equals (folded, as `=` does).
    InList { left: Box<Expr>, list: Vec<Expr> },
    /// Between two ends, both included at their own precision; a missing end is open.
    InRange { left: Box<Expr>, from: Option<Box<Expr>>, to: Option<Box<Expr>> },
    /// One of the values of the first column of a query, which runs once. What the left side holds says whether texts are
    /// names, which are the same when they mean the same entry.
    InQuery { left: Box<Expr>, holds: FieldType, query: Arc<Node> },
    /// A date and a period.
    When { left: Box<Expr>, relation: Relation, period: PeriodExpr },
    /// Text against globs, regular expressions or words; true when one fits.
    Match { left: Box<Expr>, patterns: Vec<Pattern> },
    /// Two sides.
    Dyad(DyadTest),
    /// Missing?
    IsNull(Box<Expr>),
    /// True in some choice of the days in doubt.
    Possibly(Box<Expr>),
    /// True in every choice of the days in doubt.
    Certainly(Box<Expr>),
    /// The first that is not null.
    Coalesce(Vec<Expr>),
    /// Arithmetic on numbers, dates and durations, quantities of one unit.
    Arithmetic { left: Box<Expr>, op: ArithOp, right: Box<Expr>, span: Span },
    /// The negative.
    Negate(Box<Expr>, Span),
    /// The pairs of the states of the event, as records of [`dyad_columns`](super::plan::dyad_columns).
    Pairs { directed: bool },
    /// How well the summary meets what the query searches for.
    Score(Arc<Ranking>),
    /// A text with the words marked that meet one of the terms.
    Highlight(Box<Expr>, Arc<[Term]>),
    /// A function of the table.
    Call { function: Function, args: Vec<Expr>, span: Span },
}

/// Where names are looked for.
#[derive(Debug, Clone)]
pub(crate) enum Names {
    /// In a field of actors or places.
    Field(Field),
    /// In a column that came from such a field. Its date is that of the event, if there is one still.
    Column(usize),
}

/// The days that a date is held against.
#[derive(Debug, Clone)]
pub(crate) enum PeriodExpr {
    /// Known before the query runs.
    Days(Days),
    /// The days of another value.
    Of(Box<Expr>),
}

/// A compiled text pattern.
#[derive(Debug, Clone)]
pub(crate) enum Pattern {
    /// `like`: `*` any text, `?` any character; the whole value. The glob is folded, as the values are.
    Glob(Arc<str>),
    /// `matches`: a regular expression, compiled to ignore case; anywhere in the value as written, or without its marks.
    Regex(Arc<regex::Regex>),
    /// `~`: words, phrases, prefixes, exclusions.
    Search(Arc<Search>),
}

/// A search for words. A text fits when all terms of one of the alternatives are met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Search {
    /// As written.
    pub(crate) text: String,
    /// Alternatives, separated by `OR`.
    pub(crate) alternatives: Vec<Vec<Term>>,
}

/// A term of a search, on stems.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Term {
    /// `-`: must not be met.
    pub(crate) excluded: bool,
    /// The words, folded and stemmed, that must follow one another.
    pub(crate) words: Vec<String>,
    /// `*`: the last word (folded, not stemmed) need only start so.
    pub(crate) prefix: bool,
}

/// Two sides of an event. A party is a set of names: itself and everyone under it.
#[derive(Debug, Clone)]
pub(crate) enum DyadTest {
    /// Two different participants, one of each.
    Between(Arc<NameSet>, Arc<NameSet>),
    /// Visitor to host on mirrored kinds, else source to target.
    Directed { from: Option<Arc<NameSet>>, to: Option<Arc<NameSet>> },
    /// Different participants, one of each.
    Involving(Vec<Arc<NameSet>>),
}

impl Expr {
    /// A conjunction, flattened; true when there are none.
    pub(crate) fn and(parts: impl IntoIterator<Item = Expr>) -> Expr {
        let mut all = Vec::new();
        for part in parts {
            match part {
                Expr::And(inner) => all.extend(inner),
                Expr::Constant(Value::Bool(true)) => {}
                other => all.push(other),
            }
        }
        match all.len() {
            0 => Expr::Constant(Value::Bool(true)),
            1 => all.swap_remove(0),
            _ => Expr::And(all),
        }
    }
}
