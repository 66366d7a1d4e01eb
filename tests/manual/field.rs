//! The questions of the field, `examples/field.evq`, asked of files of ICEWS and GDELT by the command.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::footer;
use crate::cli::case::{ATTACHE, root};
use crate::import::data;

const QUESTIONS: usize = 15;

/// What the command printed, answers and notes; it has to be content.
fn attache(folder: &Path, args: &[&str]) -> (String, String) {
    let output = Command::new(ATTACHE).args(args).current_dir(folder).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let (out, err) = (text(output.stdout), text(output.stderr));
    assert!(output.status.success(), "{args:?}: {out}{err}");
    (out, err)
}

/// Reads the files in, asks the questions, and gives how many rows each answer has.
fn ask(files: &[(PathBuf, &str)], params: &[&str]) -> Vec<usize> {
    let folder = tempfile::tempdir().unwrap();
    for (file, format) in files {
        let file = file.to_str().unwrap();
        let import = ["import", "x.attache", file, "--as", *format, "--allow-rejects"];
        attache(folder.path(), &import);
    }
    let script = root().join("examples/field.evq");
    let mut args = vec!["x.attache", "-f", script.to_str().unwrap()];
    args.extend(params.iter().flat_map(|param| ["--param", param]));
    let (_, notes) = attache(folder.path(), &args);
    assert!(!notes.contains("error"), "{notes}");
    let rows = notes.lines().filter_map(footer);
    rows.map(|rows| rows.split(' ').next().unwrap().parse().unwrap_or(0)).collect()
}

#[test]
fn each_question_has_a_sentence_and_three_lines_at_most() {
    let script = std::fs::read_to_string(root().join("examples/field.evq")).unwrap();
    let (_, questions) = script.split_once("// 1. ").unwrap();
    let questions: Vec<&str> = questions.split("\n// ").collect();
    assert_eq!(questions.len(), QUESTIONS);
    for (number, question) in (1..).zip(&questions) {
        let (sentence, query) = question.split_once('\n').unwrap();
        assert!(number == 1 || sentence.starts_with(&format!("{number}. ")), "{sentence}");
        assert!(sentence.contains(['?', '.']), "{sentence}");
        let lines = query.trim().lines().count();
        assert!((1..=3).contains(&lines), "{lines} lines for: {sentence}");
    }
}

/// Small files of our own: not every question has an answer in them, and none fails.
#[test]
fn the_questions_run_on_both_data_sets() {
    let of = |name: &str| root().join("fixtures/formats").join(name);
    let params = ["a=Russia", "b=Pakistan", "place=Pakistan"];
    let icews = (of("icews.tab"), "icews");
    let gdelt = (of("gdelt2.tsv"), "gdelt2");
    let mentions = (of("gdelt_mentions.tsv"), "gdelt-mentions");
    for files in
        [vec![icews.clone()], vec![gdelt.clone(), mentions.clone()], vec![icews, gdelt, mentions]]
    {
        let rows = ask(&files, &params);
        assert_eq!(rows.len(), QUESTIONS, "{files:?}: {rows:?}");
        let answered = rows.iter().filter(|rows| **rows > 0).count();
        assert!(answered > QUESTIONS / 2, "{files:?}: {rows:?}");
    }
}

#[test]
fn every_question_is_answered_by_the_real_files() {
    let files = [
        ("icews/events.2018.sample.tab", "icews"),
        ("gdelt/gdelt_v2_20180101000000.export.CSV", "gdelt2"),
    ];
    let found = files.map(|(file, format)| data(file).map(|path| (path, format)));
    let Some(files) = found.into_iter().collect::<Option<Vec<_>>>() else { return };
    let rows = ask(&files, &[]);
    assert_eq!(rows.len(), QUESTIONS, "{rows:?}");
    assert!(rows.iter().all(|rows| *rows > 0), "{rows:?}");
}
