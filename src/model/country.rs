//! Countries: what data sets call states, territories and regions, and their codes in each system.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::{fold, table};

/// What a row of the table is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// What data sets count as a country of its own.
    State,
    /// Part of a state, under one or disputed.
    Territory,
    /// Several states: Africa.
    Region,
}

/// A system of codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum System {
    /// ISO 3166-1, three letters.
    Iso3,
    /// ISO 3166-1, two letters.
    Iso2,
    /// FIPS 10-4, the geography of GDELT.
    Fips,
    /// The first letters of actor codes.
    Cameo,
    /// Numbers of the Correlates of War project.
    Cow,
}

impl System {
    /// All of them.
    const ALL: [System; 5] = [System::Iso3, System::Iso2, System::Fips, System::Cameo, System::Cow];

    /// The word for it: a column of the table, a key among the codes of an entry.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            System::Iso3 => "iso3",
            System::Iso2 => "iso2",
            System::Fips => "fips",
            System::Cameo => "cameo",
            System::Cow => "cow",
        }
    }
}

/// A state, a territory or a region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Country {
    /// The readable name.
    pub(crate) name: String,
    /// What it is.
    pub(crate) kind: Standing,
    /// Other spellings.
    pub(crate) aliases: Vec<String>,
    /// In the order of [`System::ALL`]; the first of a system is the one to write.
    codes: [Vec<String>; 5],
}

impl Country {
    /// Its codes in a system.
    pub(crate) fn codes(&self, system: System) -> &[String] {
        let at = System::ALL.iter().position(|other| *other == system);
        at.and_then(|at| self.codes.get(at)).map_or(&[], Vec::as_slice)
    }

    /// Its code in a system: the one to write.
    pub(crate) fn code(&self, system: System) -> Option<&str> {
        self.codes(system).first().map(String::as_str)
    }
}

/// The table of countries.
#[derive(Debug, Default)]
pub(crate) struct Countries {
    all: Vec<Country>,
    /// By folded name and alias.
    by_name: FxHashMap<String, usize>,
    by_code: FxHashMap<(System, String), usize>,
}

impl Countries {
    /// The table that is built into the crate.
    pub(crate) fn builtin() -> &'static Countries {
        static BUILTIN: LazyLock<Countries> = LazyLock::new(|| {
            Countries::read(include_str!("../../fixtures/codebook/countries.tsv")).0
        });
        &BUILTIN
    }

    /// The countries of a table, and what is wrong with it. Rows that cannot be understood are left out.
    fn read(text: &str) -> (Countries, Vec<String>) {
        let mut problems = Vec::new();
        let mut read = Countries::default();
        for row in table::rows(text) {
            let kind = match row.get("type") {
                Some("state") => Some(Standing::State),
                Some("territory") => Some(Standing::Territory),
                Some("region") => Some(Standing::Region),
                _ => None,
            };
            let (Some(name), Some(kind)) = (row.text("name"), kind) else {
                problems.push(format!("line {}: a country needs name and type", row.line));
                continue;
            };
            let at = read.all.len();
            let aliases = row.list("aliases");
            for name in std::iter::once(&name).chain(&aliases) {
                if read.by_name.insert(fold(name), at).is_some() {
                    problems.push(format!("line {}: `{name}` is told twice", row.line));
                }
            }
            let codes = System::ALL.map(|system| row.list(system.word()));
            for (system, code) in System::ALL
                .iter()
                .zip(&codes)
                .flat_map(|(system, codes)| codes.iter().map(move |code| (*system, code)))
            {
                if read.by_code.insert((system, code.clone()), at).is_some() {
                    let system = system.word();
                    problems.push(format!("line {}: {system} `{code}` is told twice", row.line));
                }
            }
            read.all.push(Country { name, kind, aliases, codes });
        }
        (read, problems)
    }

    /// All of them.
    #[cfg(test)]
    fn all(&self) -> &[Country] {
        &self.all
    }

    /// The country of a name or an alias, folded.
    pub(crate) fn by_name(&self, name: &str) -> Option<&Country> {
        self.by_name.get(&fold(name)).and_then(|&at| self.all.get(at))
    }

    /// The country of a code. Letters are capitals, for small ones are other codes (`ukr` is a people); zeros in front
    /// of numbers do not count. Where a country has no CAMEO code of its own, ISO's serves.
    pub(crate) fn by_code(&self, system: System, code: &str) -> Option<&Country> {
        let code = if system == System::Cow { code.trim_start_matches('0') } else { code };
        let at = |system| self.by_code.get(&(system, code.to_owned())).copied();
        let found = match system {
            System::Cameo => at(System::Cameo).or_else(|| at(System::Iso3)),
            system => at(system),
        };
        self.all.get(found?)
    }

    /// The country that a data set means: a name, an alias, a code of three letters or a COW number. Codes of two
    /// letters are none, for they mean one country in ISO and another in FIPS.
    pub(crate) fn find(&self, text: &str) -> Option<&Country> {
        let code = text.trim();
        let system = match code.len() {
            1..=3 if code.bytes().all(|byte| byte.is_ascii_digit()) => Some(System::Cow),
            3 => Some(System::Cameo),
            _ => None,
        };
        let by_code = system.and_then(|system| self.by_code(system, code));
        by_code.or_else(|| self.by_name(text))
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    /// A file of the folder that `ATTACHE_DATA` names.
    fn data(path: &str) -> Option<String> {
        let Some(folder) = std::env::var_os("ATTACHE_DATA") else {
            println!("ATTACHE_DATA is not set: the table is not compared with {path}");
            return None;
        };
        let bytes = std::fs::read(PathBuf::from(folder).join(path)).unwrap();
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }

    #[test]
    fn the_built_in_table_is_whole() {
        let text = include_str!("../../fixtures/codebook/countries.tsv");
        let (read, problems) = Countries::read(text);
        assert_eq!(problems, Vec::<String>::new());
        assert!(read.all().len() > 300);
        for country in read.all() {
            for code in country.codes(System::Cameo) {
                // ISO's codes serve beside CAMEO's, and must not mean somebody else.
                let iso = read.by_code(System::Iso3, code);
                assert!(iso.is_none_or(|other| other == country), "{code}");
            }
        }
    }

    #[test]
    fn countries_are_found_as_data_sets_write_them() {
        let table = Countries::builtin();
        let name = |text: &str| table.find(text).map(|country| country.name.as_str());
        for (text, country) in [
            ("Russian Federation", "Russia"),
            ("Burma", "Myanmar"),
            ("Cote d'Ivoire", "Côte d'Ivoire"),
            ("Côte d’Ivoire", "Côte d'Ivoire"),
            ("democratic republic of congo", "Democratic Republic of the Congo"),
            ("Congo", "Republic of the Congo"),
            ("Korea, South", "South Korea"),
            ("Palestinian Territory, Occupied", "Palestine"),
            ("Türkiye", "Turkey"),
            ("Curacao", "Curaçao"),
            ("ROM", "Romania"),
            ("ROU", "Romania"),
            ("TLS", "Timor-Leste"),
            ("CUW", "Curaçao"),
            ("WSB", "West Bank"),
            ("020", "Canada"),
        ] {
            assert_eq!(name(text), Some(country), "{text}");
        }
        for text in ["ukr", "GOV", "Atlantis", "", "Korea"] {
            assert_eq!(name(text), None, "{text}");
        }
        let code = |system, code| table.by_code(system, code).map(|c| c.name.as_str());
        assert_eq!(code(System::Fips, "CH"), Some("China"));
        assert_eq!(code(System::Iso2, "CH"), Some("Switzerland"));
        assert_eq!(code(System::Cow, "002"), Some("United States"));
        assert_eq!(code(System::Cow, "678"), Some("Yemen"));
        assert_eq!(code(System::Cow, "000"), None);
        let pakistan = table.by_name("pakistan").unwrap();
        assert_eq!(pakistan.code(System::Cow), Some("770"));
        assert_eq!(pakistan.kind, Standing::State);
    }

    #[test]
    fn the_codes_of_gdelt_are_known() {
        let table = Countries::builtin();
        for line in data("cameo/CAMEO.country.txt").iter().flat_map(|text| text.lines().skip(1)) {
            let code = line.split('\t').next().unwrap();
            assert!(code == "0" || table.by_code(System::Cameo, code).is_some(), "{line}");
        }
        let Some(text) = data("cameo/pygdelt_countries.json") else { return };
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        for (fips, country) in json.as_object().unwrap() {
            let found = table.by_code(System::Fips, fips).unwrap_or_else(|| panic!("{fips}"));
            let iso3 = country["iso3"].as_str().unwrap();
            assert!(found.code(System::Iso3).is_none_or(|code| code == iso3), "{fips} {iso3}");
            assert!(table.by_code(System::Iso3, iso3).is_some(), "{iso3}");
        }
    }

    #[test]
    fn the_names_of_icews_are_known() {
        let table = Countries::builtin();
        for line in data("icews/countrynames-DEDI.txt").iter().flat_map(|text| text.lines().skip(1))
        {
            let mut cells = line.split('\t');
            let (name, _, number) =
                (cells.next().unwrap(), cells.next().unwrap(), cells.next().unwrap_or(""));
            let country = table.find(name).unwrap_or_else(|| panic!("{name}"));
            if country.kind == Standing::State
                && let Ok(number @ 1..) = number.parse::<u16>()
                && name != "Serbia and Montenegro"
            {
                assert_eq!(country.code(System::Cow), Some(number.to_string().as_str()), "{name}");
            }
        }
        let sample = data("icews/events.2018.sample.tab");
        for line in sample.iter().flat_map(|text| text.lines().skip(1)) {
            for at in [4, 10, 17] {
                let cell = line.split('\t').nth(at).unwrap();
                assert!(cell == "NA" || table.by_name(cell).is_some(), "{cell}");
            }
        }
    }
}
