package doctor

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"parley/internal/app"
	"parley/internal/auth"
)

// lookAtProviders names what to register at each provider, and what is known to go
// wrong there.
func lookAtProviders(ctx context.Context, s *app.Settings) (out []Finding) {
	keys, err := s.ProviderKeys()
	if err != nil {
		return []Finding{poor("sign-in: %v", err)}
	}
	if len(keys) == 0 {
		return []Finding{good("sign-in: no provider is set up for the whole instance; sites use their own (see parley way list SITE) or the site's own account")}
	}
	for _, k := range keys {
		out = append(out, lookAtOne(ctx, s, k)...)
	}
	return out
}

// lookAtProvider is lookAtProviders for one of them.
func lookAtProvider(ctx context.Context, s *app.Settings, name string) []Finding {
	keys, err := s.ProviderKeys()
	if err != nil {
		return []Finding{poor("sign-in: %v", err)}
	}
	for _, k := range keys {
		if k.Provider == name {
			return lookAtOne(ctx, s, k)
		}
	}
	return []Finding{poor("sign-in by %s: it is not set up for the whole instance; the README names its variables, and `parley way list SITE` what sites have of their own", name)}
}

func lookAtOne(ctx context.Context, s *app.Settings, k auth.Keys) (out []Finding) {
	u, err := url.Parse(s.BaseURL())
	if err != nil {
		return nil
	}
	local := u.Hostname() == "localhost" || strings.HasPrefix(u.Hostname(), "127.")
	at := s.BaseURL() + "/auth/" + k.Provider + "/callback"
	switch {
	case k.Provider == "apple" && local:
		out = append(out, poor("sign-in by apple: Apple takes no address on this machine; it needs https and a name"))
	case u.Scheme != "https" && !local:
		out = append(out, poor("sign-in by %s: providers lead back to https only; register %s once public-url is https", k.Provider, at))
	default:
		out = append(out, good("sign-in by %s: its redirect address is %s", k.Provider, at))
	}
	out = append(out, lookAtKeys(ctx, s, k)...)
	return out
}

// lookAtKeys looks at what one provider needs beside the redirect address.
func lookAtKeys(ctx context.Context, s *app.Settings, k auth.Keys) []Finding {
	for _, v := range []string{k.Client, k.Secret} {
		if v != strings.TrimSpace(v) {
			return []Finding{poor("sign-in by %s: its id or secret begins or ends with a space", k.Provider)}
		}
	}
	switch {
	case k.Provider == "apple":
		if _, err := jwt.ParseECPrivateKeyFromPEM([]byte(k.Secret)); err != nil {
			return []Finding{poor("sign-in by apple: PARLEY_APPLE_SECRET is not the text of the .p8 file")}
		}
	case k.Provider == "facebook":
		if strings.Trim(k.Client, "0123456789") != "" {
			return []Finding{poor("sign-in by facebook: PARLEY_FACEBOOK_ID is the app's number, of digits only")}
		}
		return append(lookAtFacebook(ctx, s, k, time.Now()),
			good("sign-in by facebook: data deletion callback %s/auth/facebook/deletion, deauthorize callback %s/auth/facebook/deauthorize", s.BaseURL(), s.BaseURL()),
			good("sign-in by facebook: people outside your team can sign in after Meta's Business Verification, with advanced access to public_profile and email"),
		)
	case k.Issuer != "":
		return lookAtIssuer(ctx, s, k)
	}
	return nil
}

func lookAtIssuer(ctx context.Context, s *app.Settings, k auth.Keys) []Finding {
	ctx, cancel := context.WithTimeout(ctx, doctorTimeout)
	defer cancel()
	at := strings.TrimSuffix(k.Issuer, "/") + "/.well-known/openid-configuration"
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, at, nil)
	if err != nil {
		return []Finding{poor("sign-in by %s: %q is not an address", k.Provider, k.Issuer)}
	}
	r.Header.Set("User-Agent", s.Agent())
	t := http.DefaultTransport
	if s.ProvidersVia != "" {
		t = auth.Via(s.ProvidersVia, t)
	}
	res, err := (&http.Client{Transport: t}).Do(r)
	if err != nil {
		return []Finding{poor("sign-in by %s: %s does not answer", k.Provider, at)}
	}
	defer res.Body.Close()
	var d struct{ Issuer string }
	if res.StatusCode != http.StatusOK || json.NewDecoder(res.Body).Decode(&d) != nil {
		return []Finding{poor("sign-in by %s: %s answers %d and not with its configuration", k.Provider, at, res.StatusCode)}
	}
	if d.Issuer != k.Issuer {
		return []Finding{poor("sign-in by %s: it calls itself %s; write it so in PARLEY_OIDC", k.Provider, d.Issuer)}
	}
	return append(apart(k.Issuer, res.Header.Get("Date")), good("sign-in by %s: %s answers", k.Provider, k.Issuer))
}
