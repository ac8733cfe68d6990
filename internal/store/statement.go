package store

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"reflect"

	"github.com/mattn/go-sqlite3"

	"parley/internal/discuss"
)

// statement is prepared once on one connection and used through the driver.
// database/sql would look for a free connection, take three locks and convert
// every value by reflection each time, which costs a post more than its rows do.
// It is used by one goroutine at a time.
type statement struct {
	*sqlite3.SQLiteStmt
	people bool  // it changes what is known of people; see caller_cache.go
	reads  []int // columns; of the writer's statements alone, see known.go
	writes []int
	runs   func() // is told whenever it runs; nil where nobody asks
	args   []driver.NamedValue
	row    []driver.Value
	rows   int  // being read: 0 or 1
	made   bool // it reads a column that is made of others, whose changes nobody is told of
}

func prepare(c *sqlite3.SQLiteConn, query string) (*statement, error) {
	st := &statement{}
	return st, st.prepare(c, query)
}

func (st *statement) prepare(c *sqlite3.SQLiteConn, query string) error {
	made, err := c.Prepare(steady(query))
	if err != nil {
		return fmt.Errorf("prepare %q: %w", query, err)
	}
	st.SQLiteStmt = made.(*sqlite3.SQLiteStmt)
	return nil
}

// bind makes the driver's arguments of ours; they hold until the next call.
func (st *statement) bind(args []any) ([]driver.NamedValue, error) {
	if st.rows > 0 { // SQLite would begin anew under whoever is reading
		return nil, errors.New("a statement is run while its rows are being read")
	}
	if st.runs != nil {
		st.runs()
	}
	st.args = st.args[:0]
	for i, a := range args {
		v, err := asValue(a)
		if err != nil {
			return nil, fmt.Errorf("argument %d: %w", i+1, err)
		}
		st.args = append(st.args, driver.NamedValue{Ordinal: i + 1, Value: v})
	}
	return st.args, nil
}

func asValue(a any) (driver.Value, error) {
	switch a := a.(type) {
	case nil, int64, string, float64, []byte, bool:
		return a, nil
	case int:
		return int64(a), nil
	case discuss.ID:
		return int64(a), nil
	}
	return driver.DefaultParameterConverter.ConvertValue(a)
}

// Exec runs it for its effect alone.
func (st *statement) Exec(args ...any) (driver.Result, error) {
	in, err := st.bind(args)
	if err != nil {
		return nil, err
	}
	return st.ExecContext(context.Background(), in)
}

// run is Exec for those who do not ask how many rows it was: the driver binds
// and steps for a query in one crossing, and for Exec in one for each argument.
func (st *statement) run(args []any) error {
	rows, err := st.query(context.Background(), args)
	if err != nil {
		return err
	}
	return rows.Close()
}

func (st *statement) query(ctx context.Context, args []any) (driver.Rows, error) {
	in, err := st.bind(args)
	if err != nil {
		return nil, err
	}
	return st.QueryContext(ctx, in)
}

// Query begins to read; what changes rows has changed them all when it returns.
func (st *statement) Query(args ...any) (*rows, error) { return st.read(context.Background(), args) }

func (st *statement) read(ctx context.Context, args []any) (*rows, error) {
	in, err := st.query(ctx, args)
	if err != nil {
		return nil, err
	}
	r := &rows{in: in, st: st}
	st.rows++
	if n := len(in.Columns()); len(st.row) != n {
		st.row = make([]driver.Value, n)
	}
	r.row = st.row
	return r, nil
}

// QueryRow reads the first row; like database/sql it says so when it is scanned
// that there is none.
func (st *statement) QueryRow(args ...any) row { return st.first(context.Background(), args) }

func (st *statement) first(ctx context.Context, args []any) row {
	r, err := st.read(ctx, args)
	return row{r, err}
}

// row is the one row of a query.
type row struct {
	rows *rows
	err  error
}

// Scan reads it; sql.ErrNoRows where there is none.
func (r row) Scan(dest ...any) error {
	if r.err != nil {
		return r.err
	}
	if !r.rows.Next() {
		return errors.Join(cmp.Or(r.rows.Err(), sql.ErrNoRows), r.rows.Close())
	}
	return errors.Join(r.rows.Scan(dest...), r.rows.Close())
}

// rows are what a query finds, in the manner of sql.Rows.
type rows struct {
	in   driver.Rows
	st   *statement
	row  []driver.Value
	err  error
	done func() // gives the connection back; nil for the writer
}

// Next goes to the next row.
func (r *rows) Next() bool {
	if r.err != nil || r.in == nil {
		return false
	}
	if err := r.in.Next(r.row); err != nil {
		if !errors.Is(err, io.EOF) {
			r.err = err
		}
		_ = r.Close()
		return false
	}
	return true
}

// Err is what has ended the rows before their end.
func (r *rows) Err() error { return r.err }

// Close may be called again.
func (r *rows) Close() error {
	if r.in == nil {
		return nil
	}
	err := r.in.Close()
	r.in = nil
	r.st.rows--
	if r.done != nil {
		r.done()
	}
	return err
}

// Scan takes the columns of the row.
func (r *rows) Scan(dest ...any) error { return scan(r.row, dest) }

func scan(row []driver.Value, dest []any) error {
	if len(dest) != len(row) {
		return fmt.Errorf("a row of %d columns is read into %d places", len(row), len(dest))
	}
	for i, d := range dest {
		if err := take(d, row[i]); err != nil {
			return fmt.Errorf("column %d: %w", i+1, err)
		}
	}
	return nil
}

// take puts a value of the driver where it is wanted, for the kinds of our
// columns; what is no number is not made one.
func take(dest any, v driver.Value) error {
	switch d := dest.(type) {
	case *int64:
		if n, ok := v.(int64); ok {
			*d = n
			return nil
		}
	case *int:
		if n, ok := v.(int64); ok {
			*d = int(n)
			return nil
		}
	case *discuss.ID:
		if n, ok := v.(int64); ok {
			*d = discuss.ID(n)
			return nil
		}
	case *string:
		switch s := v.(type) {
		case string:
			*d = s
			return nil
		case []byte:
			*d = string(s)
			return nil
		}
	case *bool:
		switch n := v.(type) {
		case int64:
			*d = n != 0
			return nil
		case bool:
			*d = n
			return nil
		}
	case *float64:
		switch n := v.(type) {
		case float64:
			*d = n
			return nil
		case int64:
			*d = float64(n)
			return nil
		}
	case *[]byte:
		switch b := v.(type) {
		case []byte:
			*d = b
			return nil
		case string:
			*d = []byte(b)
			return nil
		case nil:
			*d = nil
			return nil
		}
	case *any:
		*d = v
		return nil
	case sql.Scanner:
		return d.Scan(v)
	default:
		to := reflect.ValueOf(dest).Elem()
		switch n := v.(type) {
		case int64:
			if to.CanInt() && !to.OverflowInt(n) {
				to.SetInt(n)
				return nil
			}
			if to.CanUint() && n >= 0 && !to.OverflowUint(uint64(n)) {
				to.SetUint(uint64(n))
				return nil
			}
		case string:
			if to.Kind() == reflect.String {
				to.SetString(n)
				return nil
			}
		}
	}
	return fmt.Errorf("a %T does not go into a %T", v, dest)
}

// Columns are the names of the columns.
func (r *rows) Columns() []string { return r.in.Columns() }
