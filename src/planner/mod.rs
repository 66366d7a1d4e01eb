//! Syntax tree to plan.
pub(crate) mod columns;
pub(crate) mod expression;
pub(crate) mod function;
pub(crate) mod plan;
pub(crate) mod search;
