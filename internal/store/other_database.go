package store

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// OtherDatabase is the SQLite file of another program, made by nobody we know.
// Its tables are read and nothing else: nothing of its schema runs.
type OtherDatabase struct{ db *sql.DB }

// OpenOther opens such a file. It must hold the tables, as tables: a view, or a
// virtual table, is a program of the file's own.
func OpenOther(ctx context.Context, path string, tables []string) (*OtherDatabase, error) {
	if err := whole(path); err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite3", fileURL(path, "mode=ro&immutable=1&_query_only=1&_cell_size_check=1"))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	fail := func(err error) (*OtherDatabase, error) { return nil, errors.Join(err, db.Close()) }
	if _, err := db.ExecContext(ctx, `PRAGMA trusted_schema = OFF`); err != nil {
		return fail(errors.New("the file is no SQLite database"))
	}
	for _, t := range tables {
		var kind, made string
		err := db.QueryRowContext(ctx, `SELECT type, coalesce(sql, '') FROM sqlite_schema WHERE name = ?1`, t).Scan(&kind, &made)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return fail(fmt.Errorf("the database has no table %s", t))
		case err != nil:
			return fail(errors.New("the file is no SQLite database, or a damaged one"))
		case kind != "table" || strings.Contains(strings.ToUpper(made), "VIRTUAL"):
			return fail(fmt.Errorf("%s is no plain table in this database", t))
		}
	}
	return &OtherDatabase{db}, nil
}

// whole says whether a database has all the pages that its header names: SQLite
// reads one that was cut off as far as it goes.
// https://www.sqlite.org/fileformat.html#in_header_database_size
func whole(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	var h [100]byte
	if _, err := io.ReadFull(f, h[:]); err != nil {
		return errors.New("the file is no SQLite database")
	}
	at, err := f.Stat()
	if err != nil {
		return err
	}
	page := int64(binary.BigEndian.Uint16(h[16:]))
	if page == 1 {
		page = 65536
	}
	pages := int64(binary.BigEndian.Uint32(h[28:]))
	counted := binary.BigEndian.Uint32(h[24:]) == binary.BigEndian.Uint32(h[92:]) // by a program that counts them
	if counted && at.Size() < pages*page {
		return fmt.Errorf("the database is cut off: it has %d of %d bytes", at.Size(), pages*page)
	}
	return nil
}

// Rows gives the rows of a table, with the columns in the order asked for; one that the table has not is nil.
func (o *OtherDatabase) Rows(table string, columns []string, take func(row []any) error) error {
	have, err := o.columns(table)
	if err != nil {
		return err
	}
	list := make([]string, len(columns))
	for i, c := range columns {
		list[i] = "NULL"
		if slices.Contains(have, c) {
			list[i] = identifier(c)
		}
	}
	rows, err := o.db.Query("SELECT " + strings.Join(list, ", ") + " FROM " + identifier(table) + " ORDER BY rowid")
	if err != nil {
		return fmt.Errorf("the table %s cannot be read", table)
	}
	defer rows.Close()
	row, at := make([]any, len(columns)), make([]any, len(columns))
	for i := range row {
		at[i] = &row[i]
	}
	for rows.Next() {
		if err := rows.Scan(at...); err != nil {
			return fmt.Errorf("the table %s cannot be read", table)
		}
		if err := take(row); err != nil {
			return err
		}
	}
	if rows.Err() != nil {
		return fmt.Errorf("the table %s cannot be read to its end", table)
	}
	return nil
}

func (o *OtherDatabase) columns(table string) (out []string, err error) {
	rows, err := o.db.Query(`SELECT name FROM pragma_table_info(?1)`, table)
	if err != nil {
		return nil, fmt.Errorf("the table %s cannot be read", table)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		out = append(out, name)
	}
	return out, rows.Err()
}

// identifier is a name of a table or a column as SQL takes it.
func identifier(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// Close ends it.
func (o *OtherDatabase) Close() error { return o.db.Close() }
