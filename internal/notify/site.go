package notify

import (
	"context"
	"fmt"

	"parley/internal/discuss"
	"parley/internal/i18n"
)

// site tells the admins of a site that it will be deleted, or that this was
// called off. One that was called off before the mail left is not told of.
func (t *Teller) site(ctx context.Context, job string) error {
	p, err := read(job)
	if err != nil {
		return err
	}
	admins, site, err := t.Audience.Admins(ctx, p.Site)
	if err != nil {
		return gone(err)
	}
	goes := p.Action == string(discuss.SiteDelete)
	if goes && site.Deletes.IsZero() {
		return nil
	}
	for _, who := range admins {
		w := t.Texts.Words(who.Lang, "mail")
		v := i18n.Values{"site": site.Name, "key": site.Key, "name": p.Text, "date": site.Deletes.UTC().Format("2006-01-02 15:04 UTC")}
		if p.Text == "" {
			v["name"] = w.T("on_server")
		}
		kind, l := "site_keep", letter{Site: site.Name, Lang: who.Lang, Footer: w.T("site_footer", v)}
		if goes {
			kind, l.Button, l.Link = "site_delete", w.T("site_delete_button"), t.Link("/dashboard/?site="+site.Key+"&screen=settings#site")
		}
		l.Heading, l.Subject, l.Lines = w.T(kind+"_heading", v), w.T(kind+"_subject", v), []string{w.T(kind+"_line", v)}
		m, err := l.render(who.Email)
		if err != nil {
			return err
		}
		m.ListID = "site." + site.Key
		if err := t.must(ctx, fmt.Sprintf("site:%s:%s:%d:%s", site.ID, p.Action, p.At, AddressDigest(who.Email)), m); err != nil {
			return err
		}
	}
	return nil
}
