package store

import (
	"encoding/json"
	"os"
	"testing"
	"time"
)

// The retention table says what the sweeps do: every sweep of what is about
// people is a row, all of a row are of one length, and each has its words.
func TestTheRetentionTableIsWhatTheSweepsDo(t *testing.T) {
	rows := map[string]time.Duration{}
	ends := map[string]bool{}
	for _, k := range Retention() {
		if _, twice := rows[k.What]; twice || (k.For > 0) == (k.Until != "") {
			t.Errorf("%s is there twice, or for no time", k.What)
		}
		rows[k.What] = k.For
		if k.Until != "" {
			ends[k.Until] = true
		}
	}
	for _, what := range []string{"accounts", "acceptances", "notes", "settings_log", "guest_mail_new", "guest_mail", "ban_marks"} { // which no sweep names
		if _, ok := rows[what]; !ok {
			t.Errorf("%s is in no row", what)
		}
	}
	silent := map[string]bool{"notices of what is gone": true, "refused origins": true, "undos": true, "names of imported files": true, "merges that can't be undone any more": true} // about nobody, or seconds
	for _, w := range sweeps {
		switch {
		case w.row == "" && !silent[w.what]:
			t.Errorf("%s: is in no row", w.what)
		case w.row != "" && w.kept != 0 && rows[w.row] != w.kept:
			t.Errorf("%s: is kept for %v, and its row %s says %v", w.what, w.kept, w.row, rows[w.row])
		}
	}
	for _, lang := range []string{"en", "ru"} {
		b, err := os.ReadFile("../../static/i18n/" + lang + "/page.json")
		if err != nil {
			t.Fatal(err)
		}
		var words map[string]any
		if err := json.Unmarshal(b, &words); err != nil {
			t.Fatal(err)
		}
		for end := range ends {
			if _, ok := words["until_"+end]; !ok {
				t.Errorf("%s: no words for until_%s", lang, end)
			}
		}
		for what := range rows {
			if _, ok := words["kept_"+what]; !ok {
				t.Errorf("%s: no words for kept_%s", lang, what)
			}
		}
	}
}
