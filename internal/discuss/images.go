package discuss

import (
	"bytes"
	"context"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Limits of images in comments.
const (
	MaxImages     = 4        // in one comment
	ImageQuota    = 50 << 20 // bytes that one account's may come to
	ImagesUnused  = 24 * time.Hour
	MaxImageMarks = 50_000 // of images that were taken away, newest first, that a new one is held against
	ImagesOff     = ""
	ImagesTrusted = "trusted"
	ImagesMembers = "members"
	BlurNewcomers = "newcomers"
	BlurAll       = "all"
	BlurNone      = "off"
	imagePath     = "/media/"
)

// Why an image is behind a veil.
const (
	VeilNone    = ""
	VeilNew     = "new"  // by a newcomer, and no moderator has looked
	VeilSite    = "site" // the site veils all
	VeilStaff   = "mod"  // a moderator did
	VeilOnceOut = "held" // said to be illegal: nobody sees it but who decides
)

// States of an image.
const (
	ImageThere   = ""
	ImageHeld    = "held"    // said to be illegal: served to nobody, and erased by nothing until somebody has decided
	ImageIllegal = "illegal" // found to be: its bytes are gone, what it is known again by stays
)

// Image is what we know of an image in a comment.
type Image struct {
	ID            string // 128 random bits, in hex: what cannot be guessed is what its address is
	Site, Account ID     // the account is 0 where that is gone
	Comment       ID     // 0: no comment shows it yet
	Type          string // media type
	Width, Height int
	Colour        string // its average, #rrggbb
	Bytes         int
	Sum           []byte // SHA-256 of the bytes
	Looks         uint64 // media.Drawn.Looks
	Veil          string
	State         string
	Checked       bool // a moderator said that it may stand: no report hides it again
	Created       time.Time
}

// File is what an image is called.
func (m Image) File() string {
	if m.Type == "image/png" {
		return m.ID + ".png"
	}
	return m.ID + ".jpg"
}

// Path is where an image is served, without a host.
func (m Image) Path() string { return imagePath + m.File() }

// ImageMark is what an image that was taken away is known again by.
type ImageMark struct {
	Sum     []byte
	Looks   uint64
	Verdict string // "rejected" or "illegal"
}

// ImageStore reads images.
type ImageStore interface {
	// Images returns those that are there of some ids.
	Images(ctx context.Context, ids []string) ([]Image, error)
	// ImagesIn returns those of some comments.
	ImagesIn(ctx context.Context, comments []ID) ([]Image, error)
	// ImageFile is an image with its bytes; public says that everybody may see it.
	ImageFile(ctx context.Context, id string) (m Image, body []byte, public bool, err error)
	// ImageBytes is what an account's images come to.
	ImageBytes(ctx context.Context, account ID) (int, error)
	// ImageMarks are at most limit of images that were taken away on this server, the newest.
	ImageMarks(ctx context.Context, limit int) ([]ImageMark, error)
	// TrustOf is the level that a person never falls under.
	TrustOf(ctx context.Context, author ID) (Level, error)
}

// ImageReader reads images within a write.
type ImageReader interface {
	Image(id string) (Image, error)
	ImagesOf(comment ID) ([]Image, error)
	ImageBytesOf(account ID) (int, error)
}

// Changes of images.
type (
	// NewImage adds an image that no comment shows yet.
	NewImage struct {
		Image Image
		Body  []byte
	}
	// UseImages says which images a comment shows; others of it are unused again.
	UseImages struct {
		Comment ID
		IDs     []string
	}
	// LoseImage removes one that no comment shows.
	LoseImage struct{ ID string }
	// SetImage writes how an image stands. One that is illegal loses its bytes.
	SetImage struct {
		ID, Veil, State string
		Checked         bool
	}
	// SetHTML replaces the HTML of a comment, whose text stays.
	SetHTML struct {
		Comment ID
		HTML    string
	}
)

func (NewImage) change()  {}
func (UseImages) change() {}
func (LoseImage) change() {}
func (SetImage) change()  {}
func (SetHTML) change()   {}

// Errors of images.
var (
	ErrImagesOff  = &Error{Kind: Forbidden, Code: "images_off", Detail: "You can't add images on this site."}
	ErrImageQuota = &Error{Kind: Conflict, Code: "image_quota", Detail: "Your images have used up the 50 MB that an account has. Delete comments with images that you need no more; their room is free once they are gone."}
)

// MayAddImages reports whether somebody may upload images on a site.
func (s *Service) MayAddImages(ctx context.Context, site Site, who Actor) (bool, error) {
	if site.Settings.Images == ImagesOff || !who.SignedIn() {
		return false, nil
	}
	if site.Settings.Images == ImagesMembers || who.Operator || who.Role != Member && who.Role != Auditor {
		return true, nil
	}
	if who.Author.ID == 0 {
		return false, nil
	}
	trust, err := s.Store.TrustOf(ctx, who.Author.ID)
	return trust >= LevelTrusted, err
}

// AddImage takes a file that somebody wants to show in a comment, and draws it
// anew. It is seen by nobody else until a comment that shows it is published.
func (s *Service) AddImage(ctx context.Context, site Site, who Actor, id string, raw []byte) (Image, error) {
	if !who.SignedIn() {
		return Image{}, ErrSignedOut
	}
	if may, err := s.MayAddImages(ctx, site, who); err != nil || !may {
		if err == nil {
			err = ErrImagesOff
		}
		return Image{}, err
	}
	if site.ReadOnly() { // no comment could show it
		return Image{}, ErrThreadClosed
	}
	if has, err := s.Store.ImageBytes(ctx, who.Account); err != nil || has >= ImageQuota { // before the work
		if err == nil {
			err = ErrImageQuota
		}
		return Image{}, err
	}
	m, body, err := s.Draw(ctx, raw)
	if err != nil {
		return m, err
	}
	m.ID, m.Site, m.Account, m.Bytes = id, site.ID, who.Account, len(body)
	err = s.Store.Write(ctx, func(r Reader) (ch Changes, err error) {
		if err := checkBanned(r, site, who, netip.Addr{}); err != nil {
			return nil, err
		}
		has, err := r.ImageBytesOf(who.Account)
		if err != nil {
			return nil, err
		}
		if has+m.Bytes > ImageQuota {
			return nil, ErrImageQuota
		}
		m.Created = r.Now()
		ch.Add(NewImage{m, body})
		return ch, nil
	})
	return m, err
}

// DropImage takes back an image that no comment shows yet.
func (s *Service) DropImage(ctx context.Context, site Site, who Actor, id string) error {
	if !who.SignedIn() {
		return ErrSignedOut
	}
	return s.Store.Write(ctx, func(r Reader) (ch Changes, err error) {
		m, err := r.Image(id)
		if err != nil {
			return nil, err
		}
		if m.Site != site.ID || m.Account != who.Account || m.Comment != 0 || m.State != ImageThere {
			return nil, ErrNotFound
		}
		ch.Add(LoseImage{id})
		return ch, nil
	})
}

// pictured are the images that a text by somebody may show: of those that it
// names, the ones that its author uploaded on the same site and no other
// comment shows. of is the comment that has it; 0: a new one.
func (s *Service) pictured(ctx context.Context, site Site, who Actor, of ID, body string) ([]Image, error) {
	if s.Text.Images == nil {
		return nil, nil
	}
	ids := s.Text.Images(body)
	if len(ids) == 0 {
		return nil, nil
	}
	if len(ids) > MaxImages {
		return nil, Bad("body", "shows more than 4 images")
	}
	all, err := s.Store.Images(ctx, ids)
	if err != nil {
		return nil, err
	}
	var out []Image
	for _, m := range all {
		mine := m.Account == who.Account && who.Account != 0 && m.Comment == 0
		if m.Site == site.ID && (mine || of != 0 && m.Comment == of) && m.State != ImageIllegal {
			out = append(out, m)
		}
	}
	if len(out) < len(ids) {
		return nil, Bad("body", "names an image that is no longer there, or is not yours: add it again")
	}
	return out, nil
}

// shown are those of images that a text's HTML does show.
func shown(html string, images []Image) (out []Image) {
	for _, m := range images {
		if strings.Contains(html, m.Path()) {
			out = append(out, m)
		}
	}
	return out
}

func idsOf(images []Image) (out []string) {
	for _, m := range images {
		out = append(out, m.ID)
	}
	return out
}

// veiled is HTML with the veil of one image set.
func veiled(html, path, veil string) string {
	at := regexp.MustCompile(`(<img src="` + regexp.QuoteMeta(path) + `"[^>]*?)( data-blur="[a-z]*")?>`)
	mark := ""
	if veil != VeilNone {
		mark = ` data-blur="` + veil + `"`
	}
	return at.ReplaceAllString(html, "${1}"+mark+">")
}

// Veiled is HTML with the veil of an image as that has it.
func Veiled(html string, m Image) string { return veiled(html, m.Path(), m.Veil) }

// known is what to hold images against that were taken away on this server
// before: a finding, and those that were found to be illegal.
func (s *Service) known(ctx context.Context, images []Image) (found *Finding, illegal []string, err error) {
	if len(images) == 0 || s.Alike == nil {
		return nil, nil, nil
	}
	marks, err := s.Store.ImageMarks(ctx, MaxImageMarks)
	if err != nil {
		return nil, nil, err
	}
	for _, m := range images {
		for _, k := range marks {
			if !bytes.Equal(m.Sum, k.Sum) && !s.Alike(m.Looks, k.Looks) {
				continue
			}
			if found == nil || k.Verdict == ImageIllegal {
				found = &Finding{Check: "image", Suggested: SuggestHold, Detail: k.Verdict}
			}
			if k.Verdict == ImageIllegal && !slices.Contains(illegal, m.ID) {
				illegal = append(illegal, m.ID)
			}
		}
	}
	return found, illegal, nil
}

// show puts the images of a text into place: each is the comment's from now on,
// and behind a veil where that is asked for. It returns the HTML that comes of it.
func (s *Service) show(r Reader, ch *Changes, site Site, c Comment, images []Image, illegal []string) (string, error) {
	html := c.HTML
	if len(images) == 0 {
		return html, nil
	}
	level := LevelTrusted
	if !c.Author.Role.AtLeast(Moderator) && c.Author.Role != Staff {
		rec, err := r.Record(c.Author, 0, 0)
		if err != nil {
			return html, err
		}
		level = rec.Level(r.Now(), site.Settings.Moderation)
	}
	ch.Add(UseImages{c.ID, idsOf(images)})
	for _, m := range images {
		now, err := r.Image(m.ID)
		if err != nil || now.Comment != 0 && now.Comment != c.ID {
			return html, Bad("body", "names an image that is no longer there, or is not yours: add it again")
		}
		veil, state := now.Veil, now.State
		switch {
		case slices.Contains(illegal, m.ID):
			veil, state = VeilOnceOut, ImageHeld
		case now.Comment != 0 || now.Checked: // it stood there before
		case site.Settings.BlurImages == BlurAll:
			veil = VeilSite
		case site.Settings.BlurImages != BlurNone && level == LevelNew:
			veil = VeilNew
		}
		if veil != now.Veil || state != now.State {
			ch.Add(SetImage{m.ID, veil, state, now.Checked})
		}
		html = veiled(html, m.Path(), veil)
	}
	return html, nil
}

// unveil takes the veil of a newcomer's images away: a moderator has looked.
func unveil(r Reader, ch *Changes, c Comment) error {
	if !strings.Contains(c.HTML, `data-blur="`+VeilNew+`"`) { // nearly always
		return nil
	}
	images, err := r.ImagesOf(c.ID)
	if err != nil {
		return err
	}
	html := c.HTML
	for _, m := range images {
		if m.Veil == VeilNew {
			ch.Add(SetImage{m.ID, VeilNone, m.State, true})
			html = veiled(html, m.Path(), VeilNone)
		}
	}
	ch.Add(SetHTML{c.ID, html})
	if c.Status == Published { // else its readers are told that it is there
		ch.Add(c.event(CommentUpdated, r))
	}
	return nil
}

// hide takes an image that is said to be illegal out of sight at once, unless a
// moderator has said before that it may stand.
func hide(r Reader, ch *Changes, site Site, c Comment, id string, by Author) error {
	m, err := r.Image(id)
	if err != nil || m.Comment != c.ID {
		return Bad("image", "is not one of this comment")
	}
	if m.State != ImageThere || m.Checked {
		return nil
	}
	ch.Add(
		SetImage{m.ID, VeilOnceOut, ImageHeld, false},
		SetHTML{c.ID, veiled(c.HTML, m.Path(), VeilOnceOut)},
		Entry{Site: site.ID, Actor: by, Action: "hide image", Kind: "comment", Target: c.ID, Reason: Illegal, Note: m.ID},
		c.event(CommentUpdated, r),
	)
	return nil
}

// imageActs are what a moderator may do to an image, and how the audit log has it.
var imageActs = map[string]string{
	"blur": "blur image", "unblur": "unblur image", "open": "open image", "clear": "clear image", "illegal": "illegal image",
}

// OnImage is a moderator's act on an image: blur, unblur; open, which lets one
// that is hidden be looked at and is written down; clear, which says that it may
// stand; illegal, which erases it and has it known again.
func (s *Service) OnImage(ctx context.Context, site Site, who Actor, id, act string) (Image, error) {
	if err := allow(who, ActDecide); err != nil {
		return Image{}, err
	}
	written, ok := imageActs[act]
	if !ok {
		return Image{}, Bad("act", "must be blur, unblur, open, clear or illegal")
	}
	var out Image
	err := s.Store.Write(ctx, func(r Reader) (ch Changes, err error) {
		m, err := r.Image(id)
		if err != nil {
			return nil, err
		}
		if m.Site != site.ID || m.Comment == 0 {
			return nil, ErrNotFound
		}
		c, err := r.Comment(m.Comment)
		if err != nil {
			return nil, err
		}
		mod, err := member(r, &ch, site, who)
		if err != nil {
			return nil, err
		}
		was := m
		switch {
		case m.State == ImageIllegal, act == "unblur" && m.State == ImageHeld, act == "blur" && m.State == ImageHeld:
			return nil, ErrState
		case act == "blur":
			m.Veil = VeilStaff
		case act == "unblur":
			m.Veil, m.Checked = VeilNone, true
		case act == "clear":
			m.Veil, m.State, m.Checked = VeilNone, ImageThere, true
		case act == "illegal":
			m.Veil, m.State, m.Checked = VeilOnceOut, ImageIllegal, true
		}
		out = m
		ch.Add(Entry{Site: site.ID, Actor: mod, Action: written, Kind: "comment", Target: c.ID, Note: m.ID, Before: was.State + was.Veil, After: m.State + m.Veil})
		if act == "open" || m.Veil == was.Veil && m.State == was.State && m.Checked == was.Checked {
			return ch, nil
		}
		ch.Add(SetImage{m.ID, m.Veil, m.State, m.Checked})
		if html := veiled(c.HTML, m.Path(), m.Veil); html != c.HTML {
			ch.Add(SetHTML{c.ID, html})
			if c.Status == Published {
				ch.Add(c.event(CommentUpdated, r))
			}
		}
		ch.Add(did(site, HintEdited, c.ID, act, mod))
		return ch, nil
	})
	return out, err
}
