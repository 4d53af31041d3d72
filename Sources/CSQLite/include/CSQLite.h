#ifndef CSQLITE_H
#define CSQLITE_H

/// Sets what SQLite offers only through functions with variable arguments, which Swift can't call. `connection` is a `sqlite3 *`.
///
/// - SQLITE_DBCONFIG_DEFENSIVE: no SQL can write into the structure of the file.
/// - SQLITE_DBCONFIG_TRUSTED_SCHEMA off: what a file's schema says is not trusted with functions that have effects.
/// - SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION off: no code is loaded.
///
/// Returns SQLite's code: 0 when all are set.
int marquee_sqlite_harden(void *connection);

/// How many other files a connection may attach (SQLITE_LIMIT_ATTACHED). Returns the number before.
int marquee_sqlite_limit_attached(void *connection, int count);

#endif
