//! Dictionaries of TABARI and PETRARCH: names, `+` and further names, codes in brackets.

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Names with codes: `AFGHANISTAN_ [AFG]`.
    Actors,
    /// Words with parts of codes: `FARMER_ [~AGR]`.
    Agents,
    None,
}

/// How many lines are looked at.
const LINES: usize = 400;

/// What the lines are, those without comments and blanks.
pub(super) fn look(sample: &str) -> Kind {
    let (mut all, mut names, mut codes, mut agents) = (0, 0, 0, 0);
    let lines = sample.lines().map(|line| line.split(['#', ';']).next().unwrap_or_default().trim());
    for line in lines.filter(|line| !line.is_empty()).take(LINES) {
        all += 1;
        let bracket = line.split_once('[').map(|(_, code)| code);
        if bracket.is_some_and(|code| code.starts_with('~')) {
            agents += 1;
        } else if bracket.is_some_and(is_code) {
            codes += 1;
        } else if line.starts_with('+') || line.ends_with('_') || is_name(line) {
            names += 1;
        }
    }
    if agents > codes && agents * 10 > all {
        Kind::Agents
    } else if codes > 0 && (names + codes) * 5 >= all * 4 {
        Kind::Actors
    } else {
        Kind::None
    }
}

/// `PAKGOVMIL 991014-021123]`.
fn is_code(text: &str) -> bool {
    let code: &str = text.split([' ', ']', '\t']).next().unwrap_or_default();
    code.len() >= 3
        && text.contains(']')
        && code
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'-')
}

/// `UN_SECRETARY_GENERAL`.
fn is_name(line: &str) -> bool {
    line.contains('_') && !line.contains([' ', '\t', ',', ';', '|'])
}
