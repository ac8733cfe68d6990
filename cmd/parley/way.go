package main

import (
	"context"
	"fmt"
	"os"

	"parley/internal/app"
	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/store"
)

type wayCmd struct {
	Set  waySetCmd  `cmd:"" help:"Give a site its own keys at a provider, or its own issuer."`
	List wayListCmd `cmd:"" help:"List a site's ways in, and what to register for each."`
	Drop wayDropCmd `cmd:"" help:"Take a site's own keys away."`
}

type ssoCmd struct {
	Key ssoKeyCmd `cmd:"" help:"Make a key that a site signs its readers' tokens with; it is shown once."`
}

// withSite opens the store for a command about one site's ways.
func withSite(s *app.Settings, key string, do func(context.Context, *store.Store, *auth.Service, discuss.Site) error) error {
	db, err := s.Open(store.Options{})
	if err != nil {
		return err
	}
	defer db.Close()
	id := s.Identity(db)
	if id.Providers, err = s.ProviderKeys(); err != nil {
		return err
	}
	if id.Seal, err = s.Sealer(context.Background(), db); err != nil {
		return err
	}
	ctx := context.Background()
	site, err := db.SiteByKey(ctx, key)
	if err != nil {
		return fmt.Errorf("site %q: %w", key, err)
	}
	return do(ctx, db, id, site)
}

type waySetCmd struct {
	Site     string `arg:"" help:"Key of the site."`
	Provider string `arg:"" help:"facebook, google, ... or oidc-NAME."`
	Client   string `help:"Id of the app." required:""`
	Secret   string `help:"Its secret; better given by the variable." required:"" env:"PARLEY_WAY_SECRET"`
	Issuer   string `help:"Address of the issuer, for oidc-NAME."`
	Label    string `help:"What readers call it, for oidc-NAME."`
	Team     string `help:"Apple's team."`
	KeyID    string `name:"key-id" help:"Number of Apple's private key."`
}

// Run keeps the keys, sealed.
func (c *waySetCmd) Run(s *app.Settings) error {
	return withSite(s, c.Site, func(ctx context.Context, db *store.Store, id *auth.Service, site discuss.Site) error {
		if err := id.PutSiteWay(ctx, site.ID, auth.Keys{Provider: c.Provider, Client: c.Client, Secret: c.Secret, Issuer: c.Issuer, Label: c.Label, Team: c.Team, KeyID: c.KeyID}, false); err != nil {
			return err
		}
		return app.Note(ctx, db, site.ID, "settings", "way set", site.ID, c.Provider)
	})
}

type wayListCmd struct {
	Site string `arg:"" help:"Key of the site."`
	table
}

// Run lists the ways in the order that readers see.
func (c *wayListCmd) Run(s *app.Settings) error {
	return withSite(s, c.Site, func(ctx context.Context, _ *store.Store, id *auth.Service, site discuss.Site) error {
		own, err := id.SiteWayList(ctx, site.ID)
		if err != nil {
			return err
		}
		mine := map[string]bool{}
		for _, k := range own {
			mine[k.Provider] = true
		}
		ways, err := id.Ways(ctx, site)
		if err != nil {
			return err
		}
		var rows [][]string
		for _, w := range ways {
			whose, callback := "", ""
			if w.Kind == "provider" {
				whose, callback = "the instance's keys", id.Link("/auth/"+w.ID+"/callback")
				if mine[w.ID] {
					whose = "the site's own keys"
				}
			}
			rows = append(rows, []string{w.ID, w.Label, whose, callback})
		}
		return c.print([]string{"id", "label", "keys", "redirect_address"}, rows)
	})
}

type wayDropCmd struct {
	Site     string `arg:"" help:"Key of the site."`
	Provider string `arg:"" help:"facebook, google, ... or oidc-NAME."`
}

// Run removes them.
func (c *wayDropCmd) Run(s *app.Settings) error {
	return withSite(s, c.Site, func(ctx context.Context, db *store.Store, id *auth.Service, site discuss.Site) error {
		if err := id.DropSiteWay(ctx, site.ID, c.Provider); err != nil {
			return err
		}
		return app.Note(ctx, db, site.ID, "settings", "way removed", site.ID, c.Provider)
	})
}

type ssoKeyCmd struct {
	Site string `arg:"" help:"Key of the site."`
	told
}

// Run prints a new key. The one before goes on working until the next is made.
func (c *ssoKeyCmd) Run(s *app.Settings) error {
	return withSite(s, c.Site, func(ctx context.Context, db *store.Store, id *auth.Service, site discuss.Site) error {
		key, err := id.NewSSOKey(ctx, site.ID)
		if err != nil {
			return err
		}
		if err := app.Note(ctx, db, site.ID, "settings", "sso key made", site.ID, ""); err != nil {
			return err
		}
		if err := c.say(key, map[string]string{"key": key}); err != nil {
			return err
		}
		fmt.Fprintln(os.Stderr, "Sign tokens with it by HS256. It is not shown again; the key before it works until another is made.")
		return nil
	})
}
