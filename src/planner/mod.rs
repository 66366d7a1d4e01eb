//! Syntax tree to plan.
pub(crate) mod expression;
pub(crate) mod function;
pub(crate) mod plan;
