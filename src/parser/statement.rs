//! Statements and scripts.

use nom::Parser;
use nom::branch::alt;
use nom::combinator::{map, opt, value};
use nom::multi::many1;
use nom::sequence::{pair, preceded};

use super::ast::{Catalog, Change, HistoryOf, Name, Script, Show, Statement, Topic, UpdateTarget};
use super::chain::{bracketed, list};
use super::condition::optional;
use super::expected::Expected;
use super::expression::condition;
use super::input::{Input, Parsed, deeper};
use super::lexeme::{as_one, keyword, name, param, shebang, skip, spanned, symbol};
use super::literal::integer;
use super::query::{dyad, kind, query};
use super::stage::paths;
use super::text::{string, string_at, text};
use super::value::{assign, record, value as value_rule};

/// `Script`
pub(super) fn script(input: Input<'_>) -> Parsed<'_, Script> {
    let (mut rest, _) = opt(shebang).parse(input)?;
    let mut statements = Vec::new();
    loop {
        (rest, ()) = skip(rest)?;
        rest.state.statement.set(rest.at);
        let (after, found) = opt(spanned(statement)).parse(rest)?;
        statements.extend(found);
        match opt(symbol(";")).parse(after)? {
            (next, Some(())) => rest = next,
            (end, None) => return Ok((end, Script { statements })),
        }
    }
}

/// `Statement`
pub(super) fn statement(input: Input<'_>) -> Parsed<'_, Statement> {
    let statement = alt((
        let_stmt,
        param_stmt,
        define_stmt,
        drop_stmt,
        insert_stmt,
        update_stmt,
        delete_stmt,
        import_stmt,
        export_stmt,
        explain_stmt,
        show_stmt,
        map(query, Statement::Query),
    ));
    as_one(Expected::Statement, statement)(input)
}

/// `LetStmt`
fn let_stmt(input: Input<'_>) -> Parsed<'_, Statement> {
    let value = pair(spanned(param), preceded(symbol("="), value_rule));
    let query = pair(name, preceded(symbol("="), query));
    preceded(
        keyword("let"),
        alt((
            map(value, |(name, value)| Statement::LetParam { name, value }),
            map(query, |(name, query)| Statement::LetQuery { name, query }),
        )),
    )
    .parse(input)
}

/// `ParamStmt`
fn param_stmt(input: Input<'_>) -> Parsed<'_, Statement> {
    let parts = (
        preceded(keyword("param"), spanned(param)),
        opt(preceded(symbol(":"), name)),
        opt(preceded(symbol("="), value_rule)),
    );
    map(parts, |(name, kind, default)| Statement::Param { name, kind, default }).parse(input)
}

/// `DefineStmt`
fn define_stmt(input: Input<'_>) -> Parsed<'_, Statement> {
    let view = pair(preceded(keyword("view"), name), preceded(keyword("as"), query));
    let entry = (spanned(catalog), entry, record);
    preceded(
        keyword("define"),
        alt((
            map(view, |(name, query)| Statement::DefineView { name, query }),
            map(entry, |(catalog, name, record)| Statement::Define { catalog, name, record }),
        )),
    )
    .parse(input)
}

/// `DropStmt`
fn drop_stmt(input: Input<'_>) -> Parsed<'_, Statement> {
    let view = preceded(keyword("view"), entry);
    let entry = pair(spanned(catalog), entry);
    preceded(
        keyword("drop"),
        alt((
            map(view, |name| Statement::DropView { name }),
            map(entry, |(catalog, name)| Statement::Drop { catalog, name }),
        )),
    )
    .parse(input)
}

/// `Catalog`
fn catalog(input: Input<'_>) -> Parsed<'_, Catalog> {
    let catalog = alt((
        value(Catalog::Actor, keyword("actor")),
        value(Catalog::Kind, keyword("kind")),
        value(Catalog::Place, keyword("place")),
        value(Catalog::Document, keyword("document")),
        value(Catalog::Unit, keyword("unit")),
        value(Catalog::Coverage, keyword("coverage")),
    ));
    as_one(Expected::Catalog, catalog)(input)
}

/// `STRING | Name`
fn entry(input: Input<'_>) -> Parsed<'_, Name> {
    as_one(Expected::Entry, alt((string_at, name)))(input)
}

/// `InsertStmt`
fn insert_stmt(input: Input<'_>) -> Parsed<'_, Statement> {
    let insert = pair(preceded(keyword("insert"), spanned(kind)), |i| list(i, record));
    map(insert, |(kind, records)| Statement::Insert { kind, records }).parse(input)
}

/// `UpdateStmt`
fn update_stmt(input: Input<'_>) -> Parsed<'_, Statement> {
    let catalog_entry =
        map(pair(spanned(catalog), entry), |(catalog, name)| UpdateTarget::Entry { catalog, name });
    let events = (spanned(kind), opt(spanned(dyad)), preceded(keyword("where"), condition));
    let events =
        map(events, |(kind, dyad, condition)| UpdateTarget::Events { kind, dyad, condition });
    let parts =
        (preceded(keyword("update"), alt((catalog_entry, events))), many1(change), opt(because));
    map(parts, |(target, changes, because)| Statement::Update { target, changes, because })
        .parse(input)
}

/// `Change`
fn change(input: Input<'_>) -> Parsed<'_, Change> {
    let change = alt((
        map(preceded(keyword("set"), |i| list(i, assign)), Change::Set),
        map(preceded(keyword("add"), |i| list(i, assign)), Change::Add),
        map(preceded(keyword("remove"), |i| list(i, assign)), Change::Remove),
        map(preceded(keyword("unset"), paths), Change::Unset),
    ));
    as_one(Expected::Change, change)(input)
}

/// `Because`
fn because(input: Input<'_>) -> Parsed<'_, Name> {
    preceded(keyword("because"), string_at).parse(input)
}

/// `DeleteStmt`
fn delete_stmt(input: Input<'_>) -> Parsed<'_, Statement> {
    let parts = (
        preceded(keyword("delete"), spanned(kind)),
        opt(spanned(dyad)),
        preceded(keyword("where"), condition),
        opt(because),
    );
    map(parts, |(kind, dyad, condition, because)| Statement::Delete {
        kind,
        dyad,
        condition,
        because,
    })
    .parse(input)
}

/// `ImportStmt`
fn import_stmt(input: Input<'_>) -> Parsed<'_, Statement> {
    let parts = (
        preceded(keyword("import"), text),
        opt(preceded(keyword("as"), name)),
        opt(preceded(keyword("into"), spanned(kind))),
        opt(record),
    );
    map(parts, |(file, format, kind, options)| Statement::Import { file, format, kind, options })
        .parse(input)
}

/// `ExportStmt`
fn export_stmt(input: Input<'_>) -> Parsed<'_, Statement> {
    let parts = (
        preceded(keyword("export"), |i| bracketed(i, "(", query, ")")),
        preceded(keyword("to"), text),
        opt(preceded(keyword("as"), name)),
        opt(record),
    );
    map(parts, |(query, file, format, options)| Statement::Export { query, file, format, options })
        .parse(input)
}

/// `ExplainStmt`
fn explain_stmt(input: Input<'_>) -> Parsed<'_, Statement> {
    let (start, ()) = skip(input)?;
    let (rest, ()) = keyword("explain")(start)?;
    let (rest, analyze) = optional("analyze")(rest)?;
    let (rest, statement) = deeper(rest, start.at, |i| spanned(statement)(i))?;
    Ok((rest, Statement::Explain { analyze, statement: Box::new(statement) }))
}

/// `ShowStmt`
fn show_stmt(input: Input<'_>) -> Parsed<'_, Statement> {
    let of_what = alt((
        map(integer, HistoryOf::Id),
        map(string, HistoryOf::Key),
        map(param, HistoryOf::Param),
    ));
    let history =
        preceded((keyword("history"), keyword("of")), spanned(as_one(Expected::Entry, of_what)));
    let topic = alt((
        value(Topic::Kinds, keyword("kinds")),
        value(Topic::Fields, keyword("fields")),
        value(Topic::Views, keyword("views")),
        value(Topic::Params, keyword("params")),
        value(Topic::Functions, keyword("functions")),
        value(Topic::Stats, keyword("stats")),
    ));
    let of = opt(preceded(keyword("of"), spanned(kind)));
    let topic = map(pair(spanned(topic), of), |(topic, of)| Show::Topic { topic, of });
    let shown = as_one(Expected::Topic, alt((map(history, Show::History), topic)));
    map(preceded(keyword("show"), shown), Statement::Show).parse(input)
}
