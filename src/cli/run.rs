//! Statements one after another: what they answer, what goes wrong, and whether that ends the run.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use super::args::{Format, RunArgs};
use super::output::{Output, is_closed_pipe, say, stderr_color};
use super::signal::Run;
use super::{import, status};
use crate::{Changes, Database, Error, Outcome, Query, Result, Rows, RunOptions, Session};

/// What an error does to the statements behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// It ends the run.
    Script,
    /// They run all the same, and the run has failed.
    KeepGoing,
    /// They don't run, and the person at the prompt goes on.
    Prompt,
}

/// Text with statements, and the name under which errors speak of it.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) text: String,
    pub(super) origin: String,
}

/// How answers are shown.
#[derive(Debug, Clone, Copy)]
pub(super) struct Settings {
    pub(super) format: Format,
    /// Rows shown of an answer.
    pub(super) max_rows: u64,
    /// Is the time told?
    pub(super) timer: bool,
}

/// A database, a session on it, and all that decides how its answers are shown.
pub(super) struct Runner {
    pub(super) db: Database,
    pub(super) session: Session,
    pub(super) mode: Mode,
    pub(super) settings: Settings,
    pub(super) output: Output,
    /// The exit status so far.
    pub(super) status: u8,
    strict: bool,
    changes: Changes,
}

impl Runner {
    /// A runner on a database.
    pub(super) fn new(db: Database, args: &RunArgs) -> Result<Runner> {
        let output = match &args.output {
            Some(path) => Output::file(path)?,
            None => Output::stdout(),
        };
        let by_name = || args.output.as_deref().and_then(Format::of_path);
        let format = args.format.or_else(by_name).unwrap_or(Format::Table);
        let mut session = db.session();
        for (name, value) in &args.params {
            session.set_param(name, value.clone());
        }
        Ok(Runner {
            session,
            db,
            mode: if args.keep_going { Mode::KeepGoing } else { Mode::Script },
            settings: Settings { format, max_rows: u64::MAX, timer: true },
            output,
            status: status::DONE,
            strict: args.strict,
            changes: Changes::default(),
        })
    }

    /// Runs the statements of a text.
    ///
    /// It breaks where nothing may run any more: after an error in [`Mode::Script`], after Ctrl-C, and when nobody
    /// reads the answers.
    pub(super) fn run(&mut self, source: &Source) -> ControlFlow<()> {
        let flow = match Query::script(&source.text) {
            Ok(statements) => self.statements(&statements, source),
            Err(error) => self.failed(&error, source),
        };
        self.tell_changes();
        flow
    }

    fn statements(
        &mut self,
        statements: &[(Query, crate::Span)],
        source: &Source,
    ) -> ControlFlow<()> {
        for (statement, _) in statements {
            if let Err(error) = self.statement(statement) {
                self.tell_changes();
                self.failed(&error, source)?;
                if self.mode == Mode::Prompt {
                    break;
                }
            }
        }
        ControlFlow::Continue(())
    }

    fn statement(&mut self, statement: &Query) -> Result<()> {
        let run = Run::begin();
        let options = RunOptions { cancel: Some(run.token()), ..RunOptions::default() };
        let started = Instant::now();
        match self.session.run(statement, options)? {
            Outcome::Rows(rows) => {
                self.tell_changes();
                self.answer(rows, started)?;
            }
            Outcome::Changed(changes) => {
                for notice in &changes.notices {
                    say(&format!("note: {}", notice.text));
                }
                let all = &mut self.changes;
                all.inserted.extend(changes.inserted);
                all.deleted += changes.deleted;
                all.defined.extend(changes.defined);
                all.dropped.extend(changes.dropped);
            }
            Outcome::Imported(report) => {
                self.tell_changes();
                say(&import::told(&report));
                import::details(&report);
                self.status = status::worse(self.status, import::of_report(&report, false));
                if report.cancelled {
                    return Err(Error::Cancelled);
                }
            }
            Outcome::Remembered => {}
        }
        Ok(())
    }

    fn answer(&mut self, mut rows: Rows, started: Instant) -> Result<()> {
        let Settings { format, max_rows, timer } = self.settings;
        let shown = self.output.answer(format, &mut rows, max_rows)?;
        let took = started.elapsed();
        if shown.more > 0 {
            say(&format!("… and {} more: .maxrows", shown.more));
        }
        let notices = rows.notices();
        for notice in &notices {
            say(&format!("note: {}", notice.text));
        }
        if format.is_human() {
            let rows = match shown.rows + shown.more {
                0 => "no rows".to_owned(),
                1 => "1 row".to_owned(),
                many => format!("{many} rows"),
            };
            say(&if timer { format!("{rows} ({})", time(took)) } else { rows });
        }
        if self.strict && !notices.is_empty() {
            say("error: the answer comes with a notice, and --strict was given");
            self.status = status::worse(self.status, status::FAILED);
        }
        Ok(())
    }

    /// Says what the statements since the last time have changed.
    fn tell_changes(&mut self) {
        let changes = std::mem::take(&mut self.changes);
        if changes != Changes::default() {
            say(&summary(&changes));
        }
    }

    /// Says what went wrong, and whether anything may run behind it.
    pub(super) fn failed(&mut self, error: &Error, source: &Source) -> ControlFlow<()> {
        if is_closed_pipe(error) {
            return ControlFlow::Break(());
        }
        report(error, source);
        if self.mode != Mode::Prompt {
            self.status = status::worse(self.status, status::of(error));
        }
        match (self.mode, error) {
            (Mode::Prompt, _) => ControlFlow::Continue(()),
            (Mode::Script, _) | (_, Error::Cancelled) => ControlFlow::Break(()),
            (Mode::KeepGoing, _) => ControlFlow::Continue(()),
        }
    }

    /// Ends the run: files get their names, the database is closed. Gives the exit status.
    pub(super) fn finish(self) -> u8 {
        let Runner { db, session, mode, output, mut status, .. } = self;
        drop(session); // before the database is closed
        let nothing = Source { text: String::new(), origin: String::new() };
        // What was written of a file is worth its name only when the run went through.
        let written = if status == status::DONE || mode == Mode::KeepGoing {
            output.finish()
        } else {
            Ok(())
        };
        for error in [written.err(), db.close().err()].into_iter().flatten() {
            if !is_closed_pipe(&error) {
                report(&error, &nothing);
                status = status::worse(status, status::of(&error));
            }
        }
        status
    }
}

/// Shows an error on standard error.
pub(super) fn report(error: &Error, source: &Source) {
    say(&error.render(&source.text, &source.origin, stderr_color()));
}

/// What was changed, in a line: by name while that is short, else by number.
fn summary(changes: &Changes) -> String {
    const NAMED: usize = 5;
    let mut parts = Vec::new();
    if changes.defined.len() <= NAMED && changes.dropped.len() <= NAMED {
        return changes.to_string();
    }
    let rest = Changes { defined: Vec::new(), dropped: Vec::new(), ..changes.clone() };
    if rest != Changes::default() {
        parts.push(rest.to_string());
    }
    for (verb, entries) in [("defined", &changes.defined), ("dropped", &changes.dropped)] {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for entry in entries {
            *counts.entry(entry.split(' ').next().unwrap_or_default()).or_default() += 1;
        }
        parts.extend(counts.iter().map(|(catalog, count)| {
            let s = if *count == 1 { "" } else { "s" };
            format!("{verb} {count} {catalog}{s}")
        }));
    }
    parts.join(", ")
}

/// A time as people read it.
fn time(took: Duration) -> String {
    let ms = took.as_secs_f64() * 1000.0;
    match ms {
        ms if ms < 10.0 => format!("{ms:.1} ms"),
        ms if ms < 1000.0 => format!("{ms:.0} ms"),
        ms => format!("{:.1} s", ms / 1000.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_changes_are_counted() {
        let defined: Vec<String> = (0..6).map(|n| format!("actor \"A{n}\"")).collect();
        let mut changes = Changes { defined, ..Changes::default() };
        changes.defined.push("place \"P\"".to_owned());
        assert_eq!(summary(&changes), "defined 6 actors, defined 1 place");
    }

    #[test]
    fn times_have_two_digits_that_matter() {
        let text = |micros| time(Duration::from_micros(micros));
        assert_eq!(text(40), "0.0 ms");
        assert_eq!(text(1_240), "1.2 ms");
        assert_eq!(text(56_400), "56 ms");
        assert_eq!(text(2_310_000), "2.3 s");
    }
}
