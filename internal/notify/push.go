package notify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/i18n"
	"parley/internal/push"
)

// KindPush is a notification that a device is to be told of.
const KindPush Kind = "push"

// declarative is the number by which browsers know a message that they can show
// without the page's worker.
const declarative = 8030

// Pushed is what a device is told, and how its owner wants that.
type Pushed struct {
	Told    discuss.Notification
	Device  push.Device
	Lang    string
	Choices auth.PushChoices
}

// Pushes is where devices stand.
type Pushes interface {
	// Push is what a device is to be told of a comment; ErrNotFound where that is no news any more.
	Push(ctx context.Context, device, comment discuss.ID, kind discuss.NotificationKind) (Pushed, error)
	MarkPushed(ctx context.Context, device discuss.ID) error
	// DropGoneDevice forgets a device that takes no messages any more.
	DropGoneDevice(ctx context.Context, device discuss.ID) error
}

// Pusher tells devices.
type Pusher struct {
	Pushes Pushes
	Send   func(ctx context.Context, d push.Device, topic string, payload []byte) error // nil: nothing leaves this server
	Teller *Teller
}

// Kinds are the jobs that it does.
func (p *Pusher) Kinds() map[Kind]func(ctx context.Context, payload string) error {
	return map[Kind]func(context.Context, string) error{KindPush: p.push}
}

type pushMessage struct {
	WebPush      int              `json:"web_push"`
	Notification pushNotification `json:"notification"`
}

type pushNotification struct {
	Title    string `json:"title"`
	Body     string `json:"body"`
	Navigate string `json:"navigate"`
	Lang     string `json:"lang"`
	Dir      string `json:"dir"`
	Tag      string `json:"tag"` // one a thread: the later takes the place of the earlier
}

// push tells a device of one thing, outside of its owner's quiet hours.
func (p *Pusher) push(ctx context.Context, job string) error {
	j, err := read(job)
	if err != nil || p.Send == nil {
		return err
	}
	device, err := discuss.ParseID(j.Text)
	if err != nil {
		return fmt.Errorf("push: %w: %w", err, ErrForGood)
	}
	to, err := p.Pushes.Push(ctx, device, j.Key, discuss.NotificationKind(j.Action))
	if err != nil {
		return gone(err)
	}
	now := p.Teller.Now()
	if now.Sub(to.Told.At) > push.Life {
		return nil // old news
	}
	if until := to.Choices.Quiet(now); !until.IsZero() {
		return &Later{until}
	}
	topic := push.Topic(to.Told.Thread.ID.String())
	b, err := json.Marshal(pushMessage{declarative, p.words(to, topic)})
	if err != nil {
		return err
	}
	err = p.Send(ctx, to.Device, topic, b)
	var wait *push.Wait
	switch {
	case err == nil:
		return p.Pushes.MarkPushed(ctx, device)
	case errors.Is(err, push.ErrGone):
		return p.Pushes.DropGoneDevice(ctx, device)
	case errors.As(err, &wait):
		return &Later{now.Add(wait.For)}
	case errors.Is(err, push.ErrRefused), errors.Is(err, push.ErrHost):
		return fmt.Errorf("%w: %w", err, ErrForGood)
	}
	return err
}

// pushedRunes is how much of a text a device shows to whoever wants that.
const pushedRunes = 120

// words say who and where: a locked screen is read by others.
func (p *Pusher) words(to Pushed, tag string) pushNotification {
	w := p.Teller.Texts.Words(to.Lang, "push")
	n := to.Told
	v := i18n.Values{"name": n.Comment.Author.Name, "n": n.Count, "site": n.On, "page": n.Thread.Called(discuss.Site{Name: n.On})}
	out := pushNotification{Title: w.T("push_"+string(n.Kind), v), Body: w.T("push_where", v), Navigate: p.Teller.comment(n.Comment.ID), Lang: w.Lang, Dir: "auto", Tag: tag}
	if said := n.Kind.Topic() == "told"; said && to.Choices.Text {
		text := []rune(excerpt(n.Comment))
		if len(text) > pushedRunes {
			text = append(text[:pushedRunes], '…')
		}
		out.Body = string(text)
	}
	return out
}
