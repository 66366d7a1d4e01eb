//! Whole processes of the command lines, from start to end, with the file in the system's cache.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::engine::Name;
use crate::error::{Error, Result};
use crate::measure::{Times, milliseconds};
use crate::question::Question;

/// The questions that are asked cold: a point, rows, an aggregate.
pub(crate) const ASKED: [&str; 3] = ["key", "actor-rows", "country-year"];

/// The times of one question; none when there is no such command on this machine.
pub(crate) fn times(
    engine: Name,
    database: &Path,
    question: &Question,
    id: u64,
    runs: usize,
    patience: Duration,
) -> Result<Option<Times>> {
    let Some(program) = program(engine) else { return Ok(None) };
    let (attache, sqlite, duckdb) = question.literal(id);
    let mut arguments: Vec<&str> = Vec::new();
    let file = database.to_string_lossy();
    match engine {
        Name::Attache => arguments.extend([&*file, "--read-only", "-c", &attache]),
        Name::Sqlite => arguments.extend(["-readonly", &*file, &sqlite]),
        Name::Duckdb => arguments.extend(["-readonly", &*file, "-csv", "-c", &duckdb]),
    }
    let run = || -> Result<f64> {
        let start = Instant::now();
        let status = Command::new(&program)
            .args(&arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()?;
        let time = milliseconds(start.elapsed());
        if status.success() {
            Ok(time)
        } else {
            Err(Error::said(format!("{} {} failed", program.display(), arguments.join(" "))))
        }
    };
    Times::of(runs, patience, run).map(|(times, _)| Some(times))
}

/// The command of an engine, when it is there.
fn program(engine: Name) -> Option<PathBuf> {
    let beside = std::env::current_exe().ok()?.with_file_name("attache-command");
    let program = match engine {
        Name::Attache => beside,
        Name::Sqlite => "sqlite3".into(),
        Name::Duckdb => "duckdb".into(),
    };
    let starts = Command::new(&program)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    starts.then_some(program)
}
