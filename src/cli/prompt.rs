//! The prompt: a line editor in front of a runner.

use std::ops::ControlFlow;

use rustyline::config::{Behavior, BellStyle, ColorMode, CompletionType, Config};
use rustyline::error::ReadlineError;
use rustyline::history::MemHistory;
use rustyline::{Editor, Result};

use super::helper::PromptHelper;
use super::output::{say, stderr_color};
use super::run::{Mode, Runner, Source};
use super::{dot, fault, history, keys, signal, status};

/// What stands before a statement.
pub(super) const PROMPT: &str = "attache> ";
/// How many rows of an answer the prompt shows, until it is told otherwise.
const MAX_ROWS: u64 = 100;

/// Reads and runs statements until the person leaves.
pub(super) fn run(mut runner: Runner) -> u8 {
    runner.mode = Mode::Prompt;
    runner.status = status::DONE;
    runner.settings.max_rows = MAX_ROWS;
    signal::prompting();
    greet(&runner);
    if let Err(error) = converse(&mut runner) {
        say(&format!("error: the terminal cannot be used: {error}"));
        runner.status = status::FAILED;
    }
    runner.finish()
}

fn greet(runner: &Runner) {
    let version = env!("CARGO_PKG_VERSION");
    let what = match fault::quietly(|| runner.db.info().ok()) {
        Some(info) => {
            let place = info
                .path
                .map_or("in memory, kept nowhere".to_owned(), |path| path.display().to_string());
            let only = if runner.db.is_read_only() { ", for reading only" } else { "" };
            format!("; {place}{only}; {} events", info.events)
        }
        None => String::new(),
    };
    say(&format!(
        "Attaché {version}{what}\n.help lists the commands, Tab completes, Ctrl-D leaves"
    ));
}

fn converse(runner: &mut Runner) -> Result<()> {
    let mut editor = editor(runner)?;
    let mut journal = Journal::open(&mut editor);
    loop {
        let line = match editor.readline(PROMPT) {
            Ok(line) => keys::strip(&line),
            Err(ReadlineError::Interrupted) => continue,
            Err(ReadlineError::Eof) => return Ok(()),
            Err(error) => return Err(error),
        };
        if line.trim().is_empty() {
            continue;
        }
        if !line.starts_with(' ') {
            journal.add(&mut editor, line.trim_end());
        }
        // A fault costs the statement, not the session.
        let flow = fault::contain(|| statement(runner, &line));
        if flow.is_some_and(|flow| flow.is_break()) {
            return Ok(());
        }
    }
}

fn statement(runner: &mut Runner, line: &str) -> ControlFlow<()> {
    runner.output.begin();
    if keys::is_dot(line) {
        return dot::run(runner, line);
    }
    runner.run(&Source { text: line.trim_end().to_owned(), origin: "prompt".to_owned() })
}

fn editor(runner: &Runner) -> Result<Editor<PromptHelper, MemHistory>> {
    let color = runner.output.screen().color && stderr_color();
    let behavior = if runner.output.screen().width.is_some() {
        Behavior::Stdio
    } else {
        Behavior::PreferTerm // the answers go elsewhere, the prompt does not
    };
    let config = Config::builder()
        .max_history_size(history::KEPT)?
        .history_ignore_dups(true)?
        .auto_add_history(false)
        .completion_type(CompletionType::List)
        .completion_show_all_if_ambiguous(true)
        .bell_style(BellStyle::None)
        .bracketed_paste(true)
        .color_mode(if color { ColorMode::Enabled } else { ColorMode::Disabled })
        .behavior(behavior)
        .build();
    let history = MemHistory::with_config(&config);
    let mut editor = Editor::with_history(config, history)?;
    editor.set_helper(Some(PromptHelper { db: runner.db.clone(), color }));
    keys::bind(&mut editor);
    Ok(editor)
}

/// The history file, as long as it can be written to.
struct Journal {
    path: Option<std::path::PathBuf>,
}

impl Journal {
    /// Gives the editor the statements of earlier sessions.
    fn open(editor: &mut Editor<PromptHelper, MemHistory>) -> Journal {
        let mut journal = Journal { path: history::path() };
        let Some(path) = &journal.path else { return journal };
        match history::load(path) {
            Ok(statements) => {
                for statement in statements {
                    let _ = editor.add_history_entry(keys::mark(&statement));
                }
            }
            Err(error) => journal.give_up(&error),
        }
        journal
    }

    fn add(&mut self, editor: &mut Editor<PromptHelper, MemHistory>, statement: &str) {
        let _ = editor.add_history_entry(keys::mark(statement));
        let Some(path) = &self.path else { return };
        if let Err(error) = history::append(path, statement) {
            self.give_up(&error);
        }
    }

    fn give_up(&mut self, error: &std::io::Error) {
        if let Some(path) = self.path.take() {
            say(&format!("note: no history is kept: `{}`: {error}", path.display()));
        }
    }
}
