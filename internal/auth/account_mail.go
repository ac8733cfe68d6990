package auth

// Budget of one address: mails that anybody can have sent to it, of all kinds
// together. What is over it is not sent, and whoever asked is told nothing.
const (
	AccountMailsPerHour = 5
	AccountMailsPerDay  = 20
)

// Budget of one address for warnings that something happens to its account.
// It is apart: whoever takes an account over must not be able to use up its
// owner's mails first, nor to fill the mailbox with warnings.
const (
	WarningMailsPerHour = 2
	WarningMailsPerDay  = 6
)

// Mail asks the notify room for a message; it becomes a job in the same write.
// Nothing in it was typed by whoever asked for it: the address may be anybody's.
type Mail struct {
	Template string `json:"template"` // "verify", "reset", "exists", "magic", "email", "email_old"
	To       string `json:"to"`
	Site     string `json:"site"` // its name
	Lang     string `json:"lang"` // BCP 47, or an Accept-Language header
	Link     string `json:"link"`
	Code     string `json:"code,omitempty"`
	// Limited says that the address's budget holds.
	Limited bool `json:"-"`
	// Warning says that it is counted among the warnings.
	Warning bool `json:"-"`
}

// mail is a message to an address, in its account's language, or else in that
// of whoever asks.
func (a *Service) mail(template, to, site, lang, link string, acc Account) *Mail {
	if acc.Lang != "" {
		lang = acc.Lang
	}
	return &Mail{Template: template, To: to, Site: site, Lang: lang, Link: link, Limited: a.Limits}
}
