//! Tables that are built into the crate: tab-separated, with a header line, `#` in front of comments.

/// A row of a table, with cells by the names of the header.
#[derive(Debug)]
pub(crate) struct Row<'a> {
    /// Its line, from 1.
    pub(crate) line: usize,
    header: Vec<&'a str>,
    cells: Vec<&'a str>,
}

impl<'a> Row<'a> {
    /// The cell of a column, trimmed; none when empty.
    pub(crate) fn get(&self, column: &str) -> Option<&'a str> {
        let at = self.header.iter().position(|name| *name == column)?;
        self.cells.get(at).map(|cell| cell.trim()).filter(|cell| !cell.is_empty())
    }

    /// The cell of a column as a string.
    pub(crate) fn text(&self, column: &str) -> Option<String> {
        self.get(column).map(str::to_owned)
    }

    /// The members of a cell that are divided by `;`.
    pub(crate) fn list(&self, column: &str) -> Vec<String> {
        let cell = self.get(column).unwrap_or("");
        cell.split(';').map(str::trim).filter(|m| !m.is_empty()).map(str::to_owned).collect()
    }

    /// A cell as a number; a problem, when it holds something else.
    pub(crate) fn number<T: std::str::FromStr>(
        &self,
        column: &str,
        problems: &mut Vec<String>,
    ) -> Option<T> {
        let cell = self.get(column)?;
        let number = cell.parse().ok();
        if number.is_none() {
            problems.push(format!("line {}: `{cell}` is no {column}", self.line));
        }
        number
    }
}

/// The rows of a table.
pub(crate) fn rows(text: &str) -> impl Iterator<Item = Row<'_>> {
    let mut lines = text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.starts_with('#') && !line.trim().is_empty());
    let header: Vec<&str> = lines.next().map_or(Vec::new(), |(_, line)| line.split('\t').collect());
    lines.map(move |(at, line)| Row {
        line: at + 1,
        header: header.clone(),
        cells: line.split('\t').collect(),
    })
}
