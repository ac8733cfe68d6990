package edge

import (
	"context"
	"strings"

	"github.com/gofiber/fiber/v2"

	"parley/internal/auth"
	"parley/internal/web/rates"
)

// CheckPassword checks a password and, where the account has one, its second
// factor, within the budget of tries. second says that a factor was checked.
func (d *Door) CheckPassword(ctx context.Context, c *fiber.Ctx, email, password, code string) (acc auth.Account, second bool, err error) {
	tries := []rates.Try{{Purpose: "logins", Key: d.ClientIP(c)}, {Purpose: "login", Key: "account " + strings.ToLower(email)}}
	if d.Auth.KnownDevice(c.Cookies(DeviceCookie), email) {
		// Whoever guesses from elsewhere must not lock out the person themselves.
		tries = []rates.Try{{Purpose: "login", Key: "device " + c.Cookies(DeviceCookie)}}
	}
	err = d.Limits.Attempt(tries, func() (err error) {
		if acc, err = d.Auth.Login(ctx, email, password); err == nil {
			second, err = d.Auth.Second(ctx, acc.ID, code)
		}
		return err
	}, auth.WrongGuess)
	return acc, second, err
}

// StartSession starts an account's session of our own origin in this browser,
// in place of the one that it had. second says that a passkey or a second factor
// was part of the proof.
func (d *Door) StartSession(ctx context.Context, c *fiber.Ctx, acc auth.Account, second bool) (token string, err error) {
	token, _, err = d.Auth.Start(ctx, auth.Session{Kind: auth.AccountSession, Account: acc, Agent: Agent(c.Get("User-Agent")), Second: second})
	if err != nil {
		return "", err
	}
	if old := c.Cookies(AccountCookie); old != "" {
		if err := d.Auth.Replace(ctx, old, token, acc.ID); err != nil {
			return "", err
		}
	}
	SetCookie(c, AccountCookie, token, int(auth.SessionLife.Seconds()))
	return token, nil
}
