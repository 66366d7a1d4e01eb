//! Lines without end, in bounded memory.
#![cfg(target_os = "linux")]

use std::process::{Command, Stdio};

use attache::Database;

use super::super::number;

/// Reads from standard input with no more than 600 MB of addresses; gives the words on standard error.
fn bounded(
    folder: &std::path::Path,
    write: impl FnOnce(&mut dyn std::io::Write),
) -> (String, Option<i32>) {
    let mut child = Command::new("sh")
        .args(["-c", "ulimit -v 600000; exec \"$0\" import x.attache -"])
        .arg(env!("CARGO_BIN_EXE_attache"))
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    write(&mut child.stdin.take().unwrap());
    let output = child.wait_with_output().unwrap();
    (String::from_utf8(output.stderr).unwrap(), output.status.code())
}

#[test]
fn a_line_of_a_gigabyte_is_told_in_bounded_memory() {
    let folder = tempfile::tempdir().unwrap();
    let block = vec![b'x'; 1 << 20];
    let mut sent = 0;
    let (told, status) = bounded(folder.path(), |input| {
        let _ = input.write_all(b"date,source,kind\n2014-03-12,Anna,visit\n2014-03-13,");
        // It stops reading long before the end.
        while sent < 1024 && input.write_all(&block).is_ok() {
            sent += 1;
        }
    });
    assert_eq!(status, Some(1), "{told}");
    assert!(told.contains("line 3: a line of more than 4 MiB"), "{told}");
    assert!(told.contains("the row before it was read in"), "{told}");
    assert!(sent < 64, "{sent} MiB were read");
    let db = Database::open_read_only(folder.path().join("x.attache")).unwrap();
    assert_eq!(number(&db, "events | count"), 1);
}

#[test]
fn a_quote_over_all_lines_is_told_in_bounded_memory() {
    let folder = tempfile::tempdir().unwrap();
    let block = "line of a note without end\n".repeat(40_000);
    let (told, status) = bounded(folder.path(), |input| {
        let _ = input.write_all(b"date,source,kind,summary\n2014-03-12,Anna,visit,\n");
        let _ = input.write_all(b"2014-03-13,Berta,visit,\"begin\n");
        for _ in 0..64 {
            if input.write_all(block.as_bytes()).is_err() {
                break;
            }
        }
    });
    assert_eq!(status, Some(1), "{told}");
    assert!(told.contains("line 3"), "{told}");
}
