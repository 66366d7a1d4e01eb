//! The command `attache`, built with the bench so that cold starts are those of the same build.

use std::process::ExitCode;

/// As the command has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    attache::cli::run()
}
