//! SQLite, as somebody who knows it well sets it up: six indexes, a full-text index, statistics.

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags, params};

use super::Engine;
use crate::cell::{Answer, Cell};
use crate::error::{Error, Naming, Result};
use crate::generate::Row;
use crate::question::Question;

const TABLE: &str = "CREATE TABLE ev(id INTEGER PRIMARY KEY, date INTEGER, actor1 TEXT, actor2 TEXT, code TEXT, \
                     country TEXT, goldstein REAL, mentions INTEGER, text TEXT)";

/// Without a journal: a load that is cut off is begun anew.
const BULK: &str = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; \
                    PRAGMA cache_size = -4000000; PRAGMA temp_store = MEMORY; PRAGMA threads = 2";

const INDEXES: &str = "
    CREATE INDEX ix_actor1 ON ev(actor1, date);
    CREATE INDEX ix_actor2 ON ev(actor2, date);
    CREATE INDEX ix_code ON ev(code, date);
    CREATE INDEX ix_country ON ev(country, date, goldstein);
    CREATE INDEX ix_dyad ON ev(actor1, actor2, date);
    CREATE INDEX ix_date ON ev(date, actor1);
    CREATE VIRTUAL TABLE fts USING fts5(text, content = 'ev', content_rowid = 'id');
    INSERT INTO fts(fts) VALUES('rebuild');
    ANALYZE";

const INSERT: &str = "INSERT INTO ev VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)";

pub(super) fn version() -> String {
    rusqlite::version().to_owned()
}

pub(super) fn load(csv: &Path, database: &Path) -> Result<()> {
    let mut connection = Connection::open(database)?;
    connection.execute_batch(BULK)?;
    connection.execute_batch(TABLE)?;
    let transaction = connection.transaction()?;
    {
        let mut insert = transaction.prepare(INSERT)?;
        let mut file = csv::ReaderBuilder::new().buffer_capacity(1 << 20).from_path(csv)?;
        let mut record = csv::StringRecord::new();
        while file.read_record(&mut record)? {
            // The affinity of the columns makes numbers of what are numbers.
            for (column, cell) in record.iter().enumerate() {
                insert.raw_bind_parameter(column + 1, cell)?;
            }
            insert.raw_execute()?;
        }
    }
    transaction.commit()?;
    connection.execute_batch(INDEXES)?;
    connection.close().map_err(|(_, error)| error)?;
    std::fs::File::open(database).of(database)?.sync_all().of(database)
}

/// An open database.
pub(super) struct Sqlite {
    connection: Connection,
}

impl Sqlite {
    pub(super) fn open(database: &Path, write: bool) -> Result<Sqlite> {
        let connection = if write {
            let connection = Connection::open(database)?;
            connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")?;
            connection
        } else {
            Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY)?
        };
        connection.execute_batch(
            "PRAGMA cache_size = -4000000; PRAGMA mmap_size = 64000000000; PRAGMA temp_store = MEMORY; \
             PRAGMA threads = 2",
        )?;
        Ok(Sqlite { connection })
    }

    fn each(
        &self,
        question: &Question,
        ids: &[u64],
        mut see: impl FnMut(&[ValueRef<'_>]) -> Result<()>,
    ) -> Result<()> {
        let mut statement = self.connection.prepare_cached(&question.sqlite)?;
        let columns = statement.column_count();
        let one = [0];
        for id in if question.lookup { ids } else { &one } {
            let mut rows = if question.lookup {
                statement.query(params![id.cast_signed()])?
            } else {
                statement.query([])?
            };
            while let Some(row) = rows.next()? {
                let mut values = Vec::with_capacity(columns);
                for column in 0..columns {
                    values.push(row.get_ref(column)?);
                }
                see(&values)?;
            }
        }
        Ok(())
    }
}

impl Engine for Sqlite {
    fn answer(&mut self, question: &Question, ids: &[u64]) -> Result<Answer> {
        let mut answer = Answer::new();
        self.each(question, ids, |values| {
            answer.push(values.iter().map(cell).collect::<Result<_>>()?);
            Ok(())
        })?;
        Ok(answer)
    }

    fn take(&mut self, question: &Question, ids: &[u64]) -> Result<u64> {
        let mut rows = 0;
        self.each(question, ids, |values| {
            rows += 1;
            black_box(values);
            Ok(())
        })?;
        Ok(rows)
    }

    fn insert(&mut self, rows: &[Row]) -> Result<Duration> {
        let start = Instant::now();
        let transaction = self.connection.transaction()?;
        {
            let mut insert = transaction.prepare_cached(INSERT)?;
            let mut words =
                transaction.prepare_cached("INSERT INTO fts(rowid, text) VALUES(?, ?)")?;
            for row in rows {
                insert.execute(params![
                    row.id.cast_signed(),
                    row.date,
                    row.actor1,
                    row.actor2,
                    row.code.digits,
                    row.country,
                    row.code.goldstein,
                    row.mentions.cast_signed(),
                    row.text
                ])?;
                words.execute(params![row.id.cast_signed(), row.text])?;
            }
        }
        transaction.commit()?;
        Ok(start.elapsed())
    }
}

/// A value as all engines give it.
fn cell(value: &ValueRef<'_>) -> Result<Cell> {
    Ok(match value {
        ValueRef::Null => Cell::Null,
        ValueRef::Integer(n) => Cell::Int(*n),
        ValueRef::Real(n) => Cell::Float(*n),
        ValueRef::Text(text) => Cell::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(_) => return Err(Error::said("SQLite gave a blob")),
    })
}
