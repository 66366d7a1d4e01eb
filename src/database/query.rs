//! A statement that has been read.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use crate::error::{Diagnostic, Error, Result, Span};
use crate::parser::ast::{At, Statement};
use crate::parser::{self, TokenKind};

/// A statement that has been read: a query or any other. Owned, and independent of any database.
///
/// Its [`Display`](fmt::Display) prints canonical text.
///
/// # Examples
///
/// ```
/// let query: attache::Query = "events   WHERE year>=2015".parse()?;
/// assert_eq!(query.to_string(), "events where year >= 2015");
/// # Ok::<(), attache::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    statement: Arc<At<Statement>>,
    parameters: Arc<[String]>,
}

impl Query {
    /// The statements of a script, each with its own span in `text`. Errors of a statement point into `text`, too.
    ///
    /// # Errors
    /// [`Error::Syntax`] for the first mistake.
    ///
    /// # Examples
    ///
    /// ```
    /// let script = attache::Query::script("let $y = 2015; events where year = $y")?;
    /// assert_eq!(script.len(), 2);
    /// # Ok::<(), attache::Error>(())
    /// ```
    pub fn script(text: &str) -> Result<Vec<(Query, Span)>> {
        let script = parser::parse_script(text)?;
        Ok(script
            .statements
            .into_iter()
            .map(|statement| {
                let span = statement.span;
                let source = text.get(span.start..span.end).unwrap_or_default();
                (Query { parameters: parameters_of(source), statement: Arc::new(statement) }, span)
            })
            .collect())
    }

    /// The names of the parameters that it mentions, without the `$`, sorted.
    pub fn parameters(&self) -> &[String] {
        &self.parameters
    }

    /// Does it only read? `let`, `param`, `show` and `explain` do.
    pub fn is_read_only(&self) -> bool {
        !matches!(
            self.statement.node,
            Statement::DefineView { .. }
                | Statement::Define { .. }
                | Statement::DropView { .. }
                | Statement::Drop { .. }
                | Statement::Insert { .. }
                | Statement::Update { .. }
                | Statement::Delete { .. }
                | Statement::Import { .. }
        )
    }

    /// Does it read a file in, in batches that it commits itself?
    pub(super) fn is_import(&self) -> bool {
        matches!(self.statement.node, Statement::Import { .. })
    }

    /// The statement behind `explain analyze`.
    pub(super) fn analyzed(&self) -> Query {
        let At { span, .. } = *self.statement;
        let statement = Box::new(At::clone(&self.statement));
        let node = Statement::Explain { analyze: true, statement };
        Query { statement: Arc::new(At { node, span }), parameters: Arc::clone(&self.parameters) }
    }

    /// The tree.
    pub(crate) fn statement(&self) -> &At<Statement> {
        &self.statement
    }
}

impl FromStr for Query {
    type Err = Error;

    /// Reads one statement.
    fn from_str(text: &str) -> Result<Query> {
        let mut statements = Query::script(text)?;
        match (statements.pop(), statements.pop()) {
            (Some((query, _)), None) => Ok(query),
            (Some((_, second)), Some(_)) => Err(Diagnostic::new(
                "one-statement",
                "one statement is wanted here, not several",
                second,
            )
            .label("another statement")
            .help("run several with `execute`, or one after the other")
            .syntax()),
            (None, _) => {
                Err(Diagnostic::new("empty", "there is no statement", Span::new(0, text.len()))
                    .label("nothing to run")
                    .help("write a query: `events where year >= 2015`")
                    .syntax())
            }
        }
    }
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.statement.node.fmt(f)
    }
}

fn parameters_of(source: &str) -> Arc<[String]> {
    let names: BTreeSet<String> = parser::tokens(source)
        .into_iter()
        .filter(|token| token.kind == TokenKind::Parameter)
        .filter_map(|token| source.get(token.span.start..token.span.end))
        .map(|text| text.trim_start_matches('$').to_owned())
        .collect();
    names.into_iter().collect()
}
