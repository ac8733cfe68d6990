package web

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"parley/internal/auth"
	"parley/internal/discuss"
)

// Where no window can be opened the whole page goes to sign in, and comes back
// with the sign-in's number in its fragment. Whoever holds the number and the
// verifier gets the session, and a link may name anybody's verifier: so the
// number goes to no page that could lead on to another one.

// mayReturn refuses with ErrOrigin to lead back to a page, unless it asked by
// itself, which the browser says by its Referer; or this server has said so
// within this sign-in, by a proof; or comments of the site stand under it.
func (s *Server) mayReturn(ctx context.Context, c *fiber.Ctx, st discuss.Site, origin, page, proof string) error {
	if page == "" {
		return nil
	}
	if !returns(origin, page) {
		return discuss.ErrOrigin
	}
	if s.provedReturn(st, origin, page, proof) || samePage(c.Get("Referer"), page) {
		return nil
	}
	known, err := s.knownPage(ctx, st, page)
	if err == nil && !known {
		err = discuss.ErrOrigin
	}
	return err
}

// knownPage reports whether a page is the address of one of the site's threads.
func (s *Server) knownPage(ctx context.Context, st discuss.Site, page string) (bool, error) {
	key, ok := discuss.ThreadKeyFromURL(page)
	u, err := url.Parse(page)
	if !ok || err != nil || leadsOn(u.EscapedPath()) {
		return false, nil
	}
	th, err := s.cfg.Discuss.Store.ThreadByKey(ctx, st.ID, key)
	if discuss.KindOf(err) == discuss.NotFound {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	at, _ := discuss.ThreadKeyFromURL(th.URL)
	return th.Count > 0 && at == key, nil
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
func (s *Server) returnProof(st discuss.Site, origin, page string) string {
	until := strconv.FormatInt(s.cfg.Now().Add(auth.PopupLife).Unix(), 10)
	return until + "." + s.returnMAC(st, origin, page, until)
}

func (s *Server) provedReturn(st discuss.Site, origin, page, proof string) bool {
	until, mac, _ := strings.Cut(proof, ".")
	at, err := strconv.ParseInt(until, 10, 64)
	return err == nil && s.cfg.Now().Before(time.Unix(at, 0)) && hmac.Equal([]byte(mac), []byte(s.returnMAC(st, origin, page, until)))
}

func (s *Server) returnMAC(st discuss.Site, origin, page, until string) string {
	m := hmac.New(sha256.New, s.cfg.MailKey)
	_, _ = m.Write([]byte(strings.Join([]string{"sign-in return", st.Key, origin, page, until}, "\x00")))
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
	return err == nil && u.User == nil && u.Opaque == "" && u.Scheme+"://"+u.Host == origin && !leadsOn(u.RawQuery)
}

var addressIn = regexp.MustCompile(`(?i)https?:|//|\\`)

// leadsOn reports whether a query holds an absolute address, however often it is encoded.
func leadsOn(query string) bool {
	for range 3 {
		if addressIn.MatchString(query) {
			return true
		}
		next, err := url.PathUnescape(query)
		if err != nil {
			return true
		}
		query = next
	}
	return addressIn.MatchString(query)
}
