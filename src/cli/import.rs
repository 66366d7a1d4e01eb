//! `attache import`: files into a database, with progress while it goes on and a sum at the end.

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use indicatif::{HumanCount, HumanFloatCount, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::args::{DateOrder, ImportArgs};
use super::open::{self, Purpose};
use super::output::{Output, say};
use super::signal::Run;
use super::{Ended, ended, status};
use crate::export::on_screen;
use crate::{Database, ImportOptions, ImportReport, Progress, Result};

/// The most stretches of days that are told one by one.
const STRETCHES: usize = 6;

/// How often the line of progress is drawn anew.
const REDRAWS_PER_SECOND: u8 = 5;

/// Reads all files in, one after the other; one that cannot be read does not hinder those behind it.
pub(super) fn run(args: &ImportArgs) -> Ended {
    // A check of what would be the first import makes no database.
    let file = Some(args.file.as_path()).filter(|file| !args.check || file.exists());
    let purpose = if args.check { Purpose::Read } else { Purpose::Write };
    let db = open::for_statements(file, purpose, args.check)?;
    let mut output = Output::stdout();
    let mut worst = status::DONE;
    for (at, data) in args.data.iter().enumerate() {
        let started = Instant::now();
        let run = Run::begin();
        let status = match import(&db, data, numbered_rejects(&db, args, at), args, &run) {
            Ok(report) => {
                let told = output.text(&(told(&report) + "\n"));
                told.map_err(|error| ended(&error, status::FAILED))?;
                details(&report);
                if io::stderr().is_terminal() {
                    say(&rate(&report, started.elapsed()));
                }
                of_report(&report, args.allow_rejects)
            }
            Err(error) => ended(&error, status::of(&error)),
        };
        worst = status::worse(worst, status);
        if status == status::CANCELLED {
            break;
        }
    }
    db.close().map_err(|error| ended(&error, status::FAILED))?;
    Ok(worst)
}

fn import(
    db: &Database,
    data: &Path,
    rejects: Option<PathBuf>,
    args: &ImportArgs,
    run: &Run,
) -> Result<ImportReport> {
    let bar = Bar::new();
    let options = ImportOptions {
        format: args.format,
        mapping: mapping(args),
        kind: args.kind.clone(),
        check: args.check,
        rejects,
        cancel: run.token(),
        progress: Some(Box::new(bar.clone().told())),
    };
    let report = db.import(data, options);
    bar.0.finish_and_clear();
    report
}

/// The mapping as asked: a field that is given again has several columns.
fn mapping(args: &ImportArgs) -> Vec<(String, Vec<String>)> {
    let mut mapping: Vec<(String, Vec<String>)> = Vec::new();
    for (field, column) in &args.map {
        match mapping.iter_mut().find(|(name, _)| name == field) {
            Some((_, columns)) => columns.push(column.clone()),
            None => mapping.push((field.clone(), vec![column.clone()])),
        }
    }
    let order = args.dates.map(|order| match order {
        DateOrder::Dmy => "dmy",
        DateOrder::Mdy => "mdy",
    });
    mapping.extend(order.map(|order| ("dates".to_owned(), vec![order.to_owned()])));
    mapping
}

/// The file of rejected rows of the file at a place. Files that would share one have each their own, with a number.
fn numbered_rejects(db: &Database, args: &ImportArgs, at: usize) -> Option<PathBuf> {
    let path = rejects_path(db, args, args.data.get(at)?)?;
    let earlier = args.data.iter().take(at);
    let same = earlier.filter(|data| rejects_path(db, args, data).as_ref() == Some(&path)).count();
    if same == 0 {
        return Some(path);
    }
    let mut path = path.into_os_string();
    path.push(format!(".{}", same + 1));
    Some(path.into())
}

/// The file of rejected rows: as asked, else beside the database. A check leaves none unasked.
fn rejects_path(db: &Database, args: &ImportArgs, data: &Path) -> Option<PathBuf> {
    if args.rejects.is_some() || args.check {
        return args.rejects.clone();
    }
    db.rejects_path(data)
}

/// The line that is the answer: what became of the rows.
pub(super) fn told(report: &ImportReport) -> String {
    let formats: Vec<&str> = report.formats.iter().map(|format| format.word()).collect();
    let import = match report.import {
        Some(number) => format!("import {number}"),
        None if report.check => "a check, nothing is written".to_owned(),
        None => "nothing new".to_owned(),
    };
    on_screen(&format!("{}: {report} ({import}, {})", report.file, formats.join(", ")))
}

/// How long it took.
fn rate(report: &ImportReport, took: Duration) -> String {
    let rows = report.counts.read.saturating_sub(report.resumed) as f64;
    let seconds = took.as_secs_f64();
    format!("{seconds:.1} s, {} rows/s", HumanFloatCount((rows / seconds.max(1e-3)).round()))
}

/// What there is to say besides.
pub(super) fn details(report: &ImportReport) {
    if let [first, .., last] = report.coverage.as_slice()
        && report.coverage.len() > STRETCHES
    {
        let count = report.coverage.len();
        say(&format!("covers {count} stretches of days from {} to {}", first.first, last.last));
    } else if !report.coverage.is_empty() {
        let stretches: Vec<String> = report
            .coverage
            .iter()
            .map(|days| {
                if days.is_one() {
                    days.first.to_string()
                } else {
                    format!("{}/{}", days.first, days.last)
                }
            })
            .collect();
        say(&format!("covers {}", stretches.join(", ")));
    }
    if report.resumed > 0 {
        let rows = HumanCount(report.resumed);
        say(&format!("note: {rows} rows were in from a run that was cut off"));
    }
    for note in &report.notes {
        say(&on_screen(&format!("note: {note}")));
    }
    for rejected in &report.rejected {
        say(&on_screen(&format!("rejected: {rejected}")));
    }
    let more = report.counts.rejected.saturating_sub(report.rejected.len() as u64);
    if more > 0 {
        say(&format!("… and {} more rejected rows", HumanCount(more)));
    }
    if let Some(path) = &report.rejects {
        say(&on_screen(&format!("all rejected rows, with their reasons: {}", path.display())));
    }
    if report.cancelled {
        say("cancelled; what was read so far is in, and the same command goes on from there");
    }
}

/// The exit status of an import.
pub(super) fn of_report(report: &ImportReport, allow_rejects: bool) -> u8 {
    if report.cancelled {
        status::CANCELLED
    } else if report.counts.rejected > 0 && !allow_rejects {
        status::REJECTED
    } else {
        status::DONE
    }
}

/// The line of progress on standard error; nothing where that is no terminal.
#[derive(Clone)]
struct Bar(ProgressBar);

impl Bar {
    fn new() -> Bar {
        let bar = ProgressBar::with_draw_target(
            None,
            ProgressDrawTarget::stderr_with_hz(REDRAWS_PER_SECOND),
        );
        Bar(bar)
    }

    /// What is told of the progress, drawn.
    fn told(self) -> impl FnMut(&Progress) {
        let started = Instant::now();
        move |progress| {
            let Bar(bar) = &self;
            if bar.length().is_none() {
                bar.set_style(style(progress.total.is_some()));
                if let Some(total) = progress.total {
                    bar.set_length(total);
                }
            }
            let rows = progress.rows;
            let rate = (rows.saturating_sub(progress.resumed)) as f64
                / started.elapsed().as_secs_f64().max(1e-3);
            bar.set_message(format!(
                "{} rows, {}/s",
                HumanCount(rows),
                HumanFloatCount(rate.round())
            ));
            bar.set_position(progress.bytes);
        }
    }
}

/// With a bar and the time left where the length is known.
fn style(known: bool) -> ProgressStyle {
    let template = if known {
        "{bar:30} {percent:>3} % {msg}, {eta} left"
    } else {
        "{spinner} {msg}, {elapsed}"
    };
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_templates_are_sound() {
        for template in [true, false] {
            let _ = style(template);
        }
    }
}
