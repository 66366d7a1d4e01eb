//! Answers for people: a table, or a field a line.

use comfy_table::presets::NOTHING;
use comfy_table::{
    CellAlignment, ColumnConstraint, ContentArrangement, ContentLineStyle, LineStyle, Table, Width,
};

use super::highlight::{bold, dim};
use super::output::Screen;
use crate::Value;
use crate::export::{on_screen, told};

/// Texts of up to so many characters stay on one line; where that leaves no room, only shorter ones.
const WHOLE: [usize; 2] = [20, 12];
/// Words of up to so many characters are never broken.
const WORD: usize = 20;
/// What is longer than this is prose, …
const PROSE: usize = 40;
/// … which is not read in a narrower column.
const PROSE_LEAST: usize = 24;
/// Between two columns.
const GAP: usize = 2;

/// The columns and rows without the columns that say nothing: in which nothing is known, and `status` where
/// everything happened. For columns that nobody asked for by name.
pub(super) fn telling(columns: &[String], rows: &[Vec<Value>]) -> (Vec<String>, Vec<Vec<Value>>) {
    let is_silent = |at: usize, name: &String| {
        let assumed = if name == "status" { "happened" } else { "" };
        rows.iter().filter_map(|row| row.get(at)).all(|value| told(value) == assumed)
    };
    let kept: Vec<usize> =
        (0..).zip(columns).filter(|(at, name)| !is_silent(*at, name)).map(|(at, _)| at).collect();
    let names = kept.iter().filter_map(|&at| columns.get(at).cloned()).collect();
    let rows = rows
        .iter()
        .map(|row| kept.iter().filter_map(|&at| row.get(at).cloned()).collect())
        .collect();
    (names, rows)
}

/// The rows as a table.
///
/// It fits the width of the screen, when that is known. Where the screen is too narrow for a table, it is a field a line.
pub(super) fn table(columns: &[String], rows: &[Vec<Value>], screen: Screen) -> String {
    let shown: Vec<Column> =
        columns.iter().enumerate().map(|(at, name)| Column::new(name, at, rows)).collect();
    let widths = match screen.width {
        None => shown.iter().map(|column| column.width).collect(),
        Some(width) => match WHOLE.iter().find_map(|&whole| fit(&shown, whole, width)) {
            Some(widths) => widths,
            None => return fields(&shown, rows.len(), screen),
        },
    };
    let mut table = Table::new();
    table.load_style(
        NOTHING
            .header_lines(ContentLineStyle::none().junction(' '))
            .header_separator(LineStyle::none().fill('─').junction(' '))
            .content_lines(ContentLineStyle::none().junction(' ')),
    );
    table.set_header(shown.iter().map(|column| column.name.as_str()));
    for row in 0..rows.len() {
        table.add_row(shown.iter().map(|column| column.cells.get(row).map_or("", String::as_str)));
    }
    for (index, (column, width)) in shown.iter().zip(widths).enumerate() {
        let Some(layout) = table.column_mut(index) else { continue };
        layout.set_padding((0, 1));
        if column.numeric {
            layout.set_cell_alignment(CellAlignment::Right);
        }
        if screen.width.is_some() {
            let width = u16::try_from(width + 1).unwrap_or(u16::MAX);
            layout.set_constraint(ColumnConstraint::Absolute(Width::Fixed(width)));
        }
    }
    if screen.width.is_some() {
        table.set_content_arrangement(ContentArrangement::Dynamic);
        table.set_width(u16::MAX); // the widths are set
    }
    finish(table.lines(), screen)
}

/// How wide the columns are on a line of `width` characters; none where it has no room for them.
///
/// Every column has room for its words, and for its texts where they have no more than `whole` characters. What is left goes to the columns that need least first, so that the longest
/// texts are the ones that are wrapped.
fn fit(columns: &[Column], whole: usize, width: usize) -> Option<Vec<usize>> {
    let mut widths: Vec<usize> = columns.iter().map(|column| column.least(whole)).collect();
    let gaps = columns.len().saturating_sub(1) * GAP + 1;
    let mut room = width.checked_sub(widths.iter().sum::<usize>() + gaps)?;
    let mut order: Vec<usize> = (0..columns.len()).collect();
    let missing = |index: usize| columns.get(index).map_or(0, |c| c.width - c.least(whole));
    order.sort_by_key(|&index| missing(index));
    for (done, index) in order.iter().enumerate() {
        let more = missing(*index).min(room / (columns.len() - done));
        if let Some(width) = widths.get_mut(*index) {
            *width += more;
        }
        room -= more;
    }
    Some(widths)
}

/// Trims the lines and gives the header its style.
fn finish(lines: impl Iterator<Item = String>, screen: Screen) -> String {
    let mut text = String::new();
    let mut in_header = true;
    for line in lines {
        let line = line.trim_end();
        let is_rule = in_header && !line.is_empty() && line.chars().all(|c| c == '─' || c == ' ');
        match (screen.color && in_header, is_rule) {
            (false, _) => text.push_str(line),
            (true, true) => text.push_str(&dim(line)),
            (true, false) => text.push_str(&bold(line)),
        }
        in_header &= !is_rule;
        text.push('\n');
    }
    text
}

/// The rows as a field a line with a blank line between; what is not known is left out.
pub(super) fn lines(columns: &[String], rows: &[Vec<Value>], screen: Screen) -> String {
    let columns = columns.iter().enumerate().map(|(index, name)| Column::new(name, index, rows));
    fields(&columns.collect::<Vec<_>>(), rows.len(), screen)
}

fn fields(columns: &[Column], rows: usize, screen: Screen) -> String {
    let width = columns.iter().map(|column| column.name.chars().count()).max().unwrap_or(0);
    let room = screen.width.map_or(usize::MAX, |screen| screen.saturating_sub(width + GAP + 1));
    let mut text = String::new();
    for row in 0..rows {
        if row > 0 {
            text.push('\n');
        }
        for column in columns {
            let Some(value) = column.cells.get(row).filter(|value| !value.is_empty()) else {
                continue;
            };
            let name = format!("{:>width$}", column.name);
            text.push_str(&if screen.color { bold(&name) } else { name });
            for (index, part) in wrap(value, room.max(PROSE_LEAST)).iter().enumerate() {
                let indent = if index == 0 { GAP } else { width + GAP };
                text.push_str(&" ".repeat(indent));
                text.push_str(part);
                text.push('\n');
            }
        }
    }
    text
}

/// A text in lines of so many characters, broken between words. A longer word has a line of its own.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// A column as it is shown.
struct Column {
    name: String,
    cells: Vec<String>,
    /// Characters of the longest cell, the header among them.
    width: usize,
    /// Characters of the longest word.
    longest_word: usize,
    /// Are all its values numbers?
    numeric: bool,
}

impl Column {
    fn new(name: &str, index: usize, rows: &[Vec<Value>]) -> Column {
        let values = || rows.iter().filter_map(|row| row.get(index));
        let name = on_screen(name);
        let cells: Vec<String> = values().map(|value| on_screen(&told(value))).collect();
        let texts = || cells.iter().chain([&name]);
        Column {
            width: texts().map(|text| text.chars().count()).max().unwrap_or(0),
            longest_word: texts()
                .flat_map(|text| text.split(' '))
                .map(|word| word.chars().count())
                .max()
                .unwrap_or(0),
            numeric: values().any(|value| !value.is_null())
                && values().all(|v| matches!(v, Value::Null | Value::Int(_) | Value::Float(_))),
            name,
            cells,
        }
    }

    /// The width under which it is hard to read: short texts stay whole, longer ones are broken between words.
    fn least(&self, whole: usize) -> usize {
        let broken = self.longest_word.min(WORD);
        match self.width {
            width if width <= whole => width,
            width if width > PROSE => broken.max(PROSE_LEAST),
            _ => broken,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::sample;

    const PIPE: Screen = Screen { width: None, color: false };

    fn columns(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn the_columns_stand_under_their_names() {
        let rows = [
            vec!["2015".into(), Value::Int(7), "Bajwa visits Moscow".into()],
            vec!["summer of 2016".into(), Value::Int(12), Value::Null],
        ];
        assert_eq!(
            table(&columns(&["date", "n", "summary"]), &rows, PIPE),
            "\
date             n  summary
─────────────── ─── ────────────────────
2015             7  Bajwa visits Moscow
summer of 2016  12
"
        );
    }

    #[test]
    fn what_says_nothing_is_left_out() {
        let rows = [
            vec!["happened".into(), Value::Null, 1.into()],
            vec!["happened".into(), Value::Null, 2.into()],
        ];
        assert_eq!(telling(&columns(&["status", "place", "n"]), &rows).0, ["n"]);
        let rows = [vec!["happened".into(), 1.into()], vec!["planned".into(), 2.into()]];
        assert_eq!(telling(&columns(&["status", "n"]), &rows).0, ["status", "n"]);
    }

    #[test]
    fn a_table_fits_its_screen() {
        let long =
            "Russia's foreign minister comes to Islamabad for the first time in almost ten years";
        let rows: Vec<Vec<Value>> =
            vec![vec!["2021-04-06".into(), "visit".into(), "Sergey Lavrov".into(), long.into()]; 3];
        for width in [50, 60, 80, 120, 200] {
            let screen = Screen { width: Some(width), color: false };
            let text = table(&columns(&["date", "kind", "source", "summary"]), &rows, screen);
            let widest = text.lines().map(|line| line.chars().count()).max().unwrap();
            assert!(widest <= width, "{width}:\n{text}");
            assert!(text.contains("2021-04-06"), "{width}:\n{text}");
        }
    }

    #[test]
    fn a_screen_too_narrow_gets_a_field_a_line() {
        let rows: Vec<Vec<Value>> = sample::rows().into_iter().map(Result::unwrap).collect();
        let text = table(&sample::columns(), &rows, Screen { width: Some(30), color: false });
        assert!(text.starts_with("  date  sometime in 2015\n  kind  arms deal\n"), "{text}");
        assert!(text.ends_with("\n\n  kind  say \"hi\", twice\n"), "{text}");
    }

    #[test]
    fn the_longest_texts_are_wrapped_and_no_word_is_broken() {
        let rows = [vec![
            "growing_bilaterally; observer_2021".into(),
            "Pakistan's army chief visits Moscow and talks".into(),
            "early 2018".into(),
        ]];
        let screen = Screen { width: Some(62), color: false };
        assert_eq!(
            table(&columns(&["documents", "summary", "date"]), &rows, screen),
            "\
documents              summary                     date
────────────────────── ─────────────────────────── ───────────
growing_bilaterally;   Pakistan's army chief       early 2018
observer_2021          visits Moscow and talks
"
        );
    }

    #[test]
    fn a_long_field_is_wrapped_under_itself() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("incomprehensibilities", 7), ["incomprehensibilities"]);
        assert_eq!(wrap("", 7), [""]);
    }

    #[test]
    fn a_name_cannot_drive_the_terminal() {
        let rows = [vec!["\u{1b}[2Jx\u{202e}\nsecond".into()]];
        let text = table(&columns(&["name"]), &rows, PIPE);
        assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'));
        assert_eq!(text.lines().count(), 3);
    }

    #[test]
    fn color_is_for_screens() {
        let rows = [vec![Value::Int(1)]];
        let text = table(&columns(&["n"]), &rows, Screen { width: Some(80), color: true });
        assert!(text.starts_with("\u{1b}[1mn"), "{text:?}");
    }
}
