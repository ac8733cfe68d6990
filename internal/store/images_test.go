package store

import (
	"context"
	"errors"
	"fmt"
	"math/bits"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/internal/discuss"
)

// imaged is a bench whose site takes images from everybody, and verbs that draw
// them: a file is its own bytes, and looks like its length says.
func imaged(t *testing.T, opt Options) *bench {
	t.Helper()
	b := newBench(t, opt)
	b.site.Settings.Images = discuss.ImagesMembers
	b.verbs.Text.Images = func(body string) (out []string) {
		for _, m := range regexp.MustCompile(`parley:([0-9a-f]{32})`).FindAllStringSubmatch(body, -1) {
			out = append(out, m[1])
		}
		return out
	}
	b.verbs.Text.RenderWith = func(_ context.Context, body string, images []discuss.Image) (string, error) {
		for _, m := range images {
			body = strings.ReplaceAll(body, "parley:"+m.ID, `<img src="`+m.Path()+`" alt="" width="1" height="1" loading="lazy" data-color="#000000">`)
		}
		return "<p>" + body + "</p>", nil
	}
	b.verbs.Draw = func(_ context.Context, raw []byte) (discuss.Image, []byte, error) {
		return discuss.Image{Type: "image/jpeg", Width: 1, Height: 1, Colour: "#000000", Sum: append([]byte("sum "), raw...), Looks: uint64(len(raw)) << 16}, raw, nil
	}
	b.verbs.Alike = func(a, c uint64) bool { return bits.OnesCount64(a^c) == 0 }
	return b
}

var imageNumber int

func (b *bench) image(t testing.TB, who int, raw string) string {
	t.Helper()
	imageNumber++
	id := fmt.Sprintf("%015x%017x", imageNumber, imageNumber)
	if _, err := b.verbs.AddImage(context.Background(), b.site, b.people[who], id, []byte(raw)); err != nil {
		t.Fatal(err)
	}
	return id
}

func (b *bench) seen(t testing.TB, id string) bool {
	t.Helper()
	_, _, public, err := b.ImageFile(context.Background(), id)
	if err != nil && !errors.Is(err, discuss.ErrNotFound) {
		t.Fatal(err)
	}
	return public && err == nil
}

func (b *bench) decides(t testing.TB, id discuss.ID, action string) {
	t.Helper()
	out, err := b.verbs.Decide(context.Background(), b.site, b.people[0], []discuss.Decision{{Comment: id, Action: action}})
	if err = errors.Join(append(out.Errors, err)...); err != nil {
		t.Fatal(err)
	}
}

// An image is public as long as a comment that shows it is, and no moment more.
func TestAnImageIsSeenAsLongAsItsComment(t *testing.T) {
	b := imaged(t, Options{})
	ctx := context.Background()
	id := b.image(t, 1, "ferry")
	if b.seen(t, id) {
		t.Error("seen before a comment shows it")
	}
	c := b.post(t, 1, "t", 0, "look: parley:"+id)
	if !b.seen(t, id) || !strings.Contains(c.HTML, `src="/media/`+id+`.jpg"`) {
		t.Errorf("not seen: %s", c.HTML)
	}
	b.decides(t, c.ID, "reject")
	if b.seen(t, id) {
		t.Error("seen after its comment was rejected")
	}
	b.decides(t, c.ID, "approve")
	if !b.seen(t, id) {
		t.Error("not seen after its comment was approved")
	}
	if _, err := b.verbs.Edit(ctx, b.site, b.people[1], c.ID, "look no more", netip.Addr{}); err != nil {
		t.Fatal(err)
	}
	if b.seen(t, id) {
		t.Error("seen after it was edited out")
	}
	if c, err := b.verbs.Edit(ctx, b.site, b.people[1], c.ID, "look: parley:"+id, netip.Addr{}); err != nil || !b.seen(t, id) {
		t.Errorf("put back it is not seen: %s %v", c.HTML, err)
	}
	if err := b.verbs.Delete(ctx, b.site, b.people[1], c.ID); err != nil || b.seen(t, id) {
		t.Errorf("seen after its author deleted the comment, %v", err)
	}
	if _, err := b.verbs.Restore(ctx, b.site, b.people[1], c.ID, netip.Addr{}); err != nil || !b.seen(t, id) {
		t.Errorf("the deletion taken back it is not seen, %v", err)
	}
	recount(t, b.path)
}

// A text shows what its author uploaded on the same site, once, and four of them at most.
func TestWhoseImagesATextShows(t *testing.T) {
	b := imaged(t, Options{})
	ctx := context.Background()
	other, err := b.PutSite(ctx, discuss.Site{Key: "other", Name: "Other", Origins: []string{"https://other.example"}, Settings: b.site.Settings})
	if err != nil {
		t.Fatal(err)
	}
	refused := func(what string, site discuss.Site, who int, body string) {
		t.Helper()
		_, _, err := b.verbs.Post(ctx, site, b.people[who], discuss.Draft{ThreadKey: "t", Body: body}, discuss.Once{})
		if discuss.KindOf(err) != discuss.Invalid {
			t.Errorf("%s: %v", what, err)
		}
	}
	id := b.image(t, 1, "mine")
	refused("another's", b.site, 2, "parley:"+id)
	refused("of another site", other, 1, "parley:"+id)
	refused("nobody's", b.site, 1, "parley:"+strings.Repeat("e", 32))
	refused("five", b.site, 1, "parley:"+id+" parley:"+b.image(t, 1, "2")+" parley:"+b.image(t, 1, "3")+" parley:"+b.image(t, 1, "4")+" parley:"+b.image(t, 1, "5"))
	b.post(t, 1, "t", 0, "parley:"+id)
	refused("of another comment", b.site, 1, "again parley:"+id)
	guests := b.site
	guests.Settings.Guests = true
	if _, _, err := b.verbs.Post(ctx, guests, discuss.Actor{}, discuss.Draft{ThreadKey: "t", Body: "parley:" + b.image(t, 1, "x"), GuestName: "Ida"}, discuss.Once{}); discuss.KindOf(err) != discuss.Invalid {
		t.Errorf("a guest: %v", err)
	}
	off := b.site
	for setting, want := range map[string]error{discuss.ImagesOff: discuss.ErrImagesOff, discuss.ImagesTrusted: discuss.ErrImagesOff, discuss.ImagesMembers: nil} {
		off.Settings.Images = setting
		if _, err := b.verbs.AddImage(ctx, off, b.people[2], strings.Repeat("d", 32), []byte("x")); !errors.Is(err, want) && (err != nil || want != nil) {
			t.Errorf("images %q: %v", setting, err)
		}
	}
	off.Settings.Images = discuss.ImagesTrusted
	if may, err := b.verbs.MayAddImages(ctx, off, b.people[0]); err != nil || !may {
		t.Errorf("a moderator may not, %v", err)
	}
	if err := b.verbs.DropImage(ctx, b.site, b.people[1], id); !errors.Is(err, discuss.ErrNotFound) {
		t.Errorf("one that a comment shows is taken back: %v", err)
	}
}

// An account has so much room, which what is gone gives back.
func TestAnAccountsImagesHaveAQuota(t *testing.T) {
	b := imaged(t, Options{})
	b.verbs.Draw = func(context.Context, []byte) (discuss.Image, []byte, error) {
		body := make([]byte, discuss.ImageQuota/2)
		return discuss.Image{Type: "image/jpeg", Width: 1, Height: 1, Colour: "#000000", Sum: fmt.Append(nil, imageNumber)}, body, nil
	}
	first := b.image(t, 1, "")
	b.image(t, 1, "")
	add := func(who int) error {
		imageNumber++
		_, err := b.verbs.AddImage(context.Background(), b.site, b.people[who], fmt.Sprintf("%032x", imageNumber), nil)
		return err
	}
	if err := add(1); !errors.Is(err, discuss.ErrImageQuota) {
		t.Errorf("over the quota: %v", err)
	}
	if err := add(2); err != nil {
		t.Errorf("another account: %v", err)
	}
	if err := b.verbs.DropImage(context.Background(), b.site, b.people[1], first); err != nil {
		t.Fatal(err)
	}
	if err := add(1); err != nil {
		t.Errorf("after one was taken back: %v", err)
	}
}

// What somebody says is illegal is out of sight at once, outlives its text, and
// is known again once a moderator has agreed.
func TestAnImageThatIsSaidToBeIllegal(t *testing.T) {
	at := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	b := imaged(t, Options{Now: func() time.Time { return at }})
	ctx := context.Background()
	id := b.image(t, 1, "horrid")
	c := b.post(t, 1, "t", 0, "parley:"+id)
	if err := b.verbs.Report(ctx, b.site, b.people[2], c.ID, "spam", "", netip.Addr{}, id); discuss.KindOf(err) != discuss.Invalid {
		t.Errorf("an image with another reason: %v", err)
	}
	if err := b.verbs.Report(ctx, b.site, b.people[2], c.ID, discuss.Illegal, "", netip.Addr{}, id); err != nil {
		t.Fatal(err)
	}
	c, err := b.CommentByID(ctx, c.ID)
	if err != nil || b.seen(t, id) || !strings.Contains(c.HTML, `data-blur="held"`) {
		t.Errorf("it is still seen: %s %v", c.HTML, err)
	}
	if err := b.verbs.Delete(ctx, b.site, b.people[1], c.ID); err != nil { // its author makes away with it
		t.Fatal(err)
	}
	at = at.Add(WithdrawnKept + time.Hour)
	if err := b.Sweep(ctx); err != nil {
		t.Fatal(err)
	}
	if _, body, _, err := b.ImageFile(ctx, id); err != nil || string(body) != "horrid" {
		t.Errorf("nobody can decide about it any more: %q %v", body, err)
	}
	if _, err := b.verbs.OnImage(ctx, b.site, b.people[2], id, "illegal"); !errors.Is(err, discuss.ErrRole) {
		t.Errorf("a reader decides: %v", err)
	}
	for _, act := range []string{"open", "illegal"} {
		if _, err := b.verbs.OnImage(ctx, b.site, b.people[0], id, act); err != nil {
			t.Fatal(act, err)
		}
	}
	if _, _, _, err := b.ImageFile(ctx, id); !errors.Is(err, discuss.ErrNotFound) {
		t.Errorf("its bytes are still there: %v", err)
	}
	log, err := b.AuditPage(ctx, discuss.AuditQuery{Site: b.site.ID, Limit: 10})
	if err != nil || len(log) < 3 || log[0].Action != "illegal image" || log[1].Action != "open image" {
		t.Errorf("the log: %+v %v", log, err)
	}
	b.verbs.Gate = gateOf{}
	again := b.image(t, 3, "HORRID") // it looks the same
	d := b.post(t, 3, "t", 0, "parley:"+again)
	if d.Status != discuss.Pending || b.seen(t, again) || len(d.Trace.Findings) != 1 || d.Trace.Findings[0].Check != "image" {
		t.Errorf("it came again and is %s, %+v", d.Status, d.Trace)
	}
	if fine := b.post(t, 3, "t", 0, "parley:"+b.image(t, 3, "another one")); fine.Status != discuss.Published {
		t.Errorf("another image is %s", fine.Status)
	}
}

// A backup from before an image was found to be illegal is told of it: its bytes
// do not come back, and it is known again there.
func TestAnIllegalImageStaysErased(t *testing.T) {
	a := newArchive(t)
	a.bench = imaged(t, Options{})
	ctx := context.Background()
	id, other := a.image(t, 1, "horrid"), a.image(t, 1, "a fine ferry")
	a.post(t, 1, "t", 0, "parley:"+id+" and parley:"+other)
	old := a.copied()
	if _, err := a.verbs.OnImage(ctx, a.site, a.people[0], id, "illegal"); err != nil {
		t.Fatal(err)
	}
	list, err := ErasuresIn(ctx, a.path)
	if err != nil || !slices.Equal(what(list), []string{"image"}) {
		t.Fatalf("written down: %+v (%v)", list, err)
	}
	for i, want := range []int{1, 0} {
		if n, err := old.Replay(ctx, list); err != nil || n != want {
			t.Errorf("replayed %d times: %d (%v)", i+1, n, err)
		}
	}
	if _, _, _, err := old.ImageFile(ctx, id); !errors.Is(err, discuss.ErrNotFound) {
		t.Errorf("its bytes came back: %v", err)
	}
	if _, body, public, err := old.ImageFile(ctx, other); err != nil || !public || string(body) != "a fine ferry" {
		t.Errorf("the other image: %q, public %v (%v)", body, public, err)
	}
	marks, err := old.ImageMarks(ctx, 10)
	if err != nil || len(marks) == 0 || marks[0].Verdict != "illegal" || string(marks[0].Sum) != "sum horrid" {
		t.Errorf("known again there: %+v (%v)", marks, err)
	}
}

// An image that was held, then edited out of its comment, and then cleared is not
// public: no comment shows it.
func TestAClearedImageThatNoCommentShows(t *testing.T) {
	b := imaged(t, Options{})
	ctx := context.Background()
	id := b.image(t, 1, "ferry")
	c := b.post(t, 1, "t", 0, "parley:"+id)
	if err := b.verbs.Report(ctx, b.site, b.people[2], c.ID, discuss.Illegal, "", netip.Addr{}, id); err != nil {
		t.Fatal(err)
	}
	if _, err := b.verbs.Edit(ctx, b.site, b.people[1], c.ID, "without it", netip.Addr{}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.verbs.OnImage(ctx, b.site, b.people[0], id, "clear"); err != nil {
		t.Fatal(err)
	}
	if b.seen(t, id) {
		t.Error("everybody sees what its author took out")
	}
}

// gateOf holds what a finding says is to be held.
type gateOf struct{ discuss.Gate }

func (gateOf) Read(context.Context, discuss.Site, string, string) (discuss.Reading, error) {
	return discuss.Reading{}, nil
}

func (gateOf) Judge(_ discuss.Case, r discuss.Reading) discuss.Judgement {
	j := discuss.Judgement{Status: discuss.Published, Trace: discuss.Trace{Findings: r.Findings}}
	if len(r.Findings) > 0 {
		j.Status = discuss.Pending
	}
	return j
}

func (gateOf) Train(discuss.ID, []discuss.TrainingExample) {}

// One that a moderator has looked at is hidden by no further report; and what a
// moderator rejected is known again, until that is undone.
func TestWhatAModeratorSaidOfAnImageHolds(t *testing.T) {
	b := imaged(t, Options{})
	ctx := context.Background()
	id := b.image(t, 1, "fine")
	c := b.post(t, 1, "t", 0, "parley:"+id)
	for _, act := range []string{"blur", "unblur"} {
		m, err := b.verbs.OnImage(ctx, b.site, b.people[0], id, act)
		c, _ = b.CommentByID(ctx, c.ID)
		if err != nil || (m.Veil == discuss.VeilStaff) != (act == "blur") || strings.Contains(c.HTML, `data-blur="mod"`) != (act == "blur") {
			t.Errorf("%s: %+v, %s, %v", act, m, c.HTML, err)
		}
	}
	if err := b.verbs.Report(ctx, b.site, b.people[2], c.ID, discuss.Illegal, "", netip.Addr{}, id); err != nil || !b.seen(t, id) {
		t.Errorf("hidden though a moderator has looked, %v", err)
	}
	b.verbs.Gate = gateOf{}
	b.decides(t, c.ID, "reject")
	if d := b.post(t, 3, "t", 0, "parley:"+b.image(t, 3, "fine")); d.Status != discuss.Pending {
		t.Errorf("what was rejected comes again and is %s", d.Status)
	}
	b.decides(t, c.ID, "approve")
	if d := b.post(t, 3, "t", 0, "parley:"+b.image(t, 3, "fine")); d.Status != discuss.Published {
		t.Errorf("what was approved after all is %s", d.Status)
	}
}

// A newcomer's image is behind a veil until a moderator approves of the comment.
func TestNewcomersImagesAreVeiled(t *testing.T) {
	b := imaged(t, Options{})
	for blur, want := range map[string]string{discuss.BlurNewcomers: `data-blur="new"`, discuss.BlurAll: `data-blur="site"`, discuss.BlurNone: ""} {
		b.site.Settings.BlurImages = blur
		c := b.post(t, 1, "t", 0, "parley:"+b.image(t, 1, blur))
		if strings.Contains(c.HTML, "data-blur") != (want != "") || !strings.Contains(c.HTML, want) {
			t.Errorf("%s: %s", blur, c.HTML)
		}
		th, _ := b.ThreadByKey(context.Background(), b.site.ID, "t")
		b.decides(t, c.ID, "approve")
		if now, err := b.ThreadByKey(context.Background(), b.site.ID, "t"); err != nil || (now.Seq > th.Seq) != (blur == discuss.BlurNewcomers) {
			t.Errorf("%s: its readers are told: %d and %d, %v", blur, th.Seq, now.Seq, err)
		}
		c, err := b.CommentByID(context.Background(), c.ID)
		if err != nil || strings.Contains(c.HTML, "data-blur") != (blur == discuss.BlurAll) {
			t.Errorf("%s, approved: %s %v", blur, c.HTML, err)
		}
	}
}

// Images go with what they belong to, and those that nothing shows within a day.
func TestImagesGoWithWhatTheyBelongTo(t *testing.T) {
	at := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	b := imaged(t, Options{Now: func() time.Time { return at }})
	ctx := context.Background()
	there := func(id string) bool {
		_, _, _, err := b.ImageFile(ctx, id)
		return err == nil
	}
	unused, kept, text := b.image(t, 1, "unused"), b.image(t, 1, "kept"), b.image(t, 2, "text")
	b.post(t, 1, "t", 0, "parley:"+kept)
	b.post(t, 2, "t", 0, "parley:"+text)
	e, err := b.ExportAccount(ctx, b.people[1].Account)
	if err != nil {
		t.Fatal(err)
	}
	if len(e.Images) != 2 || e.Images[1].Name != kept+".jpg" || string(e.Images[1].Body) != "kept" {
		t.Errorf("the person's export has %v", e.Images)
	}
	at = at.Add(discuss.ImagesUnused + time.Minute)
	if err := b.Sweep(ctx); err != nil || there(unused) || !there(kept) {
		t.Errorf("a day later: unused %v, kept %v, %v", there(unused), there(kept), err)
	}
	unused = b.image(t, 1, "unused")
	for i, text := range []bool{false, true} { // the first takes the name away alone
		if err := b.SetErase(ctx, b.people[i+1].Account, at, text); err != nil {
			t.Fatal(err)
		}
		for more := true; more; {
			if more, err = b.EraseSome(ctx, b.people[i+1].Account, 100); err != nil {
				t.Fatal(err)
			}
		}
	}
	if there(unused) || !there(kept) || there(text) {
		t.Errorf("accounts erased: unused %v, of a text that stays %v, of one that goes %v", there(unused), there(kept), there(text))
	}
	if err := b.DeleteSite(ctx, b.site, nil); err != nil || there(kept) {
		t.Errorf("site deleted: %v, %v", there(kept), err)
	}
}
