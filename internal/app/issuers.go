package app

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/alecthomas/kong"

	"parley/internal/auth"
)

// Issuers are the OpenID Connect issuers of PARLEY_OIDC by name. Their text
// holds secrets, so no error quotes it.
type Issuers map[string]string

var (
	issuerName  = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,30}$`)
	issuerStart = regexp.MustCompile(`(?:^|\s)([^\s=]+)=https?://`)
	issuerComma = regexp.MustCompile(`[,;]\s*[^\s=,;]+=https?://`)
	errIssuers  = errors.New("must be of the form NAME=https://CLIENT:SECRET@ISSUER#LABEL, several of them with spaces between")
)

// Decode reads a flag or a variable, or the table of a settings file. A label
// may hold spaces: an entry ends where the next one begins.
func (i *Issuers) Decode(ctx *kong.DecodeContext) error {
	out := Issuers{}
	switch v := ctx.Scan.Pop().Value.(type) {
	case string:
		starts := issuerStart.FindAllStringSubmatchIndex(v, -1)
		if strings.TrimSpace(v) != "" && (len(starts) == 0 || strings.TrimSpace(v[:starts[0][0]]) != "") {
			return errIssuers
		}
		if issuerComma.MatchString(v) { // else the second issuer becomes a part of the first one's address
			return errIssuers
		}
		for n, at := range starts {
			end := len(v)
			if n+1 < len(starts) {
				end = starts[n+1][0]
			}
			out[v[at[2]:at[3]]] = strings.TrimSpace(v[at[3]+1 : end])
		}
	case map[string]any:
		for name, text := range v {
			s, ok := text.(string)
			if !ok {
				return errIssuers
			}
			out[name] = s
		}
	default:
		return errIssuers
	}
	*i = out
	return nil
}

// issuer reads one issuer: https://CLIENT:SECRET@host/path#Label.
func issuer(name, text string) (auth.Keys, error) {
	if !issuerName.MatchString(name) {
		return auth.Keys{}, errors.New("oidc: a name must be of a-z, 0-9 and -")
	}
	u, err := url.Parse(text)
	if err != nil || u.User == nil || u.User.Username() == "" || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return auth.Keys{}, fmt.Errorf("oidc: %s must be of the form https://CLIENT:SECRET@ISSUER#LABEL (in the secret, write @ / : # %% as %%40 %%2F %%3A %%23 %%25)", name)
	}
	k := auth.Keys{Provider: "oidc-" + name, Client: u.User.Username(), Label: u.Fragment}
	k.Secret, _ = u.User.Password()
	if k.Label == "" {
		k.Label = strings.ToUpper(name[:1]) + name[1:]
	}
	u.User, u.Fragment, u.RawFragment = nil, "", ""
	k.Issuer = strings.TrimSuffix(u.String(), "/.well-known/openid-configuration")
	return k, nil
}
