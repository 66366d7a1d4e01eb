//! Where answers go, and in which format.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use anstream::{AutoStream, ColorChoice};

use super::args::Format;
use super::table;
use crate::export::{write_delimited, write_json, write_json_lines};
use crate::{Error, Result, Row, Rows, Value};

/// What answers are shown on.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Screen {
    /// How many characters go on a line; unknown for anything but a terminal.
    pub(super) width: Option<usize>,
    /// Are escapes welcome?
    pub(super) color: bool,
}

impl Screen {
    /// The screen behind standard output.
    fn stdout() -> Screen {
        let out = io::stdout();
        let terminal = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
        let asked = || std::env::var("COLUMNS").ok()?.parse().ok().filter(|&width| width > 0);
        Screen {
            width: out.is_terminal().then(|| asked().or_else(terminal)).flatten(),
            color: AutoStream::choice(&out) != ColorChoice::Never,
        }
    }
}

/// Are escapes welcome on standard error?
pub(super) fn stderr_color() -> bool {
    AutoStream::choice(&io::stderr()) != ColorChoice::Never
}

/// Says something on standard error. There is nobody to tell when that fails.
pub(super) fn say(text: &str) {
    let mut err = io::stderr().lock();
    let _ = err.write_all(text.trim_end_matches('\n').as_bytes());
    let _ = err.write_all(b"\n");
}

/// How many rows were shown, and how many there are besides.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) rows: u64,
    pub(super) more: u64,
}

/// The place where answers go.
pub(super) struct Output {
    to: Box<dyn Write>,
    screen: Screen,
    answers: u64,
    /// Has there been an answer, if only one without rows?
    written: bool,
    file: Option<Unfinished>,
}

impl Output {
    /// Standard output.
    pub(super) fn stdout() -> Output {
        Output {
            to: Box::new(BufWriter::new(io::stdout())),
            screen: Screen::stdout(),
            answers: 0,
            written: false,
            file: None,
        }
    }

    /// A file, which has its name only after [`Output::finish`]: what stood there before is safe until then.
    pub(super) fn file(path: &Path) -> Result<Output> {
        let named = |source| Error::Io { what: format!("write `{}`", path.display()), source };
        let is_plain = !path.exists() || path.is_file();
        let (file, unfinished) = if is_plain {
            // Behind a link, it is the file that it points to.
            let unfinished = Unfinished::new(&path.canonicalize().unwrap_or(path.to_owned()));
            (File::create(&unfinished.temporary).map_err(named)?, Some(unfinished))
        } else {
            (File::options().write(true).open(path).map_err(named)?, None)
        };
        Ok(Output {
            to: Box::new(BufWriter::new(file)),
            screen: Screen::default(),
            answers: 0,
            written: false,
            file: unfinished,
        })
    }

    /// The screen that answers are shown on.
    pub(super) fn screen(&self) -> Screen {
        self.screen
    }

    /// Shows up to `limit` rows of an answer, and counts the others.
    pub(super) fn answer(&mut self, format: Format, rows: &mut Rows, limit: u64) -> Result<Shown> {
        let mut columns = rows.columns().to_vec();
        let usual = rows.has_usual_columns();
        self.written = true;
        let mut taken = Taken { rows, left: limit, shown: 0 };
        match format {
            Format::Csv => write_delimited(&mut self.to, b',', &columns, &mut taken)?,
            Format::Tsv => write_delimited(&mut self.to, b'\t', &columns, &mut taken)?,
            Format::Json => write_json(&mut self.to, &columns, &mut taken)?,
            Format::Jsonl => write_json_lines(&mut self.to, &columns, &mut taken)?,
            Format::Table | Format::Line => {
                let mut cells = Vec::new();
                for row in &mut taken {
                    cells.push(row?.0.values().to_vec());
                }
                if usual && format == Format::Table && !cells.is_empty() {
                    (columns, cells) = table::telling(&columns, &cells);
                }
                let show = if format == Format::Line { table::lines } else { table::table };
                if !cells.is_empty() {
                    let text = show(&columns, &cells, self.screen);
                    self.separate()?;
                    self.write(&text)?;
                }
            }
        }
        let shown = taken.shown;
        self.flush()?;
        let mut more = 0;
        for row in rows {
            row?;
            more += 1;
        }
        Ok(Shown { rows: shown, more })
    }

    /// Shows text that is an answer by itself.
    pub(super) fn text(&mut self, text: &str) -> Result<()> {
        self.write(text)?;
        self.flush()
    }

    /// A blank line between two answers for people.
    fn separate(&mut self) -> Result<()> {
        self.answers += 1;
        if self.answers > 1 { self.write("\n") } else { Ok(()) }
    }

    /// Forgets the answers so far: the next needs no blank line before it.
    pub(super) fn begin(&mut self) {
        self.answers = 0;
    }

    fn write(&mut self, text: &str) -> Result<()> {
        self.written = true;
        self.to.write_all(text.as_bytes()).map_err(write_error)
    }

    fn flush(&mut self) -> Result<()> {
        self.to.flush().map_err(write_error)
    }

    /// Writes what is left, and gives a file its name.
    pub(super) fn finish(mut self) -> Result<()> {
        self.flush()?;
        // Without an answer, what stood there before stays.
        match self.file.take().filter(|_| self.written) {
            Some(file) => file.finish(),
            None => Ok(()),
        }
    }
}

fn write_error(source: io::Error) -> Error {
    Error::Io { what: "write the answer".to_owned(), source }
}

/// Did whoever read the answers stop reading?
pub(super) fn is_closed_pipe(error: &Error) -> bool {
    matches!(error, Error::Io { source, .. } if source.kind() == io::ErrorKind::BrokenPipe)
}

/// A file on its way, under a name of its own beside the name that it will have. Dropped, it is gone.
struct Unfinished {
    temporary: PathBuf,
    path: PathBuf,
    done: bool,
}

impl Unfinished {
    fn new(path: &Path) -> Unfinished {
        let mut name = OsString::from(".");
        name.push(path.file_name().unwrap_or_default());
        name.push(format!(".{}.part", std::process::id()));
        Unfinished { temporary: path.with_file_name(name), path: path.to_owned(), done: false }
    }

    fn finish(mut self) -> Result<()> {
        fs::rename(&self.temporary, &self.path).map_err(|source| Error::Io {
            what: format!("write `{}`", self.path.display()),
            source,
        })?;
        self.done = true;
        Ok(())
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if !self.done {
            let _ = fs::remove_file(&self.temporary);
        }
    }
}

/// The first rows of an answer, counted.
struct Taken<'a> {
    rows: &'a mut Rows,
    left: u64,
    shown: u64,
}

impl Iterator for Taken<'_> {
    type Item = Result<Cells>;

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let row = self.rows.next()?;
        self.shown += u64::from(row.is_ok());
        Some(row.map(Cells))
    }
}

/// A row as the writers take it.
struct Cells(Row);

impl AsRef<[Value]> for Cells {
    fn as_ref(&self) -> &[Value] {
        self.0.values()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_its_name_only_when_it_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.csv");
        fs::write(&path, "before").unwrap();

        let mut output = Output::file(&path).unwrap();
        output.text("half").unwrap();
        drop(output);
        assert_eq!(fs::read_to_string(&path).unwrap(), "before");

        let mut output = Output::file(&path).unwrap();
        output.text("after").unwrap();
        output.finish().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "after");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
