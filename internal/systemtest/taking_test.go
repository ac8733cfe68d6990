package systemtest

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"parley/internal/auth"
)

// How accounts could be taken over, and are not.

// mailedCode is the code of the last mail that has one.
func mailedCode(t *testing.T, p *program) string {
	t.Helper()
	codes := regexp.MustCompile(`(?m)^  (\d{6})$`).FindAllStringSubmatch(p.log.String(), -1)
	if len(codes) == 0 {
		t.Fatalf("no code was mailed:\n%s", p.log)
	}
	return codes[len(codes)-1][1]
}

// mailedLinks waits until so many links of a kind were mailed.
func mailedLinks(p *program, kind string, n int) []string {
	p.t.Helper()
	var out []string
	eventually(p.t, "the mails are there", func() bool {
		out = nil
		for _, part := range strings.Split(p.log.String(), "/auth/"+kind+"#")[1:] {
			link, _, _ := strings.Cut(part, "\n")
			out = append(out, strings.TrimSpace(link))
		}
		return len(out) == n
	})
	return out
}

func (p *program) passwordOpens(email, password string) int {
	return p.do("POST", "/api/v1/sites/news/login", fmt.Sprintf(`{"email":%q,"password":%q,"session":"token"}`, email, password)).status
}

// Somebody registers with another person's address before she does: the name
// and the password that count are those of the link that is used.
func TestARegistrationPreparedByAStrangerIsWorthNothing(t *testing.T) {
	p := newProgram(t)
	p.start()
	register := func(name, password string) {
		t.Helper()
		if a := p.do("POST", "/api/v1/sites/news/register", fmt.Sprintf(`{"name":%q,"email":"grace@example.com","password":%q}`, name, password)); a.status != 202 {
			t.Fatalf("register: %d %s", a.status, a.body)
		}
	}
	register("Mallory Evil", "stranger password")
	mailedLinks(p, "verify", 1)
	register("Grace Hopper", "a password of grace")
	links := mailedLinks(p, "verify", 2)
	register("Mallory Again", "stranger once more")
	mailedLinks(p, "verify", 3)
	b := p.browser()
	if a := b.send("POST", "/auth/verify", fmt.Sprintf(`{"token":%q}`, links[1])); a.status != 200 || !strings.Contains(string(a.body), "Grace Hopper") {
		t.Fatalf("verify: %d %s", a.status, a.body)
	}
	var me struct{ Name string }
	b.own("/api/v1/me/account").into(t, &me)
	if me.Name != "Grace Hopper" {
		t.Errorf("the account is called %q", me.Name)
	}
	for password, want := range map[string]int{"stranger password": 401, "stranger once more": 401, "a password of grace": 200} {
		if got := p.passwordOpens("grace@example.com", password); got != want {
			t.Errorf("%q: %d, want %d", password, got, want)
		}
	}
	x := p.browser()
	if a := x.send("POST", "/auth/verify", fmt.Sprintf(`{"token":%q}`, links[0])); a.status != 404 || x.jar["__Host-parley"] != "" {
		t.Errorf("the stranger's link, afterwards: %d %s", a.status, a.body)
	}
}

// A link asked for again belongs to none of two registrations, so it brings no
// password along.
func TestALinkSentAgainBringsNoStrangersPassword(t *testing.T) {
	p := newProgram(t)
	p.start()
	for i, name := range []string{"Mallory Evil", "Grace Hopper"} {
		p.do("POST", "/api/v1/sites/news/register", fmt.Sprintf(`{"name":%q,"email":"grace@example.com","password":"password of %d"}`, name, i))
		mailedLinks(p, "verify", i+1)
	}
	p.do("POST", "/api/v1/sites/news/verification", `{"email":"grace@example.com"}`)
	links := mailedLinks(p, "verify", 3)
	if a := p.browser().send("POST", "/auth/verify", fmt.Sprintf(`{"token":%q}`, links[2])); a.status != 200 {
		t.Fatalf("verify: %d %s", a.status, a.body)
	}
	if got := p.passwordOpens("grace@example.com", "password of 0"); got != 401 {
		t.Errorf("the stranger's password: %d", got)
	}
}

// A verify link that was not used first does not sign in later.
func TestAnOlderVerifyLinkOpensNothing(t *testing.T) {
	p := newProgram(t)
	p.start()
	p.do("POST", "/api/v1/sites/news/register", `{"name":"Grace Hopper","email":"grace@example.com","password":"a good password"}`)
	mailedLinks(p, "verify", 1)
	p.do("POST", "/api/v1/sites/news/verification", `{"email":"grace@example.com"}`)
	links := mailedLinks(p, "verify", 2)
	if a := p.browser().send("POST", "/auth/verify", fmt.Sprintf(`{"token":%q}`, links[1])); a.status != 200 {
		t.Fatalf("verify: %d %s", a.status, a.body)
	}
	if got := p.passwordOpens("grace@example.com", "a good password"); got != 200 {
		t.Errorf("a link sent again keeps the only password: %d", got)
	}
	x := p.browser()
	if a := x.send("POST", "/auth/verify", fmt.Sprintf(`{"token":%q}`, links[0])); a.status != 404 || x.jar["__Host-parley"] != "" {
		t.Errorf("the older link: %d %s", a.status, a.body)
	}
}

// A reset link in the old mailbox ends with the change of address.
func TestLinksInTheOldMailboxEnd(t *testing.T) {
	p := newProgram(t)
	p.start()
	p.do("POST", "/api/v1/sites/news/password-reset", `{"email":"ann@example.com"}`)
	reset := mailedLink(p, "reset")
	b := signedIn(t, p, "ann@example.com")
	b.send("POST", "/api/v1/me/email", `{"email":"new@example.com"}`)
	if a := b.send("POST", "/auth/email", fmt.Sprintf(`{"token":%q}`, mailedLink(p, "email"))); a.status != 204 {
		t.Fatalf("change of address: %d %s", a.status, a.body)
	}
	if a := p.browser().send("POST", "/auth/reset", fmt.Sprintf(`{"token":%q,"password":"from the old mailbox"}`, reset)); a.status != 404 {
		t.Errorf("reset by the old mailbox: %d %s", a.status, a.body)
	}
	if got := p.passwordOpens("new@example.com", testPassword); got != 200 {
		t.Errorf("the owner's password: %d", got)
	}
}

// What a thief's session had begun ends when its owner signs everybody else
// out, and when the operator sets a password.
func TestMailedLinksEndWithTheSessionsThatAskedForThem(t *testing.T) {
	p := newProgram(t)
	p.start()
	for i, ends := range []func(owner *browser){
		func(owner *browser) {
			if a := owner.send("DELETE", "/api/v1/me/sessions", ""); a.status != 204 {
				t.Fatalf("sign out everywhere: %d %s", a.status, a.body)
			}
		},
		func(*browser) { p.run("user", "password", "ann@example.com", "--password", "operator sets a new one") },
	} {
		thief, owner := signedIn(t, p, "ann@example.com"), signedIn(t, p, "ann@example.com")
		if a := thief.send("POST", "/api/v1/me/email", `{"email":"thief@example.com"}`); a.status != 202 {
			t.Fatalf("change of address: %d %s", a.status, a.body)
		}
		links := mailedLinks(p, "email", i+1)
		ends(owner)
		if a := p.browser().send("POST", "/auth/email", fmt.Sprintf(`{"token":%q}`, links[i])); a.status != 404 {
			t.Errorf("%d: the thief's link: %d %s", i, a.status, a.body)
		}
	}
}

// withSecond gives the browser's account an authenticator app. It returns the
// recovery codes, each of which is a second factor once.
func withSecond(t *testing.T, b *browser) []string {
	t.Helper()
	var begun struct{ Secret, Ticket string }
	b.send("POST", "/api/v1/me/second-factor", "{}").into(t, &begun)
	code, err := totp.GenerateCode(begun.Secret, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	a := b.send("PUT", "/api/v1/me/second-factor", fmt.Sprintf(`{"ticket":%q,"code":%q}`, begun.Ticket, code))
	var done struct {
		Codes []string `json:"recovery_codes"`
	}
	a.into(t, &done)
	if a.status != 200 || len(done.Codes) == 0 {
		t.Fatalf("second factor: %d %s", a.status, a.body)
	}
	return done.Codes
}

const theQueue = "/api/v1/sites/news/moderation/queue?state=pending"

// The form of the stand-alone page asks for the second factor as the window does.
func TestTheFormAsksForTheSecondFactor(t *testing.T) {
	p := newProgram(t)
	p.run("user", "role", "ann@example.com", "admin", "--site", "news")
	p.run("site", "set", "news", "--staff-second")
	p.start()
	codes := withSecond(t, signedIn(t, p, "ann@example.com"))
	b := p.browser()
	signIn := func(code string) answer {
		form := url.Values{"act": {"login"}, "email": {"ann@example.com"}, "password": {testPassword}}
		if code != "" {
			form.Set("code", code)
		}
		return b.send("POST", "/p/news?thread=a", form.Encode(), "Content-Type", "application/x-www-form-urlencoded")
	}
	for _, wrong := range []string{"", "000000"} {
		a := signIn(wrong)
		if a.status < 400 || b.jar["__Host-parley"] != "" {
			t.Fatalf("code %q: %d, session %v", wrong, a.status, b.jar["__Host-parley"] != "")
		}
		if !strings.Contains(string(a.body), `name="code"`) {
			t.Errorf("code %q: the page has no field for the code", wrong)
		}
	}
	if a := signIn(codes[0]); a.status != 303 || b.jar["__Host-parley"] == "" {
		t.Fatalf("with a recovery code: %d", a.status)
	}
	if a := b.own(theQueue); a.status != 200 {
		t.Errorf("the session counts as proved by a second factor: queue %d %s", a.status, a.body)
	}
}

// Both forms count the tries of one address together, in whatever case it is
// typed and from whatever network.
func TestTheFormCountsTriesOfAnAddressInAnyCase(t *testing.T) {
	p := limited(t)
	p.start()
	b := p.browser()
	slowed := 0
	for i := range 16 {
		e := []byte("bnn@example.com")
		for j := range 3 {
			if i>>j&1 == 1 {
				e[j] -= 'a' - 'A'
			}
		}
		form := url.Values{"act": {"login"}, "email": {string(e)}, "password": {"a guess"}}
		a := b.send("POST", "/p/news?thread=a", form.Encode(), "Content-Type", "application/x-www-form-urlencoded", "X-Forwarded-For", fmt.Sprintf("198.51.100.%d", i+1))
		if a.status == 429 {
			slowed++
		}
	}
	if slowed != 11 { // five are in the bucket
		t.Errorf("%d of 16 guesses were slowed down, want 11", slowed)
	}
}

// limited is a program whose budgets count, behind a proxy that names clients.
func limited(t *testing.T) *program {
	t.Helper()
	p := newProgram(t)
	p.env = append(p.env, "PARLEY_RATE_LIMITS=on", "PARLEY_TRUSTED_PROXIES=127.0.0.1/32")
	return p
}

// A second factor that nobody asked for is none.
func TestAMadeUpSecondFactorIsNone(t *testing.T) {
	p := newProgram(t)
	p.run("user", "role", "ann@example.com", "moderator", "--site", "news")
	p.run("site", "set", "news", "--staff-second")
	p.start()
	b := p.browser()
	b.send("POST", "/api/v1/sites/news/magic-link", `{"email":"ann@example.com"}`)
	if a := b.send("POST", "/auth/magic", fmt.Sprintf(`{"token":%q,"second":"x"}`, mailedLinks(p, "magic", 1)[0])); a.status != 200 {
		t.Fatalf("link: %d %s", a.status, a.body)
	}
	if a := b.own(theQueue); a.status != 403 || !strings.Contains(string(a.body), "second_factor") {
		t.Errorf("queue after the link: %d %s", a.status, a.body)
	}
	var asked struct{ ID string }
	b.send("POST", "/api/v1/sites/news/magic-link", `{"email":"ann@example.com"}`).into(t, &asked)
	mailedLinks(p, "magic", 2)
	code := mailedCode(t, p)
	if a := b.send("POST", "/auth/code", fmt.Sprintf(`{"id":%q,"code":%q,"second":"x"}`, asked.ID, code)); a.status != 200 {
		t.Fatalf("code: %d %s", a.status, a.body)
	}
	if a := b.own(theQueue); a.status != 403 || !strings.Contains(string(a.body), "second_factor") {
		t.Errorf("queue after the code: %d %s", a.status, a.body)
	}
}

func refuses(t *testing.T, what string, a answer, status int, code string) {
	t.Helper()
	if a.status != status || !strings.Contains(string(a.body), fmt.Sprintf(`"code":%q`, code)) {
		t.Errorf("%s: %d %s, want %d %s", what, a.status, a.body, status, code)
	}
}

// A session that came by a provider, or stood open since before, has not shown
// the second factor: it can neither take it away nor go round it.
func TestOnlyTheSecondFactorChangesTheWaysIn(t *testing.T) {
	p, _ := newWorld(t)
	b, before := signedIn(t, p, "ann@example.com"), signedIn(t, p, "ann@example.com")
	var out struct{ URL string }
	b.send("POST", "/auth/link", `{"provider":"facebook"}`).into(t, &out)
	u, err := url.Parse(out.URL)
	if err != nil {
		t.Fatal(err)
	}
	b.arrives(b.allows(u))
	codes := withSecond(t, b)
	x := p.browser()
	x.arrives(x.allows(x.goes("facebook", "")))
	if a := x.own("/api/v1/me/account"); a.status != 200 {
		t.Fatalf("sign-in by the provider: %d %s", a.status, a.body)
	}
	for name, weak := range map[string]*browser{"provider": x, "open before": before} {
		refuses(t, name+": off", weak.send("DELETE", "/api/v1/me/second-factor", ""), 403, "proof")
		refuses(t, name+": another", weak.send("POST", "/api/v1/me/second-factor", "{}"), 403, "proof")
		refuses(t, name+": confirm another", weak.send("PUT", "/api/v1/me/second-factor", `{"ticket":"x","code":"000000"}`), 403, "proof")
		refuses(t, name+": passkey", weak.send("POST", "/api/v1/passkeys/register/begin", "{}"), 403, "proof")
		refuses(t, name+": passkey made", weak.send("POST", "/api/v1/passkeys/register/finish", "{}"), 403, "proof")
		refuses(t, name+": passkey removed", weak.send("DELETE", "/api/v1/passkeys/00ff", ""), 403, "proof")
		refuses(t, name+": link", weak.send("POST", "/auth/link", `{"provider":"google"}`), 403, "proof")
	}
	if got := p.passwordOpens("ann@example.com", testPassword); got != 403 {
		t.Errorf("the password alone: %d", got)
	}
	if a := x.send("POST", "/api/v1/me/proof", fmt.Sprintf(`{"code":%q}`, codes[0])); a.status != 204 {
		t.Fatalf("proof: %d %s", a.status, a.body)
	}
	if a := x.send("DELETE", "/api/v1/me/second-factor", ""); a.status != 204 {
		t.Errorf("off, with a recovery code: %d %s", a.status, a.body)
	}
}

// Wrong second factors with one link are counted, whoever tries.
func TestALinkTakesFewWrongSecondFactors(t *testing.T) {
	p := limited(t)
	p.start()
	codes := withSecond(t, signedIn(t, p, "ann@example.com"))
	b := p.browser()
	b.send("POST", "/api/v1/sites/news/magic-link", `{"email":"ann@example.com"}`)
	link := mailedLinks(p, "magic", 1)[0]
	tries := func(i int, second string) answer {
		return b.send("POST", "/auth/magic", fmt.Sprintf(`{"token":%q,"second":%q}`, link, second), "X-Forwarded-For", fmt.Sprintf("198.51.100.%d", i+1))
	}
	for i := range 5 {
		refuses(t, "a wrong one", tries(i, fmt.Sprintf("%06d", i)), 401, "second_code")
	}
	refuses(t, "the right one, too late", tries(9, codes[0]), 401, "code")
}

// One address gets few mails an hour, whoever asks, and nobody is told.
func TestOneAddressGetsFewMails(t *testing.T) {
	p := limited(t)
	p.run("user", "add", "--site", "news", "--email", "bo@example.com", "--name", "Bo Berg", "--password", testPassword)
	p.start()
	b := p.browser()
	for i := range 9 {
		route := []string{"magic-link", "password-reset"}[i%2]
		email := []string{"ann@example.com", "Ann@Example.com", "ANN@example.com"}[i%3]
		a := b.send("POST", "/api/v1/sites/news/"+route, fmt.Sprintf(`{"email":%q}`, email), "X-Forwarded-For", fmt.Sprintf("198.51.100.%d", i+1))
		if a.status != 202 {
			t.Errorf("%d: %s: %d %s", i, route, a.status, a.body)
		}
		if route == "magic-link" && !strings.Contains(string(a.body), `"id":"`) {
			t.Errorf("%d: the answer is another: %s", i, a.body)
		}
	}
	mails := func() int {
		return strings.Count(p.log.String(), "/auth/magic#") + strings.Count(p.log.String(), "/auth/reset#")
	}
	// Mail goes in the order it was asked for: bo's comes after all of ann's.
	b.send("POST", "/api/v1/sites/news/password-reset", `{"email":"bo@example.com"}`, "X-Forwarded-For", "198.51.100.99")
	eventually(t, "the mails are there", func() bool { return mails() >= 6 })
	if got := mails(); got != 6 {
		t.Errorf("%d mails, want five to one address and one to another", got)
	}
}

// Whatever kinds of mail are asked for, in whosever name, an address gets few
// of them, and none holds a word that the asker typed.
func TestAStrangerCannotFillAMailbox(t *testing.T) {
	p := limited(t)
	p.start()
	b := p.browser()
	const victim, words = "victim@example.com", "Buy pills now"
	for i := range 25 {
		from := fmt.Sprintf("198.51.100.%d", i+1)
		a := b.send("POST", "/api/v1/sites/news/register", fmt.Sprintf(`{"name":"%s %d","email":%q,"password":"long enough %d"}`, words, i, victim, i), "X-Forwarded-For", from)
		if a.status != 202 {
			t.Fatalf("registration %d: %d %s", i, a.status, a.body)
		}
		for _, route := range []string{"verification", "magic-link", "password-reset"} {
			b.send("POST", "/api/v1/sites/news/"+route, fmt.Sprintf(`{"email":%q}`, victim), "X-Forwarded-For", from)
		}
	}
	spammer := signedIn(t, p, "ann@example.com")
	if a := spammer.send("PATCH", "/api/v1/me", fmt.Sprintf(`{"name":%q}`, words)); a.status != 200 && a.status != 204 {
		t.Fatalf("rename: %d %s", a.status, a.body)
	}
	for range 5 {
		spammer.send("POST", "/api/v1/me/email", fmt.Sprintf(`{"email":%q}`, victim))
	}
	// Mail goes in the order it was asked for, some at once: this one comes with the last of the others.
	b.send("POST", "/api/v1/sites/news/register", `{"name":"Last One","email":"last@example.com","password":"long enough"}`, "X-Forwarded-For", "198.51.101.1")
	eventually(t, "the last mail is there", func() bool {
		log := p.log.String()
		return strings.Contains(log, "mail to last@example.com") && strings.Count(log, "mail to "+victim) >= auth.AccountMailsPerHour
	})
	log := p.log.String()
	if got := strings.Count(log, "mail to "+victim); got != auth.AccountMailsPerHour {
		t.Errorf("%d mails, want %d", got, auth.AccountMailsPerHour)
	}
	if strings.Contains(log, words) {
		t.Errorf("a mail holds what a stranger typed:\n%s", log)
	}
}

// Whoever takes an account over cannot use up its owner's mails first: the word
// that the address is being changed is always sent.
func TestAnAddressChangeIsAlwaysTold(t *testing.T) {
	p := limited(t)
	p.start()
	b := signedIn(t, p, "ann@example.com")
	for i := range auth.AccountMailsPerHour {
		b.send("POST", "/api/v1/sites/news/password-reset", `{"email":"ann@example.com"}`, "X-Forwarded-For", fmt.Sprintf("198.51.100.%d", i+1))
	}
	if a := b.send("POST", "/api/v1/me/email", `{"email":"thief@example.com"}`); a.status != 202 {
		t.Fatalf("change: %d %s", a.status, a.body)
	}
	eventually(t, "the owner is warned", func() bool {
		return strings.Contains(p.log.String(), "mail to ann@example.com: Your address is being changed")
	})
	// Nor is the owner's mailbox filled with warnings.
	for i := range 7 {
		b.send("POST", "/api/v1/me/email", fmt.Sprintf(`{"email":"thief%d@example.com"}`, i), "X-Forwarded-For", fmt.Sprintf("198.51.100.%d", i+1))
	}
	eventually(t, "the last is asked", func() bool { return strings.Contains(p.log.String(), "mail to thief6@example.com") })
	warned := func() int {
		return strings.Count(p.log.String(), "mail to ann@example.com: Your address is being changed")
	}
	eventually(t, "the owner is warned as often as may be", func() bool { return warned() >= auth.WarningMailsPerHour }) // several mails are on their way at once
	if n := warned(); n != auth.WarningMailsPerHour {
		t.Errorf("the owner is warned %d times", n)
	}
}

// Account mails speak the account's language, or that of whoever asks.
func TestAccountMailsSpeakTheReadersLanguage(t *testing.T) {
	p := newProgram(t)
	p.start()
	b := p.browser()
	for _, ask := range []struct{ route, body, line string }{
		{"register", `{"name":"Vera","email":"vera@example.com","password":"long enough"}`, "Подтвердите, что это ваш адрес"},
		{"register", `{"name":"Vera Two","email":"ann@example.com","password":"long enough"}`, "У вас уже есть учётная запись"},
		{"verification", `{"email":"vera@example.com"}`, "Подтвердите, что это ваш адрес"},
		{"magic-link", `{"email":"ann@example.com"}`, "Введите этот код"},
		{"password-reset", `{"email":"ann@example.com"}`, "Кто-то запросил новый пароль"},
	} {
		before := strings.Count(p.log.String(), ask.line)
		if a := b.send("POST", "/api/v1/sites/news/"+ask.route, ask.body, "Accept-Language", "ru-RU,ru;q=0.9,en;q=0.5"); a.status != 202 {
			t.Fatalf("%s: %d %s", ask.route, a.status, a.body)
		}
		eventually(t, ask.route+" is mailed in Russian", func() bool { return strings.Count(p.log.String(), ask.line) > before })
	}
}

// The tries of an account's codes are counted over all its mails.
func TestCodesOfOneAccountAreTriedFewTimes(t *testing.T) {
	p := limited(t)
	p.start()
	b := p.browser()
	ids := make([]string, 5)
	for i := range ids {
		var asked struct{ ID string }
		b.send("POST", "/api/v1/sites/news/magic-link", `{"email":"ann@example.com"}`, "X-Forwarded-For", fmt.Sprintf("198.51.100.%d", i+1)).into(t, &asked)
		ids[i] = asked.ID
	}
	links := mailedLinks(p, "magic", 5)
	for i := range 20 {
		refuses(t, "a wrong code", b.send("POST", "/auth/code", fmt.Sprintf(`{"id":%q,"code":"x"}`, ids[i/5]), "X-Forwarded-For", fmt.Sprintf("198.51.101.%d", i+1)), 401, "code")
	}
	refuses(t, "a good link after twenty tries", b.send("POST", "/auth/magic", fmt.Sprintf(`{"token":%q}`, links[4]), "X-Forwarded-For", "198.51.102.1"), 401, "code")
}

// A token makes none that lives longer or may more, and no passkey; what the
// export holds needs the widest scope.
func TestATokenGivesNoMoreThanItHas(t *testing.T) {
	p := newProgram(t)
	p.start()
	b := signedIn(t, p, "ann@example.com")
	type made struct {
		Token   string
		Expires time.Time `json:"expires_at"`
	}
	makes := func(scope string) (m made) {
		t.Helper()
		b.send("POST", "/api/v1/me/tokens", fmt.Sprintf(`{"name":"a","scopes":[%q],"days":1}`, scope)).into(t, &m)
		if m.Token == "" {
			t.Fatal("no token")
		}
		return m
	}
	admin, moderate := makes("admin"), makes("moderate")
	var child made
	a := p.do("POST", "/api/v1/me/tokens", `{"name":"b","scopes":["admin"],"days":3650}`, "Authorization", "Bearer "+admin.Token)
	a.into(t, &child)
	if a.status != 201 || child.Expires.IsZero() || child.Expires.After(admin.Expires) {
		t.Errorf("a token of a token: %d, ends %v, its parent %v", a.status, child.Expires, admin.Expires)
	}
	if a := p.do("POST", "/api/v1/me/tokens", `{"name":"c","scopes":["admin"]}`, "Authorization", "Bearer "+moderate.Token); a.status != 403 {
		t.Errorf("a wider token: %d %s", a.status, a.body)
	}
	refuses(t, "a passkey by token", p.do("POST", "/api/v1/passkeys/register/begin", "{}", "Authorization", "Bearer "+admin.Token), 403, "first_party_required")
	if a := p.do("GET", "/api/v1/me/export", "", "Authorization", "Bearer "+moderate.Token); a.status != 403 {
		t.Errorf("the export with scope moderate: %d", a.status)
	}
	if a := p.do("GET", "/api/v1/me/export", "", "Authorization", "Bearer "+admin.Token); a.status != 200 {
		t.Errorf("the export with scope admin: %d %s", a.status, a.body)
	}
}
