package notify_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/internal/discuss"
	"parley/internal/i18n"
	"parley/internal/notify"
)

var update = flag.Bool("update", false, "write the golden files anew")

// crowd is an audience of made-up people that keeps what it is asked for.
type crowd struct {
	told     notify.Delivery
	owed     map[string]notify.Message
	gathered []discuss.ID
	left     int // messages until the cap; -1: none
	digests  []notify.Digest
	waiting  int
	reported int    // of what waits: on the page
	lang     string // of the author
	ask      bool
	decided  discuss.Record
	news     []notify.News
	newsSent time.Time
	newsUpto discuss.ID
	rung     []string
}

func (c *crowd) Delivery(context.Context, discuss.ID) (notify.Delivery, error) { return c.told, nil }

func (c *crowd) AuthorOf(context.Context, discuss.ID) (notify.Person, discuss.Comment, discuss.Thread, discuss.Site, error) {
	return notify.Person{Author: 7, Email: "pell@inbox.example", Name: "Pell", Lang: c.lang}, c.told.Comment, c.told.Thread, c.told.Site, nil
}

func (c *crowd) PersonOf(context.Context, discuss.ID) (notify.Person, discuss.Site, error) {
	return notify.Person{Author: 7, Email: "pell@inbox.example", Name: "Pell"}, c.told.Site, nil
}

func (c *crowd) Moderators(context.Context, discuss.ID, string) (notify.Watch, error) {
	return notify.Watch{Site: c.told.Site, People: []notify.Person{{Author: 3, Email: "oona@meridian.example", Name: "Oona Brandt"}}, Waiting: c.waiting, Hidden: c.waiting - c.reported}, nil
}

func (c *crowd) EnqueueLater(_ context.Context, key, _ string, payload string, _ time.Time) error {
	var m notify.Message
	c.owed[key] = m
	return json.Unmarshal([]byte(payload), &m)
}

func (c *crowd) Enqueue(_ context.Context, key, _ string, payload string, _, _ int) (bool, time.Time, error) {
	if _, ok := c.owed[key]; ok {
		return false, time.Time{}, nil
	}
	if c.left == 0 {
		return false, c.told.Comment.Created.Add(time.Hour), nil
	}
	c.left--
	var m notify.Message
	if err := json.Unmarshal([]byte(payload), &m); err != nil {
		return false, time.Time{}, err
	}
	c.owed[key] = m
	return true, time.Time{}, nil
}

func (c *crowd) Collect(_ context.Context, _, comment discuss.ID, _ string) error {
	c.gathered = append(c.gathered, comment)
	return nil
}

func (c *crowd) Digests(context.Context, bool, time.Time, discuss.ID, int) ([]notify.Digest, discuss.ID, error) {
	return c.digests, 0, nil
}

func (c *crowd) DropCollected(context.Context, discuss.ID, time.Time) error {
	c.digests = nil
	return nil
}

func (c *crowd) Decided(context.Context, discuss.ID) (discuss.Record, error) {
	return c.decided, nil
}

func (c *crowd) NoticeMail(context.Context, string) (notify.Notice, error) {
	return notify.Notice{}, discuss.ErrNotFound
}

func (c *crowd) AnsweredNotices(context.Context, time.Time, int) ([]notify.Notice, error) {
	return nil, nil
}

func (c *crowd) MarkNoticeTold(context.Context, string) error { return nil }

func (c *crowd) Operators(ctx context.Context) ([]notify.Person, error) { return c.HeadRecipients(ctx) }

func (c *crowd) Admins(ctx context.Context, _ discuss.ID) ([]notify.Person, discuss.Site, error) {
	list, err := c.HeadRecipients(ctx)
	return list, c.told.Site, err
}

func (c *crowd) HeadRecipients(context.Context) ([]notify.Person, error) {
	return []notify.Person{{Author: 11, Email: "ops@meridian.example", Name: "Ada"}}, nil
}

func (c *crowd) StaffNews(_ context.Context, due func(string, time.Time) bool) (out []notify.News, err error) {
	for _, n := range c.news {
		if due(n.Person.Choice, c.newsSent) {
			out = append(out, n)
		}
	}
	return out, nil
}

func (c *crowd) MarkStaffTold(_ context.Context, _, upto discuss.ID) error {
	c.newsUpto, c.news = upto, nil
	return nil
}

func (c *crowd) GuestAddress(context.Context, discuss.ID, string) (bool, discuss.Site, error) {
	return c.ask, c.told.Site, nil
}

func newCrowd(t *testing.T) (*crowd, *notify.Teller) {
	t.Helper()
	texts, err := i18n.Load(os.DirFS("../../static/i18n"))
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2016, 11, 21, 19, 9, 0, 0, time.UTC)
	c := &crowd{owed: map[string]notify.Message{}, left: -1, ask: true, waiting: 3}
	c.told = notify.Delivery{
		Site:   discuss.Site{ID: 1, Key: "meridian", Name: "Meridian", Settings: discuss.DefaultSettings()},
		Thread: discuss.Thread{ID: 2, Title: "Harbour ferries will run all night in a one-year trial", URL: "https://meridian.example/ferries"},
		Parent: discuss.Comment{ID: 4, HTML: "Only from Eastgate. The annex shows nothing calling at the Old Pier between 01:00 and 04:30."},
		Comment: discuss.Comment{
			ID: 5, Status: discuss.Published, Created: at, Author: discuss.Author{ID: 9, Name: "Deniz Aydin", Role: discuss.Moderator},
			HTML: "<p>That gap is dredging, and it closes in February.<br>\nWe’ve marked it on the map: &lt;b&gt;week by week&lt;/b&gt;.</p>",
		},
		Recipients: []notify.Recipient{{Author: 7, Email: "pell@inbox.example", Name: "Pell", Why: "reply", Choice: "now"}},
	}
	return c, &notify.Teller{
		Audience: c, Bells: c, Texts: texts, Now: func() time.Time { return at }, Link: func(p string) string { return "https://talk.meridian.example" + p },
		Token: func(purpose string, author, _ discuss.ID, _ string) string {
			return fmt.Sprintf("TOKEN-%s-%d", purpose, author)
		},
	}
}

func (c *crowd) only(t *testing.T) notify.Message {
	t.Helper()
	if len(c.owed) != 1 {
		t.Fatalf("%d messages", len(c.owed))
	}
	for _, m := range c.owed {
		return m
	}
	return notify.Message{}
}

func golden(t *testing.T, name string, m notify.Message) {
	t.Helper()
	for ext, got := range map[string]string{".txt": "Subject: " + m.Subject + "\n\n" + m.Text, ".html": m.HTML} {
		file := filepath.Join("testdata", name+ext)
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s differs from the golden file; -update writes it\n%s", file, got)
		}
	}
	if strings.Contains(m.HTML, "<b>week") || strings.Contains(m.HTML, "<img") || strings.Contains(m.HTML, "http://") && !strings.Contains(m.HTML, "http://www.w3.org/1999/xhtml") {
		t.Error("a comment's text is markup in the mail, or something remote is loaded")
	}
}

// A reason that was named by its key is read in the author's language, what was
// never public was not removed, and the message about what waits says no more
// than is so.
func TestMailsSayWhatIsSo(t *testing.T) {
	for _, c := range []struct {
		kind, job, lang string
		waiting, shown  int
		want            string
	}{
		{"outcome", `{"key":5,"action":"reject","reason":"off_topic","held":true,"at":1}`, "ru", 0, 0, "Причина: Не по теме"},
		{"outcome", `{"key":5,"action":"reject","reason":"off_topic","held":true,"at":1}`, "en", 0, 0, "was not published"},
		{"outcome", `{"key":5,"action":"reject","reason":"Rude.","at":1}`, "ru", 0, 0, "Причина: Rude."},
		{"outcome", `{"key":5,"action":"reject","reason":"abuse","at":1}`, "en", 0, 0, "https://meridian.example/standards"},
		{"waiting", `{"site":1}`, "", 120, 109, "11 of them are not on the page"},
		{"waiting", `{"site":1}`, "", 3, 3, "still on the page"},
	} {
		crowd, tell := newCrowd(t)
		crowd.told.Comment.Status, crowd.told.Site.Settings.Standards = discuss.Rejected, "https://meridian.example/standards"
		crowd.lang, crowd.waiting, crowd.reported = c.lang, c.waiting, c.shown
		if err := tell.Kinds()[notify.Kind(c.kind)](context.Background(), c.job); err != nil {
			t.Fatal(err)
		}
		if m := crowd.only(t); !strings.Contains(m.Subject+m.Text, c.want) {
			t.Errorf("%s: %q is not in %s", c.job, c.want, m.Text)
		}
	}
}

func TestMailsLookLikeTheirGoldenFiles(t *testing.T) {
	ctx := context.Background()
	for _, c := range []struct {
		name string
		kind notify.Kind
		job  string
		set  func(*crowd)
	}{
		{"reply", "tell", `{"key":5}`, nil},
		{"mention", "tell", `{"key":5}`, func(c *crowd) { c.told.Recipients[0].Why = "mention" }},
		{"thread", "tell", `{"key":5}`, func(c *crowd) { c.told.Recipients[0].Why = "thread" }},
		{"removed", "outcome", `{"key":5,"action":"reject","reason":"A personal attack","at":1}`, func(c *crowd) { c.told.Comment.Status = discuss.Rejected }},
		{"published", "outcome", `{"key":5,"action":"approve","at":1}`, nil},
		{"waiting", "waiting", `{"site":1}`, nil},
		{"warned", "warned", `{"key":7,"text":"Stay on topic, please."}`, nil},
		{"demoted", "demoted", `{"key":7,"text":"2016-11-21T19:00:00Z"}`, func(c *crowd) {
			c.decided = discuss.Record{Decided7: 4, Rejected7: 3, LastBad: time.Date(2016, 11, 21, 19, 0, 0, 0, time.UTC)}
			c.told.Site.Settings.Standards = "https://meridian.example/standards"
		}},
		{"site-delete", "site", `{"site":1,"action":"delete","text":"Oona Brandt","at":1}`, func(c *crowd) {
			c.told.Site.Deletes = time.Date(2016, 11, 22, 19, 9, 0, 0, time.UTC)
		}},
		{"site-keep", "site", `{"site":1,"action":"keep","at":2}`, nil},
		{"confirm", "guest", `{"key":5,"text":"ferdi@inbox.example"}`, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			crowd, tell := newCrowd(t)
			if c.set != nil {
				c.set(crowd)
			}
			for range 2 { // a job may run twice and sends once
				if err := tell.Kinds()[c.kind](ctx, c.job); err != nil {
					t.Fatal(err)
				}
			}
			golden(t, c.name, crowd.only(t))
		})
	}
	t.Run("head", func(t *testing.T) {
		crowd, tell := newCrowd(t)
		for _, rows := range []int64{412, 415} { // the program was started again in between
			if err := tell.Head(ctx, rows, strings.Repeat("5eed", 16)); err != nil {
				t.Fatal(err)
			}
		}
		golden(t, "head", crowd.only(t))
	})
	t.Run("backups", func(t *testing.T) {
		crowd, tell := newCrowd(t)
		for range 2 { // once a day
			if err := tell.Backups(ctx, "no backup was made: it may need 2.1 GB, with what stays free, and /var/backups/parley has 300.0 MB; those that are there are kept"); err != nil {
				t.Fatal(err)
			}
		}
		golden(t, "backups", crowd.only(t))
	})
	for name, send := range map[string]func(*notify.Teller, context.Context) error{"digest": (*notify.Teller).Daily, "hourly": (*notify.Teller).Hourly} {
		t.Run(name, func(t *testing.T) { digests(t, name, send) })
	}
}

func digests(t *testing.T, name string, send func(*notify.Teller, context.Context) error) {
	t.Helper()
	crowd, tell := newCrowd(t)
	second := crowd.told
	second.Comment.ID, second.Comment.Author.Name, second.Comment.Author.Role = 6, "Gullwing", discuss.Member
	crowd.digests = []notify.Digest{{Person: notify.Person{Author: 7, Email: "pell@inbox.example"}, Site: crowd.told.Site, Items: []notify.Delivery{crowd.told, second}}}
	if err := send(tell, context.Background()); err != nil {
		t.Fatal(err)
	}
	golden(t, name, crowd.only(t))
	if crowd.digests != nil {
		t.Error("what was sent is kept for the next time")
	}
}

func TestWhoHearsOfWhat(t *testing.T) {
	ctx := context.Background()
	for _, c := range []struct {
		name           string
		set            func(*crowd)
		mails, gathers int
	}{
		{"at once", nil, 1, 0},
		{"once an hour", func(c *crowd) { c.told.Recipients[0].Choice = "hourly" }, 0, 1},
		{"once a day", func(c *crowd) { c.told.Recipients[0].Choice = "daily" }, 0, 1},
		{"not at all", func(c *crowd) { c.told.Recipients[0].Choice = "off" }, 0, 0},
		{"over the cap it waits for the day", func(c *crowd) { c.left = 0 }, 0, 1},
		{"a comment that was removed meanwhile", func(c *crowd) { c.told.Comment.Status = discuss.Rejected }, 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			crowd, tell := newCrowd(t)
			if c.set != nil {
				c.set(crowd)
			}
			if err := tell.Kinds()["tell"](ctx, `{"key":5}`); err != nil {
				t.Fatal(err)
			}
			if len(crowd.owed) != c.mails || len(crowd.gathered) != c.gathers {
				t.Errorf("%d mails, %d gathered; want %d, %d", len(crowd.owed), len(crowd.gathered), c.mails, c.gathers)
			}
		})
	}
	crowd, tell := newCrowd(t)
	if err := tell.Kinds()["demoted"](ctx, `{"key":7}`); err != nil || len(crowd.owed) != 0 {
		t.Errorf("nobody is demoted and somebody is told: %v %v", err, crowd.owed)
	}
	if err := tell.Kinds()["site"](ctx, `{"site":1,"action":"delete","at":1}`); err != nil || len(crowd.owed) != 0 {
		t.Errorf("the deletion was called off before the mail left, and somebody is told of it: %v %v", err, crowd.owed)
	}
	crowd.waiting = 0
	if err := tell.Kinds()["waiting"](ctx, `{"site":1}`); err != nil || len(crowd.owed) != 0 {
		t.Errorf("nothing waits and somebody is told: %v %v", err, crowd.owed)
	}
}

func (c *crowd) Ring(_ context.Context, id discuss.ID, named bool) error {
	c.rung = append(c.rung, fmt.Sprint(id, named))
	return nil
}

func (c *crowd) RingAuthor(_ context.Context, id discuss.ID, kind discuss.NotificationKind) error {
	c.rung = append(c.rung, fmt.Sprint(id, kind))
	return nil
}

func (c *crowd) FollowToConfirm(context.Context, discuss.ID) (string, discuss.Thread, discuss.Site, error) {
	return "guest@inbox.example", c.told.Thread, c.told.Site, nil
}

func (c *crowd) MarkMentioned(context.Context, discuss.ID) error { return nil }
