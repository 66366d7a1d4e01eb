//! Queries that are read and queries that are refused, one construct a file; a refusal is told as expected.
//!
//! With `ATTACHE_BLESS=1` the expected messages are written anew.

use std::collections::BTreeSet;
use std::{env, fs};

use attache::internals::parser::parse_script;

use super::ebnf::accepts;
use super::{grammar, queries, root};

#[test]
fn accepted() {
    let grammar = grammar();
    let queries = queries("accepted");
    assert!(queries.len() >= 70, "only {}", queries.len());
    for (name, text) in queries {
        let script = match parse_script(&text) {
            Ok(script) => script,
            Err(error) => panic!("{}", error.render(&text, &name, false)),
        };
        let printed = script.to_string();
        let again = parse_script(&printed).unwrap_or_else(|error| {
            panic!("{name}: {}", error.render(&printed, "printed", false));
        });
        assert_eq!(script, again, "{name}: {printed}");
        assert!(accepts(&grammar, "Script", &text), "the grammar refuses {name}");
        assert!(accepts(&grammar, "Script", &printed), "the grammar refuses {name}: {printed}");
    }
}

#[test]
fn rejected() {
    let bless = env::var_os("ATTACHE_BLESS").is_some();
    let golden = root().join("tests/golden/errors");
    fs::create_dir_all(&golden).unwrap();
    let mut names = BTreeSet::new();
    let mut wrong = Vec::new();
    for (name, text) in queries("rejected") {
        let Err(error) = parse_script(&text) else { panic!("{name} is read") };
        let mut message = error.render(&text, "query", false);
        message.push('\n');
        if error.is_incomplete() {
            message.push_str("(more text could complete it)\n");
        }
        let path = golden.join(format!("{name}.txt"));
        if bless {
            fs::write(&path, &message).unwrap();
        }
        if fs::read_to_string(&path).unwrap_or_default() != message {
            wrong.push(format!("{name}:\n{message}"));
        }
        names.insert(format!("{name}.txt"));
    }
    assert!(wrong.is_empty(), "told otherwise than expected:\n\n{}", wrong.join("\n"));
    assert!(names.len() >= 40, "only {}", names.len());
    for entry in fs::read_dir(&golden).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        assert!(names.contains(&name), "no query for {name}");
    }
}

/// Where a message offers a replacement, the query is read once it is made, or at least gets further.
#[test]
fn fixes_mend() {
    for (name, text) in queries("rejected") {
        let error = parse_script(&text).unwrap_err();
        let diagnostic = error.diagnostic().unwrap();
        let Some(fix) = diagnostic.fixes.first() else { continue };
        let (before, behind) = (&text[..fix.span.start], &text[fix.span.end..]);
        let mended = format!("{before}{}{behind}", fix.text);
        if let Err(next) = parse_script(&mended) {
            let next = next.diagnostic().unwrap().clone();
            let further = fix.span.start + fix.text.len();
            assert!(
                next.span.start >= further,
                "{name}: {}\n{}",
                fix.text,
                attache::Error::Syntax(Box::new(next)).render(&mended, "mended", false)
            );
        }
    }
}
