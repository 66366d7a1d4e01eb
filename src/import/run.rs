//! One file through all hands: a thread reads rows and drafts events, the caller's takes them into the store.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender};
use std::thread;

use rustc_hash::FxHashMap;

use super::chunk::{Answer, Chunk, Message, Out, Unwanted, way};
use super::detect::{Detected, detect};
use super::draft::Draft;
use super::format::actors::{Actors, Piece};
use super::format::columns::Columns;
use super::format::field::Kinds;
use super::format::jsonl::JsonLines;
use super::format::{Format, Layout, names};
use super::layouts::{self, Asked};
use super::load::{Loader, Says};
use super::options::{ImportOptions, Progress};
#[cfg(feature = "parquet")]
use super::parquet::Parquet;
use super::record::{Record, Records, Reject};
use super::rehearsal::Rehearsal;
use super::rejects::Rejects;
use super::report::ImportReport;
use super::row_key::RowKeys;
use super::source::Source;
use super::table::Table;
use super::text::Lines;
use crate::catalog::Catalog;
use crate::error::{Error, Result};
use crate::model::{Import, ImportCounts, fold};
use crate::storage::{Entry, EntryKind, Store, View};

/// Reads a file into a store.
pub(crate) fn import(store: &Store, path: &Path, options: ImportOptions) -> Result<ImportReport> {
    let ImportOptions { format, mapping, kind, check, rejects, cancel, mut progress } = options;
    let view = store.view()?;
    let source = Source::open(path)?;
    // Who says which column is which field has a table, whatever else it looks like.
    let mapped = mapping.iter().any(|(field, _)| field != "dates");
    let format = format.or_else(|| mapped.then_some(Format::Table));
    let asked = Asked { format, mapping, kind, kinds: kinds(&view)? };
    let (record, listed) = record_of(&view, path, &source, check)?;
    let rehearsal = check.then(|| Rehearsal::new(view.clone()));
    drop(view);
    let resumed = record.counts.read;
    let report = ImportReport {
        file: source.name().to_owned(),
        formats: Vec::new(),
        import: None,
        counts: ImportCounts::default(),
        coverage: Vec::new(),
        notes: Vec::new(),
        rejected: Vec::new(),
        rejects: None,
        resumed,
        cancelled: false,
        check,
    };
    let rejects = Rejects::new(rejects.as_deref(), record.rejects_len)?;
    let mut loader = Loader::new(store, record, listed, rejects, rehearsal, report);
    let bytes = source.progress();
    let mut tell = |loader: &Loader<'_>| {
        if let Some(tell) = &mut progress {
            tell(&Progress {
                rows: loader.rows(),
                resumed,
                bytes: bytes.done(),
                total: bytes.total(),
            });
        }
    };

    let (mut out, receiver, answer) = way();
    thread::scope(|scope| {
        let reader = thread::Builder::new()
            .name("import".to_owned())
            .spawn_scoped(scope, move || read(source, &asked, &mut out))
            .map_err(|error| Error::io("start a thread that reads", error))?;
        let taken = take(&receiver, &answer, &mut loader, |loader| {
            tell(loader);
            cancel.is_cancelled()
        });
        // Nobody listens any more: the reader ends with its next chunk.
        drop(receiver);
        let read = reader.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        let through = taken?;
        match read {
            Ok(notes) => loader.finish(through, notes),
            Err(error) => {
                let report = loader.finish(false, Vec::new())?;
                Err(with_rows(error, &report))
            }
        }
    })
}

/// The entry of this import: a new one, or that of an earlier run over the same file which was cut off, which stands in
/// the list already.
fn record_of(view: &View, path: &Path, source: &Source, check: bool) -> Result<(Import, bool)> {
    let imports = if check { Vec::new() } else { view.entries(EntryKind::Import)? };
    for entry in imports {
        if let Entry::Import(import) = entry
            && import.finished.is_none()
            && !import.undone
            && import.identity.is_some()
            && import.identity == source.identity()
        {
            return Ok((import, true));
        }
    }
    let record = Import {
        name: (view.imports() + 1).to_string(),
        file: path.display().to_string(),
        identity: source.identity(),
        started: jiff::Timestamp::now().as_millisecond(),
        ..Import::default()
    };
    Ok((record, false))
}

/// The kinds of this database, by folded name, alias and code.
fn kinds(view: &View) -> Result<Kinds> {
    let mut kinds: FxHashMap<String, String> = FxHashMap::default();
    for kind in Catalog::new(view.clone()).all_kinds()? {
        for word in kind.aliases.iter().chain(&kind.code).chain([&kind.name]) {
            kinds.insert(fold(word), kind.name.clone());
        }
    }
    Ok(Arc::new(move |word| kinds.get(&fold(word)).cloned()))
}

/// An error in the middle of a file, with what of it is in all the same.
fn with_rows(error: Error, report: &ImportReport) -> Error {
    let rows = report.counts.read;
    match error {
        Error::Import { name, line, detail } if rows > 0 && !report.check => {
            let before = match rows {
                1 => "row before it was".to_owned(),
                _ => format!("{} rows before it were", super::report::grouped(rows)),
            };
            Error::Import { name, line, detail: format!("{detail}; the {before} read in") }
        }
        error => error,
    }
}

/// Takes all rows; false when it was stopped before the end.
fn take(
    receiver: &Receiver<Message>,
    answer: &Sender<Answer>,
    loader: &mut Loader<'_>,
    mut stop: impl FnMut(&Loader<'_>) -> bool,
) -> Result<bool> {
    for message in receiver {
        match message {
            Message::Format(format) => loader.begin(format),
            Message::Rows(Chunk { file, mut rows }) => {
                for row in &mut rows {
                    loader.take(&file, row)?;
                }
                // A reader that is through wants no answer.
                let _ = answer.send(Answer { rows, heard: loader.heard() });
            }
        }
        if stop(loader) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Reads all files of a source. What there is to say of them, a sentence each.
fn read(mut source: Source, asked: &Asked, out: &mut Out) -> Result<Vec<String>> {
    let mut keys = RowKeys::default();
    let mut notes = Vec::new();
    #[cfg(feature = "parquet")]
    if let Some(rows) = source.rows() {
        out.file(&rows.name);
        let read = read_rows(rows, asked, &mut keys, out, &mut notes);
        through(out, read)?;
    }
    let (members, mut taken) = (source.members(), 0);
    let mut foreign = None;
    while let Some(stream) = source.next()? {
        out.file(&stream.name);
        let lines = Lines::new(stream)?;
        let detected = match detect(&lines, asked.format) {
            Ok(detected) => detected,
            // What lies beside the data in an archive hinders nothing: a `README.txt`.
            Err(error) if members > 1 => {
                notes.push(format!("left out: {error}"));
                foreign.get_or_insert(error);
                continue;
            }
            Err(error) => return Err(error),
        };
        taken += 1;
        let read = read_lines(lines, &detected, asked, &mut keys, out, &mut notes);
        if !through(out, read)? {
            break;
        }
    }
    match foreign {
        Some(error) if taken == 0 => Err(error),
        _ => Ok(notes),
    }
}

/// Ends a file. False when nobody wants another one.
fn through(out: &mut Out, read: Result<(), Stopped>) -> Result<bool> {
    // What was read before a fault is sent before it is told.
    if out.flush().is_err() {
        return Ok(false);
    }
    match read {
        Ok(()) => Ok(true),
        Err(Stopped::Unwanted) => Ok(false),
        Err(Stopped::Failed(error)) => Err(error),
    }
}

/// Why a file is not read further.
enum Stopped {
    Unwanted,
    Failed(Error),
}

impl From<Unwanted> for Stopped {
    fn from(_: Unwanted) -> Stopped {
        Stopped::Unwanted
    }
}

impl From<Error> for Stopped {
    fn from(error: Error) -> Stopped {
        Stopped::Failed(error)
    }
}

fn read_lines(
    lines: Lines<'_>,
    detected: &Detected,
    asked: &Asked,
    keys: &mut RowKeys,
    out: &mut Out,
    notes: &mut Vec<String>,
) -> Result<(), Stopped> {
    out.format(detected.format)?;
    match detected.format {
        Format::Actors => read_actors(lines, out, notes),
        Format::JsonLines => read_json(lines, asked, keys, out, notes),
        _ => {
            let table = Table::new(lines, &detected.shape);
            read_table(table, detected, asked, keys, out, notes)
        }
    }
}

#[cfg(feature = "parquet")]
fn read_rows(
    rows: super::source::Rows,
    asked: &Asked,
    keys: &mut RowKeys,
    out: &mut Out,
    notes: &mut Vec<String>,
) -> Result<(), Stopped> {
    let mut table = Parquet::open(rows)?;
    let detected = table.detect(asked.format)?;
    out.format(detected.format)?;
    read_table(table, &detected, asked, keys, out, notes)
}

fn read_table(
    mut table: impl Records,
    detected: &Detected,
    asked: &Asked,
    keys: &mut RowKeys,
    out: &mut Out,
    notes: &mut Vec<String>,
) -> Result<(), Stopped> {
    let mut record = Record::default();
    let mut columns = detected.shape.header.as_ref().map(Columns::new);
    let mut layout: Option<Box<dyn Layout>> = None;
    while let Some(read) = table.next(&mut record)? {
        let layout = match &mut layout {
            Some(layout) => layout,
            // Without a header, the first record tells the columns.
            none => {
                columns = detected.columns(record.width());
                let made = layouts::layout(detected, record.width(), asked);
                // What is wrong with a header is wrong with no line behind it.
                let line = detected.shape.header.is_none().then_some(record.line);
                none.insert(made.map_err(|detail| Error::file(table.name(), line, detail))?)
            }
        };
        out.heard(|hints| layout.heard(hints));
        let whole = read.and_then(|()| whole(&record, columns.as_ref(), detected));
        match whole.and_then(|()| layout.read(&record)) {
            Ok(mut draft) => {
                add_key(&mut draft, detected.format, record.cells(), keys);
                out.row(record.line, 1, record.len(), Says::Draft(draft))?;
            }
            Err(Reject { column, reason }) => {
                let column =
                    column.map(|at| column_name(at, columns.as_ref(), detected.format, &record));
                let row = record.cells().collect::<Vec<_>>().join("\t");
                out.reject(record.line, column, reason, row)?;
            }
        }
    }
    notes.extend(table.notes());
    notes.extend(layout.iter().flat_map(|layout| layout.notes()));
    Ok(())
}

fn read_json(
    mut lines: Lines<'_>,
    asked: &Asked,
    keys: &mut RowKeys,
    out: &mut Out,
    notes: &mut Vec<String>,
) -> Result<(), Stopped> {
    let reader = JsonLines::new(asked.kind.as_deref(), Kinds::clone(&asked.kinds))
        .map_err(|detail| lines.fault(None, detail))?;
    while let Some(text) = lines.next()? {
        if text.trim().is_empty() {
            continue;
        }
        let text = text.to_owned();
        let line = lines.line();
        match reader.read(&text) {
            Ok(mut draft) => {
                add_key(&mut draft, Format::JsonLines, std::iter::once(text.as_str()), keys);
                out.row(line, 1, text.len(), Says::Draft(draft))?;
            }
            Err(Reject { reason, .. }) => out.reject(line, None, reason, text)?,
        }
    }
    notes.extend(lines.notes());
    Ok(())
}

fn read_actors(
    mut lines: Lines<'_>,
    out: &mut Out,
    notes: &mut Vec<String>,
) -> Result<(), Stopped> {
    let mut reader = Actors::default();
    let mut pieces = Vec::new();
    loop {
        let text = lines.next()?.map(str::to_owned);
        match &text {
            Some(text) => reader.line(lines.line(), text, &mut pieces),
            None => std::mem::take(&mut reader).finish(&mut pieces),
        }
        for Piece { line, rows, outcome } in pieces.drain(..) {
            match outcome {
                Ok(draft) => out.row(line, rows, 0, Says::Draft(draft))?,
                Err(Reject { reason, .. }) => out.reject(line, None, reason, String::new())?,
            }
        }
        if text.is_none() {
            break;
        }
    }
    notes.extend(lines.notes());
    Ok(())
}

/// Gives a draft a key made from the row, where it is an event without one.
fn add_key<'a>(
    draft: &mut Draft,
    format: Format,
    cells: impl Iterator<Item = &'a str>,
    keys: &mut RowKeys,
) {
    if let Draft::Event { event, .. } = draft
        && event.key.is_none()
    {
        event.key = Some(keys.key(format.word(), cells));
    }
}

/// Has a record as many cells as there are columns? Where one is missing or too many, it is not known which.
///
/// GDELT in other hands has its empty cells cut off, unless it has all columns, and headers of POLECAT name more than there
/// is. Layouts that know the row numbers of R look at what is too many themselves.
fn whole(record: &Record, columns: Option<&Columns>, detected: &Detected) -> Result<(), Reject> {
    let Some(columns) = columns.filter(|_| detected.shape.header.is_some()) else { return Ok(()) };
    let format = detected.format;
    let may_be_cut = match format {
        Format::GdeltReduced | Format::Polecat => true,
        Format::Gdelt1 | Format::Gdelt2 => names::standard(format, columns.len()).is_none(),
        _ => false,
    };
    let few = record.width() < columns.len() && !may_be_cut;
    let many = record.width() > columns.len()
        && matches!(format, Format::Table | Format::Acled | Format::Ucdp);
    if few || many {
        let (cells, columns) = (record.width(), columns.len());
        return Err(Reject::row(format!("has {cells} cells; the file has {columns} columns")));
    }
    Ok(())
}

/// What a column is called in the file, or in its format.
fn column_name(at: usize, columns: Option<&Columns>, format: Format, record: &Record) -> String {
    let named = columns.map(|columns| columns.name(at)).filter(|name| !name.is_empty());
    let standard =
        || names::standard(format, record.width()).and_then(|names| names.get(at).copied());
    named.or_else(standard).map_or_else(|| format!("column {}", at + 1), str::to_owned)
}
