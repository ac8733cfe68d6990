package main

import (
	"context"
	"fmt"
	"net/url"
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
	_, err = addSite(ctx, db, c.Key, c.Name, c.Origin, func(v *discuss.Settings) { v.Guests = c.Guests })
	return err
}

func addSite(ctx context.Context, db *store.Store, key, name string, origins []string, change func(*discuss.Settings)) (discuss.Site, error) {
	if !validKey(key) {
		return discuss.Site{}, fmt.Errorf("key: must be 1 to 64 of a-z, 0-9 and -")
	}
	site := discuss.Site{Key: key, Name: name, Settings: discuss.DefaultSettings()}
	for _, o := range origins {
		clean, err := origin(o)
		if err != nil {
			return site, err
		}
		site.Origins = append(site.Origins, clean)
	}
	if change != nil {
		change(&site.Settings)
	}
	return db.PutSite(ctx, site)
}

func validKey(key string) bool {
	return key != "" && len(key) <= 64 && strings.Trim(key, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

// origin checks and lower-cases scheme://host[:port].
func origin(s string) (string, error) {
	u, err := url.Parse(strings.ToLower(s))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return "", fmt.Errorf("origin: %q is not of the form https://host[:port]", s)
	}
	host := u.Host
	if u.Scheme == "https" {
		host = strings.TrimSuffix(host, ":443")
	} else {
		host = strings.TrimSuffix(host, ":80")
	}
	return u.Scheme + "://" + host, nil
}

type siteListCmd struct{}

// Run lists the sites.
func (siteListCmd) Run(s *settings) error {
	db, err := s.open(store.Options{})
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
	Origin []string `help:"New list of origins; repeatable."`
	Guests *bool    `help:"Guests may comment." negatable:""`
	Hold   *string  `help:"What waits for a moderator: none, guests or all." enum:"none,guests,all"`
	View   string   `help:"What a new reader sees: threads or flat." enum:",threads,flat" default:""`
	Sort   string   `help:"The order a new reader sees." enum:",best,newest,oldest,controversial" default:""`
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
	if c.Name != "" {
		site.Name = c.Name
	}
	if len(c.Origin) > 0 {
		site.Origins = nil
		for _, o := range c.Origin {
			clean, err := origin(o)
			if err != nil {
				return err
			}
			site.Origins = append(site.Origins, clean)
		}
	}
	if c.Guests != nil {
		site.Settings.Guests = *c.Guests
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
	_, err = db.PutSite(ctx, site)
	return err
}
