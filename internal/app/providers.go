package app

import (
	"context"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"parley/internal/auth"
	"parley/internal/fetch"
	"parley/internal/media"
)

// Providers are the registrations with providers. Each needs its app and its
// secret; with either missing the provider is not shown.
type Providers struct {
	FacebookID      string  `name:"facebook-id" group:"ways" help:"Facebook app for signing in." env:"PARLEY_FACEBOOK_ID"`
	FacebookSecret  string  `name:"facebook-secret" group:"ways" help:"Secret of that app." env:"PARLEY_FACEBOOK_SECRET"`
	GoogleID        string  `name:"google-id" group:"ways" help:"Google app for signing in." env:"PARLEY_GOOGLE_ID"`
	GoogleSecret    string  `name:"google-secret" group:"ways" help:"Secret of that app." env:"PARLEY_GOOGLE_SECRET"`
	AppleID         string  `name:"apple-id" group:"ways" help:"Apple app for signing in." env:"PARLEY_APPLE_ID"`
	AppleSecret     string  `name:"apple-secret" group:"ways" help:"Private key of that service, as PEM text." env:"PARLEY_APPLE_SECRET"`
	GitHubID        string  `name:"github-id" group:"ways" help:"GitHub app for signing in." env:"PARLEY_GITHUB_ID"`
	GitHubSecret    string  `name:"github-secret" group:"ways" help:"Secret of that app." env:"PARLEY_GITHUB_SECRET"`
	MicrosoftID     string  `name:"microsoft-id" group:"ways" help:"Microsoft app for signing in." env:"PARLEY_MICROSOFT_ID"`
	MicrosoftSecret string  `name:"microsoft-secret" group:"ways" help:"Secret of that app." env:"PARLEY_MICROSOFT_SECRET"`
	XID             string  `name:"x-id" group:"ways" help:"X app for signing in." env:"PARLEY_X_ID"`
	XSecret         string  `name:"x-secret" group:"ways" help:"Secret of that app." env:"PARLEY_X_SECRET"`
	DiscordID       string  `name:"discord-id" group:"ways" help:"Discord app for signing in." env:"PARLEY_DISCORD_ID"`
	DiscordSecret   string  `name:"discord-secret" group:"ways" help:"Secret of that app." env:"PARLEY_DISCORD_SECRET"`
	GitLabID        string  `name:"gitlab-id" group:"ways" help:"GitLab app for signing in." env:"PARLEY_GITLAB_ID"`
	GitLabSecret    string  `name:"gitlab-secret" group:"ways" help:"Secret of that app." env:"PARLEY_GITLAB_SECRET"`
	LinkedInID      string  `name:"linkedin-id" group:"ways" help:"LinkedIn app for signing in." env:"PARLEY_LINKEDIN_ID"`
	LinkedInSecret  string  `name:"linkedin-secret" group:"ways" help:"Secret of that app." env:"PARLEY_LINKEDIN_SECRET"`
	YandexID        string  `name:"yandex-id" group:"ways" help:"Yandex app for signing in." env:"PARLEY_YANDEX_ID"`
	YandexSecret    string  `name:"yandex-secret" group:"ways" help:"Secret of that app." env:"PARLEY_YANDEX_SECRET"`
	VKID            string  `name:"vk-id" group:"ways" help:"VK app for signing in." env:"PARLEY_VK_ID"`
	VKSecret        string  `name:"vk-secret" group:"ways" help:"Secret of that app." env:"PARLEY_VK_SECRET"`
	AppleTeam       string  `name:"apple-team" group:"ways" help:"Team that the service belongs to." env:"PARLEY_APPLE_TEAM"`
	AppleKey        string  `name:"apple-key" group:"ways" help:"Number of the private key." env:"PARLEY_APPLE_KEY"`
	OIDC            Issuers `name:"oidc" group:"ways" help:"OpenID Connect Issuers by name." env:"PARLEY_OIDC" placeholder:"NAME=https://CLIENT:SECRET@ISSUER#LABEL"`
	ProvidersVia    string  `name:"providers-via" group:"ways" help:"Gateway for every call to a provider; it finds the real host as the first part of the path." env:"PARLEY_PROVIDERS_VIA" placeholder:"URL"`
	KeyFile         string  `name:"key-file" group:"ways" help:"Key that secrets in the database are sealed with; made when it is missing." env:"PARLEY_KEY_FILE" placeholder:"FILE"`
}

// ProviderKeys reads the registrations; an incomplete one is an error that says
// what is missing, since a forgotten variable should not look like a choice.
func (p *Providers) ProviderKeys() ([]auth.Keys, error) {
	all := []auth.Keys{
		{Provider: "facebook", Client: p.FacebookID, Secret: p.FacebookSecret},
		{Provider: "google", Client: p.GoogleID, Secret: p.GoogleSecret},
		{Provider: "apple", Client: p.AppleID, Secret: p.AppleSecret, Team: p.AppleTeam, KeyID: p.AppleKey},
		{Provider: "github", Client: p.GitHubID, Secret: p.GitHubSecret},
		{Provider: "microsoft", Client: p.MicrosoftID, Secret: p.MicrosoftSecret},
		{Provider: "x", Client: p.XID, Secret: p.XSecret},
		{Provider: "discord", Client: p.DiscordID, Secret: p.DiscordSecret},
		{Provider: "gitlab", Client: p.GitLabID, Secret: p.GitLabSecret},
		{Provider: "linkedin", Client: p.LinkedInID, Secret: p.LinkedInSecret},
		{Provider: "yandex", Client: p.YandexID, Secret: p.YandexSecret},
		{Provider: "vk", Client: p.VKID, Secret: p.VKSecret},
	}
	var out []auth.Keys
	for _, k := range all {
		switch {
		case k.Complete():
			out = append(out, k)
		case k.Client != "" || k.Secret != "" || k.Team != "" || k.KeyID != "":
			return nil, fmt.Errorf("%s: %s", k.Provider, missing(k))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(p.OIDC)) {
		k, err := issuer(name, p.OIDC[name])
		if err != nil {
			return nil, err
		}
		out = append(out, k)
	}
	return out, nil
}

func missing(k auth.Keys) string {
	var need []string
	for _, f := range []struct{ value, name string }{{k.Client, "id"}, {k.Secret, "secret"}, {k.Team, "team"}, {k.KeyID, "key"}} {
		if f.value == "" && (k.Provider == "apple" || f.name == "id" || f.name == "secret") {
			need = append(need, "PARLEY_"+strings.ToUpper(k.Provider+"_"+f.name))
		}
	}
	return strings.Join(need, " and ") + " is missing"
}

// outside gives the auth room its clients: one to providers that the operator
// named, one to addresses of strangers, which stays out of our own network.
func (s *Settings) outside(a *auth.Service) {
	a.Via = s.ProvidersVia
	open, guarded := http.DefaultTransport, fetch.Transport()
	if s.staging() {
		open, guarded = fetch.Loopback(), s.nowhere()
	}
	if s.ProvidersVia != "" {
		open, guarded = auth.Via(s.ProvidersVia, open), auth.Via(s.ProvidersVia, open)
	}
	open, guarded = fetch.As(s.Agent(), open), fetch.As(s.Agent(), guarded)
	a.Out, a.Guarded = &http.Client{Transport: open}, fetch.Client(guarded)
	a.Fetch = func(ctx context.Context, at string) ([]byte, error) { return fetch.Get(ctx, a.Guarded, at) }
	a.Redraw = media.Redraw
}

// passkeys are the host that passkeys belong to, and the origins they may be
// used on. On loopback that is localhost by any port: an address has none.
func (s *Settings) passkeys() (host string, origins []string) {
	u, err := url.Parse(s.BaseURL())
	if err != nil {
		return "", nil
	}
	if ip := net.ParseIP(u.Hostname()); ip != nil && ip.IsLoopback() {
		return "localhost", []string{"http://" + net.JoinHostPort("localhost", u.Port())}
	}
	return u.Hostname(), []string{u.Scheme + "://" + u.Host}
}
