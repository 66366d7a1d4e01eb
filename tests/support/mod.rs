//! What several folders of tests share.

use std::path::{Path, PathBuf};

/// The folder of this crate.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Holds a text against the one that a file expects; with `ATTACHE_BLESS=1` it becomes what is expected.
///
/// # Errors
/// Both texts, where they differ.
pub(crate) fn compare(path: &Path, found: &str) -> Result<(), String> {
    let expected = std::fs::read_to_string(path).unwrap_or_default();
    if expected == found {
        return Ok(());
    }
    if std::env::var_os("ATTACHE_BLESS").is_some() {
        std::fs::write(path, found).unwrap();
        return Ok(());
    }
    let name = path.display();
    Err(format!(
        "{name}: not as expected (ATTACHE_BLESS=1 to accept)\n--- expected\n{expected}--- found\n{found}"
    ))
}

/// A text with the times of `explain analyze` masked, and the rule above its lines, which is as long as they are.
pub(crate) fn mask_analysis(text: &str) -> String {
    if !text.contains(" to plan, ") {
        return text.to_owned();
    }
    let masks = [
        (r"(?m)   *[0-9.]+ m?s( |$)", "  TIME$1"),
        (r"( in|:|,) [0-9.]+ m?s ?", "$1 TIME "),
        (r"TIME :", "TIME:"),
        (r"(?m)^─+$", "─────"),
    ];
    masks.iter().fold(text.to_owned(), |text, (times, mask)| {
        regex::Regex::new(times).unwrap().replace_all(&text, *mask).into_owned()
    })
}

#[test]
fn the_times_of_an_analysis_are_masked() {
    let text = |a: &str, b: &str| {
        format!(
            "────{a}\nScan: x  12 rows  {a:>8}\n   y   1 row   {b:>8}  3 of 7 segments, 5 bytes\n\
                 12 rows in {b}: {a} to plan, {b} in the operators, {a} for the columns\n"
        )
    };
    let (one, other) = (text("0.01 ms", "123 ms"), text("12.3 s", "9.99 ms"));
    assert_eq!(
        mask_analysis(&one.replace("────0.01 ms", "───")),
        mask_analysis(&other.replace("────12.3 s", "────"))
    );
    let masked = mask_analysis(&one);
    assert!(
        masked.contains("Scan: x  12 rows  TIME\n   y   1 row  TIME  3 of 7 segments, 5 bytes\n"),
        "{masked}"
    );
    assert!(
        masked.ends_with(
            "12 rows in TIME: TIME to plan, TIME in the operators, TIME for the columns\n"
        )
    );
    let other = "12 rows  (1.2 ms)\n────\nlasted  3 s";
    assert_eq!(mask_analysis(other), other);
}

/// The files of a folder with an ending, in order.
pub(crate) fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut found: Vec<PathBuf> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == ending))
        .collect();
    found.sort();
    found
}
