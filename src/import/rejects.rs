//! Rejected rows: a file of them, with where they stand and why they were not taken.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

const HEADER: [&str; 5] = ["file", "line", "column", "reason", "row"];

/// A row that was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rejected {
    /// The file, and the member of an archive.
    pub file: String,
    /// The line on which the row begins, from 1.
    pub line: u64,
    /// The column at fault, by its name or as `column 7`.
    pub column: Option<String>,
    /// Why.
    pub reason: String,
}

impl std::fmt::Display for Rejected {
    /// `x.csv:17: column Event Date: “2018-02-31” is no day`
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: ", self.file, self.line)?;
        if let Some(column) = &self.column {
            write!(f, "{column}: ")?;
        }
        f.write_str(&self.reason)
    }
}

/// The file of rejected rows; made with the first of them.
#[derive(Debug)]
pub(crate) struct Rejects {
    path: Option<PathBuf>,
    /// What an earlier run that was cut off had written for certain.
    keep: u64,
    file: Option<BufWriter<File>>,
    len: u64,
}

impl Rejects {
    /// Rejected rows go to `path`, behind the first `keep` bytes that are there already. Another file is not written over.
    pub(crate) fn new(path: Option<&Path>, keep: u64) -> Result<Rejects> {
        let mut there = 0;
        if let Some(path) = path
            && let Ok(meta) = path.metadata()
            && meta.is_file()
        {
            there = meta.len();
            if there > 0 && !is_ours(path) {
                let detail =
                    "it is there, and no file of rejected rows: name another one for these";
                return Err(Error::file(path.display().to_string(), None, detail));
            }
        }
        // One that is gone meanwhile, or lies elsewhere, begins anew.
        let keep = if there < keep { 0 } else { keep };
        Ok(Rejects { path: path.map(Path::to_owned), keep, file: None, len: keep })
    }

    /// Writes a row.
    pub(crate) fn add(&mut self, rejected: &Rejected, row: &str) -> Result<()> {
        let Some(path) = self.path.clone() else { return Ok(()) };
        let mut text = Vec::new();
        if self.len == 0 {
            write_row(&mut text, &HEADER);
        }
        let line = rejected.line.to_string();
        let column = rejected.column.as_deref().unwrap_or("");
        write_row(&mut text, &[&rejected.file, &line, column, &rejected.reason, row]);
        let written = self.open(&path).and_then(|file| file.write_all(&text));
        written.map_err(|error| failed(&path, error))?;
        self.len += text.len() as u64;
        Ok(())
    }

    fn open(&mut self, path: &Path) -> io::Result<&mut BufWriter<File>> {
        if self.file.is_none() {
            let mut options = OpenOptions::new();
            let mut file = options.write(true).create(true).truncate(false).open(path)?;
            file.set_len(self.keep)?;
            file.seek(SeekFrom::Start(self.keep))?;
            self.file = Some(BufWriter::new(file));
        }
        self.file.as_mut().ok_or_else(|| io::Error::other("no file"))
    }

    /// Makes what was written durable, and says how long the file is.
    pub(crate) fn sync(&mut self) -> Result<u64> {
        if let (Some(file), Some(path)) = (&mut self.file, &self.path) {
            let synced = file.flush().and_then(|()| file.get_ref().sync_data());
            synced.map_err(|error| failed(path, error))?;
        }
        Ok(self.len)
    }

    /// The file, if there is any row in it. A file of an earlier import, which had other rejects, goes.
    pub(crate) fn finish(mut self) -> Result<Option<PathBuf>> {
        self.sync()?;
        let Some(path) = self.path.take() else { return Ok(None) };
        if self.len > 0 {
            return Ok(Some(path));
        }
        if is_ours(&path) {
            fs::remove_file(&path).map_err(|error| failed(&path, error))?;
        }
        Ok(None)
    }
}

/// Does a file look like one of rejected rows?
fn is_ours(path: &Path) -> bool {
    let header = HEADER.join(",");
    let mut head = Vec::new();
    let read =
        File::open(path).and_then(|file| file.take(header.len() as u64).read_to_end(&mut head));
    read.is_ok() && head == header.as_bytes()
}

fn write_row(text: &mut Vec<u8>, cells: &[&str]) {
    let mut writer = csv::Writer::from_writer(text);
    // Writing to memory does not fail.
    let _ = writer.write_record(cells);
    let _ = writer.flush();
}

fn failed(path: &Path, error: io::Error) -> Error {
    Error::io(format!("write the rejected rows to `{}`", path.display()), error)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rejected(line: u64) -> Rejected {
        let reason = "`x, y` is no \"day\"".to_owned();
        Rejected { file: "a.csv".to_owned(), line, column: Some("Event Date".to_owned()), reason }
    }

    #[test]
    fn a_cut_off_file_goes_on_from_what_is_certain() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rejects.csv");
        let mut rejects = Rejects::new(Some(&path), 0).unwrap();
        rejects.add(&rejected(2), "row 2").unwrap();
        let certain = rejects.sync().unwrap();
        rejects.add(&rejected(3), "row 3").unwrap();
        rejects.sync().unwrap();
        drop(rejects);

        let mut rejects = Rejects::new(Some(&path), certain).unwrap();
        rejects.add(&rejected(4), "row 4").unwrap();
        assert_eq!(rejects.finish().unwrap().as_deref(), Some(path.as_path()));
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(
            text,
            "file,line,column,reason,row\n\
             a.csv,2,Event Date,\"`x, y` is no \"\"day\"\"\",row 2\n\
             a.csv,4,Event Date,\"`x, y` is no \"\"day\"\"\",row 4\n"
        );
    }

    #[test]
    fn without_rejects_there_is_no_file_and_no_strange_file_is_lost() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notes.csv");
        fs::write(&path, "my own notes").unwrap();
        for keep in [0, 5, 500] {
            let error = Rejects::new(Some(&path), keep).unwrap_err().to_string();
            assert!(error.contains("it is there, and no file of rejected rows"), "{error}");
        }
        assert_eq!(fs::read_to_string(&path).unwrap(), "my own notes");
        fs::write(&path, "file,line,column,reason,row\n1").unwrap();
        assert_eq!(Rejects::new(Some(&path), 0).unwrap().finish().unwrap(), None);
        assert!(!path.exists());
    }

    #[test]
    fn a_file_that_is_gone_meanwhile_begins_anew() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rejects.csv");
        let mut rejects = Rejects::new(Some(&path), 4000).unwrap();
        rejects.add(&rejected(4), "row 4").unwrap();
        rejects.finish().unwrap();
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("file,line,column,reason,row\na.csv,4,"), "{text:?}");
    }
}
