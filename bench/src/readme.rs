//! The last run in the README: what stands between two markers is put in its place.

use std::path::Path;

use crate::error::{Error, Naming, Result};

const BEGIN: &str = "<!-- last run -->";
const END: &str = "<!-- end of last run -->";

/// Writes tables between the markers of a file.
pub(crate) fn write(path: &Path, tables: &str) -> Result<()> {
    let text = std::fs::read_to_string(path).of(path)?;
    let text = replaced(&text, tables).ok_or_else(|| {
        Error::said(format!("{} has no markers `{BEGIN}` and `{END}`", path.display()))
    })?;
    std::fs::write(path, text).of(path)
}

fn replaced(text: &str, tables: &str) -> Option<String> {
    let (before, rest) = text.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n\n{}\n\n{END}{after}", tables.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stands_between_the_markers_changes() {
        let text = format!("a\n{BEGIN}\nold\n{END}\nb\n");
        assert_eq!(replaced(&text, "new\n").unwrap(), format!("a\n{BEGIN}\n\nnew\n\n{END}\nb\n"));
        assert_eq!(replaced("none", "new"), None);
    }
}
