//! Everything that is tested from outside, as one binary.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, missing_docs)]

mod api;
mod chronicle;
mod cli;
mod dates;
mod golden;
mod grammar;
mod import;
mod layers;
mod manual;
mod oracle;
mod storage;
mod support;
