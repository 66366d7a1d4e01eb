//! The syntax tree: what was written, before anything is known about the data.
//!
//! The node types bear the names of the rules in `grammar/query.ebnf`. Every node knows its place in the text ([`At`]);
//! two trees are equal when they say the same, wherever they stand.

use crate::error::Span;
use crate::model::Date;

/// A node and its place in the text. Equality looks at the node alone.
#[derive(Debug, Clone)]
pub struct At<T> {
    /// The node.
    pub node: T,
    /// Its place.
    pub span: Span,
}

impl<T> At<T> {
    /// A node at a place.
    pub const fn new(node: T, span: Span) -> Self {
        At { node, span }
    }
}

impl<T: PartialEq> PartialEq for At<T> {
    fn eq(&self, other: &Self) -> bool {
        self.node == other.node
    }
}

impl<T> std::ops::Deref for At<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.node
    }
}

/// A name as written, without back-quotes.
pub type Name = At<String>;
/// A string or a parameter.
pub type Text = At<TextKind>;
/// An expression.
pub type Expr = At<ExprKind>;
/// A value of a record, a list or a `let`.
pub type Value = At<ValueKind>;
/// A query.
pub type Query = At<QueryKind>;

/// What stands between two semicolons.
#[derive(Debug, Clone, PartialEq)]
pub enum Statement {
    /// `let $name = value`
    LetParam { name: Name, value: Value },
    /// `let name = query`
    LetQuery { name: Name, query: Query },
    /// `param $name: type = default`
    Param { name: Name, kind: Option<Name>, default: Option<Value> },
    /// `define view name as query`
    DefineView { name: Name, query: Query },
    /// `define actor "name" { … }`
    Define { catalog: At<Catalog>, name: Name, record: Record },
    /// `drop view name`
    DropView { name: Name },
    /// `drop actor "name"`
    Drop { catalog: At<Catalog>, name: Name },
    /// `insert kind { … }, { … }`
    Insert { kind: At<Kind>, records: Vec<Record> },
    /// `update kind where … set …`
    Update { target: UpdateTarget, changes: Vec<Change>, because: Option<Name> },
    /// `delete kind where …`
    Delete { kind: At<Kind>, dyad: Option<At<Dyad>>, condition: Expr, because: Option<Name> },
    /// `import "file" as format into kind { … }`
    Import { file: Text, format: Option<Name>, kind: Option<At<Kind>>, options: Option<Record> },
    /// `export (query) to "file" as format { … }`
    Export { query: Query, file: Text, format: Option<Name>, options: Option<Record> },
    /// `explain analyze statement`
    Explain { analyze: bool, statement: Box<At<Statement>> },
    /// `show …`
    Show(Show),
    /// A query.
    Query(Query),
}

/// A script: statements separated by semicolons.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Script {
    /// The statements, empty ones left out.
    pub statements: Vec<At<Statement>>,
}

/// The catalogues that `define` and `drop` know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Catalog {
    /// People, states, organisations.
    Actor,
    /// The tree of kinds.
    Kind,
    /// The tree of places.
    Place,
    /// What tells events.
    Document,
    /// Units of quantities.
    Unit,
    /// What stretches of time the data cover.
    Coverage,
}

/// What `update` changes.
#[derive(Debug, Clone, PartialEq)]
pub enum UpdateTarget {
    /// An entry of a catalogue.
    Entry { catalog: At<Catalog>, name: Name },
    /// Events.
    Events { kind: At<Kind>, dyad: Option<At<Dyad>>, condition: Expr },
}

/// One change of `update`.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// `set a = 1, b = 2`
    Set(Vec<Assign>),
    /// `add documents = […]`
    Add(Vec<Assign>),
    /// `remove documents = […]`
    Remove(Vec<Assign>),
    /// `unset a, b`
    Unset(Vec<At<Path>>),
}

/// What `show` shows.
#[derive(Debug, Clone, PartialEq)]
pub enum Show {
    /// `show history of 12`, of `"key"`, of `$id`
    History(At<HistoryOf>),
    /// `show kinds of visit`
    Topic { topic: At<Topic>, of: Option<At<Kind>> },
}

/// Whose history.
#[derive(Debug, Clone, PartialEq)]
pub enum HistoryOf {
    /// An event by id.
    Id(u64),
    /// An event by key.
    Key(String),
    /// By a parameter that holds either.
    Param(String),
}

/// The topics of `show`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// The tree of kinds.
    Kinds,
    /// Fields with their types.
    Fields,
    /// Saved views.
    Views,
    /// Parameters with their values.
    Params,
    /// Functions.
    Functions,
    /// Counts of the database.
    Stats,
}

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
    /// `together`
    Together,
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
