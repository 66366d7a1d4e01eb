//! What happens with files that are not as they should be, and with files that others hold.

use std::fs;
use std::path::Path;

use attache::Error;

use super::*;

fn open(path: &Path, access: Access) -> Result<Store, Error> {
    Store::open(path, &options(access))
}

const CREATE: Access = Access::ReadWrite { create: true };
const WRITE: Access = Access::ReadWrite { create: false };

fn written(path: &Path) {
    let store = open(path, CREATE).unwrap();
    let mut writing = store.begin().unwrap();
    writing.insert(visit("a", "A", "B", 1)).unwrap();
    writing.commit().unwrap();
    store.close().unwrap();
}

#[test]
fn what_is_no_database_is_refused_with_the_reason() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name);
    fs::write(path("empty"), "").unwrap();
    fs::write(path("text"), "hello world\n".repeat(2000)).unwrap();
    fs::write(path("zeros"), vec![0; 1 << 20]).unwrap();
    fs::write(path("short"), "att").unwrap();
    fs::create_dir(path("directory")).unwrap();
    for access in [Access::ReadOnly, WRITE] {
        for (name, reason) in [
            ("missing", "no such file"),
            ("empty", "empty"),
            ("directory", "directory"),
            ("text", "not an Attaché database"),
            ("zeros", "not an Attaché database"),
            ("short", "not an Attaché database"),
        ] {
            let error = open(&path(name), access).err().unwrap();
            assert!(matches!(error, Error::Format { .. }), "{name}: {error}");
            assert!(error.to_string().contains(reason), "{name}: {error}");
        }
    }
    assert!(!path("missing").exists());
    assert!(matches!(open(&path("text"), CREATE), Err(Error::Format { .. })));
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 5);
    // An empty file is as good as none to whoever may make one.
    written(&path("empty"));
    assert_eq!(open(&path("empty"), WRITE).unwrap().view().unwrap().event_count().unwrap(), 1);
}

#[test]
fn a_newer_layout_is_refused_with_both_numbers() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a");
    written(&path);
    let mut bytes = fs::read(&path).unwrap();
    bytes[16] = 9;
    let sum = xxhash_rust::xxh3::xxh3_64_with_seed(&bytes[..32], 0);
    bytes[32..40].copy_from_slice(&sum.to_le_bytes());
    fs::write(&path, bytes).unwrap();
    for access in [Access::ReadOnly, CREATE] {
        let error = open(&path, access).err().unwrap().to_string();
        assert!(error.contains("format 9") && error.contains("format 1"), "{error}");
    }
}

#[test]
fn a_file_that_was_cut_off_is_damaged() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a");
    written(&path);
    let whole = fs::read(&path).unwrap();
    for len in [39, 41, 1000, 4104, 5000, 3 * 4104, whole.len() / 2, whole.len() - 1] {
        fs::write(&path, &whole[..len]).unwrap();
        for access in [Access::ReadOnly, WRITE] {
            let error = open(&path, access).and_then(|store| {
                let view = store.view()?;
                for row in view.scan(view.all()?) {
                    row?;
                }
                store.verify().map(|_| ())
            });
            // A reader need not notice that pages are missing which it does not read.
            match error {
                Ok(()) => assert_eq!(access, Access::ReadOnly, "{len}"),
                Err(error) => assert!(
                    matches!(error, Error::Corrupt(_) | Error::Format { .. }),
                    "{len}: {error}"
                ),
            }
        }
    }
}

#[cfg(unix)]
#[test]
fn files_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a");
    written(&path);
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
}

#[test]
fn a_second_writer_is_told_who_and_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a");
    let store = open(&path, CREATE).unwrap();
    let error = open(&path, WRITE).err().unwrap();
    assert!(matches!(error, Error::Locked { .. }));
    let text = error.to_string();
    assert!(text.contains(&format!("process {}", std::process::id())), "{text}");
    assert!(text.contains("--read-only"), "{text}");
    store.close().unwrap();
    open(&path, WRITE).unwrap();
}

#[test]
fn readers_read_beside_a_writer() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a");
    written(&path);
    let writer = open(&path, WRITE).unwrap();
    let reader = open(&path, Access::ReadOnly).unwrap();
    assert!(reader.begin().is_err());
    let before = reader.view().unwrap();
    for n in 0..50 {
        let mut writing = writer.begin().unwrap();
        writing.insert(visit(&format!("b{n}"), "A", "B", n)).unwrap();
        writing.commit().unwrap();
        let view = reader.view().unwrap();
        assert_eq!(view.event_count().unwrap(), 2 + n as u64);
        assert_eq!(view.scan(view.all().unwrap()).count() as i64, 2 + n);
    }
    assert_eq!(before.event_count().unwrap(), 1);
    assert!(before.event(EventId(1)).unwrap().is_some());
    assert_sound(&reader);
}

/// A copy of a live file is a file that was not closed.
#[test]
fn a_file_that_was_not_closed_is_repaired_and_read() {
    let dir = tempfile::tempdir().unwrap();
    let (path, copy) = (dir.path().join("a"), dir.path().join("b"));
    let writer = open(&path, CREATE).unwrap();
    for n in 0..5 {
        let mut writing = writer.begin().unwrap();
        writing.insert(visit(&format!("{n}"), "A", "B", n)).unwrap();
        writing.commit().unwrap();
    }
    for access in [Access::ReadOnly, WRITE] {
        fs::copy(&path, &copy).unwrap();
        let store = open(&copy, access).unwrap();
        assert_eq!(store.view().unwrap().event_count().unwrap(), 5);
        assert_sound(&store);
    }
}
