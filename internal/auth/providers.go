package auth

import (
	"net/http"
	"strings"

	"github.com/markbates/goth"
	"github.com/markbates/goth/providers/discord"
	"github.com/markbates/goth/providers/facebook"
	"github.com/markbates/goth/providers/github"
	"github.com/markbates/goth/providers/gitlab"
	"github.com/markbates/goth/providers/google"
	"github.com/markbates/goth/providers/microsoftonline"
	"github.com/markbates/goth/providers/vk"
	"github.com/markbates/goth/providers/yandex"
	"golang.org/x/oauth2"
)

// GraphVersion is the version of Facebook's Graph API that we speak. Without
// one Facebook uses the oldest that it still serves, and that moves.
const GraphVersion = "v24.0"

// oidcPrefix begins the id of an OIDC issuer: "oidc-" and the owner's name for it.
const oidcPrefix = "oidc-"

// Keys are an owner's registration with one provider.
type Keys struct {
	Provider string // of the catalogue, or "oidc-NAME"
	Client   string
	Secret   string
	Issuer   string // OIDC only: where /.well-known/openid-configuration is found
	Label    string // OIDC only: what readers know it by
	Team     string // Apple only
	KeyID    string // Apple only; Secret is then the private key in PEM

	HasSecret bool // in a list, where Secret is left out
}

// kind is how one provider of the catalogue is spoken to.
type kind struct {
	label string
	make  func(k Keys, callback string, hc *http.Client) goth.Provider
	// verified says whether the provider vouches for the address. Nil: never.
	verified func(goth.User) bool
	// token is set where goth exchanges the code with a client of its own,
	// without our time limit: then the exchange is ours.
	token *oauth2.Endpoint
	// name picks the display name where goth leaves it empty.
	name func(goth.User) string
}

// order is how ways are shown: Facebook first.
var order = []string{"facebook", "google", "apple", "github", "microsoft", "x", "discord", "gitlab", "linkedin", "yandex", "vk"}

// ProviderIDs are the providers of the catalogue in the order they are shown.
func ProviderIDs() []string { return order }

// ProviderLabel is what people call a provider of the catalogue.
func ProviderLabel(id string) string { return catalogue[id].label }

var catalogue = map[string]kind{
	"facebook": {label: "Facebook", make: func(k Keys, callback string, hc *http.Client) goth.Provider {
		p := facebook.New(k.Client, k.Secret, callback).SetCustomFields([]string{"id", "name", "email", "picture"})
		p.HTTPClient = hc
		return p
	}},
	"google": {label: "Google", verified: raw("verified_email"), make: func(k Keys, callback string, hc *http.Client) goth.Provider {
		p := google.New(k.Client, k.Secret, callback, "email", "profile")
		p.HTTPClient = hc
		return p
	}},
	"apple": {label: "Apple", verified: raw("email_verified"), make: newApple},
	"github": {label: "GitHub", name: func(u goth.User) string { return u.NickName }, make: func(k Keys, callback string, hc *http.Client) goth.Provider {
		p := github.New(k.Client, k.Secret, callback)
		p.HTTPClient = hc
		return p
	}},
	"microsoft": {label: "Microsoft", make: func(k Keys, callback string, hc *http.Client) goth.Provider {
		p := microsoftonline.New(k.Client, k.Secret, callback, "openid", "profile", "user.read")
		p.HTTPClient = hc
		return p
	}},
	"x": {label: "X", make: newX},
	"discord": {label: "Discord", verified: raw("verified"), token: &oauth2.Endpoint{TokenURL: "https://discord.com/api/oauth2/token"}, make: func(k Keys, callback string, hc *http.Client) goth.Provider {
		p := discord.New(k.Client, k.Secret, callback, discord.ScopeIdentify, discord.ScopeEmail)
		p.HTTPClient = hc
		return p
	}},
	"gitlab": {label: "GitLab", make: func(k Keys, callback string, hc *http.Client) goth.Provider {
		p := gitlab.NewCustomisedURL(k.Client, k.Secret, callback, gitlab.AuthURL, gitlab.TokenURL, "https://gitlab.com/api/v4/user", "read_user")
		p.HTTPClient = hc
		return p
	}},
	"linkedin": {label: "LinkedIn", verified: raw("email_verified"), make: func(k Keys, callback string, hc *http.Client) goth.Provider {
		return &oidcProvider{name: "linkedin", issuer: "https://www.linkedin.com/oauth", keys: k, callback: callback, client: hc, inBody: true}
	}},
	"yandex": {label: "Yandex", token: &oauth2.Endpoint{TokenURL: "https://oauth.yandex.com/token"}, make: func(k Keys, callback string, hc *http.Client) goth.Provider {
		p := yandex.New(k.Client, k.Secret, callback)
		p.HTTPClient = hc
		return p
	}},
	"vk": {label: "VK", name: func(u goth.User) string { return strings.TrimSpace(u.FirstName + " " + u.LastName) }, make: func(k Keys, callback string, hc *http.Client) goth.Provider {
		p := vk.New(k.Client, k.Secret, callback)
		p.HTTPClient = hc
		return p
	}},
}

// raw says that a claim of the provider's answer vouches for the address.
func raw(claim string) func(goth.User) bool {
	return func(u goth.User) bool {
		switch v := u.RawData[claim].(type) {
		case bool:
			return v
		case string:
			return v == "true"
		}
		return false
	}
}

// kindOf finds how to speak to the provider of some keys.
func kindOf(k Keys) (kind, bool) {
	if name, ok := strings.CutPrefix(k.Provider, oidcPrefix); ok && name != "" && k.Issuer != "" {
		return kind{label: k.Label, verified: raw("email_verified"), make: func(k Keys, callback string, hc *http.Client) goth.Provider {
			return &oidcProvider{name: k.Provider, issuer: k.Issuer, keys: k, callback: callback, client: hc}
		}}, true
	}
	v, ok := catalogue[k.Provider]
	return v, ok
}

// Complete reports whether keys hold all that their provider needs.
func (k Keys) Complete() bool {
	if strings.HasPrefix(k.Provider, oidcPrefix) {
		return k.Client != "" && k.Issuer != "" && k.Label != ""
	}
	if k.Provider == "apple" {
		return k.Client != "" && k.Secret != "" && k.Team != "" && k.KeyID != ""
	}
	return k.Client != "" && k.Secret != ""
}

// ProviderLabel is what people call a provider, one of the instance's own issuers among them.
func (a *Service) ProviderLabel(id string) string {
	if l := ProviderLabel(id); l != "" {
		return l
	}
	for _, k := range a.Providers {
		if k.Provider == id {
			return k.Label
		}
	}
	return id
}
