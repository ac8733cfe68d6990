package notify

import (
	"context"
	"fmt"

	"parley/internal/i18n"
)

// guest asks the owner of an address whether a guest's comment is theirs.
func (t *Teller) guest(ctx context.Context, job string) error {
	p, err := read(job)
	if err != nil {
		return err
	}
	ask, site, err := t.Audience.GuestAddress(ctx, p.Key, p.Text)
	if err != nil || !ask {
		return gone(err)
	}
	w := t.Texts.Words("", "mail")
	v := i18n.Values{"site": site.Name} // and nothing that the guest typed: the address may be anybody's
	m, err := letter{
		Site: site.Name, Heading: w.T("confirm_heading", v), Subject: w.T("confirm_subject", v), Lines: []string{w.T("confirm_line", v)}, Button: w.T("confirm_button"),
		Link: t.stop("confirm", 0, p.Key, p.Text), Footer: w.T("confirm_footer", v),
	}.render(p.Text)
	if err != nil {
		return err
	}
	// Dropped where the address has had its share: its owner has not asked for any of it.
	_, err = t.owe(ctx, fmt.Sprintf("confirm:%s:%s:%s", site.ID, AddressDigest(p.Text), t.Now().UTC().Format("2006-01-02")), m)
	return err
}

// follow asks the owner of an address whether they want to hear of a discussion.
func (t *Teller) follow(ctx context.Context, job string) error {
	p, err := read(job)
	if err != nil {
		return err
	}
	email, th, site, err := t.Audience.FollowToConfirm(ctx, p.Key)
	if err != nil {
		return gone(err)
	}
	w := t.Texts.Words("", "mail")
	v := i18n.Values{"site": site.Name, "page": th.Called(site)}
	m, err := letter{
		Site: site.Name, Heading: w.T("follow_heading", v), Subject: w.T("follow_subject", v), Lines: []string{w.T("follow_line", v)}, Button: w.T("follow_button"),
		Link: t.stop("follow", 0, p.Key, email), Footer: w.T("confirm_footer", v),
	}.render(email)
	if err != nil {
		return err
	}
	// Dropped where the address has had its share, as with guests.
	_, err = t.owe(ctx, fmt.Sprintf("follow:%s", p.Key), m)
	return err
}
