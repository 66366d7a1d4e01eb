//! Syntax tree to plan: bind, then optimize.
//!
//! | module | holds |
//! |---|---|
//! | [`bind`] | names to things: fields, kinds, actors, places; constants in the type of what they meet |
//! | [`expression`], [`function`], [`pattern`], [`plan`] | what binding makes |
//! | [`asked`] | which days a query asks about |
//! | [`columnar`] | which columns of sealed events an expression reads |
//! | [`optimizer`] | an ordered list of rewrites that keep the rows as they are |
//! | [`word_list`] | what text patterns can be met by in summaries |
//! | [`explain`], [`tree`], [`estimate`] | plans as text |
//! | [`later`] | what the grammar knows and the engine does not do yet |

mod asked;
pub(crate) mod bind;
pub(crate) mod columnar;
pub(crate) mod columns;
pub(crate) mod estimate;
pub(crate) mod explain;
pub(crate) mod expression;
pub(crate) mod function;
pub(crate) mod later;
pub(crate) mod notice;
pub(crate) mod optimizer;
pub(crate) mod pattern;
pub(crate) mod plan;
pub(crate) mod search;
pub(crate) mod tree;
mod word_list;
