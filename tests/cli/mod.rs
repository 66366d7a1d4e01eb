//! The command, run as people run it.
//!
//! A case is a file of `cases/`: commands, and what they print.
//!
//! ```text
//! // what it shows
//! $ attache demo -c 'events where actr = "x"'
//! < a line of standard input
//! > a line of standard output
//! ! a line of standard error
//! ? 1
//! ```
//!
//! The commands of a file run one after another, by `sh`, in a folder of their own, so that they may use pipes and
//! make files. `? 0` is left out. `$FIXTURES` is the folder of that name. Times are masked as `(TIME)`, those of an analysis as `TIME`, the folder as
//! `[DIR]`, this program as `(PROGRAM)`. With `ATTACHE_BLESS=1` what the commands print becomes what is expected; look at the difference then.

pub(crate) mod case;
mod prompt;
mod scripts;
