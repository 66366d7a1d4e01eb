//! Single rows that cannot be taken: the others go in, and each reject has its line and its column.

use super::super::rows::{gdelt, icews};
use super::super::{answer, number, read, rejected};

#[test]
fn a_row_with_a_column_too_few_or_too_many_is_rejected_alone() {
    let text = icews(&[&[("Event ID", "1")], &[("Event ID", "2")], &[("Event ID", "3")]]);
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    lines[2] = lines[2].rsplit_once('\t').unwrap().0.to_owned();
    let first = lines[1].clone();
    lines.push(format!("{}\tmore", first.replacen('1', "4", 1)));
    lines.extend((5..15).map(|id| first.replacen('1', &id.to_string(), 1)));
    let (db, report) = read("a.tab", lines.join("\n"));
    let told = rejected(&report);
    assert!(told.iter().any(|row| row.starts_with("5: ")), "{told:?}");
    // A last cell that is not there is empty.
    assert_eq!(report.counts.read, report.counts.loaded + told.len() as u64);
    assert_eq!(number(&db, "events | count"), 14 - told.len(), "{told:?}");

    let short = gdelt(61, 2, &[]).rsplit_once('\t').unwrap().0.to_owned() + "\n";
    let (db, report) = read(
        "b.CSV",
        [gdelt(61, 1, &[]), gdelt(61, 3, &[]), short, gdelt(61, 4, &[]), gdelt(61, 5, &[])]
            .concat(),
    );
    assert_eq!(rejected(&report), ["3: has 60 cells; GDELT has 61, 58 or 57"]);
    assert_eq!(number(&db, "events | count"), 4);
}

#[test]
fn nul_bytes_are_named_with_their_column() {
    let mut rows: Vec<String> = (1..=400).map(|id| gdelt(61, id, &[])).collect();
    rows[390] = gdelt(61, 391, &[(17, "ISLA\0MABAD")]);
    let (db, report) = read("a.CSV", rows.concat());
    assert_eq!(rejected(&report), ["391: Actor2Name: there is a NUL byte in it"]);
    assert_eq!(number(&db, "events | count"), 399);
}

#[test]
fn latin_1_is_read_and_told() {
    let text = icews(&[
        &[("Event ID", "1")],
        &[("Event ID", "2"), ("Source Name", "José")],
        &[("Event ID", "3"), ("Source Name", "Zoë")],
    ]);
    let bytes: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let (db, report) = read("a.tab", bytes);
    assert_eq!(
        answer(&db, "events | sort key | select source"),
        [["Foreign Affairs (Russia)"], ["José"], ["Zoë"]]
    );
    let note = "2 lines are no UTF-8 and were read as Windows-1252, the first is line 3";
    assert!(report.notes.iter().any(|told| told == note), "{:?}", report.notes);
}

#[test]
fn a_byte_order_mark_and_foreign_line_ends_are_no_part_of_the_data() {
    let text = "date,source,kind\n2014-03-12,Anna,visit\n2014-03-13,Berta,visit";
    for text in [
        format!("\u{feff}{text}"),
        text.replace('\n', "\r\n"),
        text.replace('\n', "\r"),
        text.replace('\n', "\n\n"),
    ] {
        let (db, report) = read("a.csv", &text);
        assert_eq!(report.counts.loaded, 2, "{text:?} {report}");
        assert_eq!(answer(&db, "events | select source"), [["Anna"], ["Berta"]]);
    }
}

#[test]
fn a_header_alone_is_an_import_of_nothing() {
    for text in [icews(&[]), "date,source,kind\n".to_owned()] {
        let (db, report) = read("a.tab", text);
        assert_eq!((report.counts.read, report.import), (0, None));
        assert_eq!(db.info().unwrap().commits, 0);
    }
}

#[test]
fn what_one_event_cannot_bear_is_rejected() {
    let long = "x".repeat(2 << 20);
    let wide = "y;".repeat(200_000);
    let text = format!(
        "date,source,kind,summary\n2014-03-12,Anna,visit,{long}\n2014-03-13,Berta,visit,short\n2014-03-14,{wide},visit,many\n"
    );
    let (db, report) = read("a.csv", text);
    assert_eq!(rejected(&report)[0], "2: summary: it is longer than 1 MiB");
    assert!(number(&db, "events where summary = \"short\" | count") == 1, "{report}");
}
