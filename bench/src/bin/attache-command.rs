//! The command `attache`, built with the bench so that cold starts are those of the same build.

use std::process::ExitCode;

fn main() -> ExitCode {
    attache::cli::run()
}
