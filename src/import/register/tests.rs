use super::*;
use crate::catalog::Catalog;
use crate::model::{Actor, Affiliation, Countries, Document, Place, Standing};
use crate::storage::{Store, StoreOptions};

fn actor(name: &str, country: Option<&str>, sectors: &[&str]) -> Hint {
    Hint::Actor {
        name: name.to_owned(),
        country: country.map(str::to_owned),
        sectors: sectors.iter().map(|&sector| sector.to_owned()).collect(),
        kind: None,
        codes: Vec::new(),
    }
}

fn code(code: &str) -> Hint {
    Hint::Code(code.to_owned())
}

/// Writes hints with a register that knows nothing yet; says how many entries changed.
fn write(store: &Store, hints: &[Hint]) -> (u64, Vec<String>) {
    let mut register = Register::new();
    for hint in hints {
        register.note(hint.clone());
        register.note(hint.clone());
    }
    let mut writing = store.begin().unwrap();
    let written = register.write(&mut writing).unwrap();
    assert_eq!(register.write(&mut writing).unwrap(), 0);
    writing.commit().unwrap();
    (written, register.notes())
}

fn define(store: &Store, entry: Entry) {
    let mut writing = store.begin().unwrap();
    writing.define(entry).unwrap();
    writing.commit().unwrap();
}

fn catalog(store: &Store) -> Catalog {
    Catalog::new(store.view().unwrap())
}

fn states(store: &Store, name: &str) -> Vec<String> {
    catalog(store).states(name, None).unwrap()
}

fn entry(store: &Store, name: &str) -> Option<Actor> {
    match store.view().unwrap().entry(EntryKind::Actor, name).unwrap() {
        Some(Entry::Actor(actor)) => Some(actor),
        _ => None,
    }
}

/// The one actor that a name means.
fn meant(store: &Store, name: &str) -> Option<String> {
    let actors = catalog(store).actors(name).unwrap();
    assert!(actors.len() <= 1, "{name} means {actors:?}");
    actors.first().map(|actor| actor.name.clone())
}

#[test]
fn codes_become_actors_under_their_state() {
    let store = Store::in_memory(&StoreOptions::default()).unwrap();
    write(
        &store,
        &[code("PAKGOVMIL"), code("COP"), code("IGOUNODEVWBK"), code("RUS"), code("ukr")],
    );
    for name in ["PAKGOVMIL", "PAKGOV", "Government of Pakistan", "PAK", "770"] {
        assert_eq!(states(&store, name), ["Pakistan"], "{name}");
    }
    let made = entry(&store, "PAKGOVMIL").unwrap();
    assert_eq!(made.sectors, ["GOV", "MIL"]);
    assert_eq!(made.affiliations[0].under, "PAKGOV");
    assert_eq!(meant(&store, "World Bank").as_deref(), Some("IGOUNODEVWBK"));
    assert_eq!(meant(&store, "United Nations").as_deref(), Some("IGOUNO"));
    assert_eq!(meant(&store, "Russian Federation").as_deref(), Some("Russia"));
    assert_eq!(entry(&store, "COP").unwrap().sectors, ["COP"]);
    assert!(states(&store, "COP").is_empty());
    assert!(entry(&store, "RUS").is_none() && entry(&store, "ukr").is_none());
}

#[test]
fn what_came_before_changes_nothing() {
    let store = Store::in_memory(&StoreOptions::default()).unwrap();
    let hints = [
        code("PAKGOVMIL"),
        code("AFRGOV"),
        code("IMGMOSALQUAF"),
        actor("Military (Pakistan)", None, &["Military", "Government"]),
        actor("Aso Taro", Some("Japan"), &["Elite", "Nationalist"]),
        actor("Jean Ping", Some("Gabon"), &[]),
        actor("Jean Ping", Some("Africa"), &[]),
        actor("Jean Ping", Some("China"), &[]),
        actor("Cote d'Ivoire", Some("Cote d'Ivoire"), &[]),
        Hint::Place {
            path: vec![
                ("Hanoi, Thanh Pho Ha Noi, Vietnam".to_owned(), "city"),
                ("Thanh Pho Ha Noi, Vietnam".to_owned(), "region"),
                ("Vietnam".to_owned(), "country"),
            ],
            codes: vec![("adm1", "VM44".to_owned())],
            coordinates: Some((21.0, 105.8)),
        },
        Hint::Document(Box::new(Document { key: "a".to_owned(), ..Document::default() })),
    ];
    let (written, notes) = write(&store, &hints);
    assert!(written > 10);
    assert_eq!(
        notes,
        ["1 name comes with more than one country and belongs to each of them: `Jean Ping`"]
    );
    let before = store.view().unwrap().entries(EntryKind::Actor).unwrap();
    assert_eq!(write(&store, &hints), (0, Vec::new()));
    assert_eq!(store.view().unwrap().entries(EntryKind::Actor).unwrap(), before);
    assert_eq!(states(&store, "Jean Ping"), ["China", "Gabon"]);
    assert!(entry(&store, "Jean Ping").unwrap().state.is_none());
    assert_eq!(entry(&store, "Aso Taro").unwrap().sectors, ["ELI", "Nationalist"]);
}

#[test]
fn names_tell_their_country() {
    let store = Store::in_memory(&StoreOptions::default()).unwrap();
    write(
        &store,
        &[
            actor("Military (Pakistan)", None, &[]),
            actor("Protesters (Palestinian Territory, Occupied)", None, &[]),
            actor("Police (Hong Kong)", None, &[]),
            actor("Somebody", None, &[]),
            actor("Group (20)", None, &[]),
            actor("Fighter (Taliban)", None, &[]),
            actor("Russian Federation", Some("Russian Federation"), &[]),
        ],
    );
    assert_eq!(states(&store, "Military (Pakistan)"), ["Pakistan"]);
    assert_eq!(states(&store, "Protesters (Palestinian Territory, Occupied)"), ["Palestine"]);
    assert_eq!(entry(&store, "Police (Hong Kong)").unwrap().state.unwrap().under, "Hong Kong");
    assert_eq!(states(&store, "Russian Federation"), ["Russia"]);
    for name in ["Somebody", "Group (20)", "Fighter (Taliban)"] {
        assert!(entry(&store, name).is_none(), "{name}");
    }
}

#[test]
fn what_a_person_has_entered_stays() {
    let store = Store::in_memory(&StoreOptions::default()).unwrap();
    let alias = |name: &str| Alias { name: name.to_owned(), from: None, to: None };
    let pakistan = Actor {
        name: "Pakistan".to_owned(),
        kind: Some("state".to_owned()),
        aliases: vec![alias("Islamabad")],
        ..Actor::default()
    };
    let bajwa = Actor {
        name: "Qamar Javed Bajwa".to_owned(),
        kind: Some("person".to_owned()),
        aliases: vec![alias("Bajwa")],
        affiliations: vec![Affiliation {
            under: "Pakistan".to_owned(),
            office: Some("Chief of Army Staff".to_owned()),
            rank: Some(4),
            ..Affiliation::default()
        }],
        ..Actor::default()
    };
    let union = Actor {
        name: "Russian Federation".to_owned(),
        kind: Some("state".to_owned()),
        ..Actor::default()
    };
    let lavrov = Actor {
        name: "Lavrov".to_owned(),
        state: Some(Affiliation { under: "RUS".to_owned(), ..Affiliation::default() }),
        ..Actor::default()
    };
    for actor in [&pakistan, &bajwa, &union, &lavrov] {
        define(&store, Entry::Actor(actor.clone()));
    }
    let (_, notes) = write(
        &store,
        &[
            code("PAKGOV"),
            actor("Bajwa", Some("India"), &["Military"]),
            actor("Qamar Javed Bajwa", Some("India"), &["Military"]),
            actor("Lavrov", Some("Russia"), &["Foreign Ministry"]),
            actor("Lavrov", Some("Ukraine"), &[]),
        ],
    );
    assert_eq!(notes, Vec::<String>::new());
    let now = entry(&store, "Pakistan").unwrap();
    assert_eq!((now.aliases, now.codes["iso3"].as_str()), (pakistan.aliases, "PAK"));
    let now = entry(&store, "Qamar Javed Bajwa").unwrap();
    assert_eq!((now.state, now.affiliations), (None, bajwa.affiliations));
    assert_eq!(now.sectors, ["MIL"]);
    assert!(entry(&store, "Bajwa").is_none() && entry(&store, "Russia").is_none());
    let now = entry(&store, "Lavrov").unwrap();
    assert_eq!((now.state, now.sectors), (lavrov.state, vec!["GOV".to_owned()]));
    assert_eq!(states(&store, "Lavrov"), ["Russian Federation"]);
}

#[test]
fn places_lie_within_countries() {
    let store = Store::in_memory(&StoreOptions::default()).unwrap();
    let place = |path: &[(&str, &'static str)]| Hint::Place {
        path: path.iter().map(|(name, kind)| ((*name).to_owned(), *kind)).collect(),
        codes: Vec::new(),
        coordinates: None,
    };
    define(
        &store,
        Entry::Place(Place {
            name: "Sochi".to_owned(),
            under: Some("Krasnodar Krai".to_owned()),
            ..Place::default()
        }),
    );
    write(
        &store,
        &[
            place(&[
                ("Atlanta, Georgia", "city"),
                ("Georgia", "region"),
                ("United States", "country"),
            ]),
            place(&[("Tbilisi, Georgia", "city"), ("Georgia", "country")]),
            place(&[("Sochi", "city"), ("Russian Federation", "country")]),
            place(&[("Zurich, Switzerland", "city"), ("Switzerland", "country")]),
            place(&[("China", "country")]),
        ],
    );
    let catalog = catalog(&store);
    let under = |name: &str| catalog.place(name).unwrap().unwrap().under.clone();
    assert_eq!(under("Tbilisi, Georgia").as_deref(), Some("Georgia"));
    assert_eq!(under("Georgia"), None);
    assert_eq!(under("Atlanta, Georgia").as_deref(), Some("Georgia, United States"));
    assert_eq!(under("Georgia, United States").as_deref(), Some("United States"));
    assert_eq!(under("Sochi").as_deref(), Some("Krasnodar Krai"));
    assert_eq!(under("Zurich, Switzerland").as_deref(), Some("Switzerland"));
    assert_eq!(catalog.place("CH").unwrap().unwrap().name, "China");
    assert_eq!(catalog.place("SZ").unwrap().unwrap().name, "Switzerland");
    assert_eq!(catalog.place("Russia").unwrap().unwrap().kind.as_deref(), Some("country"));
}

#[test]
fn the_actors_of_icews_and_the_codes_of_gdelt_are_placed() {
    let Some(folder) = std::env::var_os("ATTACHE_DATA").map(std::path::PathBuf::from) else {
        println!("ATTACHE_DATA is not set: the actors of ICEWS and GDELT are skipped");
        return;
    };
    let read = |path: &str| {
        String::from_utf8_lossy(&std::fs::read(folder.join(path)).unwrap()).into_owned()
    };
    let (icews, gdelt) =
        (read("icews/events.2018.sample.tab"), read("gdelt/gdelt_v2_20180101000000.export.CSV"));
    let told = |cell: &str| (cell != "NA").then(|| cell.to_owned());
    let mut hints = Vec::new();
    let mut placed = Vec::new();
    for line in icews.lines().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        for at in [2, 8] {
            let sectors: Vec<&str> =
                cells[at + 1].split(',').filter(|word| *word != "NA").collect();
            hints.push(actor(cells[at], told(cells[at + 2]).as_deref(), &sectors));
            let country = Countries::builtin().find(cells[at + 2]);
            placed.extend(country.filter(|c| c.kind == Standing::State).map(|_| cells[at]));
        }
    }
    for line in gdelt.lines() {
        let cells: Vec<&str> = line.split('\t').collect();
        hints.extend([cells[5], cells[15]].map(code));
    }
    let store = Store::in_memory(&StoreOptions::default()).unwrap();
    let (written, notes) = write(&store, &hints);
    println!("{written} entries of {} hints; {notes:?}", hints.len());
    assert_eq!(write(&store, &hints).0, 0);
    let catalog = catalog(&store);
    placed.sort_unstable();
    placed.dedup();
    let lost: Vec<&&str> =
        placed.iter().filter(|name| catalog.states(name, None).unwrap().is_empty()).collect();
    assert!(lost.is_empty(), "{lost:?}");
    assert_eq!(states(&store, "USAMEDLAB"), ["United States"]);
}
