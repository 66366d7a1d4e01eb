//! The command line.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::Value;

const ABOUT: &str = "A database of diplomatic and political events, with a small query language";

const LONG_ABOUT: &str = "\
A database of diplomatic and political events in one file, with a small query language that knows dates in doubt, \
the many names of one person, and who belonged to whom at the time.";

const EXAMPLES: &str = "\
Examples:
  attache demo                          look round in a small chronicle
  attache relations.attache             open the prompt; the file is made when there is none
  attache relations.attache -f chronicle.evq
  attache relations.attache -c 'events where actor = \"Bajwa\" and year >= 2015'
  attache relations.attache -c 'events where actor = $who' --param who=Lavrov --format csv
  attache relations.attache -c 'visit to \"Pakistan\"' -o visits.json
  attache import events.attache gdelt.zip

Exit status: 0 done, 1 error in a query or in data, 2 wrong use, 3 the database cannot be opened, 4
rows of an import were rejected, 130 cancelled.
A file that is called like a command is given with its folder: ./demo";

const IMPORT_HELP: &str = "\
Formats are recognised from the data: GDELT 1 and 2, reduced and mentions, ICEWS, ACLED, UCDP GED,
POLECAT, Phoenix, dictionaries of actors, JSON lines, and any table whose header names fields, or
with --map.

Examples:
  attache import x.attache 20180101.export.CSV.zip
  attache import x.attache visits.csv --map source=Guest --map date=Day --kind visit
  attache import x.attache acled.csv --check

A file that was cut off goes on when the command is repeated; what is in already is not entered
twice.
`delete events where import = 3` undoes the import with that number; `imports` lists them.

Exit status: 0 done, 1 a file cannot be read in, 2 wrong use, 3 the database cannot be opened,
4 rows were rejected, 130 cancelled.";

/// What was asked for.
#[derive(Debug, Parser)]
#[command(
    name = "attache",
    version,
    about = ABOUT,
    long_about = LONG_ABOUT,
    after_help = EXAMPLES,
    max_term_width = 100,
    args_conflicts_with_subcommands = true,
    disable_help_subcommand = true
)]
pub(super) struct Args {
    #[command(subcommand)]
    pub(super) command: Option<Command>,
    /// The database; made when something is written. In memory when not given
    pub(super) file: Option<PathBuf>,
    #[command(flatten)]
    pub(super) run: RunArgs,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// The chronicle of Pakistan and Russia, in memory: a few queries with their answers, or your own
    Demo {
        #[command(flatten)]
        run: RunArgs,
    },
    /// Read files in: event data, tables, JSON lines, dictionaries of actors; plain, `.gz` or `.zip`
    #[command(after_help = IMPORT_HELP)]
    Import(ImportArgs),
    /// What a database holds
    Info {
        /// The database
        file: PathBuf,
    },
    /// Look for damage: recompute all that is derived from the records, and compare
    Check {
        /// The database
        file: PathBuf,
    },
    /// Make a database as short and as quick as it can be, after many small imports, updates or deletions
    Compact {
        /// The database
        file: PathBuf,
    },
    /// Completions for a shell, on standard output
    Completions {
        /// The shell
        shell: Shell,
    },
    /// The manual page, on standard output
    Man,
}

/// What to read in, and how.
#[derive(Debug, ClapArgs)]
pub(super) struct ImportArgs {
    /// The database; made when there is none
    pub(super) file: PathBuf,
    /// The files to read in, `-` for standard input
    #[arg(required = true, value_name = "DATA")]
    pub(super) data: Vec<PathBuf>,
    /// The format, when it is not to be recognised from the data
    #[arg(long = "as", value_name = "FORMAT", value_parser = import_format)]
    pub(super) format: Option<crate::Format>,
    /// Of a table, which column holds a field; may be given again
    #[arg(long = "map", value_name = "FIELD=COLUMN", value_parser = mapping)]
    pub(super) map: Vec<(String, String)>,
    /// The kind of all rows, where the data say nothing of kinds
    #[arg(long, value_name = "KIND")]
    pub(super) kind: Option<String>,
    /// What 12/03/2014 means
    #[arg(long, value_enum, value_name = "ORDER")]
    pub(super) dates: Option<DateOrder>,
    /// Read and count only; the database is not changed
    #[arg(long)]
    pub(super) check: bool,
    /// Where rows go that cannot be taken, as CSV; else beside the database
    #[arg(long, value_name = "FILE")]
    pub(super) rejects: Option<PathBuf>,
    /// Do not fail when there are rows that cannot be taken
    #[arg(long)]
    pub(super) allow_rejects: bool,
}

/// The order of day and month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum DateOrder {
    /// 12 March
    Dmy,
    /// 3 December
    Mdy,
}

/// Reads the word for a format.
fn import_format(word: &str) -> Result<crate::Format, String> {
    crate::Format::from_word(word).ok_or_else(|| {
        let words: Vec<&str> = crate::Format::ALL.iter().map(|(_, word, _)| *word).collect();
        format!("it is one of {}", words.join(", "))
    })
}

/// Reads `field=column`.
fn mapping(text: &str) -> Result<(String, String), String> {
    match text.split_once('=').map(|(field, column)| (field.trim(), column.trim())) {
        Some((field, column)) if !field.is_empty() && !column.is_empty() => {
            Ok((field.to_owned(), column.to_owned()))
        }
        _ => Err("write FIELD=COLUMN, such as source='Source Name'".to_owned()),
    }
}

/// What to run, and how to show it.
#[derive(Debug, Default, ClapArgs)]
pub(super) struct RunArgs {
    /// Run statements and leave; may be given again
    #[arg(short = 'c', long = "command", value_name = "QUERY", conflicts_with = "script")]
    pub(super) queries: Vec<String>,
    /// Run a script and leave, `-` for standard input; may be given again
    #[arg(short = 'f', long = "file", value_name = "SCRIPT")]
    pub(super) script: Vec<PathBuf>,
    /// Go on after a statement that fails
    #[arg(long)]
    pub(super) keep_going: bool,
    /// A value for `$NAME`; may be given again
    #[arg(long = "param", value_name = "NAME=VALUE", value_parser = parameter)]
    pub(super) params: Vec<(String, Value)>,
    /// How to show answers; else by the ending of OUT, else a table
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(super) format: Option<Format>,
    /// Change nothing
    #[arg(long)]
    pub(super) read_only: bool,
    /// Write answers to a file
    #[arg(short = 'o', long = "output", value_name = "OUT")]
    pub(super) output: Option<PathBuf>,
    /// Fail when an answer comes with a notice
    #[arg(long)]
    pub(super) strict: bool,
}

/// How answers are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// A table for people
    Table,
    /// Comma-separated values with a header
    Csv,
    /// Tab-separated values with a header
    Tsv,
    /// An array of objects
    Json,
    /// An object a line
    Jsonl,
    /// A field a line
    Line,
}

impl Format {
    /// Is it for people rather than for programs?
    pub(super) fn is_human(self) -> bool {
        matches!(self, Format::Table | Format::Line)
    }

    /// Its name on the command line.
    pub(super) fn name(self) -> String {
        self.to_possible_value().map_or_else(String::new, |v| v.get_name().to_owned())
    }

    /// The format that a file name ends in.
    pub(super) fn of_path(path: &std::path::Path) -> Option<Format> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "csv" => Some(Format::Csv),
            "tsv" | "tab" => Some(Format::Tsv),
            "json" => Some(Format::Json),
            "jsonl" | "ndjson" => Some(Format::Jsonl),
            _ => None,
        }
    }
}

/// Reads `name=value`, with or without `$` before the name.
pub(super) fn parameter(text: &str) -> Result<(String, Value), String> {
    let (name, value) =
        text.split_once('=').ok_or_else(|| "write NAME=VALUE, such as who=Bajwa".to_owned())?;
    let name = name.trim().trim_start_matches('$');
    let mut letters = name.chars();
    let starts_well = letters.next().is_some_and(|c| c.is_alphabetic() || c == '_');
    if !starts_well || !letters.all(|c| c.is_alphanumeric() || c == '_') {
        return Err(format!("`{name}` cannot be the name of a parameter"));
    }
    Ok((name.to_owned(), parameter_value(value)))
}

/// A number where it is written as one and would be written so again, else text: `042` is a code, `1e3` a name.
fn parameter_value(text: &str) -> Value {
    if let Some(number) = text.parse::<i64>().ok().filter(|n| n.to_string() == text) {
        return Value::Int(number);
    }
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_decimal = digits.split_once('.').is_some_and(|(whole, part)| {
        let all_digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
        all_digits(whole) && all_digits(part) && (whole == "0" || !whole.starts_with('0'))
    });
    match text.parse::<f64>() {
        Ok(number) if is_decimal => Value::Float(number),
        _ => Value::Text(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Args::command().debug_assert();
    }

    #[test]
    fn parameters_are_numbers_only_where_nothing_is_lost() {
        let value = |text: &str| parameter(text).unwrap().1;
        assert_eq!(value("n=20"), Value::Int(20));
        assert_eq!(value("$n=-3"), Value::Int(-3));
        assert_eq!(value("n=0.5"), Value::Float(0.5));
        for text in ["042", "2015-06", "1e3", "inf", "+1", "1.", ".5", "", "a=b", "1.10.2"] {
            assert_eq!(value(&format!("n={text}")), Value::Text(text.to_owned()), "{text}");
        }
        assert!(parameter("novalue").is_err());
        assert!(parameter("1x=2").is_err());
    }

    #[test]
    fn a_file_may_be_called_like_a_command() {
        let args = Args::try_parse_from(["attache", "./demo", "-c", "events"]).unwrap();
        assert!(args.command.is_none());
        let args = Args::try_parse_from(["attache", "demo", "-c", "events"]).unwrap();
        assert!(matches!(args.command, Some(Command::Demo { .. })));
    }
}
