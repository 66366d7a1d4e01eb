//! The prompt, at a terminal.
#![cfg(unix)]

use std::fs;
use std::path::Path;
use std::process::Command;

use rexpect::session::{PtySession, spawn_command};

use super::case::ATTACHE;

/// Starts the command at a terminal, with a home of its own and without colours.
fn start(folder: &Path, args: &[&str]) -> PtySession {
    let mut command = Command::new(ATTACHE);
    command
        .args(args)
        .current_dir(folder)
        .env("HOME", folder)
        .env("XDG_STATE_HOME", folder)
        .env("TERM", "xterm")
        .env("COLUMNS", "200")
        .env("NO_COLOR", "1");
    spawn_command(command, Some(20_000)).unwrap()
}

/// Types without Enter.
fn type_in(session: &mut PtySession, text: &str) {
    session.send(text).unwrap();
    session.flush().unwrap();
}

fn leave(mut session: PtySession) {
    session.send_control('d').unwrap();
    session.flush().unwrap();
    session.exp_eof().unwrap();
}

#[test]
fn a_statement_of_two_lines() {
    let folder = tempfile::tempdir().unwrap();
    let mut session = start(folder.path(), &["new.attache"]);
    session.exp_string("attache> ").unwrap();
    session.send_line("insert visit { key: \"a\", date: 2018,").unwrap();
    session.exp_string("...> ").unwrap();
    session.send_line("visitor: \"Khawaja Asif\" }").unwrap();
    session.exp_string("attache> ").unwrap();
    session.send_line("events | select key, visitor").unwrap();
    session.exp_string("Khawaja Asif").unwrap();
    session.exp_string("1 row").unwrap();
    session.exp_string("attache> ").unwrap();
    leave(session);
    let history = fs::read_to_string(folder.path().join("attache/history")).unwrap();
    assert_eq!(
        history,
        "insert visit { key: \"a\", date: 2018,\\nvisitor: \"Khawaja Asif\" }\nevents | select key, visitor\n"
    );
}

#[test]
fn a_value_is_completed() {
    let folder = tempfile::tempdir().unwrap();
    let mut session = start(folder.path(), &["demo"]);
    session.exp_string(".help lists").unwrap();
    session.exp_string("attache> ").unwrap();
    type_in(&mut session, "events where actor = \"Shafq\t");
    session.exp_string("Shafqat Ali Khan\"").unwrap();
    session.send_line(" | count").unwrap();
    session.exp_string("1 row").unwrap();
    leave(session);
}

#[test]
fn ctrl_c_clears_the_line() {
    let folder = tempfile::tempdir().unwrap();
    let mut session = start(folder.path(), &[]);
    session.exp_string("attache> ").unwrap();
    type_in(&mut session, "events where");
    session.exp_string("where").unwrap();
    session.send_control('c').unwrap();
    session.flush().unwrap();
    session.exp_string("\u{1b}[?2004l").unwrap(); // the line is left, what was typed is forgotten
    session.exp_string("attache> ").unwrap();
    session.send_line(".maxrows").unwrap();
    session.exp_string("100").unwrap();
    session.exp_string("attache> ").unwrap();
    leave(session);
}

#[test]
fn a_blank_line_runs_what_is_incomplete() {
    let folder = tempfile::tempdir().unwrap();
    let mut session = start(folder.path(), &[]);
    session.exp_string("attache> ").unwrap();
    session.send_line("events where").unwrap();
    session.exp_string("...> ").unwrap();
    session.send_line("").unwrap();
    session.exp_string("error").unwrap();
    session.exp_string("attache> ").unwrap();
    leave(session);
}

#[test]
fn dot_commands_answer() {
    let folder = tempfile::tempdir().unwrap();
    let mut session = start(folder.path(), &[]);
    session.exp_string("attache> ").unwrap();
    session.send_line(".felds").unwrap();
    session.exp_string("did you mean `.fields`?").unwrap();
    session.send_line(".mode csv").unwrap();
    session.send_line(".mode").unwrap();
    session.exp_string("\ncsv\r\n").unwrap();
    session.send_line(".help dates").unwrap();
    session.exp_string("possibly(").unwrap();
    session.send_line(".quit").unwrap();
    session.exp_eof().unwrap();
}

#[test]
fn a_leading_blank_keeps_a_line_out_of_the_history() {
    let folder = tempfile::tempdir().unwrap();
    let mut session = start(folder.path(), &[]);
    session.exp_string("attache> ").unwrap();
    session.send_line(" .mode").unwrap();
    session.exp_string("table").unwrap();
    session.exp_string("attache> ").unwrap();
    session.send_line(".timer off").unwrap();
    session.exp_string("attache> ").unwrap();
    leave(session);
    assert_eq!(fs::read_to_string(folder.path().join("attache/history")).unwrap(), ".timer off\n");
}
