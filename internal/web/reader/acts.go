package reader

import (
	"context"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/web/edge"
)

type voteIn struct {
	onComment
	Value *int `json:"value" minimum:"-1" maximum:"1" nullable:"false"`
}

// voteOut is the tally with the vote counted.
type voteOut struct {
	Up    int `json:"up"`
	Down  int `json:"down"`
	Value int `json:"value"`
}

func (r Room) vote(ctx context.Context, q *edge.Request, in voteIn) (voteOut, error) {
	if in.Value == nil {
		return voteOut{}, discuss.Bad("value", "must be 1, 0 or -1")
	}
	up, down, err := r.Discuss.Vote(ctx, q.Site, q.Who, in.ID, *in.Value, q.Addr())
	return voteOut{up, down, *in.Value}, err
}

type reportIn struct {
	onComment
	Reason string `json:"reason" description:"harassment, abuse, spam, private, false, off_topic, illegal or other; another counts as other, and stands before the note."`
	Note   string `json:"note,omitempty"`
	Image  string `json:"image,omitempty" description:"With illegal: the id of the image of the comment that is meant. It is out of sight at once."`
}

func (r Room) report(ctx context.Context, q *edge.Request, in reportIn) (edge.None, error) {
	var images []string
	if in.Image != "" {
		images = append(images, in.Image)
	}
	return edge.None{}, r.Discuss.Report(ctx, q.Site, q.Who, in.ID, in.Reason, in.Note, q.Addr(), images...)
}

func (r Room) unreport(ctx context.Context, q *edge.Request, in onComment) (edge.None, error) {
	return edge.None{}, r.Discuss.Unreport(ctx, q.Site, q.Who, in.ID)
}

type noticeIn struct {
	onComment
	Name      string `json:"name"`
	Email     string `json:"email"`
	Why       string `json:"why"`
	GoodFaith bool   `json:"good_faith"`
	Image     string `json:"image,omitempty" description:"The id of the image of the comment that is meant. It is out of sight at once."`
}

type receipt struct {
	Receipt string `json:"receipt"`
}

// notice takes a notice of illegal content; it needs no account.
func (r Room) notice(ctx context.Context, q *edge.Request, in noticeIn) (receipt, error) {
	email, err := auth.Email(in.Email)
	if err != nil {
		return receipt{}, err // the answer goes there
	}
	got, err := r.Discuss.Notify(ctx, q.Site, in.ID, discuss.Notice{Name: in.Name, Email: email, Why: in.Why, GoodFaith: in.GoodFaith, Lang: edge.Wanted(q.Ctx), Image: in.Image})
	return receipt{got}, err
}

// agree notes that the caller accepts the site's standards as they stand.
func (r Room) agree(ctx context.Context, q *edge.Request, _ onSite) (edge.None, error) {
	return edge.None{}, r.Discuss.Agree(ctx, q.Site, q.Who)
}

type receiptIn struct {
	Site    string `path:"site" json:"-"`
	Receipt string `path:"receipt" json:"-"`
}

type noticeOut struct {
	Receipt string `json:"receipt"`
	Outcome string `json:"outcome"` // "open", "removed" or "stays"
}

func (r Room) noticeOutcome(ctx context.Context, q *edge.Request, in receiptIn) (noticeOut, error) {
	outcome, err := r.Discuss.NoticeOutcome(ctx, q.Site, in.Receipt)
	if outcome == "" {
		outcome = "open"
	}
	return noticeOut{in.Receipt, outcome}, err
}

type followIn struct {
	Site    string     `path:"site" json:"-"`
	Thread  string     `query:"thread" required:"true" json:"-"`
	Comment discuss.ID `query:"comment" description:"The comment whose replies are followed; left out, the thread." json:"-"`
	// Embeds of earlier releases say these: nobody's word for what a page is called.
	URL   string `json:"url,omitempty"`
	Title string `json:"title,omitempty"`
}

// OptionalBody says that the body may be left out.
func (followIn) OptionalBody() {}

func (r Room) follow(yes bool) func(context.Context, *edge.Request, followIn) (edge.None, error) {
	return func(ctx context.Context, q *edge.Request, in followIn) (edge.None, error) {
		if len(in.Thread) > discuss.MaxKeyBytes {
			return edge.None{}, discuss.Bad("thread", "must be a key of 1 to 2048 bytes")
		}
		return edge.None{}, r.Discuss.Follow(ctx, q.Site, q.Who, in.Thread, in.Comment, yes)
	}
}

type guestFollowIn struct {
	Site    string         `path:"site" json:"-"`
	Thread  edge.ThreadKey `query:"thread" required:"true" json:"-"`
	Comment discuss.ID     `query:"comment" description:"The comment whose replies are followed; left out, the thread." json:"-"`
	Email   string         `json:"email"`
}

func (r Room) followAsGuest(ctx context.Context, q *edge.Request, in guestFollowIn) (none edge.None, err error) {
	email, err := auth.Email(in.Email)
	if err != nil {
		return none, discuss.Bad("email", "must be one email address")
	}
	return none, r.Discuss.FollowAsGuest(ctx, q.Site, string(in.Thread), in.Comment, email)
}

type personIn struct {
	ID discuss.ID `path:"id" json:"-"` // of an author
}

func (r Room) mute(yes bool) func(context.Context, *edge.Request, personIn) (edge.None, error) {
	return func(ctx context.Context, q *edge.Request, in personIn) (edge.None, error) {
		return edge.None{}, r.Discuss.Mute(ctx, q.Site, q.Who, in.ID, yes)
	}
}

type warningIn struct {
	Site string     `path:"site" json:"-"`
	ID   discuss.ID `path:"id" json:"-"`
}

// acknowledge is the person's word that a warning has been read.
func (r Room) acknowledge(ctx context.Context, q *edge.Request, in warningIn) (edge.None, error) {
	return edge.None{}, r.Discuss.Acknowledge(ctx, q.Site, q.Who, in.ID)
}
