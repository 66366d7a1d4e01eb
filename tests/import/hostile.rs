//! Files that are no event files, broken ones, and ones that mean ill: told with a remedy, and nothing is lost.

mod cut_short;
mod foreign;
mod limits;
mod mapping;
mod rejects;
mod rows;
