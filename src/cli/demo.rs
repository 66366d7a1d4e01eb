//! `attache demo`: the chronicle, and a few queries that show what the language is for.

use std::io::{self, IsTerminal};

use super::args::RunArgs;
use super::highlight::paint;
use super::output::say;
use super::prompt;
use super::run::{Runner, Source};
use super::{Ended, ended, run_sources, runner, sources, status};
use crate::{Database, Result, tokens};

const TITLE: &str =
    "Pakistan and Russia, 2010 to 2021: a chronicle out of two articles, in memory\n";

/// What each query shows, and the query.
const TOUR: &[(&str, &str)] = &[
    ("One man, however the articles spell him", "events where actor = \"Bajwa\" and year >= 2015"),
    (
        "Whoever belonged to Pakistan at the time, in places under Russia",
        "events where actor under \"Pakistan\" and place under \"Russia\" | select date, kind, place, actor | sort date",
    ),
    (
        "A visit of \"summer of 2015\" is not certainly before July",
        "events where actor = \"Raheel Sharif\" and date < 2015-07-01",
    ),
    (
        "Amounts with their units",
        "events where amount >= 5 billion USD | select amount, status, summary",
    ),
    (
        "Two states and everyone under them, year by year",
        "events between \"Russia\" and \"Pakistan\" | count by year | sort year",
    ),
];

/// Runs the demonstration, or the statements that are given.
pub(super) fn run(args: &RunArgs) -> Ended {
    let open = || Database::demo().map_err(|error| ended(&error, status::UNAVAILABLE));
    if let Some(sources) = sources(args, false)? {
        return run_sources(&sources, args, |_| open());
    }
    let mut runner = runner(open()?, args)?;
    if !tour(&mut runner).map_err(|error| ended(&error, status::FAILED))? {
        return Ok(runner.finish());
    }
    if io::stdin().is_terminal() && io::stdout().is_terminal() && args.output.is_none() {
        say(""); // the greeting follows
        return Ok(prompt::run(runner));
    }
    Ok(runner.finish())
}

/// Shows the queries with their answers. False when one of them ended it.
fn tour(runner: &mut Runner) -> Result<bool> {
    let human = runner.settings.format.is_human();
    let color = runner.output.screen().color;
    if human {
        runner.output.text(TITLE)?;
    }
    for (what, query) in TOUR {
        if human {
            let shown = if color { paint(query, &tokens(query)) } else { (*query).to_owned() };
            runner.output.text(&format!("\n{what}:\n{}{shown}\n\n", prompt::PROMPT))?;
        }
        runner.output.begin();
        let source = Source { text: (*query).to_owned(), origin: "query".to_owned() };
        if runner.run(&source).is_break() {
            return Ok(false);
        }
    }
    Ok(true)
}
