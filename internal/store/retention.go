package store

import (
	"parley/internal/auth"
	"parley/internal/discuss"
)

// Retention says how long what is about people is kept: the table of the
// settings and of the privacy page, made of what the sweeps do.
func Retention() []discuss.Kept {
	out := []discuss.Kept{
		{What: "erase", For: auth.EraseWait},
		{What: "unverified", For: auth.UnverifiedLife},
		{What: "sessions", For: auth.SessionLife},
		{What: "links", For: auth.InviteLife},
		{What: "guests", For: guestMarkLife},
		{What: "guest_mail_new", For: guestMarkLife},
	}
	seen := map[string]bool{"sessions": true, "links": true} // these end by a time of their own, at once
	for _, w := range sweeps {
		if w.row == "" || seen[w.row] {
			continue
		}
		seen[w.row] = true
		out = append(out, discuss.Kept{What: w.row, For: w.kept})
	}
	return append(out, staying...)
}

// staying is what no sweep drops: it goes with what it belongs to.
var staying = []discuss.Kept{
	{What: "accounts", Until: "account"},
	{What: "acceptances", Until: "account"},
	{What: "notes", Until: "account"},
	{What: "settings_log", Until: "account"},
	{What: "guest_mail", Until: "ended"},
	{What: "ban_marks", Until: "ban"},
}
