package main

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"os"
	"slices"
	"strings"

	"parley/internal/app"
	"parley/internal/discuss"
	"parley/internal/store"
	"parley/internal/weburl"
)

type siteCmd struct {
	Add    siteAddCmd    `cmd:"" help:"Add a site."`
	List   siteListCmd   `cmd:"" help:"List the sites."`
	Set    siteSetCmd    `cmd:"" help:"Change a site."`
	Delete siteDeleteCmd `cmd:"" aliases:"rm" help:"Delete a site with every comment on it, a day from now."`
}

type siteAddCmd struct {
	Key    string   `arg:"" help:"Key, as in the embed's site attribute."`
	Name   string   `help:"Name that readers see." required:""`
	Origin []string `help:"Origin of its pages, like https://news.example.com; repeatable." required:""`
	Guests bool     `help:"Guests may comment."`
	Preset string   `help:"What to begin with: blog (guests may write and wait, votes up only, closes after 90 days) or newsroom (accounts only, shown at once)." enum:",blog,newsroom" default:""`
	Hold   string   `help:"What waits for a moderator: none, newcomers, guests, links or all; newcomers, unless the preset says otherwise." enum:",none,newcomers,guests,links,all" default:""`
}

// Run adds the site.
func (c *siteAddCmd) Run(s *app.Settings) error {
	return withStore(s, func(ctx context.Context, db *store.Store) error {
		sayCut(os.Stderr, c.Origin)
		return sayTwins(ctx, db, c.Key, app.NewSite(ctx, db, c.Key, c.Name, c.Origin, c.change))
	})
}

// change makes of the defaults what the flags say.
func (c *siteAddCmd) change(v *discuss.Settings) error {
	err := v.Preset(c.Preset)
	v.Guests = v.Guests || c.Guests
	if c.Hold != "" {
		v.Hold = strings.TrimPrefix(c.Hold, "none")
	}
	return err
}

type siteDeleteCmd struct {
	Key     string `arg:"" help:"Key of the site."`
	Confirm string `help:"The key once more: nothing brings a deleted site back but a backup or an export." placeholder:"KEY"`
	Now     bool   `help:"At once, without the day in which any of its admins can call it off."`
	Off     bool   `help:"Call it off: the site stays."`
}

// Run deletes the site, or begins the day after which the server does.
func (c *siteDeleteCmd) Run(s *app.Settings) error {
	if c.Off {
		return withExisting(s, func(ctx context.Context, db *store.Store) error {
			_, err := app.ActOnSite(ctx, db, c.Key, discuss.SiteKeep)
			if err == nil {
				fmt.Printf("The site %s stays.\n", c.Key)
			}
			return err
		})
	}
	if c.Confirm != c.Key {
		return fmt.Errorf("confirm: must be %q, the key of the site that goes", c.Key)
	}
	if !c.Now {
		return withExisting(s, func(ctx context.Context, db *store.Store) error {
			site, err := app.ActOnSite(ctx, db, c.Key, discuss.SiteDelete)
			if err == nil {
				fmt.Printf("The server deletes the site %s after %s; until then it is read only, and its admins are told. parley site rm %s --off calls it off.\n",
					c.Key, site.Deletes.UTC().Format("2006-01-02 15:04 UTC"), c.Key)
			}
			return err
		})
	}
	db, err := s.OpenExisting()
	if err != nil {
		return err
	}
	defer db.Close()
	n, err := app.DeleteSite(context.Background(), db, c.Key)
	if err != nil {
		return err
	}
	if err := s.WriteLedger(context.Background(), db); err != nil {
		fmt.Fprintln(os.Stderr, "The site is deleted, and the ledger beside the backups does not say so yet:", err)
	}
	fmt.Printf("Deleted the site %s with %s.\n", c.Key, app.Count(n, "comment", "comments"))
	return nil
}

type siteListCmd struct{ table }

// Run lists the sites.
func (c *siteListCmd) Run(s *app.Settings) error {
	db, err := s.OpenExisting()
	if err != nil {
		return err
	}
	defer db.Close()
	sites, err := db.Sites(context.Background())
	if err != nil {
		return err
	}
	var rows [][]string
	for _, v := range sites {
		state := ""
		switch {
		case !v.Deletes.IsZero():
			state = "deleted after " + v.Deletes.UTC().Format("2006-01-02 15:04 UTC")
		case !v.Archived.IsZero():
			state = "archived"
		}
		rows = append(rows, []string{v.Key, c.name(v.Name), weburl.ShownAll(v.Origins), state})
	}
	return c.print([]string{"key", "name", "origins", "state"}, rows)
}

type siteSetCmd struct {
	Key    string   `arg:"" help:"Key of the site."`
	Name   string   `help:"New name."`
	Origin []string `help:"The whole new list of origins; repeatable."`
	Guests *bool    `help:"Guests may comment." negatable:""`

	AddOrigin    []string `help:"Add an origin to the list; repeatable." placeholder:"ORIGIN"`
	RemoveOrigin []string `help:"Take an origin off the list; repeatable." placeholder:"ORIGIN"`

	Archive     *bool    `help:"Keep it for reading alone, or open it again." negatable:""`
	ClosedPath  []string `help:"The whole list of paths whose pages take no comments, like /court/*; repeatable, one empty one is none." placeholder:"PATH"`
	Team        *string  `help:"Name that members of staff may write under instead of their own; empty for none." placeholder:"NAME"`
	SSOLogin    *string  `name:"sso-login" help:"The site's own log-in page, for readers that it signs in itself; empty for none."`
	SSORoles    *bool    `name:"sso-roles" help:"The site's tokens may make moderators." negatable:""`
	StaffSecond *bool    `name:"staff-second" help:"Moderators and admins need a passkey or a second factor." negatable:""`

	Challenge *bool   `help:"A guest's browser works before a comment that looks risky is taken." negatable:""`
	Hold      *string `help:"What waits for a moderator: none, newcomers, guests, links or all." enum:"none,newcomers,guests,links,all"`
	Images    string  `help:"Who may add images to comments: off, trusted or members." enum:",off,trusted,members" default:""`
	Blur      string  `name:"blur-images" help:"Whose images show on a click alone: newcomers, all or off." enum:",newcomers,all,off" default:""`
	Threads   string  `help:"Whose word makes a thread: any (anybody's), fetched (the page's, which carries the tag) or announced (yours)." enum:",any,fetched,announced" default:""`
	Ask       *bool   `name:"ask-standards" help:"People accept the standards before they write, and again when they change." negatable:""`
	Presence  *bool   `help:"Readers are shown how many of them there are." negatable:""`
	View      string  `help:"What a new reader sees: threads or flat." enum:",threads,flat" default:""`
	Sort      string  `help:"The order a new reader sees." enum:",best,newest,oldest,controversial" default:""`
}

// Run changes the site.
func (c *siteSetCmd) Run(s *app.Settings) error {
	return withStore(s, func(ctx context.Context, db *store.Store) error {
		sayCut(os.Stderr, slices.Concat(c.Origin, c.AddOrigin))
		err := app.ChangeSite(ctx, db, c.Key, c.apply)
		if err == nil && c.StaffSecond != nil && *c.StaffSecond {
			err = sayNoSecond(ctx, db, c.Key)
		}
		if err != nil || c.Archive == nil {
			return sayTwins(ctx, db, c.Key, err)
		}
		act := discuss.SiteReopen
		if *c.Archive {
			act = discuss.SiteArchive
		}
		_, err = app.ActOnSite(ctx, db, c.Key, act)
		return sayTwins(ctx, db, c.Key, err)
	})
}

// sayNoSecond warns where a site asks its team for what none of its admins has:
// nobody moderates until somebody has set one up.
func sayNoSecond(ctx context.Context, db *store.Store, key string) error {
	site, err := db.SiteByKey(ctx, key)
	if err != nil {
		return err
	}
	if has, err := db.SecondAdmin(ctx, site.ID); err != nil || has {
		return err
	}
	fmt.Fprintln(os.Stderr, "No admin of "+key+" has a passkey or a second factor yet: until one is set up at /account, nobody decides or changes anything there.")
	return nil
}

// sayCut says that of an address its host alone counts, where more was given.
func sayCut(to io.Writer, origins []string) {
	for _, o := range origins {
		clean, err := discuss.Origin(o)
		if err != nil {
			continue // it is refused
		}
		if _, rest, _ := strings.Cut(o, "://"); strings.ContainsAny(strings.TrimSuffix(rest, "/"), "/?#") {
			fmt.Fprintf(to, "An origin has no path: of %s all pages at %s count.\n", o, weburl.Shown(clean))
		}
	}
}

// sayTwins names the addresses that are easily forgotten beside a site's own,
// unless changing the site has failed.
func sayTwins(ctx context.Context, db *store.Store, key string, err error) error {
	if err != nil {
		return err
	}
	site, err := db.SiteByKey(ctx, key)
	if err != nil {
		return err
	}
	for _, o := range site.Origins {
		if twin := discuss.Twin(o); twin != "" && !slices.Contains(site.Origins, twin) {
			fmt.Fprintf(os.Stderr, "Pages at %s would be refused. If your site answers there too: parley site set %s --add-origin %s\n", weburl.Shown(twin), key, twin)
		}
	}
	return nil
}

// apply changes a site as the flags say.
func (c *siteSetCmd) apply(site *discuss.Site) error {
	if c.Name != "" {
		site.Name = c.Name
	}
	if err := c.origins(site); err != nil {
		return err
	}
	if err := c.signIn(&site.Settings.SignIn); err != nil {
		return err
	}
	if c.Guests != nil {
		site.Settings.Guests = *c.Guests
	}
	if c.Ask != nil {
		site.Settings.AskStandards = *c.Ask
	}
	if c.Presence != nil {
		site.Settings.Presence = *c.Presence
	}
	if c.Challenge != nil {
		site.Settings.Moderation.Challenge = *c.Challenge
	}
	if c.Hold != nil {
		site.Settings.Hold = strings.TrimPrefix(*c.Hold, "none")
	}
	if c.ClosedPath != nil {
		site.Settings.ClosedPaths = slices.DeleteFunc(c.ClosedPath, func(p string) bool { return p == "" })
	}
	if c.Team != nil {
		site.Settings.Team = *c.Team
	}
	if c.Images != "" {
		site.Settings.Images = strings.TrimPrefix(c.Images, "off")
	}
	if c.Blur != "" {
		site.Settings.BlurImages = c.Blur
	}
	if c.Threads != "" {
		site.Settings.Threads = c.Threads
	}
	if c.View != "" {
		site.Settings.View = discuss.View(c.View)
	}
	if c.Sort != "" {
		site.Settings.Sort = discuss.Sort(c.Sort)
	}
	return nil
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
