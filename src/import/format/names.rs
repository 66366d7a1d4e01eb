//! The columns of each data set under their published names, for files without a header.
//!
//! A name stands at the place at which the publisher writes it; a layout that finds its columns by name reads files with
//! and without a header alike.

use super::Format;

/// The names of a format's columns when a record of it has this width; none where no such record is known.
pub(crate) fn standard(format: Format, width: usize) -> Option<&'static [&'static str]> {
    all(format).iter().copied().find(|names| names.len() == width)
}

/// The known sets of columns of a format, the usual one first.
pub(crate) fn all(format: Format) -> &'static [&'static [&'static str]] {
    match format {
        Format::Gdelt2 => &[&GDELT2],
        // Until March 2013 there is no SOURCEURL.
        Format::Gdelt1 => &[&GDELT1, &GDELT1_BACKFILE],
        Format::GdeltReduced => &[&GDELT_REDUCED, &GDELT_REDUCED_12],
        Format::GdeltMentions => &[&GDELT_MENTIONS],
        Format::Icews => &[&ICEWS, &ICEWS_6, &ICEWS_10],
        Format::Acled => &[&ACLED],
        Format::Ucdp => &[&UCDP, &UCDP_46],
        Format::Polecat => &[&POLECAT],
        Format::Phoenix => &[&PHOENIX],
        Format::Actors | Format::Table | Format::JsonLines => &[],
    }
}

/// GDELT 2 events.
const GDELT2: [&str; 61] = [
    "GLOBALEVENTID",
    "SQLDATE",
    "MonthYear",
    "Year",
    "FractionDate",
    "Actor1Code",
    "Actor1Name",
    "Actor1CountryCode",
    "Actor1KnownGroupCode",
    "Actor1EthnicCode",
    "Actor1Religion1Code",
    "Actor1Religion2Code",
    "Actor1Type1Code",
    "Actor1Type2Code",
    "Actor1Type3Code",
    "Actor2Code",
    "Actor2Name",
    "Actor2CountryCode",
    "Actor2KnownGroupCode",
    "Actor2EthnicCode",
    "Actor2Religion1Code",
    "Actor2Religion2Code",
    "Actor2Type1Code",
    "Actor2Type2Code",
    "Actor2Type3Code",
    "IsRootEvent",
    "EventCode",
    "EventBaseCode",
    "EventRootCode",
    "QuadClass",
    "GoldsteinScale",
    "NumMentions",
    "NumSources",
    "NumArticles",
    "AvgTone",
    "Actor1Geo_Type",
    "Actor1Geo_FullName",
    "Actor1Geo_CountryCode",
    "Actor1Geo_ADM1Code",
    "Actor1Geo_ADM2Code",
    "Actor1Geo_Lat",
    "Actor1Geo_Long",
    "Actor1Geo_FeatureID",
    "Actor2Geo_Type",
    "Actor2Geo_FullName",
    "Actor2Geo_CountryCode",
    "Actor2Geo_ADM1Code",
    "Actor2Geo_ADM2Code",
    "Actor2Geo_Lat",
    "Actor2Geo_Long",
    "Actor2Geo_FeatureID",
    "ActionGeo_Type",
    "ActionGeo_FullName",
    "ActionGeo_CountryCode",
    "ActionGeo_ADM1Code",
    "ActionGeo_ADM2Code",
    "ActionGeo_Lat",
    "ActionGeo_Long",
    "ActionGeo_FeatureID",
    "DATEADDED",
    "SOURCEURL",
];

/// GDELT 1 events since April 2013: without the districts.
const GDELT1: [&str; 58] =
    without(&GDELT2, &["Actor1Geo_ADM2Code", "Actor2Geo_ADM2Code", "ActionGeo_ADM2Code"]);

/// GDELT 1 events before April 2013: without the address as well.
const GDELT1_BACKFILE: [&str; 57] = without(&GDELT1, &["SOURCEURL"]);

/// GDELT 1 reduced (MASTERREDUCEDV2).
const GDELT_REDUCED: [&str; 17] = [
    "Date",
    "Source",
    "Target",
    "CAMEOCode",
    "NumEvents",
    "NumArts",
    "QuadClass",
    "Goldstein",
    "SourceGeoType",
    "SourceGeoLat",
    "SourceGeoLong",
    "TargetGeoType",
    "TargetGeoLat",
    "TargetGeoLong",
    "ActionGeoType",
    "ActionGeoLat",
    "ActionGeoLong",
];

/// The older GDELT 1 reduced.
const GDELT_REDUCED_12: [&str; 12] = [
    "Day",
    "Actor1Code",
    "Actor2Code",
    "EventCode",
    "QuadCategory",
    "GoldsteinScale",
    "Actor1Geo_Lat",
    "Actor1Geo_Long",
    "Actor2Geo_Lat",
    "Actor2Geo_Long",
    "ActionGeo_Lat",
    "ActionGeo_Long",
];

/// GDELT 2 mentions.
const GDELT_MENTIONS: [&str; 16] = [
    "GLOBALEVENTID",
    "EventTimeDate",
    "MentionTimeDate",
    "MentionType",
    "MentionSourceName",
    "MentionIdentifier",
    "SentenceID",
    "Actor1CharOffset",
    "Actor2CharOffset",
    "ActionCharOffset",
    "InRawText",
    "Confidence",
    "MentionDocLen",
    "MentionDocTone",
    "MentionDocTranslationInfo",
    "Extras",
];

/// ICEWS as published.
const ICEWS: [&str; 20] = [
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

/// The six columns of ICEWS that matter.
const ICEWS_6: [&str; 6] =
    ["Event Date", "Source Name", "Event Text", "CAMEO Code", "Intensity", "Target Name"];

/// Reduced ICEWS with numeric country codes, always without a header.
const ICEWS_10: [&str; 10] = [
    "Event Date",
    "Source Name",
    "Source COW",
    "Source Sectors",
    "Target Name",
    "Target COW",
    "Target Sectors",
    "CAMEO Code",
    "Intensity",
    "Quad Class",
];

/// ACLED since April 2023.
const ACLED: [&str; 31] = [
    "event_id_cnty",
    "event_date",
    "year",
    "time_precision",
    "disorder_type",
    "event_type",
    "sub_event_type",
    "actor1",
    "assoc_actor_1",
    "inter1",
    "actor2",
    "assoc_actor_2",
    "inter2",
    "interaction",
    "civilian_targeting",
    "iso",
    "region",
    "country",
    "admin1",
    "admin2",
    "admin3",
    "location",
    "latitude",
    "longitude",
    "geo_precision",
    "source",
    "source_scale",
    "notes",
    "fatalities",
    "tags",
    "timestamp",
];

/// UCDP GED.
const UCDP: [&str; 49] = [
    "id",
    "relid",
    "year",
    "active_year",
    "code_status",
    "type_of_violence",
    "conflict_dset_id",
    "conflict_new_id",
    "conflict_name",
    "dyad_dset_id",
    "dyad_new_id",
    "dyad_name",
    "side_a_dset_id",
    "side_a_new_id",
    "side_a",
    "side_b_dset_id",
    "side_b_new_id",
    "side_b",
    "number_of_sources",
    "source_article",
    "source_office",
    "source_date",
    "source_headline",
    "source_original",
    "where_prec",
    "where_coordinates",
    "where_description",
    "adm_1",
    "adm_2",
    "latitude",
    "longitude",
    "geom_wkt",
    "priogrid_gid",
    "country",
    "country_id",
    "region",
    "event_clarity",
    "date_prec",
    "date_start",
    "date_end",
    "deaths_a",
    "deaths_b",
    "deaths_civilians",
    "deaths_unknown",
    "best",
    "high",
    "low",
    "gwnoa",
    "gwnob",
];

/// UCDP GED without coordinates.
const UCDP_46: [&str; 46] = without(&UCDP, &["latitude", "longitude", "geom_wkt"]);

/// POLECAT.
const POLECAT: [&str; 40] = [
    "Event ID",
    "Event Date",
    "Event Type",
    "Event Mode",
    "Intensity",
    "Quad Code",
    "Contexts",
    "Actor Name",
    "Actor Country",
    "Actor COW",
    "Primary Actor Sector",
    "Actor Sectors",
    "Actor Title",
    "Actor Name Raw",
    "Wikipedia Actor ID",
    "Recipient Name",
    "Recipient Country",
    "Recipient COW",
    "Primary Recipient Sector",
    "Recipient Sectors",
    "Recipient Title",
    "Recipient Name Raw",
    "Wikipedia Recipient ID",
    "Placename",
    "City",
    "District",
    "Province",
    "Country",
    "Latitude",
    "Longitude",
    "GeoNames ID",
    "Raw Placename",
    "Feature Type",
    "Source",
    "Publication Date",
    "Story People",
    "Story Organizations",
    "Story Locations",
    "Language",
    "Version",
];

/// Phoenix, never with a header.
const PHOENIX: [&str; 26] = [
    "EventID",
    "Date",
    "Year",
    "Month",
    "Day",
    "SourceActorFull",
    "SourceActorEntity",
    "SourceActorRole",
    "SourceActorAttribute",
    "TargetActorFull",
    "TargetActorEntity",
    "TargetActorRole",
    "TargetActorAttribute",
    "EventCode",
    "EventRootCode",
    "PentaClass",
    "GoldsteinScore",
    "Issues",
    "Lat",
    "Lon",
    "LocationName",
    "StateName",
    "CountryCode",
    "SentenceID",
    "URLs",
    "NewsSources",
];

/// Names without some of them, in their order. It does not compile where their number is not as told.
#[allow(clippy::indexing_slicing, reason = "runs when the program is compiled")]
const fn without<const N: usize>(names: &[&'static str], left_out: &[&str]) -> [&'static str; N] {
    assert!(names.len() == N + left_out.len());
    let mut left = [""; N];
    let (mut from, mut to) = (0, 0);
    while from < names.len() {
        let mut other = 0;
        while other < left_out.len() && !is_same(names[from], left_out[other]) {
            other += 1;
        }
        if other == left_out.len() {
            left[to] = names[from];
            to += 1;
        }
        from += 1;
    }
    assert!(to == N);
    left
}

/// Texts cannot be compared yet when a program is compiled.
#[allow(clippy::indexing_slicing, reason = "runs when the program is compiled")]
const fn is_same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut at = 0;
    while at < a.len() && at < b.len() && a[at] == b[at] {
        at += 1;
    }
    at == a.len() && at == b.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_width_names_its_columns() {
        let name = |format, width, at: usize| standard(format, width).map(|names| names[at]);
        assert_eq!(name(Format::Gdelt2, 61, 60), Some("SOURCEURL"));
        assert_eq!(name(Format::Gdelt1, 58, 57), Some("SOURCEURL"));
        assert_eq!(name(Format::Gdelt1, 58, 39), Some("Actor1Geo_Lat"));
        assert_eq!(name(Format::Gdelt1, 57, 56), Some("DATEADDED"));
        assert_eq!(name(Format::Ucdp, 46, 29), Some("priogrid_gid"));
        assert_eq!(name(Format::Phoenix, 26, 25), Some("NewsSources"));
        assert_eq!(standard(Format::Gdelt2, 20), None);
        assert_eq!(standard(Format::Table, 3), None);
    }
}
