//! Syntax tree to canonical text, which reads back as the same tree.

mod expression;
mod statement;
