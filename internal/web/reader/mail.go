package reader

import (
	"context"
	"slices"

	"parley/internal/discuss"
	"parley/internal/web/edge"
)

type mailIn struct {
	Site string `query:"site" required:"true" json:"-"`
}

type mailChoice struct {
	Replies string `json:"replies" enum:"now,hourly,daily,off"`
}

// mailOut says nothing of the address: a script of the page may ask too.
type mailOut struct {
	mailChoice
	Address bool `json:"address"` // there is one that mail goes to
}

func (r Room) mail(ctx context.Context, q *edge.Request, _ mailIn) (out mailOut, err error) {
	if !q.Who.SignedIn() {
		return out, discuss.ErrSignedOut
	}
	out.Replies, out.Address, err = r.Mails.MailChoice(ctx, q.Who.Author.ID)
	return out, err
}

type chooseMailIn struct {
	mailIn
	mailChoice
}

func (r Room) chooseMail(ctx context.Context, q *edge.Request, in chooseMailIn) (none edge.None, err error) {
	switch {
	case !q.Who.SignedIn():
		return none, discuss.ErrSignedOut
	case !slices.Contains([]string{"now", "hourly", "daily", "off"}, in.Replies):
		return none, discuss.Bad("replies", "must be now, hourly, daily or off")
	case q.Who.Author.ID == 0:
		return none, discuss.ErrNotFound // on this site they have said nothing and follow nothing
	}
	return none, r.Mails.ChooseMail(ctx, q.Who.Author.ID, "replies", in.Replies)
}
