//! What the grammar knows and the engine does not do yet: one table, which grows shorter.

use crate::error::{Diagnostic, Error, Span};

/// A construct of the grammar that is not carried out yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Later {
    AsOf,
    Update,
    Export,
    History,
}

/// Each with its words and with what can be done instead today.
const TABLE: &[(Later, &str, &str)] = &[
    (
        Later::AsOf,
        "`as of`",
        "the history is already recorded; leave `as of` out to see the present state",
    ),
    (
        Later::Update,
        "`update`",
        "`delete` the event and `insert` it anew, or `define` the entry again",
    ),
    (Later::Export, "the statement `export`", "run the query with `--format csv -o FILE`"),
    (Later::History, "`show history`", "every version is already recorded"),
];

/// Functions of the language that are not there yet.
const FUNCTIONS: &[&str] = &["disputed", "claims"];

impl Later {
    /// Is it the name of a function that comes later?
    pub(crate) fn is_function(name: &str) -> bool {
        FUNCTIONS.iter().any(|f| f.eq_ignore_ascii_case(name))
    }

    /// The error for the use of such a function at `span`.
    pub(crate) fn function_error(name: &str, span: Span) -> Error {
        Diagnostic::new(
            "not-available",
            format!("the function `{name}` is not available yet"),
            span,
        )
        .label("not available yet")
        .help("`show functions` lists those that are")
        .bind()
    }

    /// The error for its use at `span`.
    pub(crate) fn error(self, span: Span) -> Error {
        let (what, instead) = TABLE
            .iter()
            .find(|(later, ..)| *later == self)
            .map_or(("this", "leave it out"), |(_, what, instead)| (*what, *instead));
        Diagnostic::new("not-available", format!("{what} is not available yet"), span)
            .label("not available yet")
            .help(instead)
            .bind()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_comes_later_has_its_words() {
        for later in [Later::AsOf, Later::Update, Later::Export, Later::History] {
            assert!(TABLE.iter().any(|(l, ..)| *l == later), "{later:?}");
        }
    }
}
