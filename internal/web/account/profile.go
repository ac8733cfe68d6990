package account

import (
	"context"
	"encoding/hex"
	"net/http"
	"strings"
	"time"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

type (
	overview struct {
		ID          string       `json:"id"`
		Name        string       `json:"name"`
		Email       string       `json:"email"`
		Avatar      string       `json:"avatar_url"`
		Lang        string       `json:"lang"`
		MailReplies string       `json:"mail_replies" enum:"now,hourly,daily,off"`
		AuditMail   *bool        `json:"audit_mail"` // hears of the head of the audit log; null for who may not
		Password    bool         `json:"password"`
		Second      bool         `json:"second_factor"`
		Erase       *string      `json:"erase_at"`
		Fresh       bool         `json:"fresh"` // the last proof is new enough for what needs one
		Identities  []identity   `json:"identities"`
		Passkeys    []passkey    `json:"passkeys"`
		Sites       []membership `json:"sites"`
	}
	identity struct {
		Provider string `json:"provider"`
		Label    string `json:"label"`
		Name     string `json:"name"`
		Created  string `json:"created_at"`
		Used     string `json:"used_at"`
	}
	passkey struct {
		ID      string  `json:"id"`
		Name    string  `json:"name"`
		Created string  `json:"created_at"`
		Used    *string `json:"used_at"`
	}
	membership struct {
		Site     string          `json:"site"`
		Name     string          `json:"name"`
		Role     string          `json:"role"`
		Comments int             `json:"comments"`
		Warnings []shape.Warning `json:"warnings"` // to be acknowledged before the person can write there
		Ban      *banned         `json:"ban"`      // null where nothing keeps the person out
	}
	banned struct {
		Reason string  `json:"reason"` // a clause's key, or what a moderator typed
		Until  *string `json:"until"`  // null: for good
	}
	meChange struct {
		Name        *string `json:"name,omitempty"`
		Lang        *string `json:"lang,omitempty"`
		MailReplies *string `json:"mail_replies,omitempty" enum:"now,hourly,daily,off"`
		AuditMail   *bool   `json:"audit_mail,omitempty"`
	}
	meAnswer struct {
		Name        string `json:"name"`
		Lang        string `json:"lang"`
		MailReplies string `json:"mail_replies" enum:"now,hourly,daily,off"`
		AuditMail   *bool  `json:"audit_mail"`
	}
	eraseIn struct {
		Text string `json:"text,omitempty" enum:"keep,remove" default:"keep"` // of the comments
	}
	eraseOut struct {
		At string `json:"erase_at"`
	}
	pictureOut struct {
		Avatar string `json:"avatar_url"`
	}
)

// OptionalBody says that the body may be left out.
func (eraseIn) OptionalBody() {}

func (r Room) overview(ctx context.Context, q *edge.Request, _ edge.None) (overview, error) {
	o, err := r.Auth.Overview(ctx, q.Person.Account.ID)
	if err != nil {
		return overview{}, err
	}
	out := overview{
		ID: o.Account.ID.String(), Name: o.Account.Name, Email: o.Account.Email, Avatar: r.Shape.Avatar(discuss.Author{ID: o.Account.ID, Avatar: o.Account.Avatar}),
		Lang: o.Account.Lang, MailReplies: o.MailReplies, AuditMail: o.AuditMail, Password: o.Password, Second: o.Second, Fresh: r.Auth.Fresh(q.Person.Session),
		Identities: []identity{}, Passkeys: []passkey{}, Sites: []membership{},
	}
	if !o.Account.Erase.IsZero() {
		out.Erase = shape.Ptr(shape.Time(o.Account.Erase))
	}
	for _, i := range o.Identities {
		out.Identities = append(out.Identities, identity{i.Provider, r.Auth.ProviderLabel(i.Provider), i.Name, shape.Time(i.Created), shape.Time(i.Used)})
	}
	for _, k := range o.Passkeys {
		j := passkey{ID: hex.EncodeToString(k.ID), Name: k.Name, Created: shape.Time(k.Created)}
		if !k.Used.IsZero() {
			j.Used = shape.Ptr(shape.Time(k.Used))
		}
		out.Passkeys = append(out.Passkeys, j)
	}
	for _, m := range o.Memberships {
		warnings, err := r.Discuss.Warnings(ctx, m.Author)
		if err != nil {
			return overview{}, err
		}
		on := membership{Site: m.Site, Name: m.Name, Role: string(m.Role), Comments: m.Comments, Warnings: shape.Warnings(warnings)}
		if m.Ban != nil && !m.Role.AtLeast(discuss.Moderator) {
			on.Ban = &banned{Reason: m.Ban.Reason}
			if !m.Ban.Until.IsZero() {
				on.Ban.Until = shape.Ptr(shape.Time(m.Ban.Until))
			}
		}
		out.Sites = append(out.Sites, on)
	}
	return out, nil
}

func (r Room) change(ctx context.Context, q *edge.Request, in meChange) (meAnswer, error) {
	if err := spend(q, "account"); err != nil {
		return meAnswer{}, err
	}
	if err := r.Auth.Change(ctx, q.Person.Account, auth.Changes{Name: in.Name, Lang: in.Lang, MailReplies: in.MailReplies, AuditMail: in.AuditMail}); err != nil {
		return meAnswer{}, err
	}
	o, err := r.Auth.Overview(ctx, q.Person.Account.ID)
	return meAnswer{o.Account.Name, o.Account.Lang, o.MailReplies, o.AuditMail}, err
}

// spend takes one of what an account has in a bucket, whatever network it is on.
func spend(q *edge.Request, bucket string) error {
	return q.Door.Limits.Take(bucket, q.Person.Account.ID.String())
}

// erase asks for the account to be erased once there was time to think again.
func (r Room) erase(ctx context.Context, q *edge.Request, in eraseIn) (eraseOut, error) {
	if in.Text != "" && in.Text != "keep" && in.Text != "remove" {
		return eraseOut{}, discuss.Bad("text", "must be keep or remove")
	}
	at, err := r.Auth.Erase(ctx, q.Person.Account.ID, in.Text == "remove")
	return eraseOut{shape.Time(at)}, err
}

// keep takes that back.
func (r Room) keep(ctx context.Context, q *edge.Request, _ edge.None) (none edge.None, err error) {
	return none, r.Auth.KeepAccount(ctx, q.Person.Account.ID)
}

func (r Room) export(ctx context.Context, q *edge.Request, _ edge.None) (edge.File, error) {
	if !q.Person.May("admin") { // it is all that there is about the person, the address included
		return edge.File{}, edge.ErrScope
	}
	if err := spend(q, "export"); err != nil {
		return edge.File{}, err
	}
	b, err := r.Auth.Export(ctx, q.Person.Account.ID)
	return edge.File{Name: "parley-" + r.Now().UTC().Format(time.DateOnly) + ".zip", Type: "application/zip", Body: b}, err
}

// setPicture takes a picture as it is; it is drawn anew.
func (r Room) setPicture(ctx context.Context, q *edge.Request) error {
	if err := spend(q, "account"); err != nil {
		return err
	}
	if !strings.HasPrefix(q.Get("Content-Type"), "image/") {
		return &edge.HTTPError{Status: http.StatusUnsupportedMediaType, Code: "type", Detail: "Send a picture."}
	}
	id, err := r.Auth.SetPicture(ctx, q.Person.Account.ID, q.Request().Body())
	if err != nil {
		return err
	}
	return edge.SendJSON(q.Ctx, pictureOut{r.Shape.Avatar(discuss.Author{Avatar: id})})
}

func (r Room) dropPicture(ctx context.Context, q *edge.Request, _ edge.None) (none edge.None, err error) {
	return none, r.Auth.DropPicture(ctx, q.Person.Account.ID)
}
