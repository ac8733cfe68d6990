package main

import (
	"bytes"
	"testing"
)

func TestTable(t *testing.T) {
	names, rows := []string{"id", "last_used"}, [][]string{{"a", "now"}, {"longer", ""}}
	for _, c := range []struct {
		t        table
		terminal bool
		want     string
	}{
		{table{}, false, "a\tnow\nlonger\n"},
		{table{}, true, "ID      LAST USED\na       now\nlonger  \n"},
		{table{JSON: true}, true, `{"id":"a","last_used":"now"}` + "\n" + `{"id":"longer","last_used":""}` + "\n"},
	} {
		var out bytes.Buffer
		if err := c.t.write(&out, c.terminal, names, rows); err != nil || out.String() != c.want {
			t.Errorf("%q, %v, want %q", out.String(), err, c.want)
		}
	}
}
