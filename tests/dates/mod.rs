//! Claims about dates.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a claim that fails may panic anywhere

mod calendar;
mod corpus;
mod edtf;
mod phrases;
mod relations;
