//! The command `attache`.

use std::process::ExitCode;

/// An import frees in one thread what another has made, at which the system's allocator is slow.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    attache::cli::run()
}
