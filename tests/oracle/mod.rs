//! Answers held against a naive oracle: the same condition, worked out event by event and choice by choice.
//!
//! | module | holds |
//! |---|---|
//! | [`world`] | all events and catalogues of a database in plain structs, and what names mean in it |
//! | [`condition`] | a small language of conditions: printed as a query, evaluated by brute force |
//! | [`random`] | random events, catalogues and conditions from a seed |
//! | [`answers`] | conditions against the engine, with its optimizers and without |
//! | [`pipelines`] | stages against the engine |
//! | [`filled`] | `fill`, `spread` and coverage, day by day |
//! | [`columns`] | sealed events by their columns against the same by their records |
//! | [`unfold`] | rows out of one row, and queries within conditions |
//! | [`search`] | searches of summaries against the engine |
//! | [`sequences`] | patterns of events against every combination of events |
//! | [`history`] | a database whose events are sealed and its twin whose events are not, with one history |
//! | [`sealed`] | all of this on sealed events, and aggregates by every kind of key |
//!
//! The oracle shares the types of the records with the engine, and none of its code that decides anything. A failure
//! tells its seed; `ATTACHE_SEED=7 ATTACHE_CASES=20000` runs others and more.

mod answers;
mod columns;
mod condition;
mod filled;
mod history;
mod pipelines;
mod random;
mod sealed;
mod search;
mod sequences;
mod unfold;
mod world;
