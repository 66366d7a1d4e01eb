//! Every real file: it goes in whole, each row counted once, and a second time nothing changes.

use attache::{Database, Format};

use super::{assert_sum, data, import};

/// Each file with its format, its rows and how many of them can be taken.
const FILES: &[(&str, Format, u64, u64)] = &[
    ("gdelt/gdelt_v2_20180101000000.export.CSV", Format::Gdelt2, 2_414, 2_414),
    ("gdelt/gdelt_v1_sample_2016_57_58cols.tsv", Format::Gdelt1, 710, 710),
    ("gdelt/gdelt_v1_masterreduced_sample_1979.tsv", Format::GdeltReduced, 999, 999),
    ("gdelt/gdelt_v2_20190121220000.excel_mangled_semicolon.CSV", Format::Gdelt2, 1_629, 1_629),
    ("gdelt/gdelt_v2_mentions_sample_headered_comma.csv", Format::GdeltMentions, 1_635, 0),
    ("icews/events.2018.sample.tab", Format::Icews, 3_705, 3_705),
    ("ucdp/ucdp_ged_v23_1_central_african_republic.csv", Format::Ucdp, 1_848, 1_848),
    ("acled/acled_old_dummy.csv", Format::Acled, 326, 326),
];

#[test]
fn every_file_goes_in_once() {
    for &(file, format, rows, taken) in FILES {
        let Some(path) = data(file) else { return };
        let db = Database::open_in_memory().unwrap();
        let first = import(&db, &path);
        assert_eq!(first.formats, [format], "{file}");
        assert_eq!(first.counts.read, rows, "{file}: {first}");
        assert_eq!(first.counts.rejected, rows - taken, "{file}: {:?}", first.rejected);
        assert_sum(&first);
        assert_eq!(db.verify().unwrap(), [""; 0], "{file}");

        let commits = db.info().unwrap().commits;
        let second = import(&db, &path);
        assert_sum(&second);
        assert_eq!(second.counts.duplicates + second.counts.rejected, rows, "{file}: {second}");
        assert_eq!(second.import, None, "{file}");
        let after = db.info().unwrap().commits;
        assert_eq!(commits, after, "{file}");
    }
}
