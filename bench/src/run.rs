//! The whole run: data, loads, comparison of answers, measures.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::args::{Args, Measure};
use crate::cell;
use crate::cold;
use crate::engine::Name;
use crate::error::{Error, Naming, Result};
use crate::generate::{Generator, SEED};
use crate::measure::Times;
use crate::question::{Question, questions};
use crate::task::{Answers, Copy, Inserts, Loaded, Warm, child, read_answers};

/// What one engine did on one number of events.
#[derive(Debug)]
pub(crate) struct Figures {
    pub(crate) loaded: Loaded,
    pub(crate) warm: Option<Warm>,
    /// By the name of the question; without those for which there is no command.
    pub(crate) cold: BTreeMap<&'static str, Times>,
    pub(crate) inserts: Option<Inserts>,
}

/// All engines on one number of events.
#[derive(Debug)]
pub(crate) struct Size {
    pub(crate) rows: u64,
    /// Bytes of the CSV file.
    pub(crate) csv: u64,
    pub(crate) engines: BTreeMap<Name, Figures>,
}

/// Does all that is asked for on one number of events.
pub(crate) fn size(args: &Args, rows: u64) -> Result<Option<Size>> {
    let dir = args.dir();
    std::fs::create_dir_all(&dir).of(&dir)?;
    let csv = dir.join(format!("events-{rows}.csv"));
    if !csv.exists() {
        tell(&format!("generating {}", csv.display()));
        Generator::new(SEED, rows)?.write(&csv)?;
    }
    if args.generate {
        return Ok(None);
    }
    let asked = questions(&args.questions)?;
    let mut engines = BTreeMap::new();
    for engine in args.engines() {
        let loaded = load(args, engine, rows, &csv)?;
        engines
            .insert(engine, Figures { loaded, warm: None, cold: BTreeMap::new(), inserts: None });
    }
    if args.measures(Measure::Warm) || args.measures(Measure::Cold) {
        compare(args, rows, &asked)?;
    }
    for (engine, figures) in &mut engines {
        let database = database(args, *engine, rows);
        if args.measures(Measure::Warm) {
            tell(&format!("timing {}", engine.title()));
            figures.warm = Some(warm(args, *engine, rows, &database)?);
        }
        if args.measures(Measure::Cold) {
            tell(&format!("starting {}", engine.title()));
            for question in asked.iter().filter(|q| cold::ASKED.contains(&q.name)) {
                let patience = Duration::from_secs(args.patience);
                let times =
                    cold::times(*engine, &database, question, rows / 2, args.runs, patience)?;
                if let Some(times) = times {
                    figures.cold.insert(question.name, times);
                }
            }
        }
        if args.measures(Measure::Inserts) {
            tell(&format!("inserting into {}", engine.title()));
            let copy = Copy::of(&database)?;
            let (path, rows) = (copy.path.to_string_lossy(), rows.to_string());
            figures.inserts = Some(child(&["insert", engine.word(), &path, &rows])?);
        }
    }
    Ok(Some(Size { rows, csv: std::fs::metadata(&csv).of(&csv)?.len(), engines }))
}

fn tell(what: &str) {
    eprintln!("bench: {what}");
}

fn database(args: &Args, engine: Name, rows: u64) -> PathBuf {
    args.dir().join(format!("events-{rows}.{}", engine.word()))
}

/// Makes the database, or takes the one that is there: the note beside it says that it is complete, and how it was made.
fn load(args: &Args, engine: Name, rows: u64, csv: &Path) -> Result<Loaded> {
    let database = database(args, engine, rows);
    let note = database.with_extension(format!("{}.json", engine.word()));
    if !args.reload.contains(&engine)
        && database.exists()
        && let Ok(text) = std::fs::read_to_string(&note)
        && let Ok(loaded) = serde_json::from_str::<Loaded>(&text)
    {
        if loaded.version != engine.version()? {
            let (title, word) = (engine.title(), engine.word());
            tell(&format!(
                "the database was made by {title} {}; `--reload {word}` makes it anew",
                loaded.version
            ));
        }
        return Ok(loaded);
    }
    tell(&format!("loading {rows} events into {}", engine.title()));
    for old in [&database, &note] {
        if old.exists() {
            std::fs::remove_file(old).of(old)?;
        }
    }
    let loaded: Loaded =
        child(&["load", engine.word(), &csv.to_string_lossy(), &database.to_string_lossy()])?;
    std::fs::write(&note, serde_json::to_string(&loaded)?).of(&note)?;
    Ok(loaded)
}

fn warm(args: &Args, engine: Name, rows: u64, database: &Path) -> Result<Warm> {
    let (path, rows) = (database.to_string_lossy(), rows.to_string());
    let (runs, patience) = (args.runs.to_string(), args.patience.to_string());
    let parts = chosen(args);
    let mut arguments = vec!["time", engine.word(), &path, &rows, &runs, &patience];
    arguments.extend(parts.iter().map(String::as_str));
    child(&arguments)
}

/// The choice of questions, as an argument.
fn chosen(args: &Args) -> Option<String> {
    (!args.questions.is_empty()).then(|| format!("--questions={}", args.questions.join(",")))
}

/// Asks all engines, and fails when two answer differently.
fn compare(args: &Args, rows: u64, asked: &[Question]) -> Result<()> {
    let mut first: Option<(Name, Answers)> = None;
    let mut wrong = Vec::new();
    for engine in args.engines() {
        tell(&format!("asking {}", engine.title()));
        let to = args.dir().join(format!("answers-{rows}.{}.json", engine.word()));
        let (path, file) = (database(args, engine, rows), to.to_string_lossy());
        let (path, number) = (path.to_string_lossy(), rows.to_string());
        let parts = chosen(args);
        let mut arguments = vec!["answer", engine.word(), &path, &number, &file];
        arguments.extend(parts.iter().map(String::as_str));
        child::<()>(&arguments)?;
        let answers = read_answers(&to)?;
        let Some((one, expected)) = &first else {
            first = Some((engine, answers));
            continue;
        };
        for ((question, expected), (_, answer)) in asked.iter().zip(expected).zip(&answers) {
            // What an engine cannot answer stands in the table.
            if let (Ok(expected), Ok(answer)) = (&expected.1, answer)
                && let Some(difference) = cell::difference(expected, answer)
            {
                wrong.push(format!(
                    "`{}`: {} and {} differ: {difference}\n  {}\n  {}",
                    question.name,
                    one.title(),
                    engine.title(),
                    question.attache.as_deref().unwrap_or("Database::get"),
                    if engine == Name::Sqlite { &question.sqlite } else { &question.duckdb },
                ));
            }
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(Error::said(wrong.join("\n"))) }
}
