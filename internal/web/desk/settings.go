package desk

import (
	"cmp"
	"slices"

	"parley/internal/cleantext"
	"parley/internal/discuss"
	"parley/internal/web/shape"
)

// secret is whether a secret is set; the secret itself never leaves.
type secret struct {
	Set bool `json:"set"`
}

// settings is everything that a site's admins may change, with its name
// and origins. A PATCH takes any part of it; secrets are given as texts.
type settings struct {
	Key          string   `json:"key"`
	Name         string   `json:"name"`
	Origins      []string `json:"origins"`
	Guests       bool     `json:"guests"`
	Registration bool     `json:"registration"`
	Accounts     bool     `json:"accounts"` // the site's own account is offered to readers
	SSOLogin     string   `json:"sso_login_url"`
	SSORoles     bool     `json:"sso_roles"`
	WaysOrder    []string `json:"ways_order"` // ids; ways that are not named follow in Parley's own order
	View         string   `json:"view"`
	Sort         string   `json:"sort"`
	MaxLength    int      `json:"max_length"`
	EditSeconds  int      `json:"edit_window_seconds"`
	Votes        string   `json:"votes"`
	Reactions    []string `json:"reactions"`                    // that readers have in the place of votes; none: they vote
	Picks        string   `json:"picks" enum:"first,tab,place"` // where editors' picks stand
	MaxDepth     int      `json:"max_depth"`
	Rules        string   `json:"rules_url"`
	Threads      string   `json:"threads" enum:"any,fetched,announced"` // whose word makes a thread
	Presence     bool     `json:"presence"`                             // readers are shown how many of them there are
	ClosedPaths  []string `json:"closed_paths"`                         // of pages that take no comments; /court/* is all below
	Write        any      `json:"write" description:"Who may write: everyone, members (accounts alone), or a list of tiers that the site's tokens say."`
	Subscribe    string   `json:"subscribe_url"`                        // where a tier is got; "" nowhere
	AskStandards bool     `json:"ask_standards"`                        // people accept the standards before they write, and again when they change
	Profiles     bool     `json:"profiles"`                             // people have pages of their own
	Images       string   `json:"images" enum:"off,trusted,members"`    // who may upload images
	BlurImages   string   `json:"blur_images" enum:"newcomers,all,off"` // whose images are shown on a click alone
	Team         string   `json:"team_name"`                            // that members of staff may write under; "" none
	StaffSecond  bool     `json:"staff_second"`                         // moderators and admins need a passkey or a second factor

	Mode          string  `json:"mode"`
	NewPosts      int     `json:"new_posts"`
	NewHours      int     `json:"new_hours"`
	MaxLinks      int     `json:"max_links"`
	SlowSeconds   int     `json:"slow_seconds"`
	CloseDays     int     `json:"close_days"`
	ClosedAll     bool    `json:"closed_all"`
	Burst         int     `json:"burst"`
	Challenge     bool    `json:"challenge"`
	Classifier    bool    `json:"classifier"`
	HideWeight    float64 `json:"hide_weight"`
	HideWeightNew float64 `json:"hide_weight_new"`
	HideReporters int     `json:"hide_reporters"`
	ScorerURL     string  `json:"scorer_url"`
	ScorerModel   string  `json:"scorer_model"`
	ScorerFrom    float64 `json:"scorer_from"`
	HookURL       string  `json:"hook_url"`
	HookClosed    bool    `json:"hook_fail_closed"`
	HookSeconds   int     `json:"hook_seconds"`
	MailReplies   bool    `json:"mail_replies"`
	MailOutcomes  bool    `json:"mail_decisions"`
	MailWaiting   bool    `json:"mail_waiting"`
	MailNew       bool    `json:"mail_new"`
	NightMode     string  `json:"night_mode"` // that holds by night; "" is no night
	NightStart    string  `json:"night_start"`
	NightEnd      string  `json:"night_end"`
	NightZone     string  `json:"night_zone"`
}

type settingsOut struct {
	settings
	AkismetKey secret  `json:"akismet_key"`
	ScorerKey  secret  `json:"scorer_key"`
	HookSecret secret  `json:"hook_secret"`
	Archived   *string `json:"archived_at"` // since when the site is kept for reading alone; null: it is not
	Deletes    *string `json:"deletes_at"`  // when it will be deleted; null: it will not
	// Refused are pages that asked and are not among the origins; a PATCH does not take it.
	Refused []refusedOrigin `json:"refused_origins"`
	// FirstSeen is when a page of the list first showed the comments, LastSeen when
	// of late, to the hour; null where none has. A PATCH takes neither.
	FirstSeen *string `json:"first_seen_at"`
	LastSeen  *string `json:"last_seen_at"`
	// Changes says who changed a setting last, by its name; those that were never changed are not there.
	Changes map[string]settingChange `json:"changes"`
}

type settingChange struct {
	By string `json:"by"` // "" for a command on the server
	At string `json:"at"`
}

type settingsIn struct {
	settings
	AkismetKey *string `json:"akismet_key"`
	ScorerKey  *string `json:"scorer_key"`
	HookSecret *string `json:"hook_secret"`
	// One address at a time, so that two admins who add one each lose neither.
	Add    []string `json:"add_origins,omitempty"`
	Remove []string `json:"remove_origins,omitempty"`
	// Was is what settings were when the caller saw them: 409 edited if one is not so any more, and nothing is changed.
	Was map[string]any `json:"was,omitempty"`
}

// origins are those that a change leaves of a list.
func (in settingsIn) origins() ([]string, error) {
	out := slices.Clone(in.Origins)
	for _, o := range in.Add {
		clean, err := discuss.Origin(o)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(out, clean) {
			out = append(out, clean)
		}
	}
	for _, o := range in.Remove {
		clean, err := discuss.Origin(o)
		if err != nil {
			return nil, err
		}
		out = slices.DeleteFunc(out, func(have string) bool { return have == clean })
	}
	return out, nil
}

func asSettings(v discuss.Site) settingsOut {
	set, m := v.Settings, v.Settings.Moderation
	mode := set.Hold
	if mode == "" {
		mode = discuss.ModePublish
	}
	return settingsOut{
		Archived: shape.MaybeTime(v.Archived), Deletes: shape.MaybeTime(v.Deletes),
		settings: settings{
			Key: v.Key, Name: v.Name, Origins: append([]string{}, v.Origins...), Guests: set.Guests, Registration: set.Registration,
			Accounts: !set.SignIn.NoAccounts, SSOLogin: set.SignIn.SSOLogin, SSORoles: set.SignIn.SSORoles,
			WaysOrder: append([]string{}, set.SignIn.Order...),
			View:      string(set.View), Sort: string(set.Sort), MaxLength: set.MaxRunes, EditSeconds: set.EditSeconds, Votes: set.Votes, Reactions: append([]string{}, set.Reactions...), Picks: set.Picks,
			MaxDepth: set.MaxDepth, Rules: set.Standards, Threads: set.ThreadsBy(), Presence: set.Presence, ClosedPaths: append([]string{}, set.ClosedPaths...), Team: set.Team, Write: writeOf(set.Write), Subscribe: set.Subscribe, Profiles: set.Profiles, AskStandards: set.AskStandards, Images: cmp.Or(set.Images, "off"), BlurImages: set.BlurImages, StaffSecond: set.SignIn.StaffSecond, Mode: mode, NewPosts: m.NewPosts, NewHours: m.NewHours, MaxLinks: m.MaxLinks,
			SlowSeconds: m.SlowSeconds, CloseDays: m.CloseDays, ClosedAll: m.ClosedAll, Burst: m.Burst, Challenge: m.Challenge, Classifier: m.Classifier,
			HideWeight: m.HideWeight, HideWeightNew: m.HideWeightNew, HideReporters: m.HideReporters, ScorerURL: m.ScorerURL,
			ScorerModel: m.ScorerModel, ScorerFrom: m.ScorerFrom, HookURL: m.HookURL, HookClosed: m.HookClosed, HookSeconds: m.HookSeconds,
			MailReplies: m.MailReplies, MailOutcomes: m.MailOutcomes, MailWaiting: m.MailWaiting, MailNew: m.MailNew,
			NightMode: m.Night.Mode, NightStart: m.Night.Start, NightEnd: m.Night.End, NightZone: m.Night.Zone,
		},
		AkismetKey: secret{m.AkismetKey != ""}, ScorerKey: secret{m.ScorerKey != ""}, HookSecret: secret{m.HookSecret != ""},
	}
}

// into writes what was sent over a site; what was not sent stands as it was.
func (in settingsIn) into(v *discuss.Site) error {
	var err error
	if v.Origins, err = in.origins(); err != nil {
		return err
	}
	v.Name = in.Name
	set := &v.Settings
	set.SignIn.NoAccounts, set.SignIn.SSOLogin, set.SignIn.SSORoles = !in.Accounts, in.SSOLogin, in.SSORoles
	set.SignIn.Order = in.WaysOrder
	set.Guests, set.Registration, set.View, set.Sort = in.Guests, in.Registration, discuss.View(in.View), discuss.Sort(in.Sort)
	set.MaxRunes, set.EditSeconds, set.Votes, set.MaxDepth, set.Standards, set.Presence = in.MaxLength, in.EditSeconds, in.Votes, in.MaxDepth, in.Rules, in.Presence
	set.Reactions, set.Picks = in.Reactions, in.Picks
	if set.Threads = in.Threads; in.Threads == discuss.ThreadsAny {
		set.Threads = ""
	}
	set.ClosedPaths, set.Team, set.SignIn.StaffSecond = in.ClosedPaths, cleantext.Line(in.Team), in.StaffSecond
	if set.Write, err = writersOf(in.Write); err != nil {
		return err
	}
	set.Subscribe, set.Profiles, set.AskStandards = in.Subscribe, in.Profiles, in.AskStandards
	if set.Images, set.BlurImages = in.Images, in.BlurImages; in.Images == "off" {
		set.Images = discuss.ImagesOff
	}
	set.Hold = in.Mode
	if in.Mode == discuss.ModePublish {
		set.Hold = ""
	}
	m := &set.Moderation
	m.NewPosts, m.NewHours, m.MaxLinks, m.SlowSeconds, m.CloseDays, m.ClosedAll = in.NewPosts, in.NewHours, in.MaxLinks, in.SlowSeconds, in.CloseDays, in.ClosedAll
	m.Burst, m.Challenge, m.Classifier, m.HideWeight, m.HideWeightNew, m.HideReporters = in.Burst, in.Challenge, in.Classifier, in.HideWeight, in.HideWeightNew, in.HideReporters
	m.ScorerURL, m.ScorerModel, m.ScorerFrom = in.ScorerURL, in.ScorerModel, in.ScorerFrom
	m.HookURL, m.HookClosed, m.HookSeconds = in.HookURL, in.HookClosed, in.HookSeconds
	m.MailReplies, m.MailOutcomes, m.MailWaiting, m.MailNew = in.MailReplies, in.MailOutcomes, in.MailWaiting, in.MailNew
	m.Night = discuss.Night{Mode: in.NightMode, Start: in.NightStart, End: in.NightEnd, Zone: in.NightZone}
	for _, k := range []struct {
		sent *string
		to   *string
	}{{in.AkismetKey, &m.AkismetKey}, {in.ScorerKey, &m.ScorerKey}, {in.HookSecret, &m.HookSecret}} {
		if k.sent != nil {
			*k.to = *k.sent
		}
	}
	return nil
}

const everyone = "everyone"

// writeOf is who may write as the API has it: a word, or tiers.
func writeOf(list []string) any {
	switch {
	case len(list) == 0:
		return everyone
	case list[0] == discuss.WriteMembers:
		return discuss.WriteMembers
	}
	return list
}

func writersOf(v any) ([]string, error) {
	bad := discuss.Bad("write", "must be everyone, members, or a list of tiers")
	switch v := v.(type) {
	case nil:
		return nil, nil
	case string:
		switch v {
		case everyone:
			return nil, nil
		case discuss.WriteMembers:
			return []string{v}, nil
		}
		return nil, bad
	case []string:
		if len(v) == 0 { // nobody at all is no choice
			return nil, bad
		}
		return v, nil
	case []any:
		if len(v) == 0 {
			return nil, bad
		}
		var out []string
		for _, t := range v {
			text, ok := t.(string)
			if !ok {
				return nil, bad
			}
			out = append(out, text)
		}
		return out, nil
	}
	return nil, bad
}

// settingsDoc is what a PATCH may name, for the description.
type settingsDoc struct {
	onSite
	settingsIn
}
