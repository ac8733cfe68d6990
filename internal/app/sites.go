package app

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"parley/internal/discuss"
	"parley/internal/markup"
	"parley/internal/store"
)

// NewSite adds a site and writes that into the audit log. A key that is taken
// is an error.
func NewSite(ctx context.Context, db *store.Store, key, name string, origins []string, change func(*discuss.Settings) error) error {
	if _, err := db.SiteByKey(ctx, key); err == nil {
		return fmt.Errorf("there is a site %q already", key)
	}
	site, err := AddSite(ctx, db, key, name, origins, change)
	if err != nil {
		return err
	}
	return db.Write(ctx, func(discuss.Reader) (discuss.Changes, error) {
		return discuss.Changes{discuss.Entry{Site: site.ID, Action: "site", Kind: "settings", Target: site.ID, Note: OnServer, After: site.Name + ": " + strings.Join(site.Origins, " ")}}, nil
	})
}

// AddSite puts a site in place with the settings that change makes of the
// defaults; nil leaves them.
func AddSite(ctx context.Context, db *store.Store, key, name string, origins []string, change func(*discuss.Settings) error) (discuss.Site, error) {
	site, err := discuss.NewSite(key, name, origins)
	if err != nil {
		return site, err
	}
	if change != nil {
		if err := change(&site.Settings); err != nil {
			return site, err
		}
	}
	return db.PutSite(ctx, site)
}

// ChangeSite changes a site and writes what has changed into the audit log.
// Nothing is kept of a change that is not a valid site.
func ChangeSite(ctx context.Context, db *store.Store, key string, change func(*discuss.Site) error) error {
	site, err := db.SiteByKey(ctx, key)
	if err != nil {
		return fmt.Errorf("site %q: %w", key, err)
	}
	return db.Write(ctx, func(r discuss.Reader) (ch discuss.Changes, _ error) {
		old, err := r.Site(site.ID) // as it is by now: an admin may be at it too
		if err != nil {
			return nil, err
		}
		site, err := old.Changed(change)
		if err != nil {
			return nil, err
		}
		if err := discuss.ReserveTeam(r, &ch, old, site, markup.Skeleton); err != nil {
			return nil, err
		}
		before, after := discuss.SiteDiff(old, site)
		ch.Add(discuss.PutSite{Site: site}, discuss.NoteSettings{Site: site.ID, Names: discuss.SettingsChanged(old, site)})
		if after != "" {
			ch.Add(discuss.Entry{Site: site.ID, Action: "settings", Kind: "settings", Target: site.ID, Note: OnServer, Before: before, After: after})
		}
		return ch, nil
	})
}

// OnServer is what the audit log says of an act that no account has done: it
// was done on the server, by whoever may run commands there.
const OnServer = "on the server"

// Note writes an act that was done on the server into the audit log of a site,
// 0 for the instance: what to, never a secret.
func Note(ctx context.Context, db *store.Store, site discuss.ID, kind, action string, target discuss.ID, what string) error {
	note := OnServer
	if what != "" {
		note += ": " + what
	}
	return db.Write(ctx, func(discuss.Reader) (discuss.Changes, error) {
		return discuss.Changes{discuss.Entry{Site: site, Action: action, Kind: kind, Target: target, Note: note}}, nil
	})
}

// ActOnSite archives a site, opens it again, has it deleted after a day, or
// calls that off.
func ActOnSite(ctx context.Context, db *store.Store, key string, act discuss.SiteAct) (discuss.Site, error) {
	site, err := db.SiteByKey(ctx, key)
	if err != nil {
		return site, fmt.Errorf("site %q: %w", key, err)
	}
	if err := db.Write(ctx, func(r discuss.Reader) (discuss.Changes, error) {
		return discuss.SiteLife(r, site.ID, act, discuss.Author{}, OnServer)
	}); err != nil {
		return site, err
	}
	return db.SiteByID(ctx, site.ID)
}

// deleteDueSites deletes the sites whose day is over. One that is cut short is
// ended by the next round.
func deleteDueSites(ctx context.Context, db *store.Store, now time.Time, gone func()) error {
	sites, err := db.Sites(ctx)
	if err != nil {
		return err
	}
	for _, site := range sites {
		if site.Deletes.IsZero() || now.Before(site.Deletes) {
			continue
		}
		comments := 0
		if err := db.DeleteSite(ctx, site, func(n int) { comments = n }); err != nil {
			return fmt.Errorf("delete the site %s: %w", site.Key, err)
		}
		gone()
		slog.Info("a site was deleted, a day after that was asked for", "site", site.Key, "comments", comments)
		if err := db.Write(ctx, func(discuss.Reader) (discuss.Changes, error) {
			return discuss.Changes{discuss.Entry{Action: "deleted", Kind: "site", Target: site.ID, Note: site.Key}}, nil
		}); err != nil {
			return err
		}
	}
	return nil
}

// DeleteSite removes a site and returns how many comments went with it.
func DeleteSite(ctx context.Context, db *store.Store, key string) (comments int, err error) {
	site, err := db.SiteByKey(ctx, key)
	if err != nil {
		return 0, fmt.Errorf("site %q: %w", key, err)
	}
	if err := db.DeleteSite(ctx, site, func(n int) { comments = n }); err != nil {
		return comments, fmt.Errorf("stopped after %s; run it again to go on: %w", Count(comments, "comment", "comments"), err)
	}
	return comments, Note(ctx, db, 0, "site", "deleted", site.ID, key)
}
