//! The history of the prompt: a file of one statement a line, for its owner alone.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;

/// How many statements are kept.
pub(super) const KEPT: usize = 10_000;

/// Where the history belongs: the state folder of the user.
pub(super) fn path() -> Option<PathBuf> {
    let places = etcetera::choose_base_strategy().ok()?;
    let folder = places.state_dir().unwrap_or_else(|| places.data_dir());
    Some(folder.join("attache").join("history"))
}

/// The statements of a history file, the oldest first; none when there is no file.
///
/// A file that has grown far beyond [`KEPT`] is cut.
pub(super) fn load(path: &Path) -> io::Result<Vec<String>> {
    let bytes = match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        read => read?,
    };
    let mut entries: Vec<String> = String::from_utf8_lossy(&bytes)
        .lines()
        .filter(|line| !line.is_empty())
        .map(unescape)
        .collect();
    let surplus = entries.len().saturating_sub(KEPT);
    entries.drain(..surplus);
    if surplus > KEPT / 5 {
        let mut text = String::new();
        for entry in &entries {
            text.push_str(&escape(entry));
            text.push('\n');
        }
        let mut file = open(path, OpenOptions::new().write(true).truncate(true))?;
        file.write_all(text.as_bytes())?;
    }
    Ok(entries)
}

/// Appends a statement, in one write, so that prompts side by side don't mix their lines.
pub(super) fn append(path: &Path, statement: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder)?;
    }
    let mut file = open(path, OpenOptions::new().append(true))?;
    file.write_all(format!("{}\n", escape(statement)).as_bytes())
}

/// Opens the file, made when there is none, so that only its owner reads it.
fn open(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    options.create(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
        let file = options.mode(0o600).open(path)?;
        if file.metadata()?.permissions().mode() & 0o077 != 0 {
            file.set_permissions(fs::Permissions::from_mode(0o600))?;
        }
        Ok(file)
    }
    #[cfg(not(unix))]
    options.open(path)
}

fn escape(entry: &str) -> String {
    entry.replace('\\', "\\\\").replace('\n', "\\n")
}

fn unescape(line: &str) -> String {
    let mut entry = String::with_capacity(line.len());
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n') => entry.push('\n'),
                Some(other) => entry.push(other),
                None => entry.push('\\'),
            },
            _ => entry.push(c),
        }
    }
    entry
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_is_a_line_and_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state").join("history");
        let statements = ["events", "events\nwhere summary ~ 'a\\nb'\\", ".mode csv"];
        for statement in statements {
            append(&path, statement).unwrap();
        }
        assert_eq!(load(&path).unwrap(), statements);
        assert_eq!(fs::read_to_string(&path).unwrap().lines().count(), statements.len());
    }

    #[test]
    fn without_a_file_there_is_no_history() {
        let folder = tempfile::tempdir().unwrap();
        assert!(load(&folder.path().join("history")).unwrap().is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_reads_it() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("history");
        fs::write(&path, "old\n").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        append(&path, "new").unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_long_history_is_cut_to_the_newest() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("history");
        let lines: Vec<String> = (0..KEPT * 2).map(|n| format!("line {n}\n")).collect();
        fs::write(&path, lines.concat()).unwrap();
        let entries = load(&path).unwrap();
        assert_eq!(entries.len(), KEPT);
        assert_eq!(entries.last().unwrap(), &format!("line {}", KEPT * 2 - 1));
        assert_eq!(fs::read_to_string(&path).unwrap().lines().count(), KEPT);
    }
}
