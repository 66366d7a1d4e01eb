//! The topics of `.help`. Every example runs on the chronicle of `attache demo`.

/// A topic: its name, what it is about, and the text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Topic {
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    pub(super) text: &'static str,
}

/// All topics.
pub(super) const TOPICS: &[Topic] = &[
    Topic {
        name: "queries",
        about: "which events, and what to do with them",
        text: "\
A query names what to look for, then what to do with it; newlines mean nothing.

  events
  visit where place = \"Moscow\"
  events where kind under \"exercise\" and year >= 2016
  events where summary ~ \"helicopter*\" | select date, summary | sort date desc
  events | count by kind | top 5 by count desc

Stages: where select derive drop count summarize sort top head tail skip sample distinct unique.
",
    },
    Topic {
        name: "dates",
        about: "dates that say what they don't know",
        text: "\
2015  2015-06  2015-06-12  2015-summer  2015-Q3  2015-late  2010s are dates; `@` starts any other in EDTF.

  events where date in 2015..2016
  events where date during 2015-summer
  events where actor = \"Raheel Sharif\" and date < 2015-07-01
  events where actor = \"Raheel Sharif\" and possibly(date < 2015-07-01)

A condition keeps what is certain; a note counts what is only possible, and possibly(…) shows it.
",
    },
    Topic {
        name: "actors",
        about: "names that mean people, and who belongs to whom",
        text: "\
A name finds its bearer by any spelling; `under` finds everyone who belonged there at the date of the event.

  events where actor = \"Bajwa\"
  events where actor under \"Pakistan\" and place under \"Russia\"
  events where visitor = \"Lavrov\" or host = \"Lavrov\"
  events between \"Russia\" and \"Pakistan\"
  visit from \"Russia\" to \"Pakistan\"

`.actors LETTERS` lists them; Tab completes them between quotes.
",
    },
    Topic {
        name: "kinds",
        about: "the tree of kinds of events",
        text: "\
Every event has a kind, and every kind but four is a kind of another. `=` and a kind in front include what is under it.

  visit
  \"arms deal\" where recipient = \"Pakistan\"
  events where kind under \"exercise\"
  events where code under \"04\"

`.kinds` shows the upper levels, `.kinds exercise` what is under one.
",
    },
    Topic {
        name: "amounts",
        about: "quantities with units",
        text: "\
A quantity is a number with a unit; those of one dimension compare, and currencies don't convert.

  events where amount >= 5 billion USD
  events where amount > 1 helicopters | select date, amount, summary
",
    },
    Topic {
        name: "parameters",
        about: "values with names",
        text: "\
`$name` stands wherever a value may stand.

  let $who = \"Bajwa\"; events where actor = $who

`.param who=Bajwa` sets one, `.param` lists them; on the command line it is --param who=Bajwa.
",
    },
    Topic {
        name: "writing",
        about: "entering and deleting events",
        text: "\
  insert visit { date: 2018-02, visitor: \"Khawaja Asif\", host: \"Russia\", place: \"Moscow\" }
  delete events where key = \"raheel-moscow-2015\" because \"told twice\"
  define actor \"Maria Zakharova\" { type: \"person\", state: \"Russia\", aliases: [\"Zakharova\"] }

Each statement is kept when it is through. A date may be told in words: date: \"summer of 2015\".
",
    },
    Topic {
        name: "output",
        about: "formats and files",
        text: "\
`.mode csv` changes the format of the answers (table csv tsv json jsonl line), `.maxrows 20` how many rows are shown.
On the command line: attache FILE -c QUERY --format json, or -o answer.csv.
",
    },
];

/// The topic of a name.
pub(super) fn topic(name: &str) -> Option<&'static Topic> {
    TOPICS.iter().find(|topic| topic.name.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Database, Query, RunOptions};

    /// The examples of a topic: its indented lines, a text for each block.
    fn examples(text: &str) -> Vec<&str> {
        text.lines().filter_map(|line| line.strip_prefix("  ")).collect()
    }

    #[test]
    fn every_example_runs() {
        let db = Database::demo().unwrap();
        for topic in TOPICS {
            for example in examples(topic.text) {
                let mut session = db.session();
                for (statement, _) in Query::script(example).unwrap() {
                    if let Err(error) = session.run(&statement, RunOptions::default()) {
                        panic!("{}", error.render(example, topic.name, false));
                    }
                }
            }
        }
    }
}
