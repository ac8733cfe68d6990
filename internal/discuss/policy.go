package discuss

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// The modes of a site or a thread: what waits for a moderator before it is
// seen. "" on a thread is the site's mode, on a site it is publish.
const (
	ModePublish   = "publish"
	ModeNewcomers = "newcomers"
	ModeGuests    = "guests"
	ModeLinks     = "links"
	ModeAll       = "all"
)

// Modes lists the modes from the most open to the most careful.
var Modes = []string{ModePublish, ModeNewcomers, ModeGuests, ModeLinks, ModeAll}

// Moderation is a site's settings of judgement. All are shown on one page.
type Moderation struct {
	NewPosts    int // published comments until an author is no newcomer
	NewHours    int // hours until then
	MaxLinks    int // in one comment; more are held; -1: any number
	SlowSeconds int // between two comments of one author; 0: only the pace of their level
	CloseDays   int // after which a thread closes; 0: never
	ClosedAll   bool
	Burst       int // comments a minute in one thread above which newcomers wait; 0: off
	Night       Night

	Challenge  bool // a guest's browser works before a comment that looks risky is taken
	Classifier bool // learns from this site's decisions, speaks once it has seen enough

	HideWeight    float64 // open report weight that hides a comment until it is decided
	HideWeightNew float64 // the same for a comment by a newcomer
	HideReporters int     // distinct people, whatever they weigh

	AkismetKey   string
	ScorerURL    string // an OpenAI-compatible moderation endpoint
	ScorerKey    string
	ScorerModel  string
	ScorerFrom   float64 // score at which it holds
	HookURL      string  // asked about every comment, signed
	HookSecret   string
	HookClosed   bool // its failure holds the comment; else it lets it stand
	HookSeconds  int  // its time-out
	MailReplies  bool // people are told of replies and mentions
	MailOutcomes bool // authors are told of decisions
	MailWaiting  bool // moderators are told that something waits
	MailNew      bool // staff are told of new comments, each as often as they want
}

// Bounds of the settings of judgement.
const (
	MaxNewPosts     = 100
	MaxNewHours     = 24 * 365
	MaxLinksAllowed = 100
	MaxSlowSeconds  = 24 * 3600
	MaxCloseDays    = 3650
	MaxBurst        = 10_000
	MaxHookSeconds  = 30
	maxSecretBytes  = 512
)

// DefaultModeration are the defaults that the documentation lists.
func DefaultModeration() Moderation {
	return Moderation{
		Night:    Night{Start: "23:00", End: "07:00", Zone: "UTC"},
		NewPosts: 3, NewHours: 24, MaxLinks: 3, Burst: 30, Classifier: true,
		HideWeight: 12.5, HideWeightNew: 4.16, HideReporters: 3, ScorerModel: "omni-moderation-latest", ScorerFrom: 0.8, HookSeconds: 5,
		MailReplies: true, MailOutcomes: true, MailWaiting: true, MailNew: true,
	}
}

// Validate names the first setting that cannot be.
func (v Settings) Validate() error {
	m := v.Moderation
	for _, c := range []struct {
		ok           bool
		name, reason string
	}{
		{v.Hold == "" || slices.Contains(Modes, v.Hold), "mode", "must be publish, newcomers, guests, links or all"},
		{v.View == ViewThreads || v.View == ViewFlat, "view", "must be threads or flat"},
		{v.Sort.Known(), "sort", "must be best, newest, oldest or controversial"},
		{slices.Contains([]string{"updown", "up", "off"}, v.Votes), "votes", "must be updown, up or off"},
		{reactions(v.Reactions), "reactions", "must be at most 6 of agree, disagree, thanks, insightful, funny, surprising, sad and curious, each once"},
		{slices.Contains([]string{PicksFirst, PicksTab, PicksPlace}, v.Picks), "picks", "must be first, tab or place"},
		{v.MaxRunes >= MinRunes && v.MaxRunes <= 10_000, "max_length", "must be 2 to 10000"},
		{v.Threads == "" || slices.Contains(threadMakers, v.Threads), "threads", "must be any, fetched or announced"},
		{closedPaths(v.ClosedPaths), "closed_paths", "must be at most 50 paths like /court/*, each beginning with / and with no * but at its end"},
		{teamName(v.Team), "team_name", "must be 2 to 40 characters that can be seen, or empty"},
		{writers(v.Write), "write", "must be everyone, members, or a list of at most 20 tiers of 1 to 40 letters, digits, spaces and . _ + -"},
		{v.Subscribe == "" || cleanURL(v.Subscribe) != "", "subscribe_url", "must be an http or https address"},
		{slices.Contains([]string{ImagesOff, ImagesTrusted, ImagesMembers}, v.Images), "images", "must be off, trusted or members"},
		{slices.Contains([]string{BlurNewcomers, BlurAll, BlurNone}, v.BlurImages), "blur_images", "must be newcomers, all or off"},
		{v.EditSeconds >= -1 && v.EditSeconds <= 366*24*3600, "edit_window_seconds", "must be -1 (always), 0 (never) or seconds up to a year"},
		{v.MaxDepth >= 1 && v.MaxDepth <= MaxMaxDepth, "max_depth", "must be 1 to 20"},
		{v.Standards == "" || cleanURL(v.Standards) != "", "rules_url", "must be an http or https address"},
		{endpoint(v.SignIn.SSOLogin), "sso_login_url", "must be an http or https address"},
		{wayOrder(v.SignIn.Order), "ways_order", "must be ids of sign-in methods, each once, at most 40"},
		{m.NewPosts >= 0 && m.NewPosts <= MaxNewPosts, "new_posts", "must be 0 to 100"},
		{m.NewHours >= 0 && m.NewHours <= MaxNewHours, "new_hours", "must be 0 to 8760"},
		{m.MaxLinks >= -1 && m.MaxLinks <= MaxLinksAllowed, "max_links", "must be -1 (any) to 100"},
		{m.SlowSeconds >= 0 && m.SlowSeconds <= MaxSlowSeconds, "slow_seconds", "must be 0 to 86400"},
		{m.CloseDays >= 0 && m.CloseDays <= MaxCloseDays, "close_days", "must be 0 (never) to 3650"},
		{m.Burst >= 0 && m.Burst <= MaxBurst, "burst", "must be 0 (off) to 10000"},
		{m.HideWeight > 0 && m.HideWeight <= 1000, "hide_weight", "must be more than 0 and at most 1000"},
		{m.HideWeightNew > 0 && m.HideWeightNew <= 1000, "hide_weight_new", "must be more than 0 and at most 1000"},
		{m.HideReporters >= 1 && m.HideReporters <= 1000, "hide_reporters", "must be 1 to 1000"},
		{m.ScorerFrom > 0 && m.ScorerFrom <= 1, "scorer_from", "must be more than 0 and at most 1"},
		{m.HookSeconds >= 1 && m.HookSeconds <= MaxHookSeconds, "hook_seconds", "must be 1 to 30"},
		{endpoint(m.HookURL), "hook_url", "must be an http or https address"},
		{endpoint(m.ScorerURL), "scorer_url", "must be an http or https address"},
		{m.HookURL == "" || m.HookSecret != "", "hook_secret", "is needed: the hook's requests are signed with it"},
		{secret(m.AkismetKey), "akismet_key", "must be at most 512 visible characters"},
		{secret(m.ScorerKey), "scorer_key", "must be at most 512 visible characters"},
		{secret(m.HookSecret), "hook_secret", "must be at most 512 visible characters"},
		{len(m.ScorerModel) <= 100 && !hasControl(m.ScorerModel), "scorer_model", "must be at most 100 characters"},
	} {
		if !c.ok {
			return Bad(c.name, c.reason)
		}
	}
	return m.Night.Validate()
}

var wayID = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,63}$`)

// wayOrder takes ids of ways that are not set up, too: keys may come and go
// without the order being lost.
func wayOrder(ids []string) bool {
	for i, id := range ids {
		if !wayID.MatchString(id) || slices.Contains(ids[:i], id) {
			return false
		}
	}
	return len(ids) <= MaxWays
}

func endpoint(s string) bool {
	if s == "" {
		return true
	}
	u, err := url.Parse(s)
	return err == nil && cleanURL(s) != "" && u.Fragment == ""
}

func secret(s string) bool {
	if strings.HasPrefix(s, sealedMark) {
		return len(s) <= maxSealedBytes
	}
	return len(s) <= maxSecretBytes && !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' })
}

// ClosedAt is when a thread takes no more comments; zero while that is open.
func (t Thread) ClosedAt(site Site) time.Time {
	if !t.Closes.IsZero() {
		return t.Closes
	}
	if d := site.Settings.Moderation.CloseDays; d > 0 {
		return t.Created.Add(time.Duration(d) * 24 * time.Hour)
	}
	return time.Time{}
}

// StateAt is the state that readers meet at a time.
func (t Thread) StateAt(site Site, now time.Time) ThreadState {
	if site.ReadOnly() {
		return ReadOnly
	}
	if t.State != Open {
		return t.State
	}
	if at := t.ClosedAt(site); site.Settings.Moderation.ClosedAll || t.closedByPath(site) || !at.IsZero() && !now.Before(at) {
		return Closed
	}
	return Open
}

// ClosesAt is what readers are told: when an open thread will close, or when a
// closed one did. It is zero where it never closes, and where nobody has noted
// when it did.
func (t Thread) ClosesAt(site Site, now time.Time) time.Time {
	if t.State != Open { // the site's days say nothing about one that was closed by hand
		if t.Closes.After(now) {
			return time.Time{}
		}
		return t.Closes
	}
	at := t.ClosedAt(site)
	if (site.ReadOnly() || site.Settings.Moderation.ClosedAll || t.closedByPath(site)) && now.Before(at) {
		return time.Time{} // closed with the whole site, or its part of it, for now
	}
	return at
}

// Policy is a site's words and rules at one version.
type Policy struct {
	Version int64
	Banned  []Word // reject
	Suspect []Word // hold
	Rules   []Rule
	At      time.Time
}

// Word is one entry of a word list. "damn*" matches what begins so.
type Word struct {
	Text string
	Lang string // BCP 47 of the list it stands in; "" for all
}

// Rule is a regular expression (RE2) and what its match means.
type Rule struct {
	Name    string
	Pattern string
	Action  string // "hold", "reject" or "spam"
}

// Bounds of a policy.
const (
	MaxWords      = 10_000
	MaxWordRunes  = 80
	MaxRules      = 200
	MaxRuleBytes  = 1000
	MaxRuleName   = 80
	PolicyHistory = 50 // versions kept
)
