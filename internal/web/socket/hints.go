package socket

import (
	"parley/internal/discuss"
	"parley/internal/live"
)

// hintFrame tells a dashboard that something has changed. Who missed one
// fetches the list again: hints carry no sequence.
type hintFrame struct {
	Type    string `json:"type"`
	Comment string `json:"id,omitempty"`
	Action  string `json:"action,omitempty"`
	By      string `json:"by,omitempty"`    // name
	ByID    string `json:"by_id,omitempty"` // author id; of "looking" the dashboard's seat
}

// looking says that somebody has a comment before them, to the other dashboards
// only, so that two do not read the same one. Nothing of it is stored.
const looking = "looking"

// hinted is a hint on its way: to the dashboards of a site, or to an author.
type hinted struct {
	in     discuss.ID // the site; for an author's own page, the author
	number int64
	frame  hintFrame
}

func (h hinted) In() discuss.ID { return h.in }
func (h hinted) Number() int64  { return h.number }

// Hinted passes hints on to the moderators' sockets, and those about somebody's
// comment to their own; it never blocks.
func (r *Room) Hinted(hints []discuss.Hint) {
	for _, h := range hints {
		if h.Type == discuss.HintBell { // nobody else's business
			r.hintOwn(h.Author)
			continue
		}
		r.hint(h.Site, hintFrame{Type: string(h.Type), Comment: textOf(h.Subject), Action: h.Action, By: h.Name, ByID: textOf(h.Actor)})
		if h.Author != 0 {
			r.hintOwn(h.Author)
		}
	}
}

// ResetDashboards has every open dashboard fetch its list again.
func (r *Room) ResetDashboards() {
	for _, site := range r.moderators.Rooms() {
		r.hint(site, hintFrame{Type: "reset"})
	}
}

// textOf is an id as a frame has it; "" for none.
func textOf(id discuss.ID) string {
	if id == 0 {
		return ""
	}
	return id.String()
}

// hint sends one hint to the moderators' sockets of a site.
func (r *Room) hint(site discuss.ID, f hintFrame) {
	r.hinting.Lock() // subscribers take only numbers that rise
	defer r.hinting.Unlock()
	r.hints++
	r.moderators.Publish(hinted{site, r.hints, f})
}

func encodeHints(hints []hinted, readers int) live.Frame {
	list := make([]any, 0, len(hints)+1)
	for _, h := range hints {
		list = append(list, h.frame)
	}
	if readers >= 0 {
		list = append(list, map[string]any{"type": "moderators", "count": readers})
	}
	return frame(list...)
}
