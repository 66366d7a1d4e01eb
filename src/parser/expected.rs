//! What may stand at a place, in the words of whoever writes queries.

use super::keyword::{Role, words_of};

/// What a rule wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Expected {
    /// A word of the language.
    Keyword(&'static str),
    /// A bracket, an operator or other signs.
    Symbol(&'static str),
    /// A statement or a query.
    Statement,
    /// A query.
    Query,
    /// A stage of a pipeline.
    Stage,
    /// A kind of event, a view, a catalogue.
    Kind,
    /// A dyad.
    Dyad,
    /// A participant: a string, a parameter or a set.
    Party,
    /// A condition.
    Condition,
    /// An expression.
    Expression,
    /// A value: a list, a record, a range or an expression.
    Value,
    /// A value that an operator works on.
    Operand,
    /// A date, a range or `last` and a duration.
    Period,
    /// A comparison, with all other tests.
    Comparison,
    /// Arithmetic.
    Operator,
    /// What `in` looks into.
    Set,
    /// A field.
    Field,
    /// A name that is given here.
    Name,
    /// A name of a catalogue's entry, quoted or bare.
    Entry,
    /// A catalogue.
    Catalog,
    /// A topic of `show`.
    Topic,
    /// A change of `update`.
    Change,
    /// A string.
    String,
    /// A string or a parameter.
    Text,
    /// A parameter.
    Param,
    /// A whole number.
    Integer,
    /// A whole number or a parameter.
    Count,
    /// A number.
    Number,
    /// A date.
    Date,
    /// A duration such as `90 days`.
    Duration,
    /// A duration or a parameter.
    Span,
    /// A unit of time.
    Unit,
    /// What a number counts.
    Measure,
    /// `{ … }`
    Record,
    /// `[…]`, a step of a pattern.
    Step,
    /// An option of a pattern or a step.
    Option,
    /// The end of the text.
    End,
}

const COMPARISONS: &[&str] = &[
    "=", "!=", "<", "<=", ">", ">=", "==", "!==", "~", "!~", "in", "under", "like", "matches",
    "during", "overlaps", "before", "after", "is", "not",
];
const DYADS: &[&str] = &["between", "from", "to", "involving"];
const EXPRESSIONS: &[&str] =
    &["not", "between", "from", "to", "involving", "true", "false", "null"];

impl Expected {
    /// How a message calls it.
    pub fn describe(&self) -> String {
        match self {
            Expected::Keyword(word) => format!("`{word}`"),
            Expected::Symbol(signs) => format!("`{signs}`"),
            other => other.phrase().to_owned(),
        }
    }

    fn phrase(&self) -> &'static str {
        match self {
            Expected::Keyword(text) | Expected::Symbol(text) => text,
            Expected::Statement => "a query or a statement",
            Expected::Query => "a query",
            Expected::Stage => "a stage",
            Expected::Kind => "a kind of event",
            Expected::Dyad => "a dyad",
            Expected::Party => "a participant's name in quotes",
            Expected::Condition => "a condition",
            Expected::Expression => "an expression",
            Expected::Value | Expected::Operand => "a value",
            Expected::Period => "a date or a range",
            Expected::Comparison => "a comparison",
            Expected::Operator => "an operator",
            Expected::Set => "a set in parentheses or a range",
            Expected::Field => "a field",
            Expected::Name => "a name",
            Expected::Entry => "a name in quotes",
            Expected::Catalog => "a catalogue",
            Expected::Topic => "a topic",
            Expected::Change => "a change",
            Expected::String => "a string",
            Expected::Text => "a string or a parameter",
            Expected::Param => "a parameter",
            Expected::Integer => "a whole number",
            Expected::Count => "a whole number or a parameter",
            Expected::Number => "a number",
            Expected::Date => "a date",
            Expected::Duration | Expected::Span => "a duration such as `90 days`",
            Expected::Unit => "a unit of time",
            Expected::Measure => "a unit",
            Expected::Record => "a record in braces",
            Expected::Step => "a step in brackets",
            Expected::Option => "an option",
            Expected::End => "the end of the query",
        }
    }

    /// The words that it may begin with, as far as they are words of the language.
    pub fn words(&self) -> Vec<&'static str> {
        match self {
            Expected::Keyword(text) | Expected::Symbol(text) => vec![text],
            Expected::Statement => {
                words_of(Role::Statement).chain(["events", "sequence", "together"]).collect()
            }
            Expected::Query => vec!["events", "sequence", "together"],
            Expected::Kind => vec!["events"],
            Expected::Stage => words_of(Role::Stage).collect(),
            Expected::Dyad => DYADS.to_vec(),
            Expected::Condition | Expected::Expression | Expected::Value => EXPRESSIONS.to_vec(),
            Expected::Operand | Expected::Field | Expected::Set => vec!["true", "false", "null"],
            Expected::Period => vec!["last", "true", "false", "null"],
            Expected::Comparison => COMPARISONS.to_vec(),
            Expected::Catalog => {
                vec!["actor", "kind", "place", "document", "unit", "coverage"]
            }
            Expected::Topic => {
                vec!["history", "kinds", "fields", "views", "params", "functions", "stats"]
            }
            Expected::Change => vec!["set", "add", "remove", "unset"],
            Expected::Unit => words_of(Role::Unit).collect(),
            Expected::Option => vec!["by", "as", "times", "within"],
            Expected::Step => vec!["no", "maybe"],
            _ => Vec::new(),
        }
    }

    /// True for what is named only when nothing weightier is expected beside it.
    fn is_minor(self) -> bool {
        matches!(
            self,
            Expected::Measure
                | Expected::Unit
                | Expected::Operator
                | Expected::Dyad
                | Expected::Keyword(
                    "as" | "because"
                        | "fill"
                        | "spread"
                        | "nulls"
                        | "directed"
                        | "analyze"
                        | "possibly"
                )
                | Expected::Symbol(";" | "??" | "(" | "..")
        )
    }

    /// Where it stands in a list.
    fn rank(self) -> usize {
        match self {
            Expected::Symbol("|") => 3,
            Expected::Symbol(_) => 2,
            Expected::End => 4,
            Expected::Keyword(_) => 1,
            _ => 0,
        }
    }
}

/// The set as a phrase: `` `where`, `|` or the end of the query``.
pub(super) fn list(wanted: &[Expected]) -> String {
    let mut shown: Vec<Expected> = Vec::new();
    let spelt = |e: &Expected| {
        matches!(e, Expected::Catalog | Expected::Topic | Expected::Change | Expected::Option)
    };
    for expected in wanted {
        let words = if spelt(expected) { expected.words() } else { Vec::new() };
        if words.is_empty() {
            shown.push(*expected);
        }
        shown.extend(words.into_iter().map(Expected::Keyword));
    }
    if shown.contains(&Expected::Statement) {
        shown.retain(|e| *e != Expected::End);
    }
    if shown.iter().any(|e| !e.is_minor()) {
        shown.retain(|e| !e.is_minor());
    }
    shown.sort_by_key(|e| e.rank());
    let mut words: Vec<String> = Vec::new();
    for expected in &shown {
        let word = expected.describe();
        if !words.contains(&word) {
            words.push(word);
        }
    }
    match words.as_slice() {
        [] => "something else".to_owned(),
        [one] => one.clone(),
        [init @ .., last] => format!("{} or {last}", init.join(", ")),
    }
}
