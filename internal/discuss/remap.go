package discuss

import (
	"context"
	"errors"
	"net/url"
	"strings"
)

// Remap moves pages to other addresses: what stands for * on the left stands
// for it on the right. Make one with ParseRemap.
type Remap struct {
	From, To string
	paths    bool // of paths alone, on every host
}

// ParseRemap reads a pattern and what becomes of it: two paths, like /blog/* and
// /news/*, or two whole addresses, like http://old.example/* and
// https://new.example/*. Each may hold one *.
func ParseRemap(from, to string) (Remap, error) {
	m := Remap{From: strings.TrimSpace(from), To: strings.TrimSpace(to)}
	for name, s := range map[string]string{"from": m.From, "to": m.To} {
		switch {
		case s == "" || len(s) > MaxKeyBytes || hasControl(s) || strings.ContainsAny(s, " #"):
			return m, Bad(name, "must be a path like /blog/*, or an address like https://news.example/*")
		case strings.Count(s, "*") > 1:
			return m, Bad(name, "may hold one * only")
		}
	}
	m.paths = strings.HasPrefix(m.From, "/")
	if m.paths != strings.HasPrefix(m.To, "/") {
		return m, Bad("to", "must be a path where from is one, and a whole address where from is one")
	}
	if strings.Contains(m.To, "*") && !strings.Contains(m.From, "*") {
		return m, Bad("to", "may hold a * only where from does")
	}
	if !m.paths {
		var ok bool
		if m.From, ok = cleanPattern(m.From); !ok {
			return m, Bad("from", "must be a path like /blog/*, or an http or https address")
		}
		if m.To, ok = cleanPattern(m.To); !ok {
			return m, Bad("to", "must be a path like /news/*, or an http or https address")
		}
	}
	if m.From == m.To {
		return m, Bad("to", "must differ from what it is now")
	}
	return m, nil
}

// cleanPattern writes scheme and host of an address as keys have them.
func cleanPattern(s string) (string, bool) {
	scheme, rest, ok := strings.Cut(s, "://")
	scheme = strings.ToLower(scheme)
	if !ok || rest == "" || scheme != "http" && scheme != "https" {
		return s, false
	}
	host, path := rest, "/"
	if at := strings.IndexAny(rest, "/?"); at >= 0 {
		host, path = rest[:at], rest[at:]
	} else if strings.HasSuffix(host, "*") {
		path = "" // every host of that beginning, or of all: http://* is all of http
	}
	host = strings.ToLower(host)
	port := map[string]string{"http": ":80", "https": ":443"}[scheme]
	return scheme + "://" + strings.TrimSuffix(host, port) + path, host != ""
}

// Apply gives a key its new one; no where it is not one of those that move.
// Nothing moves to a path with a slash that is there already.
func (m Remap) Apply(key string) (string, bool) {
	if !m.paths {
		to, ok := m.swap(key)
		return to, ok && to != key && !doubles(key, to)
	}
	before, path, after := "", key, ""
	if u, err := url.Parse(key); err == nil && u.Host != "" {
		at := strings.Index(key, "://") + len("://")
		if slash := strings.IndexByte(key[at:], '/'); slash >= 0 {
			before, path = key[:at+slash], key[at+slash:]
		} else {
			before, path = key, "/"
		}
	} else if !strings.HasPrefix(key, "/") {
		return key, false // a name of the publisher's own: it has no path
	}
	if q := strings.IndexByte(path, '?'); q >= 0 && !strings.Contains(m.From, "?") {
		path, after = path[:q], path[q:]
	}
	to, ok := m.swap(path)
	to = before + to + after
	return to, ok && to != key && !doubles(key, to)
}

func (m Remap) swap(s string) (string, bool) {
	before, after, wild := strings.Cut(m.From, "*")
	if !wild {
		return m.To, s == m.From
	}
	if len(s) < len(before)+len(after) || !strings.HasPrefix(s, before) || !strings.HasSuffix(s, after) {
		return s, false
	}
	to := strings.Replace(m.To, "*", s[len(before):len(s)-len(after)], 1)
	return to, len(to) <= MaxKeyBytes
}

// doubles reports that a new address has two slashes where the old one had one.
func doubles(was, is string) bool {
	path := func(s string) int {
		if _, rest, ok := strings.Cut(s, "://"); ok {
			s = rest
		}
		return strings.Count(s, "//")
	}
	return path(is) > path(was)
}

// RenameThread gives a thread another first key; the old one leads to it all the
// same. URL is where its page stands by now; "" leaves it.
type RenameThread struct {
	Site, Thread  ID
	Key, Was, URL string
}

func (RenameThread) change() {}

// What becomes of a page in a remap.
const (
	RemapRename = "rename" // it gets the new key
	RemapMerge  = "merge"  // that page has a discussion: they become one
	RemapClash  = "clash"  // that page has a discussion, and merging was not asked for

	RemapForeign = "foreign" // it is left: the new address is none of the site's
)

// Remapped is one page of a remap.
type Remapped struct {
	Thread   ID
	From, To string
	Title    string
	Comments int
	Does     string
	Into     ID     // the thread that has the new key
	Undo     string // of a merge; "" where it cannot be undone
	Running  bool   // a merge that goes on by itself
}

// RemapDone is what a remap has done, or would do.
type RemapDone struct {
	Rows                     []Remapped // the first MaxRemapRows
	Renamed, Merged, Clashes int
	Foreign                  int
	Next                     Cursor // where it goes on; zero at the end
}

// Limits of a remap.
const (
	MaxRemapRows  = 100 // that are shown
	RemapAtOnce   = 2000
	remapPerWrite = 100
	remapPage     = 500
)

// RemapQuery asks for pages of a site by keyset, oldest first.
type RemapQuery struct {
	Site  ID
	After Cursor
	Limit int
}

// RemapPlan says what a remap would do with all pages of a site. merge is whether
// it may merge.
func (s *Service) RemapPlan(ctx context.Context, site Site, who Actor, m Remap, merge bool) (out RemapDone, err error) {
	if err := allow(who, ActThread); err != nil {
		return out, err
	}
	return s.PlanRemap(ctx, site, m, merge)
}

// PlanRemap is RemapPlan by a command on the server.
func (s *Service) PlanRemap(ctx context.Context, site Site, m Remap, merge bool) (out RemapDone, err error) {
	if err := m.onSite(site); err != nil {
		return out, err
	}
	new := map[string]ID{} // keys that pages before it have got
	q := RemapQuery{Site: site.ID, Limit: remapPage}
	for {
		list, err := s.Store.ThreadsByAge(ctx, q)
		if err != nil {
			return out, err
		}
		for _, th := range list {
			to, ok := m.Apply(th.Key)
			if !ok {
				continue
			}
			row := Remapped{Thread: th.ID, From: th.Key, To: to, Title: th.Title, Comments: th.Count, Does: RemapRename}
			if foreignKey(site, to) {
				row.Does = RemapForeign
				out.add(row, merge)
				continue
			}
			if row.Into = new[to]; row.Into == 0 {
				other, err := s.Store.ThreadByKey(ctx, site.ID, to)
				if err != nil && KindOf(err) != NotFound {
					return out, err
				}
				if err == nil && other.ID != th.ID {
					row.Into = other.ID
				}
			}
			if row.Into == 0 {
				new[to] = th.ID
			}
			out.add(row, merge)
		}
		if len(list) < q.Limit {
			return out, nil
		}
		last := list[len(list)-1]
		q.After = Cursor{Sort: SortOldest, Key: float64(last.Created.UnixMilli()), ID: last.ID}
	}
}

// onSite refuses to move pages to where the site has none.
func (m Remap) onSite(site Site) error {
	if m.paths {
		return nil
	}
	rest := m.To[strings.Index(m.To, "://")+len("://"):]
	host, _, _ := strings.Cut(rest, "/")
	if strings.Contains(host, "*") {
		return nil
	}
	if pageURL(site, strings.Replace(m.To, "*", "", 1)) == "" {
		return Bad("to", "must be a page of the site: its origin is not on the site's list")
	}
	return nil
}

// foreignKey reports that a key is an address on none of the site's origins: a
// pattern of paths alone fits pages on every host.
func foreignKey(site Site, key string) bool {
	u, err := url.Parse(key)
	return err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https") && pageURL(site, key) == ""
}

func (d *RemapDone) add(row Remapped, merge bool) {
	switch {
	case row.Does == RemapForeign:
		d.Foreign++
	case row.Into == 0:
		d.Renamed++
	case merge:
		row.Does = RemapMerge
		d.Merged++
	default:
		row.Does = RemapClash
		d.Clashes++
	}
	if len(d.Rows) < MaxRemapRows {
		d.Rows = append(d.Rows, row)
	}
}

// Remap moves the pages of a site that stand after a place, at most RemapAtOnce:
// old keys lead to the new ones. Where a new one is another page's, the two are
// merged if that is asked for, else the page is left.
func (s *Service) Remap(ctx context.Context, site Site, who Actor, m Remap, merge bool, after Cursor) (out RemapDone, err error) {
	if err := allow(who, ActThread); err != nil {
		return out, err
	}
	return s.remap(ctx, site, m, after, merge, "", func(r Reader, ch *Changes) (Author, error) { return member(r, ch, site, who) },
		func(from, into ID) (Merged, error) { return s.Merge(ctx, site, who, from, into) })
}

// RemapOnServer is Remap by a command on the server.
func (s *Service) RemapOnServer(ctx context.Context, site Site, m Remap, merge bool, after Cursor, note string) (RemapDone, error) {
	return s.remap(ctx, site, m, after, merge, note, func(Reader, *Changes) (Author, error) { return Author{}, nil },
		func(from, into ID) (Merged, error) { return s.MergeOnServer(ctx, site, from, into, note, nil) })
}

func (s *Service) remap(ctx context.Context, site Site, m Remap, after Cursor, merge bool, note string, by func(Reader, *Changes) (Author, error), join func(from, into ID) (Merged, error)) (out RemapDone, err error) {
	if err := m.onSite(site); err != nil {
		return out, err
	}
	var found []Thread
	q := RemapQuery{Site: site.ID, After: after, Limit: remapPage}
	for len(found) < RemapAtOnce {
		list, err := s.Store.ThreadsByAge(ctx, q)
		if err != nil {
			return out, err
		}
		for _, th := range list {
			if _, ok := m.Apply(th.Key); ok {
				found = append(found, th)
			}
		}
		if len(list) < q.Limit {
			q.After = Cursor{}
			break
		}
		last := list[len(list)-1]
		q.After = Cursor{Sort: SortOldest, Key: float64(last.Created.UnixMilli()), ID: last.ID}
	}
	first := after.IsZero()
	for len(found) > 0 {
		part := found[:min(remapPerWrite, len(found))]
		found = found[len(part):]
		var rows []Remapped
		if err := s.Store.Write(ctx, func(r Reader) (ch Changes, err error) {
			rows = rows[:0]
			mod, err := by(r, &ch)
			if err != nil {
				return nil, err
			}
			if first {
				ch.Add(Entry{Site: site.ID, Actor: mod, Action: "remap", Kind: "thread", Before: m.From, After: m.To, Note: note})
			}
			new := map[string]ID{}
			for _, th := range part {
				row, err := m.rename(r, &ch, site, th.ID, new)
				if err != nil {
					return nil, err
				}
				if row.Thread != 0 {
					rows = append(rows, row)
				}
			}
			ch.Add(did(site, HintThread, 0, "", mod))
			return ch, nil
		}); err != nil {
			return out, err
		}
		first = false
		for _, row := range rows {
			if row.Into != 0 && merge {
				done, err := join(row.Thread, row.Into)
				if errors.Is(err, ErrMerging) || errors.Is(err, ErrMerged) {
					out.add(row, false) // it is in another merge just now
					continue
				}
				if err != nil {
					return out, err
				}
				row.Undo, row.Running = done.Undo, done.Running
			}
			out.add(row, merge)
		}
	}
	out.Next = q.After
	return out, nil
}

// rename moves one page, if it is still one that moves. new holds the keys that
// the same write has given.
func (m Remap) rename(r Reader, ch *Changes, site Site, id ID, new map[string]ID) (row Remapped, err error) {
	th, err := r.Thread(id)
	if KindOf(err) == NotFound {
		return row, nil
	}
	if err != nil {
		return row, err
	}
	to, ok := m.Apply(th.Key)
	if busy, _, err := r.Merging(id); !ok || busy || err != nil || th.Merged != 0 || th.SiteID != site.ID {
		return row, err
	}
	row = Remapped{Thread: id, From: th.Key, To: to, Title: th.Title, Comments: th.Count, Does: RemapRename, Into: new[to]}
	if foreignKey(site, to) {
		row.Does, row.Into = RemapForeign, 0
		return row, nil
	}
	if row.Into != 0 {
		return row, nil
	}
	other, err := r.ThreadByKey(site.ID, to)
	if err == nil && other.ID != id {
		row.Into = other.ID
		return row, nil
	}
	if err != nil && KindOf(err) != NotFound {
		return row, err
	}
	new[to] = id
	page, moved := m.Apply(th.URL)
	if !moved || pageURL(site, page) == "" {
		page = ""
	}
	ch.Add(RenameThread{Site: site.ID, Thread: id, Key: to, Was: th.Key, URL: page}, th.updated(r))
	return row, nil
}
