//! Sectors and the codes of actors: what `PAKGOVMIL` is made of.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::{Countries, Country, System, fold, table};

/// The letters of a group in a code.
const GROUP: usize = 3;

/// The most groups that a code has.
const MOST_GROUPS: usize = 5;

/// What a group of a code tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tells {
    /// That the actor belongs to no state: `IGO`.
    Scope,
    /// What he does: `MIL`.
    Role,
    /// What he believes: `MOS`.
    Religion,
    /// Which organisation it is: `UNO`.
    Group,
}

/// A group of actor codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sector {
    /// Three capitals.
    pub(crate) code: String,
    /// What it tells.
    pub(crate) tells: Tells,
    /// The readable name.
    pub(crate) name: String,
    /// Words of data sets for it; other names, where it is an organisation.
    pub(crate) words: Vec<String>,
}

/// The table of sectors.
#[derive(Debug, Default)]
pub(crate) struct Sectors {
    all: Vec<Sector>,
    by_code: FxHashMap<String, usize>,
    /// By folded word. A word may mean several.
    by_word: FxHashMap<String, Vec<usize>>,
}

impl Sectors {
    /// The table that is built into the crate.
    pub(crate) fn builtin() -> &'static Sectors {
        static BUILTIN: LazyLock<Sectors> =
            LazyLock::new(|| Sectors::read(include_str!("../../fixtures/codebook/sectors.tsv")).0);
        &BUILTIN
    }

    /// The sectors of a table, and what is wrong with it. Rows that cannot be understood are left out.
    fn read(text: &str) -> (Sectors, Vec<String>) {
        let mut problems = Vec::new();
        let mut read = Sectors::default();
        for row in table::rows(text) {
            let tells = match row.get("type") {
                Some("scope") => Some(Tells::Scope),
                Some("role") => Some(Tells::Role),
                Some("religion") => Some(Tells::Religion),
                Some("group") => Some(Tells::Group),
                _ => None,
            };
            let (Some(code), Some(tells), Some(name)) = (row.text("code"), tells, row.text("name"))
            else {
                problems.push(format!("line {}: a sector needs code, type, name", row.line));
                continue;
            };
            let at = read.all.len();
            if groups(&code).is_none_or(|groups| groups.len() != 1) {
                problems.push(format!("line {}: `{code}` is no group of a code", row.line));
            }
            if read.by_code.insert(code.clone(), at).is_some() {
                problems.push(format!("line {}: `{code}` is told twice", row.line));
            }
            let words = row.list("words");
            if tells != Tells::Group {
                for word in std::iter::once(&name).chain(&words) {
                    let meant = read.by_word.entry(fold(word)).or_default();
                    if !meant.contains(&at) {
                        meant.push(at);
                    }
                }
            }
            read.all.push(Sector { code, tells, name, words });
        }
        (read, problems)
    }

    /// The sector of a code.
    pub(crate) fn by_code(&self, code: &str) -> Option<&Sector> {
        self.by_code.get(code).and_then(|&at| self.all.get(at))
    }

    /// The codes that a data set means by a word or a code; none for words that the table does not know.
    pub(crate) fn find(&self, text: &str) -> impl Iterator<Item = &str> {
        let by_code = self.by_code.get(text.trim());
        let by_word = by_code.is_none().then(|| self.by_word.get(&fold(text))).flatten();
        let found = by_code.into_iter().chain(by_word.into_iter().flatten());
        found.filter_map(|&at| self.all.get(at)).map(|sector| sector.code.as_str())
    }
}

/// What an actor code is made of.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ActorCode<'a> {
    /// The state, territory or region in front.
    pub(crate) country: Option<&'static Country>,
    /// Its groups of three letters.
    pub(crate) groups: Vec<&'a str>,
    /// Those of its groups that tell a scope, a role or a religion.
    pub(crate) sectors: Vec<&'a str>,
    /// The organisation that the last group names.
    pub(crate) organisation: Option<&'static Sector>,
}

impl ActorCode<'_> {
    /// Does it begin with what belongs to no state: `IGO`, `MNC`?
    pub(crate) fn scope(&self) -> Option<&'static Sector> {
        let first = Sectors::builtin().by_code(self.groups.first()?)?;
        (first.tells == Tells::Scope).then_some(first)
    }
}

/// One to five groups of three letters or digits; none for any other text.
fn groups(code: &str) -> Option<Vec<&str>> {
    let fits = !code.is_empty()
        && code.len() <= GROUP * MOST_GROUPS
        && code.len().is_multiple_of(GROUP)
        && code.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && code.bytes().any(|byte| byte.is_ascii_alphabetic());
    fits.then(|| (0..code.len()).step_by(GROUP).filter_map(|at| code.get(at..at + GROUP)).collect())
}

/// Takes an actor code apart; none for what is no code. Groups that no table knows are groups all the same.
pub(crate) fn split(code: &str) -> Option<ActorCode<'_>> {
    let sectors = Sectors::builtin();
    let groups = groups(code.trim())?;
    let first = groups.first()?;
    // CAMEO's own codes go before ISO's, which CAMEO uses for something else: SUN are Sunnis.
    let country = Countries::builtin().by_code(System::Cameo, first).filter(|country| {
        country.codes(System::Cameo).iter().any(|own| own == first)
            || sectors.by_code(first).is_none()
    });
    let rest = groups.get(usize::from(country.is_some())..).unwrap_or_default();
    let known = |group: &&&str| sectors.by_code(group).is_some_and(|s| s.tells != Tells::Group);
    let mut told: Vec<&str> = Vec::new();
    for group in rest.iter().filter(known) {
        if !told.contains(group) {
            told.push(group);
        }
    }
    let last = rest.last().and_then(|group| sectors.by_code(group));
    let organisation = last.filter(|sector| sector.tells == Tells::Group);
    Some(ActorCode { country, groups, sectors: told, organisation })
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

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
        let (_, problems) = Sectors::read(include_str!("../../fixtures/codebook/sectors.tsv"));
        assert_eq!(problems, Vec::<String>::new());
    }

    #[test]
    fn codes_come_apart() {
        let parts = |code: &str| {
            let code = split(code).unwrap();
            let country = code.country.map(|country| country.name.as_str());
            (country, code.sectors.join(" "), code.organisation.map(|group| group.name.as_str()))
        };
        for (code, country, sectors, organisation) in [
            ("PAK", Some("Pakistan"), "", None),
            ("PAKGOVMIL", Some("Pakistan"), "GOV MIL", None),
            ("COP", None, "COP", None),
            ("IGOUNO", None, "IGO", Some("United Nations")),
            ("IGOUNODEVWBK", None, "IGO DEV", Some("World Bank")),
            ("IMGMOSALQUAF", None, "IMG MOS UAF", None),
            ("IMGMOSALQ", None, "IMG MOS", Some("Al Qaeda")),
            ("MNCUSAHLH", None, "MNC HLH", None),
            ("AFRGOV", Some("Africa"), "GOV", None),
            ("SHNGOV", Some("Saint Helena"), "GOV", None),
            ("SUN", None, "SUN", None),
            ("EDUEDU", None, "EDU", None),
            ("ukr", None, "", None),
            ("XYZQQQ", None, "", None),
        ] {
            assert_eq!(parts(code), (country, sectors.to_owned(), organisation), "{code}");
        }
        assert_eq!(split(" PAKGOV ").unwrap().groups, ["PAK", "GOV"]);
        assert_eq!(split("IGOUNO").unwrap().scope().unwrap().code, "IGO");
        for text in ["", "PA", "PAKG", "PAK-GV", "PAKGOVMILCOPJUDEDU", "Päk", "210", "---", "ÄÖ"]
        {
            assert_eq!(split(text), None, "{text}");
        }
    }

    #[test]
    fn words_mean_sectors() {
        let codes = |text: &str| Sectors::builtin().find(text).collect::<Vec<_>>().join(" ");
        assert_eq!(codes("Defense / Security Ministry"), "GOV MIL");
        assert_eq!(codes("(National) Major Party"), "PTY");
        assert_eq!(codes("police"), "COP");
        assert_eq!(codes("MIL"), "MIL");
        assert_eq!(codes("Nationalist"), "");
    }

    #[test]
    fn the_codes_and_words_of_the_field_are_known() {
        let sectors = Sectors::builtin();
        for file in
            ["cameo/CAMEO.type.txt", "cameo/CAMEO.knowngroup.txt", "cameo/CAMEO.religion.txt"]
        {
            for line in data(file).iter().flat_map(|text| text.lines().skip(1)) {
                let code = line.split('\t').next().unwrap();
                // The first is a country, the second an ideology.
                let other = ["PSE", "CMN"].contains(&code);
                assert!(other || sectors.by_code(code).is_some(), "{line}");
            }
        }
        let wanted = ["GOV", "MIL", "COP", "JUD", "BUS", "MED", "LEG", "PTY", "NGO", "IGO", "MNC"];
        for line in data("icews/agentnames.txt").iter().flat_map(|text| text.lines()) {
            let mut cells = line.split('\t');
            let (word, code) = (cells.next().unwrap(), cells.next().unwrap_or(""));
            let told = code.get(..3).is_some_and(|first| wanted.contains(&first));
            let vague = ["Local", "Provincial", "Municipal"].contains(&word);
            assert!(!told || vague || sectors.find(word).next().is_some(), "{line}");
        }
    }
}
