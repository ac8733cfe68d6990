package systemtest

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/jpeg"
	"mime/multipart"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// sends uploads a file as a program that is signed in.
func (p *program) sends(raw []byte, login string) answer {
	p.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	f, err := w.CreateFormFile("file", `a".svg`)
	if err != nil {
		p.t.Fatal(err)
	}
	_, _ = f.Write(raw)
	_ = w.Close()
	return p.do("POST", "/api/v1/sites/news/images", b.String(), "Authorization", login, "Content-Type", w.FormDataContentType())
}

func photo(t *testing.T, w, h int) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range m.Pix {
		m.Pix[i] = byte(i * i / 1999)
	}
	m.Set(1, 1, color.White)
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 90}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// An image is taken from who may, served as what it is, and to nobody before its
// comment is public or after it is gone.
func TestImagesOverHTTP(t *testing.T) {
	p := newProgram(t)
	p.start()
	ann := p.login("ann@example.com")
	if a := p.sends(photo(t, 64, 48), ann); a.status != 403 || !strings.Contains(string(a.body), "images_off") {
		t.Errorf("where images are off: %d %s", a.status, a.body)
	}
	p.run("site", "set", "news", "--images", "members", "--blur-images", "off")
	files, _ := filepath.Glob("../media/testdata/uploads/*")
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		a := p.sends(raw, ann)
		if a.status != 201 && a.status != 422 {
			t.Errorf("%s: %d %s", f, a.status, a.body)
		}
	}
	if a := p.sends(bytes.Repeat([]byte("x"), 5<<20+64), ann); a.status != 413 {
		t.Errorf("more than 5 MB: %d %s", a.status, a.body)
	}
	a := p.sends(photo(t, 1600, 1200), ann)
	var up struct {
		ID, URL, Color string
		Width, Height  int
	}
	if err := json.Unmarshal(a.body, &up); err != nil || a.status != 201 || up.Width != 1600 || len(up.ID) != 32 || len(up.Color) != 7 {
		t.Fatalf("%d %s %v", a.status, a.body, err)
	}
	public := "/media/" + up.ID + ".jpg"
	signed := strings.TrimPrefix(up.URL, p.base)
	if a := p.do("GET", public, ""); a.status != 404 || !strings.Contains(a.header.Get("Cache-Control"), "no-store") {
		t.Errorf("before its comment: %d %v", a.status, a.header)
	}
	if a := p.do("GET", signed, ""); a.status != 200 || !strings.Contains(a.header.Get("Cache-Control"), "private") {
		t.Errorf("for its owner: %d %v", a.status, a.header)
	}
	if a := p.do("GET", signed+"x", ""); a.status != 404 {
		t.Errorf("with a signature that is none: %d", a.status)
	}
	a = p.do("POST", "/api/v1/sites/news/comments", `{"thread":"pics","body":"![a \"ferry\"](parley:`+up.ID+`)"}`, "Authorization", ann)
	if a.status != 201 || !strings.Contains(string(a.body), `/media/`+up.ID+`.jpg`) {
		t.Fatalf("%d %s", a.status, a.body)
	}
	var made struct{ Comment struct{ ID string } }
	_ = json.Unmarshal(a.body, &made)
	a = p.do("GET", public, "")
	for name, want := range map[string]string{
		"Content-Type": "image/jpeg", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox", "Cache-Control": "public, max-age=300, must-revalidate",
		"Set-Cookie": "", "Cross-Origin-Resource-Policy": "cross-origin", "Content-Disposition": `inline; filename="` + up.ID + `.jpg"`,
	} {
		if got := a.header.Get(name); got != want {
			t.Errorf("%s: %q and not %q", name, got, want)
		}
	}
	if _, format, err := image.DecodeConfig(bytes.NewReader(a.body)); a.status != 200 || err != nil || format != "jpeg" {
		t.Errorf("%d, %s, %v", a.status, format, err)
	}
	if b := p.do("GET", public, "", "If-None-Match", a.header.Get("ETag")); b.status != 304 || len(b.body) != 0 {
		t.Errorf("asked again: %d, %d bytes", b.status, len(b.body))
	}
	if b := p.do("GET", "/media/"+up.ID+".png", ""); b.status != 404 {
		t.Errorf("under another ending: %d", b.status)
	}
	for _, feed := range []string{"/feeds/news.atom?thread=pics", "/render/news?thread=pics"} {
		if b := p.do("GET", feed, ""); !strings.Contains(string(b.body), p.base+public) {
			t.Errorf("%s lacks it: %s", feed, b.body)
		}
	}
	if b := p.do("DELETE", "/api/v1/comments/"+made.Comment.ID, "", "Authorization", ann); b.status != 204 {
		t.Fatalf("%d %s", b.status, b.body)
	}
	if b := p.do("GET", public, "", "If-None-Match", a.header.Get("ETag")); b.status != 404 {
		t.Errorf("after its comment was deleted: %d", b.status)
	}
}

// Images go out with a site's export, in one file with its comments, and come in
// again under addresses of their own, once.
func TestImagesMoveWithASite(t *testing.T) {
	p := newProgram(t)
	p.start()
	p.run("site", "set", "news", "--images", "members", "--blur-images", "off")
	ann := p.login("ann@example.com")
	var ids []string
	for i := range 2 {
		var up struct{ ID string }
		a := p.sends(photo(t, 300+i, 200), ann)
		a.into(t, &up)
		ids = append(ids, up.ID)
	}
	if a := p.do("POST", "/api/v1/sites/news/comments", `{"thread":"pics","body":"![one](parley:`+ids[0]+`) and ![two](parley:`+ids[1]+`)"}`, "Authorization", ann); a.status != 201 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	file := filepath.Join(t.TempDir(), "news.tar.gz")
	p.run("export", "--site", "news", "--out", file)
	p.run("site", "add", "other", "--name", "Other", "--origin", "https://other.example")
	for range 2 { // a second run adds nothing
		p.run("import", "--site", "other", "--format", "parley", file)
	}
	var page struct{ Comments []struct{ HTML string } }
	p.do("GET", "/api/v1/sites/other/comments?thread=pics", "").into(t, &page)
	if len(page.Comments) != 1 || strings.Count(page.Comments[0].HTML, "<img ") != 2 || strings.Contains(page.Comments[0].HTML, ids[0]) {
		t.Fatalf("%+v", page)
	}
	for _, part := range strings.Split(page.Comments[0].HTML, `src="`)[1:] {
		at, _, _ := strings.Cut(part, `"`)
		if a := p.do("GET", at, ""); a.status != 200 || a.header.Get("Content-Type") != "image/jpeg" {
			t.Errorf("%s: %d", at, a.status)
		}
	}
}
