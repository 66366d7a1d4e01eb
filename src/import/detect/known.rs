//! The data sets: by which names, widths and first cells each is known.

use super::super::format::Format;
use crate::catalog::letters;

/// Names without blanks, case and underscores. A data set has one of each group.
const HEADERS: &[(Format, &[&[&str]])] = &[
    (
        Format::GdeltMentions,
        &[&["globaleventid"], &["mentionidentifier", "mentiontimedate", "mentionsourcename"]],
    ),
    (
        Format::GdeltReduced,
        &[
            &["date", "day", "sqldate"],
            &["source"],
            &["target"],
            &["cameocode", "eventcode"],
            &["goldstein", "goldsteinscale", "quadclass"],
        ],
    ),
    (Format::GdeltReduced, &[&["day", "date", "sqldate"], &["actor1code"], &["quadcategory"]]),
    (
        Format::Gdelt2,
        &[
            &["sqldate", "day", "date", "dateadded", "monthyear", "fractiondate"],
            &["actor1code", "actor1name", "actor2code", "actor2name"],
            &["eventcode", "eventrootcode", "eventbasecode"],
        ],
    ),
    (
        Format::Polecat,
        &[
            &["eventdate"],
            &["eventtype"],
            &["actorname", "actornameraw"],
            &["recipientname", "recipientnameraw"],
        ],
    ),
    (
        Format::Icews,
        &[
            &["eventdate"],
            &["sourcename"],
            &["targetname"],
            &["cameocode", "eventtext", "intensity"],
        ],
    ),
    (Format::Ucdp, &[&["datestart"], &["dateend"], &["sidea"], &["sideb"]]),
    (
        Format::Acled,
        &[
            &["eventdate"],
            &["eventtype"],
            &["actor1"],
            &["subeventtype", "eventidcnty", "dataid", "admin1", "interaction"],
        ],
    ),
    (
        Format::Phoenix,
        &[
            &["date"],
            &["sourceactorfull", "sourceactorentity"],
            &["targetactorfull", "targetactorentity"],
            &["eventcode"],
        ],
    ),
];

/// The data set that has such a header.
pub(super) fn by_header(header: &[String], data: &[Vec<String>]) -> Option<Format> {
    let names: Vec<String> = header.iter().map(|name| letters(name)).collect();
    let has = |group: &&[&str]| group.iter().any(|name| names.iter().any(|known| known == name));
    let (format, _) = HEADERS.iter().find(|(_, groups)| groups.iter().all(has))?;
    if *format == Format::Gdelt2 { Some(gdelt(&names, data)) } else { Some(*format) }
}

/// Which GDELT has these columns: the second knows districts and the minute at which it took an event in.
fn gdelt(names: &[String], data: &[Vec<String>]) -> Format {
    if names.len() == 61 || names.iter().any(|name| name.ends_with("adm2code")) {
        return Format::Gdelt2;
    }
    // Counted from the end, since the header may lack the name of the first column.
    let added = names.iter().rev().position(|name| name == "dateadded");
    let mut cells = data.iter().filter_map(|row| {
        row.len().checked_sub(added? + 1).and_then(|at| row.get(at)).map(|cell| cell.trim())
    });
    match cells.find(|cell| !cell.is_empty()) {
        Some(cell) if digits(cell, 8..=8) => Format::Gdelt1,
        None if [57, 58].contains(&names.len()) => Format::Gdelt1,
        _ => Format::Gdelt2,
    }
}

/// The data set that most rows could be of, when there is no header.
pub(super) fn by_shape(rows: &[Vec<String>]) -> Option<Format> {
    let kinds: Vec<Option<Format>> = rows.iter().map(|row| of_row(row)).collect();
    let count = |format: Format| kinds.iter().filter(|kind| **kind == Some(format)).count();
    Format::ALL
        .iter()
        .map(|(format, ..)| *format)
        .find(|format| count(*format) * 5 >= rows.len() * 4)
}

fn of_row(row: &[String]) -> Option<Format> {
    exactly(row).or_else(|| match row {
        // A delimiter too many.
        [row @ .., last] if last.is_empty() => exactly(row),
        _ => None,
    })
}

fn exactly(row: &[String]) -> Option<Format> {
    let cell = |at: usize| row.get(at).map_or("", |cell| cell.trim());
    let number = |at: usize| digits(cell(at), 1..=18);
    let (format, fits) = match row.len() {
        width @ (57 | 58 | 61) => (
            if width == 61 { Format::Gdelt2 } else { Format::Gdelt1 },
            number(0) && digits(cell(1), 8..=8) && digits(cell(2), 6..=6) && digits(cell(3), 4..=4),
        ),
        16 => (
            Format::GdeltMentions,
            number(0) && digits(cell(1), 14..=14) && digits(cell(2), 14..=14),
        ),
        12 | 17 => (Format::GdeltReduced, digits(cell(0), 8..=8) && digits(cell(3), 2..=4)),
        26 => (
            Format::Phoenix,
            digits(cell(1), 8..=8)
                && digits(cell(2), 4..=4)
                && digits(cell(3), 1..=2)
                && digits(cell(4), 1..=2),
        ),
        width @ (46 | 49) => (
            Format::Ucdp,
            number(0)
                && digits(cell(2), 4..=4)
                && ["1", "2", "3"].contains(&cell(5))
                && date(cell(width - 11)),
        ),
        20 => (Format::Icews, number(0) && date(cell(1)) && code(cell(6))),
        10 => (Format::Icews, date(cell(0)) && code(cell(7))),
        6 => (Format::Icews, date(cell(0)) && code(cell(3))),
        31 => (Format::Acled, date(cell(1)) && digits(cell(2), 4..=4) && digits(cell(3), 1..=1)),
        40 => (
            Format::Polecat,
            date(cell(1))
                && !cell(2).is_empty()
                && cell(2).bytes().all(|byte| byte.is_ascii_uppercase()),
        ),
        _ => return None,
    };
    fits.then_some(format)
}

fn digits(cell: &str, length: std::ops::RangeInclusive<usize>) -> bool {
    length.contains(&cell.len()) && cell.bytes().all(|byte| byte.is_ascii_digit())
}

/// `2018-06-01`, also with a time behind it, `12/1/2017`, `16 May 2025`.
fn date(cell: &str) -> bool {
    let parts: Vec<&str> = cell.split(['-', '/', ' ', 'T']).collect();
    matches!(parts.as_slice(), [a, b, c, ..]
        if digits(a, 1..=4) && (digits(b, 1..=2) || b.len() >= 3 && b.bytes().all(|byte| byte.is_ascii_alphabetic()))
            && digits(c, 1..=4))
}

/// A CAMEO code: `042`, `1712`, `13y`.
fn code(cell: &str) -> bool {
    (2..=4).contains(&cell.len()) && cell.starts_with(|c: char| c.is_ascii_digit())
}
