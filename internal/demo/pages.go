package demo

import (
	"context"
	"html/template"
	"io/fs"
	"net/http"
	"net/url"
	"strings"
	"time"

	"parley/internal/discuss"
	"parley/internal/store"
	"parley/static"
)

// story is a page of the demo's news site.
type story struct {
	Server string
	Path   string
	Title  string
	Kicker string
	Lead   string
	Text   []string
	Thread string            // the embed's thread attribute
	Attrs  map[string]string // the embed's other attributes
	List   []story           // the archive's index
}

var stories = []story{
	{
		Path: "/", Thread: "ferries", Kicker: "Transport · 21 November 2016", Title: "Harbour ferries will run all night in a one-year trial",
		Lead: "Three boats will cross every forty minutes between midnight and five, starting in January.",
		Text: []string{
			"The harbour has been closed to passengers after midnight since the last night boat was withdrawn nine years ago. From 4 January it will be open again, for a year, while the city counts who comes.",
			"Boats will call at Eastgate, Customs Quay and the Lock. Fares stay the same as by day. A decision on keeping the service is due the following spring.",
		},
		Attrs: map[string]string{"view": "flat", "sort": "newest", "page-size": "5"},
	},
	{
		Path: "/budget", Thread: "budget", Kicker: "City hall", Title: budgetTitle,
		Lead: "Eleven hours, 412 amendments, and a reserve fund that three sides claim.",
		Text: []string{"The second reading begins on Thursday. What has been agreed so far, and what has not, is in the annex."},
	},
	{Path: "/museum", Thread: "museum", Kicker: "Culture", Title: "The tram museum opens its doors on Sundays", Lead: "Nobody has written a word here yet."},
}

// demoPages is the news site: another origin than the server, as in real life.
// Beside its own stories it shows a page for every link of the archive.
func demoPages(ctx context.Context, db *store.Store, server string) (http.Handler, error) {
	page, err := template.ParseFS(static.Files, "demo/page.html")
	if err != nil {
		return nil, err
	}
	site, err := db.SiteByKey(ctx, demoSite)
	if err != nil {
		return nil, err
	}
	css, err := fs.ReadFile(static.Files, "demo/demo.css")
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /favicon.ico", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("GET /demo.css", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/css; charset=utf-8")
		_, _ = w.Write(css)
	})
	show := func(path string, v story) {
		v.Server, v.Path = server, path
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Header().Set("Last-Modified", time.Now().UTC().Format(http.TimeFormat))
			_ = page.Execute(w, v)
		})
	}
	for _, v := range stories {
		path := v.Path
		if path == "/" {
			path = "/{$}"
		}
		show(path, v)
	}
	old, err := archived(ctx, db, site)
	if err != nil {
		return nil, err
	}
	for _, v := range old {
		path := v.Path
		if strings.HasSuffix(path, "/") {
			path += "{$}"
		}
		show(path, v)
	}
	show("/archive", story{Kicker: "Archive", Title: "Pages whose comments came from a Disqus export", List: old})
	return mux, nil
}

// archived lists a page for every imported thread that has a link.
func archived(ctx context.Context, db *store.Store, site discuss.Site) ([]story, error) {
	var out []story
	err := db.Export(ctx, site.ID, threadsOnly{func(t discuss.ArchiveThread) {
		u, err := url.Parse(t.URL)
		if err != nil || u.Host == "" || len(u.Path) < 2 || t.Key != t.URL {
			return
		}
		out = append(out, story{Path: u.EscapedPath(), Thread: u.RequestURI(), Title: t.Title, Kicker: "Archive", Lead: "An old page; its discussion moved here with it."})
	}})
	return out, err
}

// threadsOnly takes the threads of an export and leaves the rest.
type threadsOnly struct{ take func(discuss.ArchiveThread) }

func (o threadsOnly) Thread(t discuss.ArchiveThread) error { o.take(t); return nil }
func (threadsOnly) Person(discuss.ArchivePerson) error     { return nil }
func (threadsOnly) Comment(discuss.ArchiveComment) error   { return nil }
