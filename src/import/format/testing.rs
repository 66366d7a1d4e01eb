//! Files for the tests of the layouts: rows of a fixture, those of the samples, and drafts as text.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use super::Layout;
use super::columns::Columns;
use crate::import::draft::{Draft, Hint};
use crate::import::record::{Record, Reject};
use crate::model::{Date, Document, Event, Value};

/// The records of a text whose cells have this between them. Between commas they may be quoted.
pub(crate) fn records(text: &str, between: char) -> Vec<Record> {
    let mut records = Vec::new();
    let (mut record, mut cell) = (Record::default(), String::new());
    let (mut quoted, mut line) = (false, 1);
    record.start(line);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        line += u64::from(c == '\n');
        match c {
            '"' if between == ',' && quoted && chars.peek() == Some(&'"') => {
                cell.push('"');
                chars.next();
            }
            '"' if between == ',' => quoted = !quoted,
            '\r' if !quoted => {}
            c if (c == between || c == '\n') && !quoted => {
                record.push(&std::mem::take(&mut cell));
                if c == '\n' {
                    records.push(std::mem::take(&mut record));
                    record.start(line);
                }
            }
            c => cell.push(c),
        }
    }
    if record.width() > 0 || !cell.is_empty() {
        record.push(&cell);
        records.push(record);
    }
    records
}

/// The columns that the first record of a text names, and the others.
pub(crate) fn headed(text: &str, between: char) -> (Columns, Vec<Record>) {
    let mut records = records(text, between);
    let header = records.remove(0);
    (Columns::new(header.cells()), records)
}

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/formats").join(name)
}

/// The text of a fixture.
pub(crate) fn fixture(name: &str) -> String {
    fs::read_to_string(path(name)).unwrap()
}

/// The text of a file of the samples; none, and a word about it, where there are no samples.
pub(crate) fn sample(name: &str) -> Option<String> {
    let Some(folder) = std::env::var_os("ATTACHE_DATA") else {
        println!("ATTACHE_DATA is not set: {name} is skipped");
        return None;
    };
    Some(fs::read_to_string(PathBuf::from(folder).join(name)).unwrap())
}

/// The event of a record with its hints.
#[track_caller]
pub(crate) fn event(layout: &mut dyn Layout, record: &Record) -> (Event, Vec<Hint>) {
    match layout.read(record) {
        Ok(Draft::Event { event, hints }) => (event, hints),
        other => panic!("line {}: {other:?}", record.line),
    }
}

/// Why a record is not taken.
#[track_caller]
pub(crate) fn reject(layout: &mut dyn Layout, record: &Record) -> Reject {
    match layout.read(record) {
        Err(reject) => reject,
        other => panic!("line {}: {other:?}", record.line),
    }
}

/// Compares what a layout makes of the rows of a fixture with the file beside it that ends in `.expected`.
///
/// With `ATTACHE_BLESS=1` that file is written anew.
#[track_caller]
pub(crate) fn assert_expected(name: &str, layout: &mut dyn Layout, rows: &[Record]) {
    let mut found = String::new();
    for row in rows {
        let _ = match layout.read(row) {
            Ok(draft) => writeln!(found, "line {}\n{}", row.line, show(&draft)),
            Err(reject) => writeln!(
                found,
                "line {}\n  rejected{}: {}\n",
                row.line,
                reject.column.map(|at| format!(" for cell {}", at + 1)).unwrap_or_default(),
                reject.reason
            ),
        };
    }
    for note in layout.notes() {
        let _ = writeln!(found, "note: {note}");
    }
    let path = path(name).with_extension("expected");
    if std::env::var_os("ATTACHE_BLESS").is_some() {
        fs::write(&path, &found).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == expected,
        "{name} is read otherwise than {} says (ATTACHE_BLESS=1 to accept):\n{found}",
        path.display()
    );
}

/// A draft as lines of text.
pub(crate) fn show(draft: &Draft) -> String {
    let mut text = String::new();
    let mut line = |name: &str, value: &str| {
        if !value.is_empty() {
            let _ = writeln!(text, "  {name}: {value}");
        }
    };
    match draft {
        Draft::Event { event, hints } => {
            event_lines(event, &mut line);
            for hint in hints {
                line("hint", &hint_text(hint));
            }
        }
        Draft::Telling { key, citation, document } => {
            line("telling of", key);
            line("citation", &citation.document);
            line("locator", citation.locator.as_deref().unwrap_or(""));
            for (name, value) in &citation.claims {
                line(&format!("claim {name}"), &value_text(value));
            }
            line("document", &document_text(document));
        }
        Draft::Actor { actor, hints } => line("actor", &format!("{actor:?} {hints:?}")),
    }
    text
}

fn event_lines(event: &Event, line: &mut dyn FnMut(&str, &str)) {
    line("key", event.key.as_deref().unwrap_or("none"));
    line("kind", &event.kind);
    line("code", event.code.as_deref().unwrap_or("none"));
    line("goldstein", &event.goldstein.map(|score| score.to_string()).unwrap_or_default());
    line("date", event.date.as_ref().map_or("none", |date| date.edtf()));
    for someone in &event.participants {
        let code = someone.code.as_ref().map(|code| format!(" [{code}]")).unwrap_or_default();
        line(someone.role.word(), &format!("{}{code}", someone.name));
    }
    for place in &event.places {
        let point = place.coordinates.map(|(lat, long)| format!(" ({lat}, {long})"));
        line("place", &format!("{}{}", place.name, point.unwrap_or_default()));
    }
    for citation in &event.documents {
        let locator = citation.locator.as_ref().map(|at| format!(", {at}")).unwrap_or_default();
        line("document", &format!("{}{locator}", citation.document));
    }
    for (name, value) in &event.attributes {
        line(&format!("@{name}"), &value_text(value));
    }
}

fn value_text(value: &Value) -> String {
    match value {
        Value::Text(text) => format!("{text:?}"),
        Value::List(values) => {
            let texts: Vec<String> = values.iter().map(value_text).collect();
            format!("[{}]", texts.join(", "))
        }
        Value::Float(number) => format!("{number:?}"),
        other => other.to_string(),
    }
}

fn hint_text(hint: &Hint) -> String {
    match hint {
        Hint::Actor { name, country, sectors, kind, codes } => {
            let of = country.as_ref().map(|country| format!(" of {country}")).unwrap_or_default();
            let rest = (sectors.join("; "), kind.unwrap_or(""), codes);
            match rest {
                (sectors, "", codes) if codes.is_empty() => format!("{name}{of} <{sectors}>"),
                rest => format!("{name}{of} {rest:?}"),
            }
        }
        Hint::Code(code) => format!("code {code}"),
        Hint::Place { path, codes, coordinates } => {
            let path: Vec<_> = path.iter().map(|(name, kind)| format!("{name} ({kind})")).collect();
            let codes: Vec<_> = codes.iter().map(|(of, code)| format!(" {of}={code}")).collect();
            let point = coordinates.map(|(lat, long)| format!(" at {lat}, {long}"));
            format!("{}{}{}", path.join(" < "), codes.concat(), point.unwrap_or_default())
        }
        Hint::Document(document) => document_text(document),
    }
}

fn document_text(document: &Document) -> String {
    let cells = [
        ("by", document.publisher.as_deref()),
        ("on", document.published.as_ref().map(Date::edtf)),
        ("in", document.language.as_deref()),
        ("at", document.url.as_deref()),
    ];
    let cells = cells.iter().filter_map(|(name, cell)| Some(format!(" {name} {}", (*cell)?)));
    format!("document {}{}", document.key, cells.collect::<String>())
}
