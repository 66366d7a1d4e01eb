//! Attaché beside SQLite and DuckDB: the same events, the same questions, compared answers, and what each took.
//!
//! The parent generates and tells children what to do, one engine a process; `README.md` says what is measured.

mod args;
mod cell;
mod cold;
mod engine;
mod error;
mod generate;
mod machine;
mod measure;
mod question;
mod readme;
mod run;
mod table;
mod task;
mod vocabulary;

use std::process::ExitCode;

use clap::Parser;

use args::Args;
use engine::Name;
use error::Result;

/// As the command of Attaché has it. The peers, which are C and C++, keep their own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let mut args = Args::parse();
    let done = match args.task.take() {
        Some(task) => task::perform(task),
        None => whole(&args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Everything that was asked for, and its tables.
fn whole(args: &Args) -> Result<()> {
    let engines = args.engines();
    let mut tables = machine::describe(&engines, args.runs)? + "\n";
    let asked = question::questions(&args.questions)?;
    let mut sizes = Vec::new();
    for rows in &args.rows {
        let Some(size) = run::size(args, *rows)? else { continue };
        tables.push_str(&table::of_size(&size, &asked, args.runs));
        sizes.push(size);
    }
    if sizes.is_empty() {
        return Ok(());
    }
    if sizes.len() > 1 && engines.contains(&Name::Attache) {
        tables.push_str(&table::growth(&sizes, &asked, args.runs));
    }
    print!("{tables}");
    args.write.as_deref().map_or(Ok(()), |path| readme::write(path, &tables))
}
