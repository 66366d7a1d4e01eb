//! The dot-commands of the prompt, as a table. The line editor is not needed to run them.

use std::ops::ControlFlow;
use std::path::Path;

use clap::ValueEnum;

use super::args::{Format, parameter};
use super::catalogues;
use super::help::{TOPICS, topic};
use super::run::{Mode, Runner, Source};
use super::{read_script, status};
use crate::Result;
use crate::export::told;

/// What stands behind a dot-command: for `.help`, and for Tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Argument {
    Nothing,
    Topic,
    Kind,
    Letters,
    Format,
    OnOff,
    Path,
    Number,
    Parameter,
    Query,
}

impl Argument {
    /// How `.help` writes it.
    pub(super) fn words(self) -> &'static str {
        match self {
            Argument::Nothing => "",
            Argument::Topic => "[TOPIC]",
            Argument::Kind => "[KIND]",
            Argument::Letters => "[LETTERS]",
            Argument::Format => "[FORMAT]",
            Argument::OnOff => "on|off",
            Argument::Path => "FILE",
            Argument::Number => "[N|all]",
            Argument::Parameter => "[NAME=VALUE]",
            Argument::Query => "QUERY",
        }
    }
}

/// What a dot-command came to.
#[derive(Debug)]
enum Done {
    /// The prompt goes on.
    On,
    /// The prompt ends.
    Leave,
    /// It was used wrongly; what to say.
    Refused(String),
}

/// A dot-command.
pub(super) struct Dot {
    /// Its name, without the dot.
    pub(super) name: &'static str,
    pub(super) argument: Argument,
    pub(super) help: &'static str,
    run: fn(&mut Runner, &str) -> Result<Done>,
}

/// All dot-commands, in the order of `.help`.
pub(super) const DOTS: &[Dot] = &[
    Dot {
        name: "help",
        argument: Argument::Topic,
        help: "this list, or a topic with examples",
        run: help,
    },
    Dot { name: "fields", argument: Argument::Nothing, help: "fields of the events", run: fields },
    Dot {
        name: "kinds",
        argument: Argument::Kind,
        help: "the tree of kinds, or what is under one",
        run: kinds,
    },
    Dot {
        name: "actors",
        argument: Argument::Letters,
        help: "actors whose names begin so",
        run: actors,
    },
    Dot {
        name: "schema",
        argument: Argument::Nothing,
        help: "what the database holds",
        run: schema,
    },
    Dot { name: "explain", argument: Argument::Query, help: "how a query is run", run: explain },
    Dot {
        name: "param",
        argument: Argument::Parameter,
        help: "set $NAME, or list what is set",
        run: param,
    },
    Dot { name: "read", argument: Argument::Path, help: "run a script", run: read },
    Dot { name: "mode", argument: Argument::Format, help: "format of the answers", run: mode },
    Dot {
        name: "maxrows",
        argument: Argument::Number,
        help: "how many rows of an answer are shown",
        run: maxrows,
    },
    Dot { name: "timer", argument: Argument::OnOff, help: "whether the time is told", run: timer },
    Dot { name: "quit", argument: Argument::Nothing, help: "leave, as Ctrl-D does", run: quit },
];

/// Runs a line that begins with a dot. It breaks where the prompt is to end.
pub(super) fn run(runner: &mut Runner, line: &str) -> ControlFlow<()> {
    let (name, argument) = split(line);
    let done = match find(name) {
        Some(dot) if dot.argument == Argument::Nothing && !argument.is_empty() => {
            Ok(Done::Refused(format!("`.{}` takes no argument", dot.name)))
        }
        Some(dot) => (dot.run)(runner, argument),
        None => Ok(Done::Refused(unknown(name))),
    };
    match done {
        Ok(Done::On) => ControlFlow::Continue(()),
        Ok(Done::Leave) => ControlFlow::Break(()),
        Ok(Done::Refused(why)) => {
            super::output::say(&format!("error: {why}"));
            ControlFlow::Continue(())
        }
        Err(error) => {
            // An error with a place speaks of the argument, which is query text then.
            let text = argument.to_owned();
            runner.failed(&error, &Source { text, origin: "prompt".to_owned() })
        }
    }
}

/// A line without its dot: the name of the command and the argument.
pub(super) fn split(line: &str) -> (&str, &str) {
    let line = line.trim().trim_start_matches('.').trim_end_matches(';');
    let (name, argument) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    (name, argument.trim())
}

/// The dot-command of a name, or of the first letters of one name.
pub(super) fn find(name: &str) -> Option<&'static Dot> {
    let exact = DOTS.iter().find(|dot| dot.name.eq_ignore_ascii_case(name));
    exact.or_else(|| {
        let mut begun = DOTS.iter().filter(|dot| !name.is_empty() && dot.name.starts_with(name));
        begun.next().filter(|_| begun.next().is_none())
    })
}

fn unknown(name: &str) -> String {
    match nearest(name, DOTS.iter().map(|dot| dot.name)) {
        Some(near) => format!("no command `.{name}`; did you mean `.{near}`?"),
        None => format!("no command `.{name}`; `.help` lists them"),
    }
}

/// The word most like another, when it is like enough.
fn nearest<'a>(word: &str, words: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_ascii_lowercase();
    words
        .map(|other| (strsim::jaro_winkler(&word, other), other))
        .filter(|(likeness, _)| *likeness > 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, other)| other)
}

fn help(runner: &mut Runner, name: &str) -> Result<Done> {
    if name.is_empty() {
        runner.output.text(&overview())?;
    } else if let Some(topic) = topic(name) {
        runner.output.text(topic.text)?;
    } else if let Some(dot) = find(name.trim_start_matches('.')) {
        runner.output.text(&format!("{}\n", dot_line(dot)))?;
    } else {
        let near = nearest(name, TOPICS.iter().map(|topic| topic.name));
        let near = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
        return Ok(Done::Refused(format!("no help on `{name}`{near}")));
    }
    Ok(Done::On)
}

fn dot_line(dot: &Dot) -> String {
    format!("  {:<22}{}", format!(".{} {}", dot.name, dot.argument.words()), dot.help)
}

fn overview() -> String {
    let mut text = String::from(
        "A statement runs on Enter when it is complete; Alt-Enter begins a new line in any case. Tab completes.\n\n",
    );
    for dot in DOTS {
        text.push_str(&dot_line(dot));
        text.push('\n');
    }
    text.push_str("\nTopics, each with examples:\n\n");
    for topic in TOPICS {
        let name = format!(".help {}", topic.name);
        text.extend(["  ", &format!("{name:<22}"), topic.about, "\n"]);
    }
    text
}

fn fields(runner: &mut Runner, _: &str) -> Result<Done> {
    catalogues::fields(runner)?;
    Ok(Done::On)
}

fn kinds(runner: &mut Runner, under: &str) -> Result<Done> {
    let under = under.trim_matches('"');
    if catalogues::kinds(runner, (!under.is_empty()).then_some(under))? {
        return Ok(Done::On);
    }
    let schema = runner.db.schema()?;
    let near = nearest(under, schema.kinds.iter().map(|kind| kind.name.as_str()));
    let near = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
    Ok(Done::Refused(format!("no kind `{under}`{near}")))
}

fn actors(runner: &mut Runner, letters: &str) -> Result<Done> {
    catalogues::actors(runner, letters)?;
    Ok(Done::On)
}

fn schema(runner: &mut Runner, _: &str) -> Result<Done> {
    catalogues::info(runner)?;
    Ok(Done::On)
}

fn explain(runner: &mut Runner, query: &str) -> Result<Done> {
    if query.is_empty() {
        return Ok(Done::Refused("write the query behind it: .explain events".to_owned()));
    }
    let plan = runner.db.explain(query)?;
    runner.output.text(&format!("{}\n", plan.trim_end()))?;
    Ok(Done::On)
}

fn param(runner: &mut Runner, text: &str) -> Result<Done> {
    if text.is_empty() {
        for (name, value) in runner.session.params() {
            runner.output.text(&format!("${name} = {}\n", told(value)))?;
        }
        return Ok(Done::On);
    }
    match parameter(text) {
        Ok((name, value)) => {
            runner.session.set_param(&name, value);
            Ok(Done::On)
        }
        Err(why) => Ok(Done::Refused(why)),
    }
}

fn read(runner: &mut Runner, path: &str) -> Result<Done> {
    let path = path.trim_matches('"');
    if path.is_empty() || path == "-" {
        return Ok(Done::Refused(
            "write the name of a script behind it: .read chronicle.evq".to_owned(),
        ));
    }
    let source = read_script(Path::new(path))?;
    let mode = std::mem::replace(&mut runner.mode, Mode::Script);
    // An error has ended the script, not the prompt.
    let _ = runner.run(&source);
    runner.mode = mode;
    runner.status = status::DONE;
    Ok(Done::On)
}

fn mode(runner: &mut Runner, name: &str) -> Result<Done> {
    if name.is_empty() {
        runner.output.text(&format!("{}\n", runner.settings.format.name()))?;
        return Ok(Done::On);
    }
    if let Ok(format) = Format::from_str(name, true) {
        runner.settings.format = format;
        return Ok(Done::On);
    }
    let known: Vec<String> = Format::value_variants().iter().map(|format| format.name()).collect();
    Ok(Done::Refused(format!("no format `{name}`; there are {}", known.join(", "))))
}

fn maxrows(runner: &mut Runner, count: &str) -> Result<Done> {
    let limit = &mut runner.settings.max_rows;
    match count {
        "" => {
            let limit = if *limit == u64::MAX { "all".to_owned() } else { limit.to_string() };
            runner.output.text(&format!("{limit}\n"))?;
        }
        "all" => *limit = u64::MAX,
        _ => match count.replace('_', "").parse() {
            Ok(count) => *limit = count,
            Err(_) => {
                return Ok(Done::Refused(format!(
                    "`{count}` is not a number of rows; write 20, or all"
                )));
            }
        },
    }
    Ok(Done::On)
}

#[allow(clippy::unnecessary_wraps)] // the shape of the table
fn timer(runner: &mut Runner, text: &str) -> Result<Done> {
    runner.settings.timer = match text {
        "on" => true,
        "off" => false,
        _ => return Ok(Done::Refused("write .timer on, or .timer off".to_owned())),
    };
    Ok(Done::On)
}

#[allow(clippy::unnecessary_wraps)] // the shape of the table
fn quit(_: &mut Runner, _: &str) -> Result<Done> {
    Ok(Done::Leave)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_name_and_an_argument() {
        assert_eq!(split(".mode csv"), ("mode", "csv"));
        assert_eq!(split("  .explain  events | head 3 ;"), ("explain", "events | head 3"));
        assert_eq!(split(".quit;"), ("quit", ""));
        assert_eq!(split("."), ("", ""));
    }

    #[test]
    fn names_may_be_cut_while_they_are_clear() {
        assert_eq!(find("q").unwrap().name, "quit");
        assert_eq!(find("MODE").unwrap().name, "mode");
        assert!(find("m").is_none(), "mode, maxrows");
        assert!(find("").is_none());
    }

    #[test]
    fn an_unknown_name_is_answered_with_the_nearest() {
        assert_eq!(unknown("felds"), "no command `.felds`; did you mean `.fields`?");
        assert_eq!(unknown("xyzzy"), "no command `.xyzzy`; `.help` lists them");
    }

    #[test]
    fn the_overview_names_every_command_and_topic() {
        let text = overview();
        assert!(DOTS.iter().all(|dot| text.contains(&format!(".{}", dot.name))));
        assert!(TOPICS.iter().all(|topic| text.contains(topic.about)));
        assert!(text.lines().all(|line| line.chars().count() <= 110));
    }
}
