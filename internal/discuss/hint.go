package discuss

// Hint tells the moderators of a site that something has changed. It is not
// kept: who missed it fetches the list again.
type Hint struct {
	Site    ID
	Type    HintType
	Subject ID     // a comment, a person, a thread or a ban; 0 of what the site has one of
	Action  string // that was taken, "" if none was
	Name    string // who did it
	Actor   ID
	Author  ID // whose comment was decided about; 0 of all else
}

// HintType says what has changed, and so what the subject is.
type HintType string

// The types of hints.
const (
	HintWaiting   HintType = "waiting"   // a comment has come to wait
	HintPublished HintType = "published" // a comment has become public with nobody's decision
	HintEdited    HintType = "edited"    // a comment that waits, or is reported, has another text
	HintDecided   HintType = "decided"   // a comment was decided about
	HintUndone    HintType = "undone"    // and that was taken back
	HintReport    HintType = "report"    // readers' objections to a comment have changed
	HintPerson    HintType = "person"    // a person
	HintBan       HintType = "ban"       // a ban
	HintThread    HintType = "thread"    // a thread
	HintRules     HintType = "rules"     // the site's words and rules
	HintSettings  HintType = "settings"  // the site
	HintBell      HintType = "bell"      // what somebody's bell says: for the pages of that author alone
)

// judged is a hint at what an actor has done about somebody's comment, who is
// told on the page that they have open.
func judged(site Site, t HintType, c Comment, action string, by Author) Hint {
	h := did(site, t, c.ID, action, by)
	h.Author = c.Author.ID
	return h
}

// did is a hint at what an actor has done.
func did(site Site, t HintType, subject ID, action string, by Author) Hint {
	return Hint{Site: site.ID, Type: t, Subject: subject, Action: action, Name: by.Name, Actor: by.ID}
}
