package discuss

// NameSource is by whose word a thread has its address or its title.
type NameSource int

// The sources. Nobody's word is replaced by the first that counts, a comment's
// only when the comment goes, and staff's by staff alone.
const (
	NamedByNobody NameSource = iota
	NamedByComment
	NamedByStaff // a moderator or an import
)

// PageName is what a comment says of the page it was written on.
type PageName struct{ URL, Title string }

func (p PageName) empty() bool { return p.URL == "" && p.Title == "" }

// pageName is what a draft says of its page; nothing, if that is not the site's:
// whoever writes first must not decide what everybody reads there.
func (d Draft) pageName(site Site) PageName {
	p := PageName{URL: pageURL(site, d.URL), Title: FoldTitle(d.Title)}
	if d.URL != "" && p.URL == "" {
		p.Title = ""
	}
	return p
}

// nameThread gives a thread what a comment says of its page: at once where the
// comment is public, else when it becomes so.
func nameThread(ch *Changes, th Thread, c Comment, p PageName) {
	if p.empty() || th.URLFrom == NamedByStaff && th.TitleFrom == NamedByStaff {
		return
	}
	keep := KeepPage{Comment: c.ID, Thread: th.ID, Page: p}
	if c.Status != Published {
		ch.Add(keep)
		return
	}
	if th.takes(p) {
		ch.Add(NameThread{Thread: th.ID, By: c.ID, Page: p})
	}
	if th.differs(p) { // should the one that named it go, this one's word counts
		ch.Add(keep)
	}
}

func (t Thread) takes(p PageName) bool {
	return p.URL != "" && (t.URL == "" || t.URLFrom == NamedByNobody) || p.Title != "" && (t.Title == "" || t.TitleFrom == NamedByNobody)
}

func (t Thread) differs(p PageName) bool {
	return t.URLFrom == NamedByComment && p.URL != "" && p.URL != t.URL || t.TitleFrom == NamedByComment && p.Title != "" && p.Title != t.Title
}

// named follows a comment that has become public, or is public no more.
func named(r Reader, ch *Changes, c Comment, to Status) error {
	switch {
	case to == Published:
		p, err := r.KeptPage(c.ID)
		if KindOf(err) == NotFound {
			return nil
		}
		if err != nil {
			return err
		}
		th, err := r.Thread(c.ThreadID)
		if err != nil {
			return err
		}
		c.Status = to
		nameThread(ch, th, c, p)
	case c.Status == Published:
		ch.Add(UnnameThread{Thread: c.ThreadID, Comment: c.ID})
	}
	return nil
}
