package discuss

// Presets of a new site.
const (
	PresetBlog     = "blog"     // one person's pages: guests may write, and wait
	PresetNewsroom = "newsroom" // a publisher's pages: people with an account, shown at once
)

// blogCloseDays is after how many days the discussions of a blog close, for
// what is written under old pages is mostly advertising.
const blogCloseDays = 90

// Preset sets what a kind of site begins with; each of it can be changed like any
// other setting, and nothing remembers the preset. "" changes nothing.
func (v *Settings) Preset(name string) error {
	switch name {
	case "":
	case PresetBlog:
		v.Guests, v.Hold, v.Votes, v.Presence = true, ModeNewcomers, "up", false
		v.Moderation.CloseDays, v.Moderation.ClosedAll = blogCloseDays, false
	case PresetNewsroom:
		v.Guests, v.Hold, v.Votes, v.Presence = false, ModePublish, "updown", true
		v.Registration, v.SignIn.NoAccounts = true, false
		v.Moderation.MailNew, v.Moderation.MailWaiting = true, true
	default:
		return Bad("preset", "must be blog or newsroom")
	}
	return nil
}
