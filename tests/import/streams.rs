//! Nothing grows with the file: eight times the rows take little more memory.
#![cfg(target_os = "linux")]

use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use attache::{Database, ImportOptions};

/// Tells the process that this is a child, and which file it reads in.
const FILE: &str = "ATTACHE_TEST_STREAM";

/// A table of so many rows, each with a key of its own.
fn table(path: &Path, rows: u32) {
    let mut file = std::io::BufWriter::new(std::fs::File::create(path).unwrap());
    writeln!(file, "key,date,source,target,kind").unwrap();
    for n in 0..rows {
        let (month, day) = (1 + n / 1000 % 12, 1 + n / 100 % 28);
        writeln!(file, "k{n},2018-{month:02}-{day:02},Actor {},Other {},visit", n % 997, n % 1999)
            .unwrap();
    }
}

/// The most memory that this process ever had, in KiB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// Reads one file in and tells the peak, where it is started for that; else it is no test.
#[test]
fn child() {
    let Some(path) = std::env::var_os(FILE).map(std::path::PathBuf::from) else { return };
    // Of pages that are kept for the next reader there may be as many as one asks for.
    let db = Database::builder().cache_bytes(4 << 20).open(path.with_extension("attache")).unwrap();
    let report = db.import(path, ImportOptions::default()).unwrap();
    println!("loaded {}", report.counts.loaded);
    println!("peak {}", peak());
}

/// The peak of a process that reads so many rows in.
fn peak_of(folder: &Path, rows: u32) -> u64 {
    let path = folder.join(format!("{rows}.csv"));
    table(&path, rows);
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "import::streams::child", "--nocapture"])
        .env(FILE, &path)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains(&format!("loaded {rows}\n")), "{text}");
    let peak = text.lines().find_map(|line| line.strip_prefix("peak ")).unwrap();
    peak.parse().unwrap()
}

#[test]
fn eight_times_the_rows_take_little_more_memory() {
    let folder = tempfile::tempdir().unwrap();
    let (small, large) = (peak_of(folder.path(), 100_000), peak_of(folder.path(), 800_000));
    println!("{small} KiB for 100,000 rows, {large} KiB for 800,000");
    // What is remembered of keys grows to some 20 MiB and no further, and a batch of the long file has twice as many rows
    // packed; the rows themselves would be 120.
    assert!(large < small + 80 * 1024, "{small} KiB for 100,000 rows, {large} KiB for 800,000");
}
