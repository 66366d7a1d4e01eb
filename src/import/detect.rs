//! The format of a file, and how its cells are written, from its first lines.
//!
//! The header decides where there is one, else the width and the shape of the first records. Nothing is guessed: what
//! is not recognised is refused with what was seen.

mod dictionary;
mod grid;
mod known;

use super::format::columns::Columns;
use super::format::{Format, names};
use super::shape::Shape;
use super::text::Lines;
use crate::catalog::letters;
use crate::error::Result;
use grid::Grid;

/// What a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Detected {
    /// The format of its records.
    pub(crate) format: Format,
    /// How its cells are written.
    pub(crate) shape: Shape,
    /// The header is not to be believed: names are missing or misplaced, but the columns stand where the format has them.
    pub(crate) positional: bool,
}

impl Detected {
    fn lines(format: Format) -> Detected {
        let shape = Shape { delimiter: None, quoted: false, header: None, shift: false };
        Detected { format, shape, positional: false }
    }

    /// The columns of a record of this width: those of the header, or those that the format has where there is none
    /// to believe. None when the format knows no such width.
    pub(crate) fn columns(&self, width: usize) -> Option<Columns> {
        match &self.shape.header {
            Some(header) if !self.positional => Some(Columns::new(header)),
            Some(header) => names::standard(self.format, header.len()).map(Columns::new),
            None => names::standard(self.format, width).map(Columns::new),
        }
    }
}

/// What a file is. With a format that was asked for, a contradiction is an error.
pub(crate) fn detect(lines: &Lines<'_>, asked: Option<Format>) -> Result<Detected> {
    recognised(&lines.sample(), lines.is_whole(), asked).map_err(|why| lines.fault(None, why))
}

/// What rows are that come with a header and not in lines.
#[cfg(feature = "parquet")]
pub(crate) fn detect_rows(
    header: Vec<String>,
    rows: impl Iterator<Item = Vec<String>>,
    asked: Option<Format>,
) -> Result<Detected, String> {
    of_grids(&[Grid::of(header, rows)], asked)
}

fn recognised(sample: &str, whole: bool, asked: Option<Format>) -> Result<Detected, String> {
    let seen = Seen::new(sample, whole)?;
    match (asked, seen) {
        (None | Some(Format::JsonLines), Seen::JsonLines) => Ok(Detected::lines(Format::JsonLines)),
        (None | Some(Format::Actors), Seen::Actors) => Ok(Detected::lines(Format::Actors)),
        (asked, Seen::Grids(grids)) => of_grids(&grids, asked),
        (Some(asked), Seen::JsonLines) => Err(contradiction(asked, "this file has JSON lines")),
        (Some(asked), Seen::Actors) => {
            Err(contradiction(asked, "this file is a dictionary of actors"))
        }
    }
}

fn of_grids(grids: &[Grid], asked: Option<Format>) -> Result<Detected, String> {
    match asked {
        None => known_grid(grids).map_or_else(|| table(grids), Ok),
        Some(asked) => as_asked(grids, asked),
    }
}

/// What kind of text it is.
enum Seen {
    JsonLines,
    Actors,
    /// Records, once for each delimiter that comes into question.
    Grids(Vec<Grid>),
}

impl Seen {
    fn new(sample: &str, whole: bool) -> Result<Seen, String> {
        let text = sample.trim_start();
        let mut begin = text.chars().filter(|c| !c.is_whitespace());
        match (begin.next(), begin.next()) {
            (None, _) => return Err("it has only blank lines".to_owned()),
            (Some('{'), _) => {
                let first = text.lines().next().unwrap_or_default();
                if first.trim_end().ends_with('}') || !text.contains('\n') {
                    return Ok(Seen::JsonLines);
                }
                return Err(
                    "it is JSON over several lines: write one event a line, as `jq -c .` does"
                        .to_owned(),
                );
            }
            (Some('['), Some('{' | '[' | ']')) => {
                return Err(
                    "it is a JSON array: write one event a line, as `jq -c '.[]'` does".to_owned()
                );
            }
            (Some('<'), _) => {
                return Err("it is XML or a web page, no event file: was it fetched from the right address?"
                    .to_owned());
            }
            _ => {}
        }
        match dictionary::look(sample) {
            dictionary::Kind::Actors => Ok(Seen::Actors),
            dictionary::Kind::Agents => Err(
                "it is a dictionary of agents, who belong to no country: import a dictionary of actors"
                    .to_owned(),
            ),
            dictionary::Kind::None => Ok(Seen::Grids(Grid::all(sample, whole))),
        }
    }
}

/// The first reading that shows a known data set.
fn known_grid(grids: &[Grid]) -> Option<Detected> {
    let by_header = grids.iter().find_map(|grid| {
        known::by_header(grid.first(), grid.data()).map(|format| (format, grid, true))
    });
    let (format, grid, header) = by_header.or_else(|| {
        grids
            .iter()
            .find_map(|grid| known::by_shape(&grid.rows).map(|format| (format, grid, false)))
    })?;
    Some(detected(format, grid, header))
}

fn detected(format: Format, grid: &Grid, header: bool) -> Detected {
    let mut shape =
        Shape { delimiter: grid.delimiter, quoted: grid.quoted, header: None, shift: false };
    if !header {
        return Detected { format, shape, positional: false };
    }
    let mut header: Vec<String> = grid.first().iter().map(|name| name.trim().to_owned()).collect();
    shape.shift = grid.is_shifted();
    if shape.shift && grid.is_nameless() {
        header.remove(0);
    }
    while header.len() > 1 && header.last().is_some_and(String::is_empty) {
        header.pop();
    }
    let positional = misplaced(format, &header);
    shape.header = Some(header);
    Detected { format, shape, positional }
}

/// True when names are missing, and the others stand where the format has them but for a few that have moved.
fn misplaced(format: Format, header: &[String]) -> bool {
    let Some(standard) = names::standard(format, header.len()) else {
        return false;
    };
    let standard: Vec<String> = standard.iter().map(|name| letters(name)).collect();
    let header: Vec<String> = header.iter().map(|name| letters(name)).collect();
    let right = header.iter().zip(&standard).filter(|(name, wanted)| name == wanted).count();
    // A column of the user's own is a reason to believe the header.
    let ours = header.iter().all(|name| name.is_empty() || standard.contains(name));
    ours && header.iter().any(String::is_empty) && right * 5 >= standard.len() * 4
}

/// A table of events that no data set has: by its header, when that speaks of dates.
fn table(grids: &[Grid]) -> Result<Detected, String> {
    const DATES: [&str; 8] = ["date", "day", "year", "month", "time", "when", "datum", "fecha"];
    let best = best(grids);
    let dated = best.filter(|grid| grid.has_header()).filter(|grid| {
        let names = grid.first().iter().map(|name| letters(name));
        names.into_iter().any(|name| DATES.iter().any(|date| name.contains(date)))
    });
    match (dated, best) {
        (Some(grid), _) => Ok(detected(Format::Table, grid, true)),
        (None, seen) => Err(format!(
            "it is not an event file: {}; if it is one, name its columns with `--map FIELD=COLUMN`, or its format with `--as`",
            seen.map_or("text without columns".to_owned(), Grid::told)
        )),
    }
}

/// The reading with the most columns among those whose rows agree.
fn best(grids: &[Grid]) -> Option<&Grid> {
    let steady = grids.iter().filter(|grid| grid.width() > 1 && grid.is_steady());
    steady.max_by_key(|grid| grid.width())
}

fn as_asked(grids: &[Grid], asked: Format) -> Result<Detected, String> {
    let best = best(grids).or(grids.first());
    let told = best.map_or("this file has no columns".to_owned(), |grid| {
        format!("this file has {}", grid.told())
    });
    match asked {
        Format::JsonLines | Format::Actors => return Err(contradiction(asked, &told)),
        Format::Table => {
            let seen = known_grid(grids).filter(|seen| seen.shape.header.is_some());
            if let Some(seen) = seen {
                return Ok(Detected { format: Format::Table, positional: false, ..seen });
            }
            return match best.filter(|grid| grid.has_header()) {
                Some(grid) => Ok(detected(Format::Table, grid, true)),
                None => {
                    Err(contradiction(asked, &format!("{told}, and the first row has no names")))
                }
            };
        }
        _ => {}
    }
    let event_tables = [Format::Gdelt1, Format::Gdelt2];
    if let Some(seen) = known_grid(grids) {
        let width = seen.shape.header.as_ref().map(Vec::len);
        // A selection of columns does not tell one version from the other.
        let either = event_tables.contains(&asked)
            && event_tables.contains(&seen.format)
            && width.is_some_and(|width| names::standard(seen.format, width).is_none());
        if seen.format == asked || either {
            return Ok(Detected { format: asked, ..seen });
        }
        return Err(contradiction(asked, &format!("{told} and looks like {}", title(seen.format))));
    }
    let fits = |grid: &&Grid| names::standard(asked, grid.width()).is_some();
    let Some(grid) = grids.iter().find(fits) else {
        return Err(contradiction(asked, &told));
    };
    let header = grid.has_header();
    // Its names are foreign, or it would have been recognised.
    Ok(Detected { positional: header, ..detected(asked, grid, header) })
}

fn title(format: Format) -> String {
    let known = Format::ALL.iter().find(|(known, ..)| *known == format);
    known.map_or(String::new(), |(_, word, title)| format!("`{word}` ({title})"))
}

fn contradiction(asked: Format, told: &str) -> String {
    format!("{} was asked for, but {told}", title(asked))
}

#[cfg(test)]
mod tests;
