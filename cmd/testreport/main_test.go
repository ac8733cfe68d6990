package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestReport(t *testing.T) {
	const lines = `{"Action":"output","Package":"parley/a","Test":"TestGood","Output":"quiet words\n"}
{"Action":"pass","Package":"parley/a","Test":"TestGood","Elapsed":2.5}
{"Action":"output","Package":"parley/a","Output":"ok  \tparley/a\t2.6s\n"}
{"Action":"pass","Package":"parley/a","Elapsed":2.6}
`
	var out bytes.Buffer
	if !report(strings.NewReader(lines), &out) {
		t.Error("everything passed, and the report says it did not")
	}
	for text, want := range map[string]bool{"quiet words": false, "ok  \tparley/a": true, "    2.5 s  a TestGood": true} {
		if got := strings.Contains(out.String(), text); got != want {
			t.Errorf("%q in the report: %v, want %v\n%s", text, got, want, out.String())
		}
	}
	out.Reset()
	const failing = lines + `{"Action":"output","Package":"parley/b","Test":"TestBad","Output":"    b_test.go:7: got 1, want 2\n"}
{"Action":"fail","Package":"parley/b","Test":"TestBad","Elapsed":0.1}
`
	if report(strings.NewReader(failing), &out) || !strings.Contains(out.String(), "got 1, want 2") {
		t.Errorf("a failure is not told:\n%s", out.String())
	}
	if out.Reset(); report(strings.NewReader(`{"Action":"build-fail","ImportPath":"parley/c"}`), &out) {
		t.Error("a package that does not build passed")
	}
}

// The race detector's report stands in the output of whatever test ran just then,
// which may pass: it is told all the same.
func TestARaceIsTold(t *testing.T) {
	const lines = `{"Action":"output","Package":"parley/a","Test":"TestGood","Output":"==================\n"}
{"Action":"output","Package":"parley/a","Test":"TestGood","Output":"WARNING: DATA RACE\n"}
{"Action":"output","Package":"parley/a","Test":"TestGood","Output":"Write at 0x1 by goroutine 7:\n"}
{"Action":"output","Package":"parley/a","Test":"TestGood","Output":"==================\n"}
{"Action":"output","Package":"parley/a","Test":"TestGood","Output":"quiet words\n"}
{"Action":"pass","Package":"parley/a","Test":"TestGood","Elapsed":2.5}
`
	var out bytes.Buffer
	report(strings.NewReader(lines), &out)
	if got := out.String(); !strings.Contains(got, "Write at 0x1 by goroutine 7") || strings.Contains(got, "quiet words") {
		t.Errorf("the report says\n%s", got)
	}
}
