//! The cases, a test for each.

use std::fs;
use std::path::Path;

use super::case::{check, names};

macro_rules! cases {
    ($($name:ident),+ $(,)?) => {
        $(#[test]
        fn $name() {
            check(stringify!($name), |_| {});
        })+

        #[test]
        fn every_case_is_run() {
            let run = [$(stringify!($name),)+ "locked", "write_protected"];
            for name in names() {
                assert!(run.contains(&name.as_str()), "{name}.case is in no test");
            }
        }
    };
}

cases! {
    // errors of queries
    unknown_field,
    guards,
    syntax_error,
    unknown_actor,
    nesting,
    unbound_parameter,
    // files that are none
    bad_files,
    missing_file,
    // ways to run
    compact,
    demo,
    explain_analyze,
    formats,
    hostile,
    import,
    import_broken,
    import_help,
    import_statement,
    import_wrong_use,
    keep_going,
    output_file,
    parameters,
    pipes,
    read_only,
    script_file,
    statuses,
    stdin,
    strict,
    usage,
    // a whole life of a database
    first_database,
}

/// Another process writes to the file: readers read, writers are told.
#[test]
fn locked() {
    let mut writer = None;
    check("locked", |folder: &Path| {
        let path = folder.join("held.attache");
        let db = attache::Database::open(&path).unwrap();
        db.execute("insert visit { date: 2018-02, visitor: \"Khawaja Asif\", host: \"Russia\" }")
            .unwrap();
        writer = Some(db);
    });
    drop(writer);
}

/// A file that nobody may write to, unless it is somebody who may everything: for him it is a file as any other.
#[cfg(unix)]
#[test]
fn write_protected() {
    use std::os::unix::fs::PermissionsExt;

    let protect = |folder: &Path| {
        let path = folder.join("kept.attache");
        let db = attache::Database::open(&path).unwrap();
        db.execute("insert visit { date: 2018-02, host: \"Russia\" }").unwrap();
        db.close().unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
        path
    };
    let folder = tempfile::tempdir().unwrap();
    let path = protect(folder.path());
    if fs::File::options().write(true).open(&path).is_ok() {
        attache::Database::open(&path).unwrap().compact().unwrap();
    } else {
        check("write_protected", |folder| drop(protect(folder)));
    }
}

/// Ctrl-C ends a run with 130, quickly, and leaves no half-written file.
#[cfg(unix)]
#[test]
fn an_interrupt_is_130() {
    use std::os::unix::process::ExitStatusExt;
    use std::process::{Command, Stdio};
    use std::time::Duration;

    let folder = tempfile::tempdir().unwrap();
    let mut child = Command::new(super::case::ATTACHE)
        .args(["-f", "-"])
        .current_dir(folder.path())
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_millis(300)); // it waits for its script now
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    // Its input stays open, or it could end by itself.
    let _input = child.stdin.take();
    let status = child.wait().unwrap();
    assert_eq!((status.code(), status.signal()), (Some(130), None));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}
