package signin

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/web/edge"
)

// Where no window can be opened the whole page goes to sign in, and comes back
// with the sign-in's number in its fragment. Whoever holds the number and the
// verifier gets the session, and a link may name anybody's verifier: so the
// number goes to no page that could lead on to another one.

// mayReturn refuses with ErrOrigin to lead back to a page, unless it asked by
// itself, which the browser says by its Referer; or this server has said so
// within this sign-in, by a proof; or comments of the site stand under it.
func (r Room) mayReturn(ctx context.Context, q *edge.Request, site discuss.Site, origin, page, proof string) error {
	if page == "" {
		return nil
	}
	if !returns(origin, page) {
		return discuss.ErrOrigin
	}
	if r.provedReturn(site, origin, page, proof) || samePage(q.Get("Referer"), page) {
		return nil
	}
	known, err := r.Pages.IsThreadPage(ctx, site, page)
	if err == nil && !known {
		err = discuss.ErrOrigin
	}
	return err
}

// samePage reports whether a Referer is the page: the same address, but that
// the page may have left out some parameters, and the fragment.
func samePage(referer, page string) bool {
	from, err := url.Parse(referer)
	if err != nil || referer == "" {
		return false
	}
	to, err := url.Parse(page)
	if err != nil || from.Scheme != to.Scheme || from.Host != to.Host || from.EscapedPath() != to.EscapedPath() {
		return false
	}
	have := from.Query()
	for name, values := range to.Query() {
		for _, v := range values {
			if !slices.Contains(have[name], v) {
				return false
			}
		}
	}
	return true
}

// returnProof says to this server's own next step that a page asked by itself.
func (r Room) returnProof(site discuss.Site, origin, page string) string {
	until := strconv.FormatInt(r.Now().Add(auth.PopupLife).Unix(), 10)
	return until + "." + r.returnMAC(site, origin, page, until)
}

func (r Room) provedReturn(site discuss.Site, origin, page, proof string) bool {
	until, mac, _ := strings.Cut(proof, ".")
	at, err := strconv.ParseInt(until, 10, 64)
	return err == nil && r.Now().Before(time.Unix(at, 0)) && hmac.Equal([]byte(mac), []byte(r.returnMAC(site, origin, page, until)))
}

func (r Room) returnMAC(site discuss.Site, origin, page, until string) string {
	m := hmac.New(sha256.New, r.Key)
	_, _ = m.Write([]byte(strings.Join([]string{"sign-in return", site.Key, origin, page, until}, "\x00")))
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil))
}

// returns reports whether a page may be led back to: it must stand on the
// origin whose widget waits, in the form that browsers themselves would write,
// and its query must hold no address: such a page may lead on to it, and the
// sign-in's number, which stands in the fragment, would go along.
func returns(origin, page string) bool {
	if len(page) > discuss.MaxKeyBytes || strings.ContainsFunc(page, func(r rune) bool { return r <= ' ' || r == '\\' || r == 0x7f }) {
		return false
	}
	u, err := url.Parse(page)
	return err == nil && u.User == nil && u.Opaque == "" && u.Scheme+"://"+u.Host == origin && !discuss.LeadsOn(u.RawQuery)
}
