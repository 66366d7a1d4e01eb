//! The manual and the README, run as they are read; and the examples.
//!
//! Behind a block ```` ```evq ```` or a shell block ```` ```sh ```` may stand a block ```` ```text ````: what the command
//! prints for it. An `evq` block is run by `attache demo -c`, each on a fresh chronicle; in a shell block
//! `cargo run --release --` and `attache` are the command under test. Times are left out; those of `explain analyze` stand
//! there as some run took them, and are not compared.
//! With `ATTACHE_BLESS=1` what is printed becomes what is written; look at the difference then.

mod examples;
mod field;

use std::path::Path;
use std::process::Command;

use attache::internals::parser::{Role, keywords};

use crate::cli::case::{ATTACHE, root};
use crate::support::mask_analysis;

/// A fenced block that is run, with the result that is written behind it.
#[derive(Debug, PartialEq)]
struct Block {
    shell: bool,
    body: String,
    /// The lines of the result in the page, without its fences; none where no result is written.
    result: Option<std::ops::Range<usize>>,
    /// The line of its opening fence.
    line: usize,
}

/// The blocks of a page that are run.
fn blocks(page: &str) -> Vec<Block> {
    let lines: Vec<&str> = page.lines().collect();
    let mut blocks: Vec<Block> = Vec::new();
    let mut at = 0;
    let mut last_end = None;
    while at < lines.len() {
        let Some(language) = lines[at].strip_prefix("```") else {
            at += 1;
            continue;
        };
        let end = (at + 1..lines.len())
            .find(|&i| lines[i] == "```")
            .unwrap_or_else(|| panic!("line {}: a block is not closed", at + 1));
        match language {
            "evq" | "sh" => {
                blocks.push(Block {
                    shell: language == "sh",
                    body: lines[at + 1..end].join("\n"),
                    result: None,
                    line: at + 1,
                });
                last_end = Some(end);
            }
            "text" => {
                if let (Some(block), Some(last)) = (blocks.last_mut(), last_end.take())
                    && lines[last + 1..at].iter().all(|line| line.is_empty())
                {
                    block.result = Some(at + 1..end);
                }
            }
            _ => last_end = None,
        }
        at = end + 1;
    }
    blocks
}

/// What the command prints for a block.
fn run(block: &Block, place: &Path) -> String {
    let bin = Path::new(ATTACHE).parent().unwrap();
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap_or_default());
    let script = if block.shell {
        block.body.replace("cargo run --release --", "attache")
    } else {
        "attache demo -c \"$QUERY\"".to_owned()
    };
    let output = Command::new("sh")
        .args(["-c", &format!("exec 2>&1\n{script}")])
        .current_dir(place)
        .env_clear()
        .env("PATH", path)
        .env("HOME", place)
        .env("QUERY", &block.body)
        .env("LC_ALL", "C.UTF-8")
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let mut kept = String::new();
    for line in text.lines() {
        match footer(line) {
            Some("no rows") => kept.push_str("no rows\n"),
            Some(_) => {}
            None => {
                kept.push_str(line.trim_end());
                kept.push('\n');
            }
        }
    }
    kept
}

/// `3 rows (1.2 ms)` without the time; none for any other line.
fn footer(line: &str) -> Option<&str> {
    let (rows, time) = line.rsplit_once(" (")?;
    let is_time = time.ends_with(" ms)") || time.ends_with(" s)");
    (is_time && (rows.ends_with(" row") || rows.ends_with(" rows"))).then_some(rows)
}

/// Runs the blocks of a page that have a result, and compares or blesses.
fn check(name: &str) {
    let path = root().join(name);
    let page = std::fs::read_to_string(&path).unwrap();
    let blocks = blocks(&page);
    let with_result: Vec<(&Block, std::ops::Range<usize>)> =
        blocks.iter().filter_map(|b| Some((b, b.result.clone()?))).collect();
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let found: Vec<String> = std::thread::scope(|scope| {
        let each = with_result.len().div_ceil(workers).max(1);
        let parts: Vec<_> = with_result
            .chunks(each)
            .map(|part| {
                scope.spawn(move || {
                    part.iter()
                        .map(|(block, _)| {
                            let folder = tempfile::tempdir().unwrap();
                            run(block, folder.path())
                        })
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        parts.into_iter().flat_map(|part| part.join().unwrap()).collect()
    });
    let lines: Vec<&str> = page.lines().collect();
    let mut rewritten = String::new();
    let mut report = String::new();
    let mut at = 0;
    for ((block, range), found) in with_result.iter().zip(&found) {
        let keep = |lines: &[&str]| lines.iter().flat_map(|line| [*line, "\n"]).collect::<String>();
        rewritten.push_str(&keep(&lines[at..range.start]));
        let expected = keep(&lines[range.clone()]);
        // Where only times differ, those that are written stay.
        let same = mask_analysis(&expected) == mask_analysis(found);
        rewritten.push_str(if same { &expected } else { found });
        at = range.end;
        if !same {
            report.push_str(&format!(
                "\n{name}:{}\n{}\n--- written\n{expected}--- found\n{found}",
                block.line, block.body
            ));
        }
    }
    rewritten.extend(lines[at..].iter().map(|line| format!("{line}\n")));
    if report.is_empty() {
        return;
    }
    assert!(std::env::var_os("ATTACHE_BLESS").is_some(), "{report}\n(ATTACHE_BLESS=1 to accept)");
    std::fs::write(&path, rewritten).unwrap();
}

#[test]
fn the_manual_says_what_happens() {
    check("grammar/README.md");
}

#[test]
fn the_readme_says_what_happens() {
    check("README.md");
}

#[test]
fn the_page_on_reading_data_in_says_what_happens() {
    check("docs/importing.md");
}

#[test]
fn every_example_of_the_manual_has_its_result() {
    let page = std::fs::read_to_string(root().join("grammar/README.md")).unwrap();
    for block in blocks(&page).iter().filter(|block| !block.shell) {
        assert!(block.result.is_some(), "line {}: no result behind\n{}", block.line, block.body);
    }
}

/// The first column of what a query answers.
fn first_column(query: &str) -> Vec<String> {
    let db = attache::Database::demo().unwrap();
    let attache::Outcome::Rows(rows) =
        db.session().run(&query.parse().unwrap(), attache::RunOptions::default()).unwrap()
    else {
        panic!("{query} gives no rows");
    };
    rows.map(|row| row.unwrap().values()[0].to_string()).collect()
}

#[test]
fn the_manual_knows_every_function_field_and_stage() {
    let page = std::fs::read_to_string(root().join("grammar/README.md")).unwrap();
    let queries: Vec<String> = blocks(&page).into_iter().map(|block| block.body).collect();
    let queries = queries.join("\n");
    for function in first_column("show functions") {
        assert!(
            queries.contains(&format!("{function}(")),
            "no example of the function `{function}`"
        );
    }
    let fields = attache::Database::open_in_memory().unwrap().schema().unwrap().fields;
    for (field, ..) in fields {
        assert!(
            page.contains(&format!("| `{field}` ")),
            "the field `{field}` is not in the table of fields"
        );
    }
    for stage in keywords().iter().filter(|k| k.roles.contains(&Role::Stage)) {
        let opens = format!("| {}", stage.word);
        assert!(queries.contains(&opens), "no example of the stage `{}`", stage.word);
    }
}

#[test]
fn blocks_are_found_with_their_results() {
    let page = "a\n```evq\nvisit\n```\n\n```text\nx\n```\n```sh\nls\n```\nwords\n```text\ny\n```\n";
    let found = blocks(page);
    assert_eq!(found.len(), 2);
    assert_eq!((found[0].body.as_str(), found[0].result.clone()), ("visit", Some(6..7)));
    assert_eq!((found[1].shell, found[1].result.clone()), (true, None));
}
