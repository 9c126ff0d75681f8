"""A store as SQL."""


def _quoted(name):
    return '"' + name.replace('"', '""') + '"'


def dump(connection):
    """Statements that make the same tables, rows, indexes and views."""
    cursor = connection.cursor()
    cursor.row_factory = None
    yield "BEGIN TRANSACTION;"
    objects = cursor.execute(
        "SELECT name, type, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    tables = sorted((name, sql) for name, kind, sql in objects
                    if kind == "table" and not name.startswith("sqlite_"))
    for name, sql in tables:
        yield f"{sql};"
        columns = cursor.execute(f"PRAGMA table_info({_quoted(name)})").fetchall()
        values = "||','||".join(f"quote({_quoted(column[1])})" for column in columns)
        table = _quoted(name)
        begin = f"INSERT INTO {table} VALUES(".replace("'", "''")
        for (text,) in cursor.execute(f"SELECT '{begin}'||{values}||')' FROM {table}"):
            yield f"{text};"
    for name, kind, sql in objects:
        if kind != "table":
            yield f"{sql};"
    yield "COMMIT;"
