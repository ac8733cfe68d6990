package account

import (
	"context"
	"encoding/hex"
	"encoding/json"

	"parley/internal/cleantext"
	"parley/internal/discuss"
	"parley/internal/web/edge"
)

type (
	ceremonyOut struct {
		Ticket  string `json:"ticket"`
		Options any    `json:"options"` // for navigator.credentials
	}
	ceremonyIn struct {
		Ticket string          `json:"ticket"`
		Name   string          `json:"name,omitempty"` // what its owner calls it
		Answer json.RawMessage `json:"answer"`
	}
	// For the description: a browser makes and takes objects.
	ceremonyRequest struct {
		Ticket string         `json:"ticket"`
		Name   string         `json:"name,omitempty"`
		Answer map[string]any `json:"answer"`
	}
	ceremonyAnswer struct {
		Ticket  string         `json:"ticket"`
		Options map[string]any `json:"options"`
	}
)

// asked and made say of a ceremony what a browser makes of it.
func asked(r edge.Route) edge.Route { r.Out = ceremonyAnswer{}; return r }

func made(r edge.Route) edge.Route { r.In = ceremonyRequest{}; return r }

func (r Room) beginPasskey(ctx context.Context, q *edge.Request, _ edge.None) (ceremonyOut, error) {
	opts, ticket, err := r.Auth.BeginPasskey(ctx, q.Person.Account)
	return ceremonyOut{ticket, opts}, err
}

func (r Room) keepPasskey(ctx context.Context, q *edge.Request, in ceremonyIn) (none edge.None, err error) {
	name := cleantext.Line(in.Name)
	if name == "" {
		name = edge.Agent(q.Get("User-Agent"))
	}
	if err := r.Auth.EndPasskey(ctx, q.Person.Account, in.Ticket, name, in.Answer); err != nil {
		return none, err
	}
	// Whoever has just made one has shown it.
	return none, r.Auth.Prove(ctx, q.Person.Token, true)
}

func (r Room) dropPasskey(ctx context.Context, q *edge.Request, in idIn) (none edge.None, err error) {
	id, err := hex.DecodeString(in.ID)
	if err != nil {
		return none, discuss.ErrNotFound
	}
	return none, r.Auth.DropPasskey(ctx, q.Person.Account.ID, id)
}
