package notify

import (
	"context"
	"fmt"
	"time"
)

// Backups tells those who run the instance, once on the day of now, that its
// backups fail.
func (t *Teller) Backups(ctx context.Context, why string) error {
	people, err := t.Audience.Operators(ctx)
	if err != nil {
		return err
	}
	for _, who := range people {
		w := t.Texts.Words(who.Lang, "mail")
		m, err := letter{
			Site: "Parley", Lang: who.Lang, Heading: w.T("backup_heading"), Subject: w.T("backup_subject"), Lines: []string{w.T("backup_line")},
			Quoted: w.T("backup_says"), Quote: why, After: w.T("backup_check"), Command: "parley doctor", Footer: w.T("backup_footer"),
		}.render(who.Email)
		if err != nil {
			return err
		}
		m.ListID = "backups.parley"
		if _, err := t.owe(ctx, fmt.Sprintf("backup:%s:%s", AddressDigest(who.Email), t.Now().UTC().Format(time.DateOnly)), m); err != nil {
			return err
		}
	}
	return nil
}
