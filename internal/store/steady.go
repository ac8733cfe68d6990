package store

import "regexp"

// bound is a parameter that SQLite would plan by: one that a column is
// compared with, or that limits a list.
var bound = regexp.MustCompile(`(=|LIMIT)(\s*)(\?\d+)`)

// steady rewrites a query so that binding a value never makes SQLite prepare
// it again. SQLite may plan by the value of a parameter (is it 0 or 1? how
// long is the list?) and then prepares the statement anew whenever its
// bindings are cleared, which the driver does before every use: parsing and
// planning cost three to ten times what the query itself does. Behind a unary
// plus, which changes nothing else, the value is not looked at
// (sqlite3ExprIsInteger in SQLite's expr.c; SQLITE_DBCONFIG_ENABLE_QPSG would
// do the same and cannot be reached from Go). LIKE stays as it is: there the
// plan should follow the pattern.
func steady(query string) string { return bound.ReplaceAllString(query, "$1$2+$3") }
