//! Expressions, literals, records and paths.

use super::{At, Dyad, Expr, Name, Query, Text, Value};
use crate::error::Span;
use crate::model::Date;

/// The forms of an expression.
#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    /// `a or b or c`: two or more.
    Or(Vec<Expr>),
    /// `a and b and c`: two or more.
    And(Vec<Expr>),
    /// `not a`
    Not(Box<Expr>),
    /// `between A and B` as a test.
    Dyad(Dyad),
    /// `a = b`
    Compare { left: Box<Expr>, op: At<CmpOp>, right: Box<Expr> },
    /// `a in (…)`
    In { left: Box<Expr>, negated: bool, set: At<InSet> },
    /// `a under ("x", "y")`
    Under { left: Box<Expr>, negated: bool, names: Vec<Text> },
    /// `a like "x*"`, `a matches r"x"`, `a ~ "words"`
    Match { left: Box<Expr>, negated: bool, how: MatchOp, patterns: Vec<Text> },
    /// `date during 2015`
    During { left: Box<Expr>, negated: bool, relation: Relation, period: At<Period> },
    /// `a is null`
    IsNull { left: Box<Expr>, negated: bool },
    /// `a ?? b`: two or more.
    Coalesce(Vec<Expr>),
    /// `a + b`
    Arithmetic { left: Box<Expr>, op: At<ArithOp>, right: Box<Expr> },
    /// `-a`
    Negate(Box<Expr>),
    /// A literal.
    Literal(Literal),
    /// `$name`
    Param(String),
    /// `name(args)`
    Call { name: Name, args: Vec<Expr> },
    /// A field.
    Path(Path),
}

/// Comparisons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CmpOp {
    /// `=`, folding case and marks, names resolved.
    Eq,
    /// `!=`
    Ne,
    /// `==`, exact.
    Same,
    /// `!==`
    NotSame,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
}

/// Arithmetic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ArithOp {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
    /// `%`
    Rem,
}

/// Ways to match text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MatchOp {
    /// `like`: glob.
    Like,
    /// `matches`: regular expression.
    Matches,
    /// `~`: words.
    Search,
}

/// Relations of a date and a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Relation {
    /// All of its days in the period.
    During,
    /// One shared day.
    Overlaps,
    /// All of its days before.
    Before,
    /// All of its days after.
    After,
}

/// What a date is held against.
#[derive(Debug, Clone, PartialEq)]
pub enum Period {
    /// `last 6 months`
    Last(Duration),
    /// `2014..2016`
    Range(Range),
    /// A date, a field, an expression.
    Expr(Box<Expr>),
}

/// What `in` looks into.
#[derive(Debug, Clone, PartialEq)]
pub enum InSet {
    /// `("a", "b")`
    Set(Vec<Expr>),
    /// `(events | select place)`
    Query(Box<Query>),
    /// `["a", "b"]`
    List(Vec<Value>),
    /// `2014..2016`
    Range(Range),
    /// `$set`
    Param(String),
}

/// `a..b`, `a..`, `..b`; at least one end is there.
#[derive(Debug, Clone, PartialEq)]
pub struct Range {
    /// Where it starts.
    pub from: Option<Box<Expr>>,
    /// Where it ends.
    pub to: Option<Box<Expr>>,
}

/// A string or a parameter.
#[derive(Debug, Clone, PartialEq)]
pub enum TextKind {
    /// A string.
    String(String),
    /// A parameter.
    Param(String),
}

/// A literal.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// `2015-06`, `@2015-06~`; a bare `2015` is a number.
    Date(Box<Date>),
    /// `90 days`, `1 year 6 months`
    Duration(Duration),
    /// `5 billion USD`, `20 helicopters`
    Quantity(Quantity),
    /// `2015`, `0.5`
    Number(Number),
    /// `"text"`
    String(String),
    /// `true`, `false`
    Bool(bool),
    /// `null`
    Null,
}

/// A number as written: whole when it has neither point nor exponent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Number {
    /// A whole number.
    Int(i64),
    /// Any other.
    Float(f64),
}

/// A written quantity.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity {
    /// How many.
    pub number: Number,
    /// `thousand`, `million` …
    pub scale: Option<Scale>,
    /// Of what: a unit or what is counted.
    pub measure: Option<String>,
}

/// Words for powers of a thousand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scale {
    /// 10³
    Thousand,
    /// 10⁶
    Million,
    /// 10⁹
    Billion,
    /// 10¹²
    Trillion,
}

/// A written duration: amounts with their units, in the order of writing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duration(pub Vec<(u64, Unit)>);

/// Units of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

/// `{ name: value, … }`. Equality does not look at places.
#[derive(Debug, Clone)]
pub struct Record {
    /// The fields in the order of writing.
    pub fields: Vec<(Name, Value)>,
    /// The whole record's place.
    pub span: Span,
}

impl PartialEq for Record {
    fn eq(&self, other: &Self) -> bool {
        self.fields == other.fields
    }
}

/// The forms of a value.
#[derive(Debug, Clone, PartialEq)]
pub enum ValueKind {
    /// `[a, b]`
    List(Vec<Value>),
    /// `{ a: 1 }`
    Record(Record),
    /// `3..4 billion USD`
    Range(Range),
    /// An expression.
    Expr(Expr),
}

/// A path to a field: `documents.publisher`, `?fatalities`, `tags[0]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    /// `?`: null where there is no such field, instead of an error.
    pub optional: bool,
    /// The first name.
    pub head: Name,
    /// What follows it.
    pub steps: Vec<PathStep>,
}

/// A step of a path.
#[derive(Debug, Clone, PartialEq)]
pub enum PathStep {
    /// `.name`
    Name(Name),
    /// `[0]`
    Index(usize),
}
