//! The grid: the first records of a file, read with one delimiter.

use super::super::shape::told_delimiter;

/// How many records are looked at.
const ROWS: usize = 50;

/// What may stand between cells, the likeliest first.
const DELIMITERS: [(u8, &str); 5] =
    [(b'\t', "tabs"), (1, "Ctrl-A"), (b',', "commas"), (b';', "semicolons"), (b'|', "bars")];

/// The first records.
pub(super) struct Grid {
    /// None where cells come apart.
    pub(super) delimiter: Option<u8>,
    pub(super) quoted: bool,
    pub(super) rows: Vec<Vec<String>>,
}

impl Grid {
    /// A reading with each delimiter that occurs. `whole` says that the file ends with the sample.
    pub(super) fn all(sample: &str, whole: bool) -> Vec<Grid> {
        let (first, rest) = sample.split_once('\n').unwrap_or((sample, ""));
        let told = told_delimiter(first.trim_end_matches('\r'));
        let text = if told.is_some() { rest } else { sample };
        let wanted = |delimiter: u8| told.is_none_or(|told| told == delimiter);
        let grids = DELIMITERS.iter().filter(|(delimiter, _)| wanted(*delimiter));
        grids.filter_map(|(delimiter, _)| Grid::new(text, *delimiter, whole)).collect()
    }

    /// Rows that come apart, under their header.
    #[cfg(feature = "parquet")]
    pub(super) fn of(header: Vec<String>, rows: impl Iterator<Item = Vec<String>>) -> Grid {
        let rows = std::iter::once(header).chain(rows).collect();
        Grid { delimiter: None, quoted: false, rows }
    }

    fn new(text: &str, delimiter: u8, whole: bool) -> Option<Grid> {
        if !text.as_bytes().contains(&delimiter) {
            return None;
        }
        let bare: Vec<Vec<String>> = text
            .lines()
            .filter(|line| !line.trim().is_empty())
            .take(ROWS)
            .map(|line| line.split(char::from(delimiter)).map(str::to_owned).collect())
            .collect();
        let quoted = match delimiter {
            1 => false,
            b'\t' => in_quotes(&bare),
            _ => true,
        };
        let rows = if quoted { unquoted(text, delimiter, whole) } else { bare };
        rows.iter().any(|row| row.len() > 1).then_some(Grid {
            delimiter: Some(delimiter),
            quoted,
            rows,
        })
    }

    pub(super) fn first(&self) -> &[String] {
        self.rows.first().map(Vec::as_slice).unwrap_or_default()
    }

    /// The rows behind the first.
    pub(super) fn data(&self) -> &[Vec<String>] {
        self.rows.get(1..).unwrap_or_default()
    }

    /// The width of the header, or the commonest where there is none.
    pub(super) fn width(&self) -> usize {
        if self.has_header() { self.first().len() } else { commonest(&self.rows) }
    }

    /// Most rows are equally wide.
    pub(super) fn is_steady(&self) -> bool {
        let rows = if self.has_header() && self.rows.len() > 1 { self.data() } else { &self.rows };
        let width = commonest(rows);
        rows.iter().filter(|row| row.len() == width).count() * 5 >= rows.len() * 4
    }

    /// The first row reads like names: no numbers, none twice.
    pub(super) fn has_header(&self) -> bool {
        let mut names: Vec<&str> = self.first().iter().map(|name| name.trim()).collect();
        names.retain(|name| !name.is_empty());
        let number = |name: &&&str| {
            name.trim_start_matches(['-', '+']).starts_with(|c: char| c.is_ascii_digit())
        };
        let given = names.len();
        let numbers = names.iter().filter(number).count();
        names.sort_unstable();
        names.dedup();
        given * 2 > self.first().len() && numbers == 0 && names.len() == given
    }

    /// The first column has no name of its own.
    pub(super) fn is_nameless(&self) -> bool {
        self.first().first().is_some_and(|name| ["", "Unnamed: 0"].contains(&name.trim()))
    }

    /// Rows begin with a running number that the header has no name for, as R writes it.
    pub(super) fn is_shifted(&self) -> bool {
        let numbers = self.data().iter().map(|row| row.first()?.trim().parse::<u64>().ok());
        let numbers: Option<Vec<u64>> = numbers.collect();
        let rising = numbers.is_some_and(|numbers| {
            !numbers.is_empty() && numbers.iter().zip(numbers.iter().skip(1)).all(|(a, b)| a < b)
        });
        let width = commonest(self.data());
        let named = self.first().len();
        // Empty cells behind the last column are only delimiters too many.
        let full = self
            .data()
            .iter()
            .any(|row| row.len() == width && row.last().is_some_and(|last| !last.is_empty()));
        rising && ((self.is_nameless() && width == named) || (width == named + 1 && full))
    }

    /// What was seen, for a message.
    pub(super) fn told(&self) -> String {
        let mut known = DELIMITERS.iter();
        let between = known.find(|(delimiter, _)| Some(*delimiter) == self.delimiter);
        let between = between.map_or(String::new(), |(_, name)| format!("between {name} "));
        let mut names = self.first().iter().take(3).map(|name| name.chars().take(30).collect());
        let names: Vec<String> = names.by_ref().collect();
        format!("{} columns {between}(`{}` …)", self.width(), names.join("`, `"))
    }
}

/// The width that most rows have; the greater of two.
fn commonest(rows: &[Vec<String>]) -> usize {
    let count = |width: usize| rows.iter().filter(|row| row.len() == width).count();
    rows.iter().map(Vec::len).max_by_key(|width| (count(*width), *width)).unwrap_or_default()
}

/// True when the cells of a header, or two cells of most rows, stand in quotes.
fn in_quotes(rows: &[Vec<String>]) -> bool {
    let quoted = |cell: &&String| {
        let cell = cell.trim();
        cell.len() > 1 && cell.starts_with('"') && cell.ends_with('"')
    };
    let Some((header, data)) = rows.split_first() else {
        return false;
    };
    let names = header.iter().filter(|name| !name.trim().is_empty()).count();
    let most = data.iter().filter(|row| row.iter().filter(quoted).count() > 1).count();
    (names > 0 && header.iter().filter(quoted).count() * 2 > names)
        || (!data.is_empty() && most * 2 > data.len())
}

/// Rows as a reader of quotes sees them, without one that the end of the sample may have cut.
fn unquoted(text: &str, delimiter: u8, whole: bool) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut rows: Vec<Vec<String>> = reader
        .records()
        .map_while(Result::ok)
        .take(ROWS)
        .map(|row| row.iter().map(str::to_owned).collect())
        .collect();
    if !whole && rows.len() > 1 && rows.len() < ROWS {
        rows.pop();
    }
    rows
}
