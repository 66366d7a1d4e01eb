//! The traps of each data set, sprung through an import and looked at through queries.

mod acled;
mod cameo;
mod dictionary;
mod gdelt;
mod icews;
mod others;
mod ucdp;
