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
