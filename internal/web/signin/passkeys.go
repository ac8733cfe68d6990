package signin

import (
	"context"
	"encoding/json"

	"parley/internal/web/edge"
)

type (
	optionsOut struct {
		Ticket  string `json:"ticket"`
		Options any    `json:"options"` // for navigator.credentials
	}
	passkeyIn struct {
		Ticket string          `json:"ticket"`
		Answer json.RawMessage `json:"answer"`
	}
	// passkeyQuestion and passkeyLogin are the two as they are described.
	passkeyQuestion struct {
		Ticket  string         `json:"ticket"`
		Options map[string]any `json:"options"`
	}
	passkeyLogin struct {
		Ticket string         `json:"ticket"`
		Answer map[string]any `json:"answer"`
	}
)

// passkeyOptions is what a browser asks its passkeys with.
func (r Room) passkeyOptions(ctx context.Context, _ *edge.Request, _ edge.None) (optionsOut, error) {
	options, ticket, err := r.Auth.BeginPasskeyLogin(ctx)
	return optionsOut{ticket, options}, err
}

func (r Room) passkeyLogin(ctx context.Context, q *edge.Request, in passkeyIn) (nameOut, error) {
	acc, err := r.Auth.EndPasskeyLogin(ctx, in.Ticket, in.Answer)
	if err != nil {
		return nameOut{}, err
	}
	_, err = q.Door.StartSession(ctx, q.Ctx, acc, true)
	return nameOut{acc.Name}, err
}
