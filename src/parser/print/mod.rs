//! Syntax tree to canonical text, which reads back as the same tree.

mod expression;
mod statement;

/// A name as queries write it: in back-quotes where it needs them.
pub(crate) fn quoted_name(name: &str) -> String {
    expression::NameText(name).to_string()
}
