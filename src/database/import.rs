//! Files read in: what a statement or a program asks of an import, and carrying it out.

use std::path::{Path, PathBuf};

use super::Database;
use crate::catalog::nearest;
use crate::error::{Diagnostic, Error, Result, Span};
use crate::executor::CancelToken;
use crate::import::{Format, ImportOptions, ImportReport};
use crate::model::Value;
use crate::planner::plan::ImportPlan;

impl Database {
    /// Reads a file in: event data of a known format, a table with a mapping, JSON lines, a dictionary of actors; plain, in
    /// `.gz` or in `.zip`; with the feature `parquet`, in Parquet.
    ///
    /// Rows are committed in batches. What was cut off, by an error, a cancel or a crash, goes on when the same file is
    /// imported again; what is in already is not entered twice. Rows that cannot be taken are told in the report and
    /// are no error.
    ///
    /// # Errors
    /// [`Error::Import`] when the file is none that can be read in; the rows before the fault are in.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use attache::{Database, ImportOptions};
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("visits.csv");
    /// std::fs::write(&path, "date,source,target\n2018-04-24,Khurram Dastgir,Russia\n")?;
    /// let db = Database::open_in_memory()?;
    /// let options = ImportOptions { kind: Some("visit".into()), ..ImportOptions::default() };
    /// let report = db.import(&path, options)?;
    /// assert_eq!(report.counts.loaded, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn import(&self, path: impl AsRef<Path>, options: ImportOptions) -> Result<ImportReport> {
        crate::import::import(&self.store, path.as_ref(), options)
    }

    /// Where the statement and the command put the rejected rows of a file, when nothing else is said: beside the database.
    /// None in memory.
    pub fn rejects_path(&self, data: impl AsRef<Path>) -> Option<PathBuf> {
        let mut path = self.store.path()?.as_os_str().to_owned();
        path.push(".");
        path.push(data.as_ref().file_name().unwrap_or_default());
        path.push(".rejects.csv");
        Some(path.into())
    }

    /// Carries out the statement `import`.
    pub(super) fn run_import(&self, plan: ImportPlan, cancel: CancelToken) -> Result<ImportReport> {
        let mut options = ImportOptions { kind: plan.kind, cancel, ..ImportOptions::default() };
        if let Some(word) = plan.format {
            options.format = Some(format(&word.node, word.span)?);
        }
        for (name, value) in plan.options {
            let word = name.node.to_lowercase();
            match (word.as_str(), value.node) {
                ("check", Value::Bool(yes)) => options.check = yes,
                ("rejects", Value::Text(path)) => options.rejects = Some(path.into()),
                ("check" | "rejects", other) => return Err(wrong(&name.node, &other, value.span)),
                (_, Value::Text(column)) => options.mapping.push((word, vec![column])),
                (_, Value::List(columns)) => {
                    let named = columns.into_iter().map(|column| match column {
                        Value::Text(column) => Ok(column),
                        other => Err(wrong(&name.node, &other, value.span)),
                    });
                    options.mapping.push((word, named.collect::<Result<_>>()?));
                }
                (_, other) => return Err(wrong(&name.node, &other, value.span)),
            }
        }
        if options.rejects.is_none() && !options.check {
            options.rejects = self.rejects_path(&plan.file);
        }
        self.import(&plan.file, options)
    }
}

/// The format of a word.
fn format(word: &str, span: Span) -> Result<Format> {
    Format::from_word(word).ok_or_else(|| {
        let words = Format::ALL.iter().map(|(_, word, _)| *word);
        let near = nearest(word, words.clone());
        let diagnostic = Diagnostic::new("unknown-format", format!("no format `{word}`"), span)
            .label("unknown format");
        match near.first() {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")).fix(span, *near),
            None => diagnostic.help(format!("it is one of {}", listed(words))),
        }
        .bind()
    })
}

fn listed<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

fn wrong(name: &str, value: &Value, span: Span) -> Error {
    Diagnostic::new("import-option", format!("`{name}` cannot be {}", value.describe()), span)
        .label("here")
        .help("a field is a column in quotes, or several in a list; `dates` is \"dmy\", \"mdy\" or \"ymd\", `check` is true or false, `rejects` a file")
        .bind()
}
