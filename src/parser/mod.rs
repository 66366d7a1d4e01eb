//! Text to syntax tree.
//!
//! The rule functions bear the names of the rules in `grammar/query.ebnf`, in snake case, and read as these are read:
//! the first alternative that matches is taken.

pub(crate) mod ast;
mod chain;
mod condition;
mod diagnose;
pub(crate) mod edtf;
mod expected;
mod expression;
mod habit;
mod input;
mod keyword;
mod lexeme;
mod literal;
mod pattern;
pub(crate) mod phrase;
mod print;
mod query;
mod stage;
mod statement;
mod text;
mod token;
mod value;

use nom::Err;

use self::ast::{At, Query, Script, Statement};
use self::input::{Fault, Input, Parsed, State};
use self::lexeme::skip;
use crate::error::{Diagnostic, Error, Result, Span};

pub use self::expected::Expected;
pub use self::input::Limits;
pub use self::keyword::{Keyword, Role, keywords};
pub(crate) use self::print::quoted_name;
pub use self::token::{Token, TokenKind, tokens};

/// Reads a script: statements separated by `;`.
pub fn parse_script(text: &str) -> Result<Script> {
    parse_script_limited(text, &Limits::default())
}

/// Reads a script within the limits.
pub fn parse_script_limited(text: &str, limits: &Limits) -> Result<Script> {
    run(text, *limits, statement::script)
}

/// Reads one statement, with or without a `;` behind it.
pub fn parse_statement(text: &str) -> Result<At<Statement>> {
    let script = parse_script(text)?;
    let mut statements = script.statements.into_iter();
    match (statements.next(), statements.next()) {
        (Some(one), None) => Ok(one),
        (_, Some(second)) => Err(Diagnostic::new(
            "several-statements",
            "expected one statement, found another",
            second.span,
        )
        .help("run them as a script")
        .syntax()),
        (None, _) => Err(nothing("a query or a statement", text)),
    }
}

/// Reads one query, with or without a `;` behind it.
pub fn parse_query(text: &str) -> Result<Query> {
    let statement = parse_statement(text)?;
    if let Statement::Query(query) = statement.node {
        return Ok(query);
    }
    let word = text.get(statement.span.start..).unwrap_or_default();
    let word = word.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let message = format!("expected a query, found a statement: `{word}`");
    let span = Span::new(statement.span.start, statement.span.start + word.len());
    Err(Diagnostic::new("not-a-query", message, span)
        .help("run it as a statement or as part of a script")
        .syntax())
}

/// What may stand at an offset of a text, where all before it is right; the word that the offset touches is left out.
pub fn expected_at(text: &str, cursor: usize) -> Vec<Expected> {
    let before = token::before_word(text, cursor);
    let state = State::new(before, Limits::default());
    let parsed = statement::script(Input::new(&state)).and_then(|(rest, _)| end(rest));
    let failed = matches!(parsed, Err(Err::Failure(_)));
    // What stopped earlier is an error that no completion mends.
    if failed || state.furthest.get() < before.len() {
        return Vec::new();
    }
    let mut wanted = Vec::new();
    for expected in state.wanted.take() {
        if !wanted.contains(&expected) {
            wanted.push(expected);
        }
    }
    wanted
}

/// The end of the text; also wanted where it is reached, for whoever asks what may follow.
fn end(input: Input<'_>) -> Parsed<'_, ()> {
    let (rest, ()) = skip(input)?;
    rest.state.want(rest.at, Expected::End);
    if rest.rest.is_empty() { Ok((rest, ())) } else { Err(Err::Error(Fault(None))) }
}

fn nothing(wanted: &str, text: &str) -> Error {
    let at = Span::new(text.len(), text.len());
    let message = format!("expected {wanted}, found the end of the text");
    let mut diagnostic = Diagnostic::new("unexpected-end", message, at);
    diagnostic.incomplete = true;
    diagnostic.syntax()
}

/// Runs a rule over the whole text.
fn run<T>(text: &str, limits: Limits, rule: for<'a> fn(Input<'a>) -> Parsed<'a, T>) -> Result<T> {
    let state = State::new(text, limits);
    let parsed = rule(Input::new(&state)).and_then(|(rest, node)| end(rest).map(|_| node));
    match parsed {
        Ok(node) => Ok(node),
        Err(Err::Failure(Fault(Some(diagnostic)))) => Err(Error::Syntax(diagnostic)),
        Err(_) => Err(diagnose::diagnose(&state).syntax()),
    }
}
