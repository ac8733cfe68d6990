package account

import (
	"context"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

// Devices keeps the browsers that take messages for an account.
type Devices interface {
	PushDevices(ctx context.Context, account discuss.ID) ([]auth.PushDevice, error)
	PutPushDevice(ctx context.Context, account discuss.ID, d auth.PushDevice) (discuss.ID, error)
	DropPushDevice(ctx context.Context, account, id discuss.ID) error
	PushChoices(ctx context.Context, account discuss.ID) (auth.PushChoices, error)
	SetPushChoices(ctx context.Context, account discuss.ID, c auth.PushChoices) error
}

// Push is what devices are let in with.
type Push struct {
	Devices Devices
	Key     string // of this server, as browsers want it
	// Check refuses an address of no push service, and keys that are none.
	Check func(endpoint string, key, auth []byte) error
}

type (
	pushKeyOut struct {
		Key string `json:"key"` // applicationServerKey: P-256, not compressed, base64url
	}
	pushIn struct {
		Endpoint string     `json:"endpoint"`
		Keys     pushKeysIn `json:"keys"`
		Expires  *float64   `json:"expirationTime,omitempty"` // as browsers say it; not used
	}
	pushKeysIn struct {
		P256dh string `json:"p256dh"`
		Auth   string `json:"auth"`
	}
	pushMade struct {
		ID string `json:"id"`
	}
	pushDevice struct {
		ID      string  `json:"id"`
		Name    string  `json:"name"`
		Ends    string  `json:"ends"` // the last signs of its address, by which a browser knows itself
		Created string  `json:"created_at"`
		Used    *string `json:"used_at"` // null: nothing was sent yet
	}
	pushOut struct {
		Devices []pushDevice `json:"devices"`
		pushChoices
	}
	pushChoices struct {
		QuietFrom  string `json:"quiet_from"` // "22:00"; both "": no quiet hours
		QuietUntil string `json:"quiet_until"`
		Zone       string `json:"zone"` // by the name of the time zone database
		Text       bool   `json:"text"` // what was written is shown, not only who and where
	}
)

// endsOf is how much of an address a browser is told of again.
const endsOf = 12

func ends(endpoint string) string { return endpoint[max(0, len(endpoint)-endsOf):] }

func (r Room) pushKey(context.Context, *edge.Request, edge.None) (pushKeyOut, error) {
	return pushKeyOut{r.Push.Key}, nil
}

// device has the browser that asks take messages for the account.
func (r Room) device(ctx context.Context, q *edge.Request, in pushIn) (pushMade, error) {
	key, err := unpadded(in.Keys.P256dh)
	if err != nil {
		return pushMade{}, discuss.Bad("keys.p256dh", "must be base64url")
	}
	secret, err := unpadded(in.Keys.Auth)
	if err != nil {
		return pushMade{}, discuss.Bad("keys.auth", "must be base64url")
	}
	if err := r.Push.Check(in.Endpoint, key, secret); err != nil {
		return pushMade{}, discuss.Bad("endpoint", "must be of a push service that this server knows, with keys of a browser")
	}
	id, err := r.Push.Devices.PutPushDevice(ctx, q.Person.Account.ID, auth.PushDevice{Endpoint: in.Endpoint, Key: key, Auth: secret, Name: edge.Agent(q.Get("User-Agent")), Session: auth.HashToken(q.Person.Token)})
	return pushMade{id.String()}, err
}

func unpadded(s string) ([]byte, error) {
	return base64.RawURLEncoding.DecodeString(strings.TrimRight(s, "="))
}

func (r Room) devices(ctx context.Context, q *edge.Request, _ edge.None) (pushOut, error) {
	out := pushOut{Devices: []pushDevice{}}
	list, err := r.Push.Devices.PushDevices(ctx, q.Person.Account.ID)
	if err != nil {
		return out, err
	}
	for _, d := range list {
		out.Devices = append(out.Devices, pushDevice{d.ID.String(), d.Name, ends(d.Endpoint), shape.Time(d.Created), shape.MaybeTime(d.Used)})
	}
	c, err := r.Push.Devices.PushChoices(ctx, q.Person.Account.ID)
	out.Zone, out.Text = c.Zone, c.Text
	if c.QuietFrom != c.QuietUntil {
		out.QuietFrom, out.QuietUntil = clock(c.QuietFrom), clock(c.QuietUntil)
	}
	return out, err
}

type deviceIn struct {
	ID discuss.ID `path:"id" json:"-"`
}

func (r Room) dropDevice(ctx context.Context, q *edge.Request, in deviceIn) (none edge.None, err error) {
	return none, r.Push.Devices.DropPushDevice(ctx, q.Person.Account.ID, in.ID)
}

func (r Room) choosePush(ctx context.Context, q *edge.Request, in pushChoices) (none edge.None, err error) {
	c := auth.PushChoices{Zone: in.Zone, Text: in.Text}
	if in.QuietFrom != "" || in.QuietUntil != "" {
		if c.QuietFrom, err = minutes("quiet_from", in.QuietFrom); err != nil {
			return none, err
		}
		if c.QuietUntil, err = minutes("quiet_until", in.QuietUntil); err != nil {
			return none, err
		}
	}
	if err := c.Check(); err != nil {
		return none, err
	}
	return none, r.Push.Devices.SetPushChoices(ctx, q.Person.Account.ID, c)
}

func clock(minutes int) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }

// minutes reads "22:00".
func minutes(field, text string) (int, error) {
	h, m, ok := strings.Cut(text, ":")
	hours, err1 := strconv.Atoi(h)
	past, err2 := strconv.Atoi(m)
	if !ok || len(text) != len("22:00") || err1 != nil || err2 != nil || hours < 0 || hours > 23 || past < 0 || past > 59 {
		return 0, discuss.Bad(field, "must be a time such as 22:00")
	}
	return hours*60 + past, nil
}
