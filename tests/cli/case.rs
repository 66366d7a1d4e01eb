//! Reads, runs, compares and blesses cases.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::support::mask_analysis;

/// The binary under test.
pub(crate) const ATTACHE: &str = env!("CARGO_BIN_EXE_attache");

/// A command of a case and what it is expected to do.
#[derive(Debug, Default, PartialEq)]
struct Step {
    /// Comments and blank lines before it.
    lead: String,
    command: String,
    stdin: String,
    stdout: String,
    stderr: String,
    status: i32,
}

/// The folder of this crate.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Runs the case of a name, in a folder that `prepare` may fill.
pub(crate) fn check(name: &str, prepare: impl FnOnce(&Path)) {
    let path = root().join("tests/cli/cases").join(format!("{name}.case"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let (expected, tail) = read(&text);
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().canonicalize().unwrap();
    prepare(&place);
    let found: Vec<Step> = expected.iter().map(|step| run(step, &place)).collect();
    let rewritten = write(&found, &tail);
    if rewritten == text {
        return;
    }
    if std::env::var_os("ATTACHE_BLESS").is_some() {
        std::fs::write(&path, rewritten).unwrap();
        return;
    }
    let mut report = format!("{name}: not as expected (ATTACHE_BLESS=1 to accept)\n");
    for (expected, found) in expected.iter().zip(&found).filter(|(a, b)| a != b) {
        let _ =
            write!(report, "\n--- expected\n{}--- found\n{}", text_of(expected), text_of(found));
    }
    panic!("{report}");
}

/// The steps of a case, and the comments behind the last.
fn read(text: &str) -> (Vec<Step>, String) {
    let mut steps: Vec<Step> = Vec::new();
    let mut lead = String::new();
    for line in text.lines() {
        let (mark, rest) = line.split_at(line.len().min(1));
        let rest = rest.strip_prefix(' ').unwrap_or(rest);
        let step = match (mark, steps.last_mut()) {
            ("$", _) => {
                let lead = std::mem::take(&mut lead);
                steps.push(Step { lead, command: rest.to_owned(), ..Step::default() });
                continue;
            }
            ("<" | ">" | "!" | "?", Some(step)) => step,
            ("" | "/", _) => {
                lead.push_str(line);
                lead.push('\n');
                continue;
            }
            _ => panic!("what is this line of a case? {line}"),
        };
        let stream = match mark {
            "<" => &mut step.stdin,
            ">" => &mut step.stdout,
            "!" => &mut step.stderr,
            _ => {
                step.status = rest.parse().expect("a status");
                continue;
            }
        };
        stream.push_str(rest);
        stream.push('\n');
    }
    (steps, lead)
}

fn write(steps: &[Step], tail: &str) -> String {
    let mut text: String = steps.iter().map(text_of).collect();
    text.push_str(tail);
    text
}

fn text_of(step: &Step) -> String {
    let mut text = format!("{}$ {}\n", step.lead, step.command);
    for (mark, stream) in [('<', &step.stdin), ('>', &step.stdout), ('!', &step.stderr)] {
        for line in stream.lines() {
            text.push_str(format!("{mark} {line}").trim_end());
            text.push('\n');
        }
    }
    if step.status != 0 {
        let _ = writeln!(text, "? {}", step.status);
    }
    text
}

fn run(step: &Step, place: &Path) -> Step {
    let path = std::env::var("PATH").unwrap_or_default();
    let bin = Path::new(ATTACHE).parent().unwrap();
    let mut child = Command::new("sh")
        .args(["-c", &step.command])
        .current_dir(place)
        .env_clear()
        .env("PATH", format!("{}:{path}", bin.display()))
        .env("HOME", place)
        .env("XDG_STATE_HOME", place.join("state"))
        .env("FIXTURES", root().join("fixtures"))
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that does not read its input closes it: no fault of ours.
    let _ = child.stdin.take().unwrap().write_all(step.stdin.as_bytes());
    let output = child.wait_with_output().unwrap();
    let tidy = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes).replace(&place.display().to_string(), "[DIR]");
        let text = text.replace(&root().display().to_string(), "[ROOT]");
        let text = mask_analysis(&text);
        text.lines().map(|line| mask(line).trim_end().to_owned() + "\n").collect::<String>()
    };
    Step {
        lead: step.lead.clone(),
        command: step.command.clone(),
        stdin: step.stdin.clone(),
        stdout: tidy(&output.stdout),
        stderr: tidy(&output.stderr),
        status: output.status.code().unwrap_or(-1),
    }
}

/// A line without what differs from run to run.
fn mask(line: &str) -> String {
    let line = mask_import(&mask_time(line));
    match (line.find("(suite-"), line.rfind(')')) {
        (Some(start), Some(end)) if start < end => {
            format!("{}(PROGRAM){}", &line[..start], &line[end + 1..])
        }
        _ => line,
    }
}

/// `3 rows (1.2 ms)` with the time masked.
fn mask_time(line: &str) -> String {
    let Some((before, time)) = line.rsplit_once(" (") else { return line.to_owned() };
    let is_footer = before.ends_with("row") || before.ends_with("rows");
    let is_time = time.ends_with(" ms)") || time.ends_with(" s)");
    if is_footer && is_time { format!("{before} (TIME)") } else { line.to_owned() }
}

/// `2 read = … (import 1, icews, 0.1 s)` with the time masked.
fn mask_import(line: &str) -> String {
    match line.rsplit_once(", ") {
        Some((before, time)) if line.contains(" read = ") && time.ends_with(" s)") => {
            format!("{before}, TIME)")
        }
        _ => line.to_owned(),
    }
}

/// The cases that there are.
pub(crate) fn names() -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(root().join("tests/cli/cases"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path: &PathBuf| path.extension().is_some_and(|extension| extension == "case"))
        .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
        .collect();
    names.sort();
    names
}

#[test]
fn a_case_is_read_as_it_is_written() {
    let text = "// why\n$ attache demo\n< in\n> out\n>\n> more\n! err\n? 3\n\n$ true\n// end\n";
    let (steps, tail) = read(text);
    assert_eq!(steps.len(), 2);
    assert_eq!(steps[0].stdout, "out\n\nmore\n");
    assert_eq!(steps[0].status, 3);
    assert_eq!(write(&steps, &tail), text);
}

#[test]
fn times_are_masked() {
    assert_eq!(mask_time("12 rows (1.2 ms)"), "12 rows (TIME)");
    assert_eq!(mask_time("no rows (2.0 s)"), "no rows (TIME)");
    assert_eq!(mask_time("talks (of 3 ms)"), "talks (of 3 ms)");
    let sum = "a.csv: 1 read = 1 loaded (import 1, table, ";
    assert_eq!(mask_import(&format!("{sum}0.1 s)")), format!("{sum}TIME)"));
    assert_eq!(mask_import("see a, b (of 3 s)"), "see a, b (of 3 s)");
}
