package demo

import (
	"context"
	"html/template"
	"net/http"
	"time"

	"parley/internal/app"
	"parley/internal/discuss"
	"parley/internal/store"
	"parley/internal/web"
)

// demoControl is the demo's own page of switches: what the server does, what
// the site takes, who Ines is. It exists in parley demo and nowhere else.
type demoControl struct {
	in   *app.Instance
	page string // origin of the demo's news site
	now  map[string]string
}

var demoTroubles = map[string]*web.Trouble{
	"none": nil, "slow": {Delay: 10 * time.Second}, "down": {Status: 503}, "fast": {Status: 429}, "garbage": {Garbage: true},
}

var demoRoles = map[string]discuss.Role{"member": discuss.Member, "moderator": discuss.Moderator, "admin": discuss.Admin}

var demoHolds = map[string]string{"none": "", "guests": "guests", "all": "all"}

var controlPage = template.Must(template.New("control").Parse(`<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Switches of the demo</title><link rel="stylesheet" href="/demo.css"><header class="bar"><a href="/" class="brand">The Lantern</a></header>
<main><h1>Switches of the demo</h1><p>Set one, then look at <a href="/budget">the budget</a> or <a href="/museum">the museum</a>.</p>
<form method="post">{{range .}}<p><label>{{.Label}} <select name="{{.Name}}">{{$on := .On}}{{range .Choices}}<option{{if eq . $on}} selected{{end}}>{{.}}</option>{{end}}</select></label></p>{{end}}<button>Set</button></form></main></html>`))

type controlSwitch struct {
	Name, Label, On string
	Choices         []string
}

func (d *demoControl) switches() []controlSwitch {
	return []controlSwitch{
		{"server", "The server answers", d.now["server"], []string{"none", "slow", "down", "fast", "garbage"}},
		{"hold", "Comments that wait for a moderator", d.now["hold"], []string{"none", "guests", "all"}},
		{"ines", "Ines Okafor is a", d.now["ines"], []string{"member", "moderator", "admin"}},
	}
}

func newDemoControl(in *app.Instance, page string) *demoControl {
	return &demoControl{in: in, page: page, now: map[string]string{"server": "none", "hold": "none", "ines": "member"}}
}

func (d *demoControl) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodPost {
		if r.Header.Get("Origin") != d.page {
			http.Error(w, "Only from this page.", http.StatusForbidden)
			return
		}
		if err := d.set(r); err != nil {
			http.Error(w, err.Error(), http.StatusUnprocessableEntity)
			return
		}
		http.Redirect(w, r, "/control", http.StatusSeeOther)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = controlPage.Execute(w, d.switches())
}

// set takes the form: what it does not name stays.
func (d *demoControl) set(r *http.Request) error {
	ctx := r.Context()
	if v := r.FormValue("server"); v != "" {
		t, ok := demoTroubles[v]
		if !ok {
			return discuss.Bad("server", "is not a kind of trouble")
		}
		d.in.Server.SetTrouble(t)
		d.now["server"] = v
	}
	if v := r.FormValue("hold"); v != "" {
		hold, ok := demoHolds[v]
		if !ok {
			return discuss.Bad("hold", "must be none, guests or all")
		}
		if err := setHold(ctx, d.in.DB, hold); err != nil {
			return err
		}
		d.in.Server.InvalidateCaches()
		d.now["hold"] = v
	}
	if v := r.FormValue("ines"); v != "" {
		role, ok := demoRoles[v]
		if !ok {
			return discuss.Bad("ines", "must be member, moderator or admin")
		}
		if err := setDemoRole(ctx, d.in.DB, demoPeople[0].email, demoPeople[0].name, role); err != nil {
			return err
		}
		d.now["ines"] = v
	}
	return nil
}

func setHold(ctx context.Context, db *store.Store, hold string) error {
	site, err := db.SiteByKey(ctx, demoSite)
	if err != nil {
		return err
	}
	site.Settings.Hold = hold
	_, err = db.PutSite(ctx, site)
	return err
}

func setDemoRole(ctx context.Context, db *store.Store, email, name string, role discuss.Role) error {
	site, err := db.SiteByKey(ctx, demoSite)
	if err != nil {
		return err
	}
	acc, err := db.AccountByEmail(ctx, email)
	if err != nil {
		return err
	}
	return db.SetRole(ctx, site.ID, acc.ID, name, role)
}
