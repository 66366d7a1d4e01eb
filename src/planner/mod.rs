//! Syntax tree to plan: bind, then optimize.
//!
//! | module | holds |
//! |---|---|
//! | [`bind`] | names to things: fields, kinds, actors, places; constants in the type of what they meet |
//! | [`expression`], [`function`], [`pattern`], [`plan`] | what binding makes |
//! | [`parts`] | what expressions and operators are made of, to walk through them |
//! | [`asked`] | which days a query asks about |
//! | [`columnar`] | which columns of sealed events an expression reads |
//! | [`optimizer`] | an ordered list of rewrites that keep the rows as they are |
//! | [`subquery`] | queries within conditions, optimized as those that stand alone |
//! | [`told`] | queries of which columns tell every row |
//! | [`unfold`] | groupings of pairs and exploded names, as groupings of events |
//! | [`word_list`] | what text patterns can be met by in summaries |
//! | [`ranking`] | how much each word of a search weighs |
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
mod parts;
pub(crate) mod pattern;
pub(crate) mod plan;
pub(crate) mod ranking;
pub(crate) mod search;
mod subquery;
mod told;
pub(crate) mod tree;
mod unfold;
mod word_list;
