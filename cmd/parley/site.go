package main

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"parley/internal/discuss"
	"parley/internal/store"
)

type siteCmd struct {
	Add  siteAddCmd  `cmd:"" help:"Add a site."`
	List siteListCmd `cmd:"" help:"List the sites."`
	Set  siteSetCmd  `cmd:"" help:"Change a site."`
}

type siteAddCmd struct {
	Key    string   `arg:"" help:"Key, as in the embed's site attribute."`
	Name   string   `help:"Name that readers see." required:""`
	Origin []string `help:"Origin of its pages, like https://news.example.com; repeatable." required:""`
	Guests bool     `help:"Guests may comment."`
}

// Run adds the site.
func (c *siteAddCmd) Run(s *settings) error {
	db, err := s.open(store.Options{})
	if err != nil {
		return err
	}
	defer db.Close()
	ctx := context.Background()
	if _, err := db.SiteByKey(ctx, c.Key); err == nil {
		return fmt.Errorf("there is a site %q already", c.Key)
	}
	site, err := addSite(ctx, db, c.Key, c.Name, c.Origin, func(v *discuss.Settings) { v.Guests = c.Guests })
	if err != nil {
		return err
	}
	return db.Update(ctx, func(tx discuss.Tx) error {
		return tx.Audit(discuss.Entry{Site: site.ID, Action: "site", Kind: "settings", Target: site.ID, Note: "on the server", After: site.Name + ": " + strings.Join(site.Origins, " ")})
	})
}

func addSite(ctx context.Context, db *store.Store, key, name string, origins []string, change func(*discuss.Settings)) (discuss.Site, error) {
	site, err := discuss.NewSite(key, name, origins)
	if err != nil {
		return site, err
	}
	if change != nil {
		change(&site.Settings)
	}
	return db.PutSite(ctx, site)
}

type siteListCmd struct{}

// Run lists the sites.
func (siteListCmd) Run(s *settings) error {
	db, err := s.existing()
	if err != nil {
		return err
	}
	defer db.Close()
	sites, err := db.Sites(context.Background())
	if err != nil {
		return err
	}
	for _, v := range sites {
		fmt.Printf("%s\t%s\t%s\n", v.Key, v.Name, strings.Join(v.Origins, " "))
	}
	return nil
}

type siteSetCmd struct {
	Key    string   `arg:"" help:"Key of the site."`
	Name   string   `help:"New name."`
	Origin []string `help:"The whole new list of origins; repeatable."`
	Guests *bool    `help:"Guests may comment." negatable:""`

	AddOrigin    []string `help:"Add an origin to the list; repeatable." placeholder:"ORIGIN"`
	RemoveOrigin []string `help:"Take an origin off the list; repeatable." placeholder:"ORIGIN"`

	SSOLogin    *string `name:"sso-login" help:"The site's own log-in page, for readers that it signs in itself; empty for none."`
	SSORoles    *bool   `name:"sso-roles" help:"The site's tokens may make moderators." negatable:""`
	StaffSecond *bool   `name:"staff-second" help:"Moderators and admins need a passkey or a second factor." negatable:""`

	Challenge *bool   `help:"A guest's browser works before a comment that looks risky is taken." negatable:""`
	Hold      *string `help:"What waits for a moderator: none, newcomers, guests, links or all." enum:"none,newcomers,guests,links,all"`
	View      string  `help:"What a new reader sees: threads or flat." enum:",threads,flat" default:""`
	Sort      string  `help:"The order a new reader sees." enum:",best,newest,oldest,controversial" default:""`
}

// Run changes the site.
func (c *siteSetCmd) Run(s *settings) error {
	db, err := s.open(store.Options{})
	if err != nil {
		return err
	}
	defer db.Close()
	ctx := context.Background()
	site, err := db.SiteByKey(ctx, c.Key)
	if err != nil {
		return fmt.Errorf("site %q: %w", c.Key, err)
	}
	old := site
	if c.Name != "" {
		site.Name = c.Name
	}
	if err := c.origins(&site); err != nil {
		return err
	}
	if err := c.signIn(&site.Settings.SignIn); err != nil {
		return err
	}
	if c.Guests != nil {
		site.Settings.Guests = *c.Guests
	}
	if c.Challenge != nil {
		site.Settings.Moderation.Challenge = *c.Challenge
	}
	if c.Hold != nil {
		site.Settings.Hold = strings.TrimPrefix(*c.Hold, "none")
	}
	if c.View != "" {
		site.Settings.View = discuss.View(c.View)
	}
	if c.Sort != "" {
		site.Settings.Sort = discuss.Sort(c.Sort)
	}
	clean, err := discuss.NewSite(site.Key, site.Name, site.Origins)
	if err != nil {
		return err
	}
	site.Name, site.Origins = clean.Name, clean.Origins
	if err := site.Settings.Validate(); err != nil {
		return err
	}
	before, after := discuss.Changes(old, site)
	return db.Update(ctx, func(tx discuss.Tx) error {
		if err := tx.PutSite(site); err != nil || after == "" {
			return err
		}
		return tx.Audit(discuss.Entry{Site: site.ID, Action: "settings", Kind: "settings", Target: site.ID, Note: "on the server", Before: before, After: after})
	})
}

// origins changes the list of origins as the flags say.
func (c *siteSetCmd) origins(site *discuss.Site) error {
	if len(c.Origin) > 0 {
		site.Origins = nil
	}
	for _, o := range slices.Concat(c.Origin, c.AddOrigin) {
		clean, err := discuss.Origin(o)
		if err != nil {
			return err
		}
		if !slices.Contains(site.Origins, clean) {
			site.Origins = append(site.Origins, clean)
		}
	}
	for _, o := range c.RemoveOrigin {
		clean, err := discuss.Origin(o)
		if err != nil {
			return err
		}
		at := slices.Index(site.Origins, clean)
		if at < 0 {
			return fmt.Errorf("remove-origin: %s is not on the list", clean)
		}
		site.Origins = slices.Delete(site.Origins, at, at+1)
	}
	return nil
}

func (c *siteSetCmd) signIn(v *discuss.SignIn) error {
	if c.SSOLogin != nil {
		u, err := url.Parse(*c.SSOLogin)
		if *c.SSOLogin != "" && (err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http") {
			return fmt.Errorf("sso-login: %q is not an address", *c.SSOLogin)
		}
		v.SSOLogin = *c.SSOLogin
	}
	if c.SSORoles != nil {
		v.SSORoles = *c.SSORoles
	}
	if c.StaffSecond != nil {
		v.StaffSecond = *c.StaffSecond
	}
	return nil
}
