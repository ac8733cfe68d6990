package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRowsStandInTheFileOneALine(t *testing.T) {
	r := &report{got: map[string][]figure{}}
	for _, v := range []float64{12, 10, 30} {
		r.add(figure{"beside a limit", "µs", v, 10, "<= 1.25"})
		r.add(figure{"alone", "ms", v, 0, ""})
	}
	file := filepath.Join(t.TempDir(), "rows.json")
	if err := save(file, r.rows("abc1234", "2 cores")); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var rows []map[string]any
	for l := range strings.Lines(string(b)) {
		var row map[string]any
		if err := json.Unmarshal([]byte(l), &row); err != nil {
			t.Fatalf("%s: %v", l, err)
		}
		rows = append(rows, row)
	}
	if len(rows) != 2 {
		t.Fatalf("%d rows", len(rows))
	}
	for i, want := range []map[string]any{
		{"name": "beside a limit", "value": 12., "unit": "µs", "limit": 10., "ratio": 1.2, "least": 1., "most": 3., "rounds": 3., "goal": "<= 1.25", "commit": "abc1234", "machine": "2 cores"},
		{"name": "alone", "value": 12., "unit": "ms", "limit": nil, "ratio": nil, "least": 10., "most": 30., "rounds": 3., "goal": "", "commit": "abc1234", "machine": "2 cores"},
	} {
		for k, v := range want {
			if got, there := rows[i][k]; !there || got != v {
				t.Errorf("row %d: %s is %v, want %v", i, k, got, v)
			}
		}
	}
}
