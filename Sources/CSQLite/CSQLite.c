#include "CSQLite.h"

#include <sqlite3.h>

int marquee_sqlite_harden(void *connection) {
    int code = sqlite3_db_config(connection, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)0);
    if (code == SQLITE_OK) code = sqlite3_db_config(connection, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, (int *)0);
    if (code == SQLITE_OK) code = sqlite3_db_config(connection, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, (int *)0);
    return code;
}

int marquee_sqlite_limit_attached(void *connection, int count) {
    return sqlite3_limit(connection, SQLITE_LIMIT_ATTACHED, count);
}
