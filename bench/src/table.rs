//! The tables, in Markdown.

use crate::engine::Name;
use crate::measure::Times;
use crate::question::Question;
use crate::run::{Figures, Size};
use crate::task::{BATCH, Timed};

/// All tables of one number of events.
pub(crate) fn of_size(size: &Size, asked: &[Question], runs: usize) -> String {
    let mut text = format!("### {} events, CSV of {}\n\n", thousands(size.rows), bytes(size.csv));
    if size.engines.values().any(|figures| figures.warm.is_some()) {
        text.push_str(&warm(size, asked, runs));
    }
    text.push_str(&whole(size, runs));
    text
}

/// Questions in one process: a line for each, with what the peers take of Attaché's time.
fn warm(size: &Size, asked: &[Question], runs: usize) -> String {
    let engines: Vec<Name> = size.engines.keys().copied().collect();
    let peers: Vec<Name> = engines.iter().copied().filter(|e| *e != Name::Attache).collect();
    let compared = engines.len() > peers.len();
    let mut head = vec!["warm, ms".to_owned(), "short name".to_owned(), "rows".to_owned()];
    head.extend(engines.iter().map(|engine| engine.title().to_owned()));
    if compared {
        head.extend(peers.iter().map(|peer| format!("{} / Attaché", peer.title())));
    }
    let mut notes = Vec::new();
    let mut lines = Vec::new();
    for question in asked {
        let found = |engine: Name| timed(size.engines.get(&engine)?, question.name);
        let rows = engines.iter().find_map(|e| found(*e)?.ok().map(|timed| timed.rows));
        let mut cells = vec![
            question.title.to_owned(),
            question.name.to_owned(),
            rows.map_or_else(String::new, thousands),
        ];
        for engine in &engines {
            cells.push(match found(*engine) {
                Some(Ok(timed)) => cell(&timed.times, runs),
                Some(Err(error)) => {
                    let first = error.lines().next().unwrap_or_default();
                    notes.push(format!("{} on `{}`: {first}", engine.title(), question.name));
                    "–".to_owned()
                }
                None => String::new(),
            });
        }
        if compared {
            let own = found(Name::Attache).and_then(Result::ok).map(|timed| timed.times.median());
            for peer in &peers {
                let other = found(*peer).and_then(Result::ok).map(|timed| timed.times.median());
                cells.push(match (own, other) {
                    (Some(own), Some(other)) => significant(other / own),
                    _ => String::new(),
                });
            }
        }
        lines.push(cells);
    }
    let mut text = markdown(&head, &lines);
    for note in notes {
        text.push_str(&format!("{note}\n\n"));
    }
    text
}

fn timed<'a>(figures: &'a Figures, name: &str) -> Option<Result<&'a Timed, &'a String>> {
    let questions = &figures.warm.as_ref()?.questions;
    questions.iter().find(|(question, _)| question == name).map(|(_, timed)| timed.as_ref())
}

/// Makes a cell of the figures of an engine; none where it was not measured.
type Tell<'a> = Box<dyn Fn(&Figures) -> Option<String> + 'a>;

/// Loads, files, memory, whole processes and inserts: a line for each, a column for each engine.
fn whole(size: &Size, runs: usize) -> String {
    let mut head = vec![String::new()];
    head.extend(size.engines.keys().map(|engine| engine.title().to_owned()));
    let cold = |name: &'static str| -> Tell<'_> {
        Box::new(move |f| f.cold.get(name).map(|times| cell(times, runs)))
    };
    let rate = |times: &Times| thousands_of(BATCH as f64 / times.median() * 1e3);
    let measures: Vec<(&str, Tell<'_>)> = vec![
        ("load from CSV, durable, s", Box::new(|f| Some(significant(f.loaded.seconds)))),
        ("the database that was loaded is of", Box::new(|f| Some(f.loaded.version.clone()))),
        ("peak memory of the load", Box::new(|f| Some(bytes(f.loaded.peak)))),
        ("file, closed", Box::new(|f| Some(bytes(f.loaded.bytes)))),
        (
            "peak memory of the process that was asked",
            Box::new(|f| f.warm.as_ref().map(|w| bytes(w.peak))),
        ),
        ("whole process: one event by key, ms", cold("key")),
        ("whole process: rows of a mid-size actor, ms", cold("actor-rows")),
        ("whole process: mean by country and year, ms", cold("country-year")),
        (
            "durable insert of one event, ms",
            Box::new(|f| f.inserts.as_ref().map(|i| significant(i.single.median()))),
        ),
        (
            "durable batches of 1,000, events a second",
            Box::new(move |f| f.inserts.as_ref().map(|i| rate(&i.batch))),
        ),
    ];
    let lines: Vec<Vec<String>> = measures
        .iter()
        .map(|(title, tell)| {
            let mut cells = vec![(*title).to_owned()];
            cells.extend(size.engines.values().map(|f| tell(f).unwrap_or_default()));
            cells
        })
        .filter(|cells| cells.iter().skip(1).any(|cell| !cell.is_empty()))
        .collect();
    markdown(&head, &lines)
}

/// How Attaché's times grow with the number of events.
pub(crate) fn growth(sizes: &[Size], asked: &[Question], runs: usize) -> String {
    let mut head = vec!["Attaché, warm, ms".to_owned()];
    head.extend(sizes.iter().map(|size| format!("{} events", thousands(size.rows))));
    let lines: Vec<Vec<String>> = asked
        .iter()
        .map(|question| {
            let mut cells = vec![question.title.to_owned()];
            cells.extend(sizes.iter().map(|size| {
                let figures = size.engines.get(&Name::Attache);
                match figures.and_then(|figures| timed(figures, question.name)) {
                    Some(Ok(timed)) => cell(&timed.times, runs),
                    _ => String::new(),
                }
            }));
            cells
        })
        .collect();
    format!("### Growth\n\n{}", markdown(&head, &lines))
}

/// A median; with a star when it took too long for all runs.
fn cell(times: &Times, runs: usize) -> String {
    let star = if times.runs.len() < runs { "*" } else { "" };
    format!("{}{star}", significant(times.median()))
}

/// Three digits of a number; the whole part in any case.
fn significant(number: f64) -> String {
    if number >= 1000.0 {
        return thousands_of(number);
    }
    let magnitude = number.max(1e-6).log10().floor();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 8")]
    let decimals = (2.0 - magnitude).clamp(0.0, 8.0) as usize;
    format!("{number:.decimals$}")
}

fn bytes(bytes: u64) -> String {
    format!("{} MiB", significant(bytes as f64 / 1024.0 / 1024.0))
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts and times")]
fn thousands_of(number: f64) -> String {
    thousands(number.round() as u64)
}

/// A number with a comma between its thousands.
fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A table whose columns line up as text; all but the first are numbers.
fn markdown(head: &[String], lines: &[Vec<String>]) -> String {
    let width = |column: usize| {
        let cells = lines
            .iter()
            .chain(std::iter::once(&head.to_vec()))
            .filter_map(|l| l.get(column))
            .map(|c| c.chars().count())
            .collect::<Vec<_>>();
        cells.into_iter().max().unwrap_or(0).max(3)
    };
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    let row = |cells: &[String]| {
        let cells = cells.iter().zip(&widths).enumerate().map(|(column, (cell, width))| {
            if column == 0 { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
        });
        format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "))
    };
    let rule = widths.iter().enumerate().map(|(column, width)| {
        if column == 0 { "-".repeat(*width) } else { format!("{}:", "-".repeat(width - 1)) }
    });
    let rule: Vec<String> = rule.collect();
    let mut text = row(head) + &row(&rule);
    for line in lines {
        text.push_str(&row(line));
    }
    text + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_three_digits() {
        let shown: Vec<String> =
            [0.000_012_34, 0.5, 1.0, 12.345, 123.4, 12_345.6].map(significant).to_vec();
        assert_eq!(shown, ["0.0000123", "0.500", "1.00", "12.3", "123", "12,346"]);
    }
}
