//! Statements and scripts.

use nom::Parser;
use nom::branch::alt;
use nom::combinator::{map, opt, value};
use nom::sequence::{pair, preceded, terminated};

use super::ast::{
    At, Catalog, Change, HistoryOf, Name, Script, Show, Statement, Topic, UpdateTarget,
};
use super::chain::{
    boxed, bracketed, deeper, dispatch, either, labelled, list, maybe, placed, some,
};
use super::condition::optional;
use super::expected::Expected;
use super::input::{Input, Parsed};
use super::lexeme::{as_one, keyword, name, param, shebang, skip, spanned, symbol};
use super::literal::integer;
use super::query::{dyad, filtered, kind, query};
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
        let (after, found) = maybe(rest, statement)?;
        let place = rest.span_to(&after);
        statements.extend(found.map(|statement| At::new(*statement, place)));
        match opt(symbol(";")).parse(after)? {
            (next, Some(())) => rest = next,
            (end, None) => return Ok((end, Script { statements })),
        }
    }
}

/// `Statement`
pub(super) fn statement(input: Input<'_>) -> Parsed<'_, Box<Statement>> {
    labelled(input, Expected::Statement, |i| either(i, other_statement).or(query_statement).parsed)
}

fn other_statement(input: Input<'_>) -> Parsed<'_, Box<Statement>> {
    dispatch(
        input,
        [
            ("let", |i| boxed(i, let_stmt)),
            ("param", |i| boxed(i, param_stmt)),
            ("define", |i| boxed(i, define_stmt)),
            ("drop", |i| boxed(i, drop_stmt)),
            ("insert", |i| boxed(i, insert_stmt)),
            ("update", |i| boxed(i, update_stmt)),
            ("delete", |i| boxed(i, delete_stmt)),
            ("import", |i| boxed(i, import_stmt)),
            ("export", |i| boxed(i, export_stmt)),
            ("explain", explain_stmt),
            ("show", |i| boxed(i, show_stmt)),
        ],
    )
}

fn query_statement(input: Input<'_>) -> Parsed<'_, Box<Statement>> {
    let (rest, query) = query(input)?;
    Ok((rest, Box::new(Statement::Query(*query))))
}

/// `LetStmt`
fn let_stmt(input: Input<'_>) -> Parsed<'_, Statement> {
    either(input, let_param).or(let_query).parsed
}

fn let_param(input: Input<'_>) -> Parsed<'_, Statement> {
    let (rest, name) = terminated(spanned(param), symbol("=")).parse(input)?;
    let (rest, value) = value_rule(rest)?;
    Ok((rest, Statement::LetParam { name, value: *value }))
}

fn let_query(input: Input<'_>) -> Parsed<'_, Statement> {
    let (rest, name) = terminated(name, symbol("=")).parse(input)?;
    let (rest, query) = query(rest)?;
    Ok((rest, Statement::LetQuery { name, query: *query }))
}

/// `ParamStmt`
fn param_stmt(input: Input<'_>) -> Parsed<'_, Statement> {
    let parts =
        (spanned(param), opt(preceded(symbol(":"), name)), opt(preceded(symbol("="), value_rule)));
    map(parts, |(name, kind, default)| Statement::Param {
        name,
        kind,
        default: default.map(|value| *value),
    })
    .parse(input)
}

/// `DefineStmt`
fn define_stmt(input: Input<'_>) -> Parsed<'_, Statement> {
    either(input, define_view).or(define_entry).parsed
}

fn define_view(input: Input<'_>) -> Parsed<'_, Statement> {
    let view = (preceded(keyword("view"), name), preceded(keyword("as"), query));
    map(view, |(name, query)| Statement::DefineView { name, query: *query }).parse(input)
}

fn define_entry(input: Input<'_>) -> Parsed<'_, Statement> {
    let entry = (spanned(catalog), entry, record);
    map(entry, |(catalog, name, record)| Statement::Define { catalog, name, record: *record })
        .parse(input)
}

/// `DropStmt`
fn drop_stmt(input: Input<'_>) -> Parsed<'_, Statement> {
    let view = preceded(keyword("view"), entry);
    let entry = pair(spanned(catalog), entry);
    alt((
        map(view, |name| Statement::DropView { name }),
        map(entry, |(catalog, name)| Statement::Drop { catalog, name }),
    ))
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
    let (rest, kind) = spanned(kind)(input)?;
    let (rest, records) = list(rest, record)?;
    Ok((rest, Statement::Insert { kind, records }))
}

/// `UpdateStmt`
fn update_stmt(input: Input<'_>) -> Parsed<'_, Statement> {
    let (rest, target) = either(input, catalog_entry).or(some_events).parsed?;
    let (rest, changes) = some(rest, |i| boxed(i, change))?;
    let (rest, because) = maybe(rest, because)?;
    Ok((rest, Statement::Update { target: *target, changes, because }))
}

fn catalog_entry(input: Input<'_>) -> Parsed<'_, Box<UpdateTarget>> {
    let entry = pair(spanned(catalog), entry);
    map(entry, |(catalog, name)| Box::new(UpdateTarget::Entry { catalog, name })).parse(input)
}

fn some_events(input: Input<'_>) -> Parsed<'_, Box<UpdateTarget>> {
    let (rest, kind) = spanned(kind)(input)?;
    let (rest, dyad) = maybe(rest, |i| placed(i, dyad))?;
    let (rest, condition) = filtered(rest)?;
    let dyad = dyad.map(|dyad| *dyad);
    Ok((rest, Box::new(UpdateTarget::Events { kind, dyad, condition: *condition })))
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
    let (rest, kind) = spanned(kind)(input)?;
    let (rest, dyad) = maybe(rest, |i| placed(i, dyad))?;
    let (rest, condition) = filtered(rest)?;
    let (rest, because) = maybe(rest, because)?;
    let dyad = dyad.map(|dyad| *dyad);
    Ok((rest, Statement::Delete { kind, dyad, condition: *condition, because }))
}

/// `ImportStmt`
fn import_stmt(input: Input<'_>) -> Parsed<'_, Statement> {
    let parts = (
        text,
        opt(preceded(keyword("as"), name)),
        opt(preceded(keyword("into"), spanned(kind))),
        opt(record),
    );
    map(parts, |(file, format, kind, options)| Statement::Import {
        file,
        format,
        kind,
        options: options.map(|record| *record),
    })
    .parse(input)
}

/// `ExportStmt`
fn export_stmt(input: Input<'_>) -> Parsed<'_, Statement> {
    let parts = (
        |i| bracketed(i, "(", query, ")"),
        preceded(keyword("to"), text),
        opt(preceded(keyword("as"), name)),
        opt(record),
    );
    map(parts, |(query, file, format, options)| Statement::Export {
        query: *query,
        file,
        format,
        options: options.map(|record| *record),
    })
    .parse(input)
}

/// `ExplainStmt`: the keyword is read.
fn explain_stmt(input: Input<'_>) -> Parsed<'_, Box<Statement>> {
    let (rest, analyze) = optional("analyze")(input)?;
    let (start, ()) = skip(rest)?;
    let (rest, inner) = deeper(start, input.at.saturating_sub("explain".len()), statement)?;
    let statement = Box::new(At::new(*inner, start.span_to(&rest)));
    Ok((rest, Box::new(Statement::Explain { analyze, statement })))
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
    map(shown, Statement::Show).parse(input)
}
