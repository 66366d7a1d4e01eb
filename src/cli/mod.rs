//! The command `attache` and its prompt. It stands on the public API alone.

mod args;
mod catalogues;
mod demo;
mod dot;
mod fault;
mod help;
mod helper;
mod highlight;
mod history;
mod import;
mod keys;
mod open;
mod output;
mod prompt;
mod run;
mod signal;
mod table;

use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use self::args::{Args, Command, RunArgs};
use self::open::Purpose;
use self::run::{Runner, Source, report};
use crate::{Database, Error, Query, Result};

/// Exit statuses.
mod status {
    use crate::Error;

    /// It was done, whether or not there were rows.
    pub(super) const DONE: u8 = 0;
    /// A query or the data had an error.
    pub(super) const FAILED: u8 = 1;
    /// The command was used wrongly.
    pub(super) const MISUSED: u8 = 2;
    /// The database cannot be opened: locked, damaged, not a database.
    pub(super) const UNAVAILABLE: u8 = 3;
    /// Rows of an import were rejected.
    pub(super) const REJECTED: u8 = 4;
    /// Ctrl-C.
    pub(super) const CANCELLED: u8 = 130;

    /// The worse of two: rejected rows are no error, and hide none.
    pub(super) fn worse(one: u8, other: u8) -> u8 {
        let weight = |status| match status {
            DONE => 0,
            REJECTED => 1,
            error => error + 1,
        };
        if weight(other) > weight(one) { other } else { one }
    }

    /// The status of an error of a statement.
    pub(super) fn of(error: &Error) -> u8 {
        match error {
            Error::Locked { .. } | Error::Format { .. } | Error::Corrupt(_) => UNAVAILABLE,
            Error::Cancelled => CANCELLED,
            _ => FAILED,
        }
    }
}

/// Runs the command of this process, and gives its exit status.
pub fn run() -> ExitCode {
    fault::install();
    let args = Args::parse(); // ends the process with status 2 where it is used wrongly
    signal::listen();
    ExitCode::from(fault::contain(|| command(&args)).unwrap_or(status::FAILED))
}

fn command(args: &Args) -> u8 {
    let done = match &args.command {
        None => execute(args.file.as_deref(), &args.run),
        Some(Command::Demo { run }) => demo::run(run),
        Some(Command::Import(args)) => import::run(args),
        Some(Command::Info { file }) => info(file),
        Some(Command::Check { file }) => check(file),
        Some(Command::Compact { file }) => compact(file),
        Some(Command::Completions { shell }) => completions(*shell),
        Some(Command::Man) => man(),
    };
    done.unwrap_or_else(|status| status)
}

/// What ends a command early: its status, after the words have been said.
type Ended<T = u8> = Result<T, u8>;

/// Says what went wrong outside of any query; the command ends with that status.
fn ended(error: &Error, status: u8) -> u8 {
    if output::is_closed_pipe(error) {
        return status::DONE;
    }
    report(error, &Source { text: String::new(), origin: String::new() });
    status
}

/// The output must not take the place of what is read.
fn check_output(file: Option<&Path>, args: &RunArgs) -> Ended<()> {
    let place = |path: &Path| path.canonicalize().ok();
    let Some(output) = args.output.as_deref().and_then(place) else { return Ok(()) };
    let read = file.into_iter().chain(args.script.iter().map(PathBuf::as_path));
    if read.into_iter().filter_map(place).any(|path| path == output) {
        output::say(&format!(
            "error: `{}` is read here, an answer would destroy it; name another file behind -o",
            output.display()
        ));
        return Err(status::MISUSED);
    }
    Ok(())
}

fn execute(file: Option<&Path>, args: &RunArgs) -> Ended {
    check_output(file, args)?;
    let Some(sources) = sources(args, !io::stdin().is_terminal())? else {
        let db = open::for_prompt(file, args.read_only)?;
        return Ok(prompt::run(runner(db, args)?));
    };
    run_sources(&sources, args, |purpose| open::for_statements(file, purpose, args.read_only))
}

/// Runs scripts on a database, which is opened only when all of them have been read.
fn run_sources(
    sources: &[Source],
    args: &RunArgs,
    open: impl FnOnce(Purpose) -> Ended<Database>,
) -> Ended {
    let mut purpose = Purpose::Read;
    for source in sources {
        match Query::script(&source.text) {
            Ok(statements) if statements.iter().all(|(statement, _)| statement.is_read_only()) => {}
            Ok(_) => purpose = Purpose::Write,
            Err(_) if args.keep_going => {} // it is told in its turn
            Err(error) => {
                report(&error, source);
                return Err(status::of(&error));
            }
        }
    }
    let mut runner = runner(open(purpose)?, args)?;
    for source in sources {
        if runner.run(source).is_break() {
            break;
        }
    }
    Ok(runner.finish())
}

fn runner(db: Database, args: &RunArgs) -> Ended<Runner> {
    Runner::new(db, args).map_err(|error| ended(&error, status::FAILED))
}

/// The texts to run; none where the prompt is wanted.
fn sources(args: &RunArgs, piped: bool) -> Ended<Option<Vec<Source>>> {
    let query = |text: &String| Source { text: text.clone(), origin: "query".to_owned() };
    if !args.queries.is_empty() {
        return Ok(Some(args.queries.iter().map(query).collect()));
    }
    let scripts = if args.script.is_empty() && piped {
        vec![read_script(Path::new("-"))]
    } else {
        args.script.iter().map(|path| read_script(path)).collect()
    };
    if scripts.is_empty() {
        return Ok(None);
    }
    let read: Result<Vec<Source>> = scripts.into_iter().collect();
    read.map(Some).map_err(|error| ended(&error, status::FAILED))
}

/// Reads a script from a file, or from standard input for `-`.
fn read_script(path: &Path) -> Result<Source> {
    let is_stdin = path == Path::new("-");
    let origin = if is_stdin { "standard input".into() } else { path.display().to_string() };
    let mut bytes = Vec::new();
    let read = if is_stdin {
        io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        std::fs::read(path)
    };
    let text = read.and_then(|bytes| {
        String::from_utf8(bytes).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            let line = error.as_bytes().iter().take(at).filter(|&&byte| byte == b'\n').count() + 1;
            io::Error::new(io::ErrorKind::InvalidData, format!("line {line} is not UTF-8 text"))
        })
    });
    match text {
        Ok(text) => {
            Ok(Source { text: text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned(), origin })
        }
        Err(source) => Err(Error::Io { what: format!("read `{origin}`"), source }),
    }
}

fn info(file: &Path) -> Ended {
    let db = open::for_statements(Some(file), Purpose::Read, true)?;
    let mut runner = runner(db, &RunArgs::default())?;
    let shown = catalogues::info(&mut runner);
    shown.map_err(|error| ended(&error, status::of(&error)))?;
    Ok(runner.finish())
}

fn check(file: &Path) -> Ended {
    let db = open::for_statements(Some(file), Purpose::Read, true)?;
    let found = db.verify().map_err(|error| ended(&error, status::UNAVAILABLE))?;
    let mut output = output::Output::stdout();
    let text = if found.is_empty() {
        format!("`{}` is sound\n", file.display())
    } else {
        found.iter().map(|line| crate::export::on_screen(line) + "\n").collect()
    };
    output.text(&text).map_err(|error| ended(&error, status::FAILED))?;
    Ok(if found.is_empty() { status::DONE } else { status::UNAVAILABLE })
}

fn compact(file: &Path) -> Ended {
    if std::fs::metadata(file).map_or(true, |meta| meta.len() == 0) {
        // Opened for writing it would be made.
        return open::for_statements(Some(file), Purpose::Read, true).map(|_| status::DONE);
    }
    let db = open::for_statements(Some(file), Purpose::Write, false)?;
    let failed = |error: Error| ended(&error, status::of(&error));
    let before = db.info().map_err(failed)?.bytes;
    db.compact().map_err(failed)?;
    let after = db.info().map_err(failed)?.bytes;
    let file = file.display();
    let text = match before.checked_sub(after) {
        None | Some(0) => format!("`{file}` could not be made shorter: {after} bytes\n"),
        Some(_) => format!("`{file}` has {after} bytes now, and had {before}\n"),
    };
    output::Output::stdout().text(&text).map_err(|error| ended(&error, status::FAILED))?;
    Ok(status::DONE)
}

fn completions(shell: clap_complete::Shell) -> Ended {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "attache", &mut text);
    show(&text)
}

fn man() -> Ended {
    let mut text = Vec::new();
    let drawn = clap_mangen::Man::new(Args::command()).render(&mut text);
    drawn.map_err(|source| {
        ended(&Error::Io { what: "draw the manual page".to_owned(), source }, status::FAILED)
    })?;
    show(&text)
}

fn show(text: &[u8]) -> Ended {
    let shown = output::Output::stdout().text(&String::from_utf8_lossy(text));
    shown.map_err(|error| ended(&error, status::FAILED))?;
    Ok(status::DONE)
}
