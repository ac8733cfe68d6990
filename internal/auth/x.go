package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/markbates/goth"
	"golang.org/x/oauth2"
)

// xProvider is X by OAuth 2.0, which wants PKCE. goth has it by OAuth 1.0a only.
type xProvider struct {
	cfg    *oauth2.Config
	client *http.Client
}

const xProfile = "https://api.x.com/2/users/me?user.fields=name,username,profile_image_url"

func newX(k Keys, callback string, hc *http.Client) goth.Provider {
	return &xProvider{client: hc, cfg: &oauth2.Config{
		ClientID: k.Client, ClientSecret: k.Secret, RedirectURL: callback, Scopes: []string{"users.read", "tweet.read"},
		Endpoint: oauth2.Endpoint{AuthURL: "https://x.com/i/oauth2/authorize", TokenURL: "https://api.x.com/2/oauth2/token", AuthStyle: oauth2.AuthStyleInHeader},
	}}
}

// xSession is goth's Session for it.
type xSession struct{ AuthURL, AccessToken string }

// GetAuthURL is where the browser goes.
func (s *xSession) GetAuthURL() (string, error) { return s.AuthURL, nil }

// Marshal keeps the session between the two requests.
func (s *xSession) Marshal() string {
	b, _ := json.Marshal(s)
	return string(b)
}

// Authorize exchanges the code.
func (s *xSession) Authorize(gp goth.Provider, params goth.Params) (string, error) {
	p := gp.(*xProvider)
	tok, err := p.cfg.Exchange(context.WithValue(context.Background(), oauth2.HTTPClient, p.client), params.Get("code"), oauth2.VerifierOption(params.Get("code_verifier")))
	if err != nil {
		return "", err
	}
	s.AccessToken = tok.AccessToken
	return tok.AccessToken, nil
}

// Name is "x".
func (p *xProvider) Name() string { return "x" }

// SetName does nothing: there is one X.
func (p *xProvider) SetName(string) {}

// Debug does nothing.
func (p *xProvider) Debug(bool) {}

// RefreshTokenAvailable is false: we look once and keep no token.
func (p *xProvider) RefreshTokenAvailable() bool { return false }

// RefreshToken is not used.
func (p *xProvider) RefreshToken(string) (*oauth2.Token, error) { return nil, errors.New("not used") }

// BeginAuth makes the address of X's question.
func (p *xProvider) BeginAuth(state string) (goth.Session, error) {
	return &xSession{AuthURL: p.cfg.AuthCodeURL(state)}, nil
}

// UnmarshalSession reads what Marshal wrote.
func (p *xProvider) UnmarshalSession(s string) (goth.Session, error) {
	out := &xSession{}
	return out, json.Unmarshal([]byte(s), out)
}

// FetchUser asks who it is. X tells no address.
func (p *xProvider) FetchUser(gs goth.Session) (goth.User, error) {
	r, err := http.NewRequest(http.MethodGet, xProfile, nil)
	if err != nil {
		return goth.User{}, err
	}
	r.Header.Set("Authorization", "Bearer "+gs.(*xSession).AccessToken)
	res, err := p.client.Do(r)
	if err != nil {
		return goth.User{}, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return goth.User{}, fmt.Errorf("x answered %d", res.StatusCode)
	}
	var in struct {
		Data struct {
			ID, Name, Username string
			Image              string `json:"profile_image_url"`
		}
	}
	if err := json.NewDecoder(res.Body).Decode(&in); err != nil {
		return goth.User{}, err
	}
	return goth.User{Provider: "x", UserID: in.Data.ID, Name: in.Data.Name, NickName: in.Data.Username, AvatarURL: in.Data.Image}, nil
}
