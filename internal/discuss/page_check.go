package discuss

import (
	"context"
	"net/url"
	"strings"
	"time"
)

// What a page that was asked did not answer as it should.
const (
	PageGone      = "gone"      // 404 or 410
	PageMoved     = "moved"     // it leads to another page of the site
	PageElsewhere = "elsewhere" // it leads away from the site, or to where it begins
	PageFailed    = "failed"    // no answer, or an error
)

// MaxCheckedPages bounds one check: at a page a second it takes hours.
const MaxCheckedPages = 10_000

// CheckedPage is a thread whose page does not answer as it should.
type CheckedPage struct {
	Thread   ID
	Key      string
	Title    string
	Comments int
	Page     string // that was asked
	Answer   string // one of the above
	Status   int    // of HTTP; 0: no answer
	To       string // where it leads; "" nowhere
	NewKey   string // of a page of the site that it leads to; "" none
	Into     ID     // the thread that has that key: the two could be merged; 0: it could be renamed
}

// PageCheck is how far a check of a site's pages is.
type PageCheck struct {
	Running     bool
	Began, End  time.Time // zero: never
	Done, Total int
	Unasked     int  // threads without a page on the site's origins
	Cut         bool // there were more than MaxCheckedPages
	Stopped     bool // before it was through
	Rows        []CheckedPage
}

// PageToAsk is the address at which a thread's page stands, if that is on one of
// the site's origins.
func PageToAsk(site Site, th Thread) string {
	if page := pageURL(site, th.URL); page != "" {
		return page
	}
	return pageURL(site, th.Key)
}

// Leads fills in what may be done about a page that leads to another address.
func (s *Service) Leads(ctx context.Context, site Site, p *CheckedPage) error {
	key, ok := ThreadKeyFromURL(p.To)
	u, err := url.Parse(p.To)
	if !ok || err != nil || pageURL(site, p.To) == "" || strings.Trim(u.Path, "/") == "" {
		p.Answer = PageElsewhere // the front page is where lost pages are sent
		return nil
	}
	other, err := s.Store.ThreadByKey(ctx, site.ID, key)
	switch {
	case KindOf(err) == NotFound:
	case err != nil:
		return err
	case other.ID == p.Thread:
		p.Answer = "" // it answers to that address already
		return nil
	default:
		p.Into = other.ID
	}
	p.Answer = PageMoved
	if _, ok := ThreadKeyFromURL(p.Key); ok { // else its key is a name of the publisher's own, which the page has there too
		p.NewKey = key
	} else {
		p.Into = 0
	}
	return nil
}

// PagesToAsk are the threads of a site whose pages a check asks, oldest first.
func (s *Service) PagesToAsk(ctx context.Context, site Site) (list []Thread, unasked int, cut bool, err error) {
	q := RemapQuery{Site: site.ID, Limit: remapPage}
	for {
		some, err := s.Store.ThreadsByAge(ctx, q)
		if err != nil {
			return nil, 0, false, err
		}
		for _, th := range some {
			switch {
			case PageToAsk(site, th) == "":
				unasked++
			case len(list) == MaxCheckedPages:
				cut = true
			default:
				list = append(list, th)
			}
		}
		if len(some) < q.Limit {
			return list, unasked, cut, nil
		}
		last := some[len(some)-1]
		q.After = Cursor{Sort: SortOldest, Key: float64(last.Created.UnixMilli()), ID: last.ID}
	}
}

// MayCheckPages refuses whoever may not have the pages of a site asked.
func MayCheckPages(who Actor) error { return allow(who, ActThread) }
