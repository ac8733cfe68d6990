package notify

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"parley/internal/i18n"
)

// accountMails are the mails about an account itself. Each has a subject, a
// line and a note in the catalogues, and a button where it has a link.
var accountMails = []string{"verify", "reset", "exists", "magic", "email", "email_old", "invite"}

// compose reads a mail job: a finished message, or the name of a mail about an
// account with what it needs. Nothing of the latter was typed by whoever asked
// for it, because the address may be anybody's.
func (w *Worker) compose(payload string) (Message, error) {
	var f finished
	if err := json.Unmarshal([]byte(payload), &f); err == nil && f.Ready {
		return f.Message, nil
	}
	var p struct{ Template, To, Site, Lang, Link, Code string }
	if err := json.Unmarshal([]byte(payload), &p); err != nil {
		return Message{}, fmt.Errorf("read mail job: %w", err)
	}
	kind := strings.ReplaceAll(p.Template, "-", "_") // as jobs of the first builds have it
	if !slices.Contains(accountMails, kind) {
		return Message{}, fmt.Errorf("unknown template %q: %w", p.Template, ErrForGood)
	}
	t := w.Texts.Words(p.Lang, "mail")
	v := i18n.Values{"site": p.Site, "code": p.Code}
	l := letter{
		Site: p.Site, Lang: t.Lang, Subject: t.T(kind+"_subject", v), Heading: t.T(kind+"_heading", v), Lines: []string{t.T(kind+"_line", v)},
		Code: p.Code, Footer: t.T(kind+"_note", v),
	}
	if p.Link != "" {
		l.Button, l.Link = t.T(kind+"_button"), p.Link
	}
	return l.render(p.To)
}
