//! The command line.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

use crate::engine::Name;

/// Attaché beside SQLite and DuckDB on the same generated events: loads, asks, compares the answers, then measures.
#[derive(Debug, Parser)]
#[command(name = "bench", version, max_term_width = 100, args_conflicts_with_subcommands = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) task: Option<Task>,
    /// How many events: 500k, 5m, 50m or any number; several with commas
    #[arg(long, default_value = "500k", value_delimiter = ',', value_parser = count)]
    pub(crate) rows: Vec<u64>,
    /// Only these engines; Attaché's answers are compared with theirs
    #[arg(long, value_delimiter = ',', value_enum)]
    pub(crate) only: Vec<Name>,
    /// Only the questions whose short names have one of these parts
    #[arg(long, value_delimiter = ',')]
    pub(crate) questions: Vec<String>,
    /// Only these measures
    #[arg(long, value_delimiter = ',', value_enum)]
    pub(crate) measures: Vec<Measure>,
    /// Timed runs of each question, after one that is not timed
    #[arg(long, default_value_t = 7)]
    pub(crate) runs: usize,
    /// No further run of a question that has taken so many seconds
    #[arg(long, default_value_t = 30)]
    pub(crate) patience: u64,
    /// Where data and databases are kept for the next time [default: attache-bench in the system's temporary folder]
    #[arg(long)]
    pub(crate) dir: Option<PathBuf>,
    /// Make the databases of these engines anew, as after a change of Attaché
    #[arg(long, value_delimiter = ',', value_enum)]
    pub(crate) reload: Vec<Name>,
    /// Generate the CSV files and leave
    #[arg(long)]
    pub(crate) generate: bool,
    /// Write the tables into a file, between its markers; into the benchmark's README when none is named
    #[arg(
        long,
        value_name = "FILE",
        num_args = 0..=1,
        default_missing_value = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")
    )]
    pub(crate) write: Option<PathBuf>,
}

impl Args {
    /// The engines that take part, Attaché first.
    pub(crate) fn engines(&self) -> Vec<Name> {
        let mut engines = if self.only.is_empty() { Name::ALL.to_vec() } else { self.only.clone() };
        engines.sort_unstable();
        engines.dedup();
        engines
    }

    /// Is this measured?
    pub(crate) fn measures(&self, measure: Measure) -> bool {
        self.measures.is_empty() || self.measures.contains(&measure)
    }

    /// The folder of data and databases.
    pub(crate) fn dir(&self) -> PathBuf {
        self.dir.clone().unwrap_or_else(|| std::env::temp_dir().join("attache-bench"))
    }
}

/// What is measured besides the load.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Measure {
    /// Questions in one process, warm
    Warm,
    /// Whole processes of the command lines
    Cold,
    /// Durable inserts into a copy of the database
    Inserts,
}

/// What a child process does, so that its memory is that of one engine alone. It prints JSON.
#[derive(Debug, Subcommand)]
#[command(hide = true)]
pub(crate) enum Task {
    /// Makes a database
    #[command(hide = true)]
    Load { engine: Name, csv: PathBuf, database: PathBuf },
    /// Answers questions into a file
    #[command(hide = true)]
    Answer {
        engine: Name,
        database: PathBuf,
        rows: u64,
        to: PathBuf,
        #[arg(long, value_delimiter = ',')]
        questions: Vec<String>,
    },
    /// Times the same questions
    #[command(hide = true)]
    Time {
        engine: Name,
        database: PathBuf,
        rows: u64,
        runs: usize,
        patience: u64,
        #[arg(long, value_delimiter = ',')]
        questions: Vec<String>,
    },
    /// Enters events
    #[command(hide = true)]
    Insert { engine: Name, database: PathBuf, rows: u64 },
}

/// Reads `500k`, `5m`, `1234`.
fn count(text: &str) -> Result<u64, String> {
    let lower = text.to_lowercase();
    let (digits, factor) = match (lower.strip_suffix('k'), lower.strip_suffix('m')) {
        (Some(digits), _) => (digits, 1e3),
        (_, Some(digits)) => (digits, 1e6),
        _ => (lower.as_str(), 1.0),
    };
    let wrong = || format!("`{text}` is no number of events: 500k, 5m, 1234");
    let number: f64 = digits.replace('_', "").parse().map_err(|_| wrong())?;
    let number = number * factor;
    if !(1000.0..=1e9).contains(&number) {
        return Err("from a thousand events to a thousand million".to_owned());
    }
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "within the range above"
    )]
    Ok(number.round() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_have_suffixes() {
        assert_eq!(count("500k"), Ok(500_000));
        assert_eq!(count("0.5M"), Ok(500_000));
        assert_eq!(count("50m"), Ok(50_000_000));
        assert_eq!(count("12_345"), Ok(12_345));
        assert!(count("many").is_err() && count("0").is_err());
    }
}
