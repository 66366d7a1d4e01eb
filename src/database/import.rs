//! Files read in: what a statement or a program asks of an import, and carrying it out.

use std::path::Path;

use super::Database;
use crate::catalog::nearest;
use crate::error::{Diagnostic, Error, Result, Span};
use crate::executor::CancelToken;
use crate::import::{Format, ImportOptions, ImportReport};
use crate::model::Value;
use crate::parser::phrase::DayOrder;
use crate::planner::plan::ImportPlan;

/// The options of the statement that are not fields.
const OPTIONS: &[&str] = &["dates", "check", "rejects"];

impl Database {
    /// Reads a file in: event data of a known format, a table with a mapping, JSON lines, a dictionary of actors; plain, in
    /// `.gz` or in `.zip`.
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

    /// Carries out the statement `import`.
    pub(super) fn run_import(&self, plan: ImportPlan, cancel: CancelToken) -> Result<ImportReport> {
        let mut options = ImportOptions { kind: plan.kind, cancel, ..ImportOptions::default() };
        if let Some(word) = plan.format {
            options.format = Some(format(&word.node, word.span)?);
        }
        for (name, value) in plan.options {
            let text = match &value.node {
                Value::Text(text) => text.clone(),
                Value::Bool(yes) => yes.to_string(),
                other => {
                    let message = format!("`{}` is the name of a column, not {}", name.node, other.describe());
                    return Err(wrong(&message, value.span, "write it in quotes"));
                }
            };
            match name.node.to_lowercase().as_str() {
                "dates" => options.day_order = day_order(&text, value.span)?,
                "check" => options.check = text == "true",
                "rejects" => options.rejects = Some(text.into()),
                _ => options.mapping.push((name.node, text)),
            }
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

fn day_order(text: &str, span: Span) -> Result<Option<DayOrder>> {
    match text.to_lowercase().as_str() {
        "dmy" => Ok(Some(DayOrder::DayFirst)),
        "mdy" => Ok(Some(DayOrder::MonthFirst)),
        "ymd" => Ok(None),
        _ => Err(wrong(&format!("no order of dates `{text}`"), span, "it is \"dmy\", \"mdy\" or \"ymd\"")),
    }
}

fn wrong(message: &str, span: Span, help: &str) -> Error {
    let options = listed(OPTIONS.iter().copied());
    Diagnostic::new("import-option", message, span)
        .label("here")
        .help(format!("{help}; the options are the fields of an event, each with its column, and {options}"))
        .bind()
}
