//! Imports that are cut off, by kill -9, by Ctrl-C and between the last row and the end: the same command goes on, and
//! the end is that of an import that was left in peace.

use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use attache::{Database, ImportOptions};

use super::{answer, attache, file, import, number};

/// Enough that there is time to cut it off.
const ROWS: usize = 100_000;

/// Rows of six columns without ids, some equal to others, some that are rejected.
fn rows() -> String {
    let mut text =
        "Event Date\tSource Name\tEvent Text\tCAMEO Code\tIntensity\tTarget Name\n".to_owned();
    for n in 0..ROWS {
        let (year, month, day) = (2005 + n / 15_000, 1 + n / 1300 % 12, 1 + n / 50 % 28);
        let day = if n % 15_013 == 5 { 31 } else { day };
        let month = if day == 31 { 2 } else { month };
        let code = ["040", "042", "190", "010"][n / 2 % 4];
        let (source, target) = (n / 2 % 97, n / 2 % 199);
        let _ = writeln!(
            text,
            "{year}-{month:02}-{day:02}\tActor {source} (Russia)\tConsult\t{code}\t1\tOther {target} (Pakistan)"
        );
    }
    text
}

/// Begins the command in a folder.
#[cfg(unix)]
fn begun(folder: &Path) -> Child {
    Command::new(env!("CARGO_BIN_EXE_attache"))
        .args(["import", "x.attache", "a.tsv"])
        .current_dir(folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Waits until the database of a folder has been made and the import has begun.
#[cfg(unix)]
fn wait_for_file(folder: &Path) {
    let started = Instant::now();
    while !folder.join("x.attache").exists() && started.elapsed() < Duration::from_secs(60) {
        sleep(Duration::from_millis(10));
    }
    sleep(Duration::from_millis(300));
}

/// How many batches are in.
fn commits(folder: &Path) -> u64 {
    let db = Database::open_read_only(folder.join("x.attache"));
    db.and_then(|db| db.info()).map_or(0, |info| info.commits)
}

/// What is in a database: a hash over all events with their ids and fields, the counts of the import, the catalogue.
fn end(folder: &Path) -> (u64, Vec<Vec<String>>, Vec<u8>) {
    let db = Database::open_read_only(folder.join("x.attache")).unwrap();
    let mut hasher = DefaultHasher::new();
    let mut events = 0;
    for row in db.query("events").unwrap() {
        let row = row.unwrap();
        let event = row.event().unwrap();
        (row.id(), &event.key, &event.kind, &event.code, event.import).hash(&mut hasher);
        // The rest of a row is in its key; that takes time to write out.
        if events % 16 == 0 {
            format!("{event:?}").hash(&mut hasher);
        }
        events += 1;
    }
    assert_eq!(number(&db, "events | count"), events);
    let mut told = answer(
        &db,
        "imports | select import, file, format, finished, read, loaded, updated, duplicates, rejected, covers",
    );
    told.extend(answer(&db, "actors | sort name"));
    let rejects = std::fs::read(folder.join("x.attache.a.tsv.rejects.csv")).unwrap();
    (hasher.finish(), told, rejects)
}

#[cfg(unix)]
#[test]
fn an_import_that_is_killed_again_and_again_ends_like_any_other() {
    let text = rows();
    let (whole, cut) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    file(whole.path(), "a.tsv", &text);
    file(cut.path(), "a.tsv", &text);
    let ran = attache(whole.path(), &["import", "x.attache", "a.tsv"], b"");
    assert_eq!(ran.status, Some(4), "{}", ran.err);
    let whole = end(whole.path());
    assert_eq!(whole.1[0][3..9], ["true", "100000", "99993", "0", "0", "7"]);

    // At once; by Ctrl-C, which writes what has been read; in the middle of the rest; by Ctrl-C again; when it is written.
    let cut = cut.path();
    let (mut cuts, mut sealed) = (0, 0);
    for (more, signal) in [(100, "KILL"), (500, "INT"), (300, "KILL"), (500, "INT"), (1200, "KILL")]
    {
        let before = commits(cut);
        let mut child = begun(cut);
        wait_for_file(cut);
        sleep(Duration::from_millis(more));
        cuts += u32::from(child.try_wait().unwrap().is_none());
        Command::new("kill")
            .args([&format!("-{signal}"), &child.id().to_string()])
            .status()
            .unwrap();
        let output = child.wait_with_output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        if signal == "INT" {
            assert_eq!(output.status.code(), Some(130), "{told}");
            assert!(told.contains("the same command goes on from there"), "{told}");
            let db = Database::open_read_only(cut.join("x.attache")).unwrap();
            assert_eq!(answer(&db, "imports | select finished"), [["false"]]);
            sealed = db.info().unwrap().segments;
        }
        assert!(commits(cut) >= before);
    }
    assert!(sealed > 0, "nothing was sealed before the end");
    assert!(cuts >= 3, "{cuts} imports were cut");
    let ran = attache(cut, &["check", "x.attache"], b"");
    assert_eq!(ran.status, Some(0), "{}{}", ran.out, ran.err);
    let ran = attache(cut, &["import", "x.attache", "a.tsv"], b"");
    assert_eq!(ran.status, Some(4), "{}", ran.err);
    assert!(ran.err.contains("rows were in from a run that was cut off"), "{}", ran.err);
    let cut_end = end(cut);
    assert_eq!(cut_end.1, whole.1);
    assert_eq!(String::from_utf8(cut_end.2).unwrap(), String::from_utf8(whole.2).unwrap());
    assert_eq!(cut_end.0, whole.0, "the events differ");
}

/// So many segments of so few rows, and a batch is sixteen of them.
const SMALL: usize = 64;

fn small(folder: &Path) -> Database {
    Database::builder().sealing(SMALL, SMALL).open(folder.join("x.attache")).unwrap()
}

/// The process that the test below kills: reads the file of a folder into small segments, and says how far it is.
#[test]
#[ignore = "run by another test, as a process of its own"]
fn an_import_in_small_segments() {
    let Some(folder) = std::env::var_os("ATTACHE_IMPORT_IN") else { return };
    let db = small(Path::new(&folder));
    let report = import(&db, &Path::new(&folder).join("a.csv"));
    assert!(!report.cancelled);
    db.close().unwrap();
}

#[cfg(unix)]
#[test]
fn an_import_that_is_killed_between_sealed_batches_ends_like_any_other() {
    const ROWS: u64 = 7_000;
    let folder = tempfile::tempdir().unwrap();
    let mut text = "key,date,kind,source,target,losses\n".to_owned();
    for n in 0..ROWS {
        let (year, month, day) = (2000 + n / 350, 1 + n % 12, 1 + n % 28);
        let _ = writeln!(
            text,
            "k{n},{year}-{month:02}-{day:02},visit,Actor {},Other {},{}",
            n % 31,
            n % 57,
            n % 9
        );
    }
    let path = file(folder.path(), "a.csv", text);
    let whole = Database::open_in_memory().unwrap();
    import(&whole, &path);
    let told = |db: &Database| {
        let queries = [
            "events | sort id | select id, key, date, source, target, losses",
            "events | summarize count() as n, sum(losses) as lost by year, source",
            "imports | select import, finished, read, loaded, updated, duplicates, rejected",
            "actors | sort name",
        ];
        queries.map(|query| answer(db, query))
    };
    let (mut cuts, mut before) = (0, 0);
    for round in 0..8 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "import::cut::an_import_in_small_segments", "--ignored"])
            .env("ATTACHE_IMPORT_IN", folder.path())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        // Another moment each round, once it has got further.
        let started = Instant::now();
        while commits(folder.path()) <= before && started.elapsed() < Duration::from_secs(20) {
            sleep(Duration::from_millis(5));
        }
        sleep(Duration::from_millis(round * 17));
        let seen = commits(folder.path());
        let cut = child.try_wait().unwrap().is_none();
        child.kill().unwrap();
        child.wait().unwrap();

        let db = small(folder.path());
        assert_eq!(db.verify().unwrap(), [""; 0], "round {round}");
        let info = db.info().unwrap();
        assert!(info.commits >= seen, "round {round}: {} commits of {seen}", info.commits);
        assert!(info.segments >= info.events / 128, "round {round}: {info:?}");
        let lost: Option<i64> =
            db.query("events | summarize sum(losses)").unwrap().scalar().unwrap();
        let wanted: i64 = (0..i64::try_from(info.events).unwrap()).map(|n| n % 9).sum();
        assert_eq!(lost.unwrap_or_default(), wanted, "round {round}");
        before = info.commits;
        db.close().unwrap();
        cuts += u32::from(cut);
        if !cut {
            break;
        }
    }
    assert!(cuts >= 3, "{cuts} imports were cut");
    let db = small(folder.path());
    import(&db, &path);
    assert_eq!(db.verify().unwrap(), [""; 0]);
    assert_eq!(told(&db), told(&whole));
    assert!(db.info().unwrap().commits > 5 && db.info().unwrap().segments >= ROWS / 64);
}

/// A batch that is full with the last row: it is in, and the import does not know yet that this was all.
#[test]
fn a_cut_between_the_last_row_and_the_end_is_mended() {
    const BATCH: u64 = 63 * 1024;
    let folder = tempfile::tempdir().unwrap();
    let mut text = "key,date,kind\n".to_owned();
    for n in 0..BATCH {
        let _ = writeln!(text, "k{n},2018-{:02}-01,visit", 1 + n / 10_000);
    }
    let path = file(folder.path(), "a.csv", text);
    let db = Database::open_in_memory().unwrap();
    let mut options = ImportOptions::default();
    let cancel = options.cancel.clone();
    options.progress = Some(Box::new(move |progress| {
        if progress.rows >= BATCH {
            cancel.cancel();
        }
    }));
    let report = db.import(&path, options).unwrap();
    assert!(report.cancelled && report.counts.loaded == BATCH, "{report}");
    let list = "imports | select import, finished, read, loaded";
    let all = BATCH.to_string();
    assert_eq!(answer(&db, list), [["1", "false", &all, &all]]);
    assert_eq!(db.info().unwrap().commits, 1);

    let report = import(&db, &path);
    assert_eq!((report.resumed, report.counts.read, report.import), (BATCH, BATCH, Some(1)));
    assert!(!report.cancelled);
    assert_eq!(answer(&db, list), [["1", "true", &all, &all]]);
    assert_eq!((db.info().unwrap().commits, db.info().unwrap().events), (2, BATCH));
    assert_eq!(import(&db, &path).import, None);
    assert_eq!(db.info().unwrap().commits, 2);
}
