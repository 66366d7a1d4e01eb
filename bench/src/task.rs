//! What a child process does for one engine, and what it says to its parent.

use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::args::Task;
use crate::cell::{self, Answer};
use crate::engine::Name;
use crate::error::{Error, Naming, Result};
use crate::generate::{Generator, Row, SEED};
use crate::measure::{Times, milliseconds, peak_memory};
use crate::question::{Question, questions};

/// How many events a run of a lookup looks up.
const LOOKUPS: usize = 200;
/// How many transactions of one event are timed.
const SINGLE: usize = 100;
/// How many transactions of a thousand events are timed.
const BATCHES: usize = 30;
/// The events of a batch.
pub(crate) const BATCH: usize = 1000;

/// What became of a load.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Loaded {
    pub(crate) version: String,
    pub(crate) seconds: f64,
    pub(crate) bytes: u64,
    /// The most memory of the process that loaded.
    pub(crate) peak: u64,
}

/// A question that was timed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Timed {
    pub(crate) times: Times,
    pub(crate) rows: u64,
}

/// All that were timed in one process; what an engine cannot do is said in words.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Warm {
    pub(crate) questions: Vec<(String, std::result::Result<Timed, String>)>,
    pub(crate) peak: u64,
}

/// Durable inserts: milliseconds of a transaction.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Inserts {
    pub(crate) single: Times,
    pub(crate) batch: Times,
}

/// Answers by the names of the questions.
pub(crate) type Answers = Vec<(String, std::result::Result<Answer, String>)>;

/// Carries a task out and prints what it found.
pub(crate) fn perform(task: Task) -> Result<()> {
    match task {
        Task::Load { engine, csv, database } => say(&load(engine, &csv, &database)?),
        Task::Answer { engine, database, rows, to, questions } => {
            answer(engine, &database, rows, &to, &questions)?;
            say(&())
        }
        Task::Time { engine, database, rows, runs, patience, questions } => {
            let patience = Duration::from_secs(patience);
            say(&time(engine, &database, rows, runs, patience, &questions)?)
        }
        Task::Insert { engine, database, rows } => say(&insert(engine, &database, rows)?),
    }
}

/// Starts a child of this program and reads what it says.
pub(crate) fn child<T: DeserializeOwned>(arguments: &[&str]) -> Result<T> {
    let output =
        Command::new(std::env::current_exe()?).args(arguments).stderr(Stdio::inherit()).output()?;
    if !output.status.success() {
        return Err(Error::said(format!("`bench {}` failed", arguments.join(" "))));
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// Reads the answers that a child has written, and removes their file.
pub(crate) fn read_answers(path: &Path) -> Result<Answers> {
    let answers = serde_json::from_reader(BufReader::new(File::open(path).of(path)?))?;
    std::fs::remove_file(path).of(path)?;
    Ok(answers)
}

fn say<T: Serialize>(what: &T) -> Result<()> {
    println!("{}", serde_json::to_string(what)?);
    Ok(())
}

fn load(engine: Name, csv: &Path, database: &Path) -> Result<Loaded> {
    let start = Instant::now();
    engine.load(csv, database)?;
    let seconds = start.elapsed().as_secs_f64();
    let bytes = std::fs::metadata(database).of(database)?.len();
    Ok(Loaded { version: engine.version()?, seconds, bytes, peak: peak_memory()? })
}

/// The numbers that are looked up: the same for all engines.
fn ids(rows: u64) -> Vec<u64> {
    let mut rng = ChaCha8Rng::seed_from_u64(SEED);
    (0..LOOKUPS).map(|_| rng.random_range(1..=rows)).collect()
}

fn answer(engine: Name, database: &Path, rows: u64, to: &Path, parts: &[String]) -> Result<()> {
    let mut open = engine.open(database, false)?;
    let ids = ids(rows);
    let mut answers = Answers::new();
    for question in questions(parts)? {
        let answer = open.answer(&question, &ids).map_err(|error| error.to_string());
        let answer = answer.map(|mut answer| {
            cell::sort(&mut answer);
            answer
        });
        answers.push((question.name.to_owned(), answer));
    }
    Ok(serde_json::to_writer(BufWriter::new(File::create(to).of(to)?), &answers)?)
}

fn time(
    engine: Name,
    database: &Path,
    rows: u64,
    runs: usize,
    patience: Duration,
    parts: &[String],
) -> Result<Warm> {
    let mut open = engine.open(database, false)?;
    let ids = ids(rows);
    let per = |question: &Question| if question.lookup { ids.len() as f64 } else { 1.0 };
    let mut timed = Vec::new();
    for question in questions(parts)? {
        let outcome = Times::of(runs, patience, || open.take(&question, &ids))
            .map(|(times, rows)| Timed { times: times.per(per(&question)), rows })
            .map_err(|error| error.to_string());
        timed.push((question.name.to_owned(), outcome));
    }
    Ok(Warm { questions: timed, peak: peak_memory()? })
}

fn insert(engine: Name, database: &Path, rows: u64) -> Result<Inserts> {
    let mut open = engine.open(database, true)?;
    let mut more = Generator::after(rows)?;
    let mut times = |count: usize, size: usize| -> Result<Times> {
        let mut runs = Vec::with_capacity(count);
        for run in 0..=count {
            let rows: Vec<Row> = more.by_ref().take(size).collect();
            let time = open.insert(&rows)?;
            // The first warms up.
            if run > 0 {
                runs.push(milliseconds(time));
            }
        }
        Ok(Times { runs })
    };
    Ok(Inserts { single: times(SINGLE, 1)?, batch: times(BATCHES, BATCH)? })
}

/// A copy of a database, gone when this is dropped.
pub(crate) struct Copy {
    pub(crate) path: PathBuf,
}

impl Copy {
    /// Copies a closed database.
    pub(crate) fn of(database: &Path) -> Result<Copy> {
        let path = database.with_file_name("inserts.copy");
        let copy = Copy { path };
        std::fs::copy(database, &copy.path).of(database)?;
        Ok(copy)
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        for end in ["", "-wal", "-shm", ".wal"] {
            let mut path = self.path.clone().into_os_string();
            path.push(end);
            // Whichever of them the engine has made.
            let _ = std::fs::remove_file(path);
        }
    }
}
