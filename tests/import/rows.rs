//! Rows of our own in the shape of the data sets.

/// A row of GDELT, 61, 58 or 57 cells wide; cells are named by their column of the 61, from 1.
pub(crate) fn gdelt(width: usize, id: u64, cells: &[(usize, &str)]) -> String {
    let mut row = vec![String::new(); 61];
    let id = id.to_string();
    let usual = [
        (1, id.as_str()),
        (2, "20180312"),
        (3, "201803"),
        (4, "2018"),
        (5, "2018.1973"),
        (6, "RUS"),
        (7, "RUSSIA"),
        (8, "RUS"),
        (16, "PAKGOV"),
        (17, "ISLAMABAD"),
        (18, "PAK"),
        (26, "1"),
        (27, "042"),
        (28, "042"),
        (29, "04"),
        (30, "1"),
        (31, "1.9"),
        (32, "6"),
        (33, "1"),
        (34, "6"),
        (35, "-1.25"),
        (36, "0"),
        (44, "0"),
        (52, "0"),
        (60, if width == 61 { "20180312101500" } else { "20180312" }),
        (61, "http://www.example.org/a"),
    ];
    for (column, cell) in usual.iter().chain(cells) {
        (*cell).clone_into(&mut row[column - 1]);
    }
    if width < 61 {
        for column in [56, 48, 40] {
            row.remove(column - 1);
        }
    }
    row.truncate(width);
    row.join("\t") + "\n"
}

/// The code of a row of GDELT, with its base, its root and its quad class.
pub(crate) fn coded<'a>(code: &'a str, quad: &'a str) -> [(usize, &'a str); 4] {
    [(27, code), (28, &code[..code.len().min(3)]), (29, &code[..2]), (30, quad)]
}

/// The columns of ICEWS.
pub(crate) const ICEWS: [&str; 20] = [
    "Event ID",
    "Event Date",
    "Source Name",
    "Source Sectors",
    "Source Country",
    "Event Text",
    "CAMEO Code",
    "Intensity",
    "Target Name",
    "Target Sectors",
    "Target Country",
    "Story ID",
    "Sentence Number",
    "Publisher",
    "City",
    "District",
    "Province",
    "Country",
    "Latitude",
    "Longitude",
];

/// A file of ICEWS; each row names the cells that are not the usual ones.
pub(crate) fn icews(rows: &[&[(&str, &str)]]) -> String {
    let mut text = ICEWS.join("\t") + "\n";
    for row in rows {
        let cells = ICEWS.map(|column| {
            let own = row.iter().find(|(name, _)| *name == column).map(|(_, cell)| *cell);
            own.unwrap_or(match column {
                "Event ID" => "33000001",
                "Event Date" => "2018-03-12",
                "Source Name" => "Foreign Affairs (Russia)",
                "Source Sectors" => "Foreign Ministry,Government",
                "Source Country" => "Russian Federation",
                "Event Text" => "Consult",
                "CAMEO Code" => "040",
                "Intensity" => "1",
                "Target Name" => "Military (Pakistan)",
                "Target Sectors" => "Military,Government",
                "Target Country" | "Country" => "Pakistan",
                "Story ID" => "47000001",
                "Sentence Number" => "2",
                "Publisher" => "Example Wire",
                "City" => "Lahore",
                "Province" => "Punjab",
                "Latitude" => "31.5497",
                "Longitude" => "74.3436",
                _ => "",
            })
        });
        text.push_str(&cells.join("\t"));
        text.push('\n');
    }
    text
}
