package store

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// fate is what becomes of a table's rows: "yes", or why not.
type fate struct {
	erasure   string // when the person they are about goes
	export    string // in the person's own export
	retention string // dropped by age
	audit     string // the action under which a change by staff is written down, or why none
	jsonl     string // in a site's export
}

// Reasons that several tables share.
const (
	nobody   = "no: about no person"
	figures  = "no: says nothing of anybody once the name is gone"
	derived  = "no: made from another table"
	state    = "no: lasts as long as what it is of"
	short    = "no: lasts minutes or days"
	own      = "no: done by the person, not by staff"
	itself   = "no: done by the server"
	instance = "no: of this server, not of the discussion"
	private  = "no: a site's export holds what is public and who wrote it"
	secretly = "no: a secret, and of no use elsewhere"
)

var fates = map[string]fate{
	"acceptances":      {"yes", "yes", state, own, private},
	"accounts":         {"yes", "yes", "yes", own, private},
	"aliases":          {nobody, nobody, state, "thread", "yes"},
	"alike_threads":    {nobody, nobody, state, itself, derived},
	"article_authors":  {"yes", "yes", state, "authors", private},
	"audit":            {"yes", "no: the older form of audit_log", "yes", "no: it is the log", private},
	"audit_log":        {"yes", "yes", "no: a chain whose texts go", "no: it is the log", private},
	"audit_texts":      {"yes", "yes", "yes", "no: it is the log", private},
	"author_marks":     {"yes", "no: keyed hashes; the claims that came of them are in it", "yes", "approve claim", secretly},
	"authors":          {"yes", "yes", state, "role", "yes"},
	"ban_marks":        {"no: keyed hashes, so that a ban outlives an erasure", "no: the person is gone", "yes", itself, secretly},
	"bans":             {"yes", "yes", "no: until it is lifted or over", "ban", private},
	"bells":            {figures, figures, state, own, instance},
	"claims":           {"yes", "yes", state, "approve claim", private},
	"comments":         {"yes", "yes", "yes", "approve", "yes"},
	"comments_text":    {derived, derived, derived, itself, derived},
	"comments_words":   {derived, derived, derived, itself, derived},
	"deletions":        {"yes", "no: a provider's request, by its code", short, own, instance},
	"desk_looks":       {figures, figures, state, own, instance},
	"digests":          {"yes", short, "yes", itself, instance},
	"erasures":         {"no: ids alone, of what is gone", "no: the person is gone", "no: as long as there may be a backup from before", itself, instance},
	"events_floor":     {nobody, nobody, state, itself, instance},
	"events":           {"no: ids alone", derived, "yes", itself, derived},
	"follows":          {"yes", "yes", "yes", own, private},
	"goose_db_version": {nobody, nobody, state, itself, instance},
	"guest_follows":    {"yes", "no: a guest has no account to ask with", "yes", own, private},
	"guest_mail":       {"yes", "no: a guest has no account to ask with", state, own, private},
	"guest_marks":      {"yes", "no: a hash of what a browser holds", state, own, secretly},
	"idempotency":      {"yes", short, "yes", itself, instance},
	"identities":       {"yes", "yes", state, own, private},
	"image_files":      {"no: goes with its row of images", "yes", state, "open image", private},
	"image_marks":      {"no: what pictures look like, of nobody", nobody, "yes", "illegal image", instance},
	"images":           {"yes", "yes", "yes", "blur image", "yes"},
	"import_ranges":    {"no: numbers of rows", "no: numbers of rows", "no: kept as long as the number of its import, to undo it", "import", instance},
	"imports":          {"no: numbers of rows; who began it goes with the account", "no: what staff has done", "yes", "import", instance},
	"invitations":      {"yes", "no: gone with the account, and shown to the site's admins", "yes", "invite", private},
	"jobs":             {"yes", short, "yes", itself, instance},
	"keys":             {nobody, nobody, "yes", itself, secretly},
	"mail_choices":     {figures, figures, state, own, private},
	"mail_relay":       {nobody, nobody, state, itself, instance},
	"mail_sent":        {figures, figures, "yes", itself, instance},
	"mentions":         {"yes", "no: it stands in the comments of others", state, own, derived},
	"merge_parts":      {"no: ids alone, for seconds", short, short, "merge", instance},
	"merges":           {"no: ids alone, for seconds", short, "yes", "merge", instance},
	"mutes":            {"yes", "yes", state, own, private},
	"networks":         {"yes", "yes", "yes", itself, private},
	"notes":            {"yes", "yes", state, "note", private},
	"notices":          {"yes", "yes", "yes", "notice", private},
	"notifications":    {"yes", "yes", "yes", itself, instance},
	"origins":          {nobody, nobody, state, "settings", instance},
	"page_loads":       {nobody, nobody, state, itself, instance},
	"pages":            {"yes", nobody, "yes", itself, derived},
	"passkeys":         {"yes", "yes", state, own, secretly},
	"pictures":         {"yes", "no: the person has it, and the profile leads to it", state, own, instance},
	"policies":         {nobody, nobody, state, "rules", private},
	"push_choices":     {"yes", "yes", state, own, instance},
	"push_devices":     {"yes", "yes", "no: until it is revoked, or its service says that it is gone", own, secretly},
	"rates":            {figures, figures, short, itself, instance},
	"refused_origins":  {nobody, nobody, "yes", itself, instance},
	"page_reactions":   {figures, "yes", state, own, derived},
	"page_tallies_due": {derived, derived, short, itself, derived},
	"reactions":        {figures, "yes", state, own, derived},
	"reports":          {"yes", "yes", "yes", own, private},
	"revisions":        {"yes", "yes", "yes", "edit", private},
	"sessions":         {"yes", "yes", "yes", own, secretly},
	"setting_changes":  {figures, figures, state, "settings", instance},
	"site_ways":        {nobody, nobody, state, "way set", secretly},
	"sites":            {nobody, "yes", state, "settings", instance},
	"sso_keys":         {nobody, nobody, state, "sso key made", secretly},
	"sso_seen":         {nobody, nobody, "yes", itself, instance},
	"staff_news":       {figures, figures, state, own, private},
	"standards":        {nobody, nobody, state, "standards", private},
	"tallies_due":      {derived, derived, short, itself, derived},
	"threads":          {nobody, "yes", state, "thread", "yes"},
	"tickets":          {"yes", secretly, "yes", own, secretly},
	"undos":            {figures, figures, "yes", itself, instance},
	"waiting":          {"no: numbers alone", derived, short, itself, derived},
	"unindexed":        {"no: ids alone", derived, short, itself, derived},
	"votes":            {figures, "yes", state, own, derived},
	"withdrawals":      {"yes", figures, "yes", own, private},
}

// Every table says whether its rows are in erasure, the personal export,
// retention, the audit log and a site's export, or why not; and what says yes is
// named where that is done.
func TestEveryTableSaysWhatBecomesOfIt(t *testing.T) {
	b := newBench(t, Options{})
	read := func(pattern string) string {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) == 0 {
			t.Fatal(pattern, err)
		}
		var all strings.Builder
		for _, name := range names {
			if text, err := os.ReadFile(name); err == nil && !strings.HasSuffix(name, "_test.go") {
				all.Write(text)
			}
		}
		return all.String()
	}
	erase, export, sweep, jsonl := read("erase.go"), read("export_account.go")+read("../auth/export.go"), read("sweep.go"), read("export.go")
	acts := read("../discuss/*.go") + read("../app/*.go") + read("../web/desk/*.go") + read("../../cmd/parley/*.go")
	rows, err := b.query(context.Background(), `SELECT s.name, EXISTS (SELECT 1 FROM pragma_foreign_key_list(s.name) WHERE "table" = 'accounts' AND on_delete = 'CASCADE')
		FROM sqlite_schema s WHERE s.type = 'table' AND s.name NOT LIKE 'sqlite!_%' ESCAPE '!' AND s.name NOT LIKE 'comments!_text!_%' ESCAPE '!'`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	seen := 0
	for rows.Next() {
		var name string
		var goes bool // with the account
		if err := rows.Scan(&name, &goes); err != nil {
			t.Fatal(err)
		}
		seen++
		f, ok := fates[name]
		if !ok {
			t.Errorf("%s: nobody says whether it is in erasure, export, retention, audit log and a site's export", name)
			continue
		}
		word := regexp.MustCompile(`(?i)\b` + strings.TrimSuffix(name, "s") + `s?\b`)
		for what, c := range map[string]struct {
			says string
			done bool
		}{
			"erasure":       {f.erasure, goes || word.MatchString(erase)},
			"export":        {f.export, word.MatchString(export)},
			"retention":     {f.retention, word.MatchString(sweep) || word.MatchString(erase)},
			"site's export": {f.jsonl, word.MatchString(jsonl)},
		} {
			if c.says != "yes" && !strings.HasPrefix(c.says, "no: ") {
				t.Errorf("%s, %s: %q is neither yes nor a reason", name, what, c.says)
			}
			if c.says == "yes" && !c.done {
				t.Errorf("%s is said to be in %s, and is not named there", name, what)
			}
		}
		if !strings.HasPrefix(f.audit, "no: ") && !strings.Contains(acts, `"`+f.audit+`"`) {
			t.Errorf("%s: no act is written down as %q", name, f.audit)
		}
	}
	if seen != len(fates) {
		t.Errorf("%d tables are there, and %d are spoken of", seen, len(fates))
	}
}
