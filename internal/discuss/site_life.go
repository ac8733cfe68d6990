package discuss

import (
	"context"
	"strings"
	"time"
)

// SiteDeleteWait is how long a site that shall be deleted is still there: its
// admins are told, and any of them may call it off.
const SiteDeleteWait = 24 * time.Hour

// SiteAct is what becomes of a site as a whole.
type SiteAct string

// The acts: to keep a site for reading alone and to open it again, to delete it
// after SiteDeleteWait and to call that off.
const (
	SiteArchive SiteAct = "archive"
	SiteReopen  SiteAct = "reopen"
	SiteDelete  SiteAct = "delete"
	SiteKeep    SiteAct = "keep"
)

// ReadOnly reports whether nothing is written on a site: it is archived, or will
// be deleted, and what was written until then would be lost.
func (v Site) ReadOnly() bool { return !v.Archived.IsZero() || !v.Deletes.IsZero() }

// Errors of the life of a site.
var (
	ErrDeletes   = &Error{Kind: Conflict, Code: "deletes", Detail: "This site is to be deleted already. Its admins were told, and can call it off until then."}
	ErrNoDeletes = &Error{Kind: Conflict, Code: "state", Detail: "Nobody has asked for this site to be deleted, or that was called off already."}
)

// done is a site after an act. The same act twice is no mistake, but for a
// deletion: whoever asks for a second one would think that its day begins anew.
func (v Site) done(act SiteAct, now time.Time) (Site, error) {
	switch act {
	case SiteArchive:
		if v.Archived.IsZero() {
			v.Archived = now
		}
	case SiteReopen:
		v.Archived = time.Time{}
	case SiteDelete:
		if !v.Deletes.IsZero() {
			return v, ErrDeletes
		}
		v.Deletes = now.Add(SiteDeleteWait)
	case SiteKeep:
		if v.Deletes.IsZero() {
			return v, ErrNoDeletes
		}
		v.Deletes = time.Time{}
	default:
		return v, Bad("act", "must be archive, reopen, delete or keep")
	}
	return v, nil
}

// SiteLife decides an act on a site: what changes, the row of the audit log, and
// the mail to its admins. by is whoever did it, nobody for a command on the
// server, of which note speaks.
func SiteLife(r Reader, id ID, act SiteAct, by Author, note string) (ch Changes, err error) {
	old, err := r.Site(id)
	if err != nil {
		return nil, err
	}
	site, err := old.done(act, r.Now())
	if err != nil || site.Archived.Equal(old.Archived) && site.Deletes.Equal(old.Deletes) {
		return nil, err
	}
	ch.Add(
		SetSiteLife{Site: id, Archived: site.Archived, Deletes: site.Deletes}, did(site, HintSettings, 0, "", by),
		Entry{Site: id, Actor: by, Action: "site_" + string(act), Kind: "settings", Target: id, Note: note},
	)
	if act == SiteDelete || act == SiteKeep {
		ch.Add(Job{ID: r.NextID(), Site: id, Task: TellSite{Act: act, Name: by.Name, At: r.Now()}})
	}
	return ch, nil
}

// ActOnSite does one of the acts; confirm is the site's key, for a deletion.
func (s *Service) ActOnSite(ctx context.Context, id ID, who Actor, act SiteAct, confirm string) error {
	if err := allow(who, ActSettings); err != nil {
		return err
	}
	return s.Store.Write(ctx, func(r Reader) (ch Changes, err error) {
		site, err := r.Site(id)
		if err != nil {
			return nil, err
		}
		if act == SiteDelete && confirm != site.Key {
			return nil, Bad("confirm", "must be the key of the site: "+site.Key)
		}
		by, err := member(r, &ch, site, who)
		if err != nil {
			return nil, err
		}
		more, err := SiteLife(r, id, act, by, "")
		ch.Add(more...)
		return ch, err
	})
}

// AddSite makes a site with what a preset begins with, of which the operator who asks becomes an admin.
func (s *Service) AddSite(ctx context.Context, who Actor, key, name string, origins []string, preset string) (site Site, err error) {
	if err := allow(who, ActInstance); err != nil {
		return site, err
	}
	if site, err = NewSite(key, name, origins); err != nil {
		return site, err
	}
	if err := site.Settings.Preset(preset); err != nil {
		return site, err
	}
	err = s.Store.Write(ctx, func(r Reader) (ch Changes, err error) {
		taken, err := r.SiteKeyTaken(key)
		if err != nil {
			return nil, err
		}
		if taken {
			return nil, Bad("key", "belongs to another site of this server")
		}
		site.ID, site.Created = r.NextID(), r.Now()
		ch.Add(PutSite{site})
		by, err := member(r, &ch, site, who)
		ch.Add(
			SetRole{by.ID, Admin},
			Entry{Site: site.ID, Actor: by, Action: "site", Kind: "settings", Target: site.ID, After: site.Name + ": " + strings.Join(site.Origins, " ")},
		)
		return ch, err
	})
	return site, err
}
