package store

import (
	"bytes"
	"context"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/markup"
)

func (b *bench) bell(t *testing.T, person int) (kinds []string, unread int) {
	t.Helper()
	list, err := b.Notifications(context.Background(), discuss.NotificationQuery{Account: b.people[person].Account, Limit: 50})
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range list {
		kinds = append(kinds, string(n.Kind))
	}
	if unread, err = b.Unread(context.Background(), b.people[person].Account, b.site.ID); err != nil {
		t.Fatal(err)
	}
	return kinds, unread
}

// mentioning gives the verbs what finds names in a text.
func (b *bench) mentioning() {
	r := markup.New(1, 8)
	b.verbs.Text.Clean, b.verbs.Text.Skeleton, b.verbs.Text.Mentions = markup.Clean, markup.Skeleton, markup.Mentions
	b.verbs.Text.Render = r.Render
	b.verbs.Text.LinkMentions = func(html string, people []discuss.Mentioned) string {
		to := make([]markup.Mentioned, len(people))
		for i, p := range people {
			if p.ID != 0 {
				to[i] = markup.Mentioned{Matched: p.Matched, Name: p.Name, Href: "https://c.example/u/" + p.ID.String()}
			}
		}
		return markup.LinkMentions(html, to)
	}
}

func (b *bench) ringAll(t *testing.T, c discuss.Comment) {
	t.Helper()
	for range 2 { // a job may run again
		if err := b.Ring(context.Background(), c.ID, false); err != nil {
			t.Fatal(err)
		}
	}
}

// Each hears once, for the nearest reason; what is gone or from somebody who is
// muted is neither shown nor counted; what was read is read on every page.
func TestTheBellTellsOnceAndOnlyWhatStands(t *testing.T) {
	b := newBench(t, Options{Skeleton: markup.Skeleton})
	b.mentioning()
	ctx := context.Background()
	root := b.post(t, 1, "a", 0, "the root")
	if err := b.verbs.Follow(ctx, b.site, b.people[2], "a", 0, true); err != nil {
		t.Fatal(err)
	}
	if err := b.verbs.Follow(ctx, b.site, b.people[1], "a", 0, true); err != nil {
		t.Fatal(err)
	}
	var hints []discuss.Hint
	b.Listen(Listeners{Hinted: func(h []discuss.Hint) { hints = append(hints, h...) }})
	reply := b.post(t, 3, "a", root.ID, "as @Person 2 and @Person 4 and @Person 3 know")
	b.ringAll(t, reply)
	for person, want := range map[int]string{1: "reply", 2: "mention", 4: "mention"} {
		if kinds, unread := b.bell(t, person); len(kinds) != 1 || kinds[0] != want || unread != 1 {
			t.Errorf("person %d: %q, %d unread; want one %s", person, kinds, unread, want)
		}
	}
	if kinds, _ := b.bell(t, 3); len(kinds) != 0 {
		t.Errorf("who wrote it is told of %q", kinds)
	}
	told := map[discuss.ID]int{}
	for _, h := range hints {
		if h.Type == discuss.HintBell {
			told[h.Author]++
		}
	}
	if len(told) != 3 {
		t.Errorf("%d pages are told, want 3", len(told))
	}

	// The newest that was read, and nothing behind it.
	list, _ := b.Notifications(ctx, discuss.NotificationQuery{Account: b.people[1].Account, Limit: 1})
	if err := b.verbs.ReadNotifications(ctx, b.people[1].Account, b.site.ID, list[0].ID); err != nil {
		t.Fatal(err)
	}
	if _, unread := b.bell(t, 1); unread != 0 {
		t.Errorf("%d unread", unread)
	}
	next := b.post(t, 4, "a", root.ID, "another")
	b.ringAll(t, next)
	if kinds, unread := b.bell(t, 1); len(kinds) != 2 || unread != 1 {
		t.Errorf("%q, %d unread", kinds, unread)
	}

	// Muted, gone, back again.
	if err := b.verbs.Mute(ctx, b.site, b.people[1], next.Author.ID, true); err != nil {
		t.Fatal(err)
	}
	if kinds, unread := b.bell(t, 1); len(kinds) != 1 || unread != 0 {
		t.Errorf("from who is muted: %q, %d unread", kinds, unread)
	}
	if err := b.verbs.Delete(ctx, b.site, b.people[3], reply.ID); err != nil {
		t.Fatal(err)
	}
	for person := range 5 {
		if kinds, unread := b.bell(t, person); person != 2 && len(kinds) != 0 || unread > 1 { // person 2 follows the thread
			t.Errorf("person %d is still told: %q, %d unread", person, kinds, unread)
		}
	}

	// Whoever muted the writer, is banned or switched off hears nothing of a further one.
	if err := b.verbs.Mute(ctx, b.site, b.people[2], reply.Author.ID, true); err != nil {
		t.Fatal(err)
	}
	last := b.post(t, 3, "a", next.ID, "@Person 2 @Person 1")
	b.ringAll(t, last)
	if kinds, _ := b.bell(t, 2); len(kinds) != 1 {
		t.Errorf("who muted the writer is told: %q", kinds)
	}
	d, err := b.Delivery(ctx, last.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range d.Recipients {
		if r.Email == "p2@example.com" {
			t.Error("who muted the writer gets a mail")
		}
	}
}

// A link leads to the person, whatever they are called since; who was picked
// among two of one name is who is meant; a name that an edit adds is told once.
func TestAMentionStaysWithThePerson(t *testing.T) {
	b := newBench(t, Options{Skeleton: markup.Skeleton, Unlink: func(html string, person discuss.ID) string {
		return markup.UnlinkMentions(html, "/u/"+person.String())
	}})
	b.mentioning()
	ctx := context.Background()
	two, four := b.post(t, 2, "a", 0, "mine").Author, b.post(t, 4, "a", 0, "mine too").Author
	link := func(id discuss.ID, name string) string {
		return `<a rel="nofollow ugc noopener noreferrer" href="https://c.example/u/` + id.String() + `"><span class="mention">@` + name + `</span></a>`
	}
	c := b.post(t, 1, "a", 0, "see @Person 2")
	if want := `<p>see ` + link(two.ID, "Person 2") + `</p>`; c.HTML != want {
		t.Fatalf("%s, want %s", c.HTML, want)
	}
	b.ringAll(t, c)
	if err := b.MarkMentioned(ctx, c.ID); err != nil {
		t.Fatal(err)
	}
	if err := b.Rename(ctx, b.people[2].Account, "Nadia", markup.Skeleton("Nadia")); err != nil {
		t.Fatal(err)
	}
	edited, err := b.verbs.Edit(ctx, b.site, b.people[1], c.ID, "see @Person 2 and @Person 4", netip.Addr{})
	if err != nil {
		t.Fatal(err)
	}
	if want := `<p>see ` + link(two.ID, "Nadia") + ` and ` + link(four.ID, "Person 4") + `</p>`; edited.HTML != want {
		t.Errorf("%s, want %s", edited.HTML, want)
	}
	d, err := b.Delivery(ctx, c.ID)
	if err != nil || len(d.Recipients) != 1 || d.Recipients[0].Author != four.ID {
		t.Errorf("an edit tells %v %v", d.Recipients, err)
	}

	// Two of one name: the second mention of it is the second who was picked.
	if err := b.update(ctx, b.w.ch, func(tx *Tx) error {
		return tx.exec(`UPDATE authors SET name = 'Person 4', skeleton = ?2 WHERE id = ?1`, two.ID, markup.Skeleton("Person 4"))
	}); err != nil {
		t.Fatal(err)
	}
	made, _, err := b.verbs.Post(ctx, b.site, b.people[1], discuss.Draft{ThreadKey: "a", Body: "@Person_4, and @Person_4", Mentions: []discuss.Chosen{{Name: "Person 4", ID: four.ID}, {Name: "Person_4", ID: two.ID}}}, discuss.Once{})
	if err != nil {
		t.Fatal(err)
	}
	if want := `<p>` + link(four.ID, "Person 4") + `, and ` + link(two.ID, "Person 4") + `</p>`; made.HTML != want {
		t.Errorf("%s, want %s", made.HTML, want)
	}
	// Nobody is meant by a name that is not theirs.
	made, _, err = b.verbs.Post(ctx, b.site, b.people[1], discuss.Draft{ThreadKey: "a", Body: "ask @Person_3", Mentions: []discuss.Chosen{{Name: "Person 3", ID: four.ID}}}, discuss.Once{})
	if err != nil || strings.Contains(made.HTML, four.ID.String()) {
		t.Errorf("%s %v, by a name that is not theirs", made.HTML, err)
	}

	// Of an account that is gone the words stay, and lead to nobody.
	for more := true; more; {
		if more, err = b.EraseSome(ctx, b.people[4].Account, 1); err != nil {
			t.Fatal(err)
		}
	}
	after, err := b.CommentByID(ctx, c.ID)
	if want := `<p>see ` + link(two.ID, "Nadia") + ` and <span class="mention">@Person 4</span></p>`; err != nil || after.HTML != want {
		t.Errorf("%s %v, want %s", after.HTML, err, want)
	}
}

// Of an account that is gone nothing is left in the tables of what it was told, its
// devices, whom it was named by and what its address followed; nor in the file.
func TestErasureTakesWhatSomebodyWasTold(t *testing.T) {
	b := newBench(t, Options{Skeleton: markup.Skeleton})
	b.mentioning()
	ctx := context.Background()
	root := b.post(t, 4, "a", 0, "mine")
	reply := b.post(t, 1, "a", root.ID, "for @Person 4")
	b.ringAll(t, reply)
	if err := b.verbs.ReadNotifications(ctx, b.people[4].Account, b.site.ID, reply.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := b.PutPushDevice(ctx, b.people[4].Account, auth.PushDevice{Endpoint: "https://fcm.googleapis.com/secret-of-a-device", Key: []byte("key"), Auth: []byte("auth"), Name: "Firefox"}); err != nil {
		t.Fatal(err)
	}
	if err := b.SetPushChoices(ctx, b.people[4].Account, auth.PushChoices{QuietUntil: 60, Zone: "Asia/Tokyo"}); err != nil {
		t.Fatal(err)
	}
	site := b.site
	site.Settings.Guests = true
	if err := b.verbs.FollowAsGuest(ctx, site, "a", 0, "P4@example.com"); err != nil {
		t.Fatal(err)
	}
	e, err := b.ExportAccount(ctx, b.people[4].Account)
	if err != nil || len(e.Told) != 1 || e.Told[0]["kind"] != "reply" || len(e.Devices) != 1 || e.Devices[0]["name"] != "Firefox" || len(e.PushChoices) != 1 || e.PushChoices[0]["zone"] != "Asia/Tokyo" {
		t.Errorf("the export holds %v %v %v, %v", e.Told, e.Devices, e.PushChoices, err)
	}
	for more := true; more; {
		if more, err = b.EraseSome(ctx, b.people[4].Account, 10); err != nil {
			t.Fatal(err)
		}
	}
	for _, table := range []string{"notifications", "bells", "mentions", "push_devices", "push_choices", "guest_follows"} {
		var n int
		if err := b.queryRow(ctx, `SELECT count(*) FROM `+table, nil, &n); err != nil || n != 0 {
			t.Errorf("%s holds %d rows, %v", table, n, err)
		}
	}
	if b.holds(t, "secret-of-a-device") {
		t.Error("the file holds the address of the device")
	}
	file, err := os.ReadFile(b.path)
	if err != nil || bytes.Contains(file, []byte("p4@example.com")) || bytes.Contains(file, []byte("Asia/Tokyo")) {
		t.Error("the file holds the address, or where they live", err)
	}
}

// What a bell says is kept for ninety days; a question that nobody answered goes too.
func TestOldNotificationsGo(t *testing.T) {
	now := time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC)
	b := newBench(t, Options{Now: func() time.Time { return now }})
	ctx := context.Background()
	root := b.post(t, 1, "a", 0, "mine")
	b.ringAll(t, b.post(t, 2, "a", root.ID, "an answer"))
	for _, c := range []struct {
		days, want int
	}{{89, 1}, {2, 0}} {
		now = now.AddDate(0, 0, c.days)
		if err := b.Sweep(ctx); err != nil {
			t.Fatal(err)
		}
		if kinds, _ := b.bell(t, 1); len(kinds) != c.want {
			t.Errorf("%d days later: %q", c.days, kinds)
		}
	}
}

// Reactions are one row that grows: more of them is news, fewer is none, none takes it away.
func TestReactionsAreOneRow(t *testing.T) {
	b := newBench(t, Options{})
	ctx := context.Background()
	c := b.post(t, 1, "a", 0, "mine")
	set := func(n int) {
		t.Helper()
		if err := b.Write(ctx, func(discuss.Reader) (ch discuss.Changes, _ error) {
			ch.Add(discuss.Notified{Author: c.Author.ID, Comment: c.ID, Kind: discuss.NotifyReactions, Count: n})
			return ch, nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	for _, x := range []struct{ count, rows, unread int }{{1, 1, 1}, {3, 1, 1}, {2, 1, 0}, {4, 1, 1}, {0, 0, 0}} {
		set(x.count)
		list, err := b.Notifications(ctx, discuss.NotificationQuery{Account: b.people[1].Account, Limit: 10})
		if err != nil || len(list) != x.rows || x.rows == 1 && list[0].Count != x.count {
			t.Errorf("%d: %+v %v", x.count, list, err)
		}
		if _, unread := b.bell(t, 1); unread != x.unread {
			t.Errorf("%d: %d unread, want %d", x.count, unread, x.unread)
		}
		if x.count == 3 {
			if err := b.verbs.ReadNotifications(ctx, b.people[1].Account, 0, list[0].ID); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// An address that follows hears of what others write, and not of what its owner
// does; who has an account with it hears once.
func TestNobodyHearsOfTheirOwnByAddress(t *testing.T) {
	b := newBench(t, Options{})
	ctx := context.Background()
	b.post(t, 1, "a", 0, "the root")
	site := b.site
	site.Settings.Guests = true
	for _, email := range []string{"p1@example.com", "gast@inbox.example"} {
		if err := b.verbs.FollowAsGuest(ctx, site, "a", 0, email); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.update(ctx, b.w.ch, func(tx *Tx) error { return tx.exec(`UPDATE guest_follows SET confirmed = 1`) }); err != nil {
		t.Fatal(err)
	}
	if err := b.verbs.Follow(ctx, b.site, b.people[1], "a", 0, true); err != nil {
		t.Fatal(err)
	}
	for who, want := range map[int][]string{1: {"gast@inbox.example"}, 2: {"p1@example.com", "gast@inbox.example"}} {
		d, err := b.Delivery(ctx, b.post(t, who, "a", 0, "a comment").ID)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range d.Recipients {
			got = append(got, r.Email)
		}
		if strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("of what person %d writes hear %q, want %q", who, got, want)
		}
	}
}
