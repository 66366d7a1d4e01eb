//! The syntax tree: what was written, before anything is known about the data.
//!
//! The node types bear the names of the rules in `grammar/query.ebnf`. Every node knows its place in the text ([`At`]);
//! two trees are equal when they say the same, wherever they stand.

mod expression;
mod query;

pub(crate) use expression::*;
pub(crate) use query::*;

use crate::error::Span;

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
pub(crate) type Name = At<String>;
/// A string or a parameter.
pub(crate) type Text = At<TextKind>;
/// An expression.
pub(crate) type Expr = At<ExprKind>;
/// A value of a record, a list or a `let`.
pub(crate) type Value = At<ValueKind>;
/// A query.
pub(crate) type Query = At<QueryKind>;

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
#[allow(clippy::large_enum_variant, reason = "there is one in a statement")]
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
