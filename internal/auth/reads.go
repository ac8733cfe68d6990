package auth

import (
	"context"

	"parley/internal/discuss"
)

// Account returns an account by its id.
func (a *Service) Account(ctx context.Context, id discuss.ID) (Account, error) {
	return a.Store.AccountByID(ctx, id)
}

// CodeAccount says which account a mailed code or link would open, so that
// guesses can be counted by it: 0 where there is no such code.
func (a *Service) CodeAccount(ctx context.Context, token string) (discuss.ID, error) {
	t, err := a.Store.PeekTicket(ctx, HashToken(token), a.Now())
	if discuss.KindOf(err) == discuss.NotFound {
		return 0, nil
	}
	return t.Account, err
}

// DeletionStatus says how a deletion stands that a provider has asked for.
func (a *Service) DeletionStatus(ctx context.Context, code string) (Deletion, error) {
	return a.Store.Deletion(ctx, code)
}

// Overview is what an account's own page shows.
func (a *Service) Overview(ctx context.Context, account discuss.ID) (Overview, error) {
	return a.Store.Overview(ctx, account, a.Now())
}

// EndSessions ends a session of an account by the id that its list has, or with
// "" all but the one whose token is keep.
func (a *Service) EndSessions(ctx context.Context, account discuss.ID, id, keep string) error {
	return a.Store.DropSessions(ctx, account, id, HashToken(keep))
}

// Prove notes that the holder of a session has shown who they are; second says
// that a passkey or a second factor was part of it.
func (a *Service) Prove(ctx context.Context, token string, second bool) error {
	return a.Store.ProveSession(ctx, HashToken(token), second, a.Now())
}

// DropPasskey removes a passkey of an account.
func (a *Service) DropPasskey(ctx context.Context, account discuss.ID, id []byte) error {
	return a.Store.DropPasskey(ctx, account, id)
}

// DropSecond switches an account's second factor off.
func (a *Service) DropSecond(ctx context.Context, account discuss.ID) error {
	return a.Store.SetSecond(ctx, account, nil, 0, nil)
}
