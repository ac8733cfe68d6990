package shape

import (
	"strings"

	"parley/internal/discuss"
)

// Event is one event of a thread. Which numbers it carries depends on its type.
type Event struct {
	Seq    int64  `json:"seq"`
	Type   string `json:"type"`
	ID     string `json:"id,omitempty"`
	Root   string `json:"root_id,omitempty"`
	Parent string `json:"parent_id,omitempty"`
	Count  *int   `json:"comment_count,omitempty"`
	Up     *int   `json:"up,omitempty"`
	Down   *int   `json:"down,omitempty"`

	Reactions discuss.Reactions `json:"reactions,omitempty"` // none are left where it is not there
}

// EventOf is the public form of an event.
func EventOf(e discuss.Event) Event {
	out := Event{Seq: e.Seq, Type: string(e.Type)}
	if e.Comment != 0 {
		out.ID, out.Root = e.Comment.String(), e.Root.String()
	}
	if e.Parent != 0 {
		out.Parent = e.Parent.String()
	}
	switch e.Type {
	case discuss.CommentVotes:
		out.Up, out.Down = &e.Up, &e.Down
	case discuss.CommentReacted, discuss.ThreadReacted:
		out.Reactions = e.Reactions
	case discuss.CommentCreated, discuss.CommentRemoved:
		out.Count = &e.Count
	}
	return out
}

// TitleOf is what a thread is called where those look who moderate it.
func TitleOf(th discuss.Thread) string {
	if th.Title != "" {
		return th.Title
	}
	return th.Key
}

// HomeOf is the page of a thread, if it stands on one of the site's origins:
// nothing of ours leads anywhere else.
func HomeOf(site discuss.Site, th discuss.Thread) string {
	for _, o := range site.Origins {
		if strings.HasPrefix(th.URL, o+"/") || th.URL == o {
			return th.URL
		}
	}
	return ""
}
