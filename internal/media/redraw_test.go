package media

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// SECURITY check 42: what is not a picture is refused, what is one comes out as
// pixels and nothing else.
func TestCheck42UploadsAreDrawnAnew(t *testing.T) {
	files, err := filepath.Glob("testdata/uploads/*")
	if err != nil || len(files) < 15 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	drawn := map[string]bool{
		"fuzzdb-lottapixel.jpg": false, "patt-onclick-xss-ecs.jpeg": false, "patt-payload_in_all_known_metadata.jpg": true,
		"patt-payload_in_all_known_metadata.png": true, "patt-xss_comment_exif_metadata_double_quote.png": true, "ok-64x64.png": true,
	}
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		out, kind, err := Redraw(context.Background(), raw)
		name := filepath.Base(f)
		if !drawn[name] {
			if !errors.Is(err, ErrPictureSize) && !errors.Is(err, ErrPictureType) {
				t.Errorf("%s: %v, %d bytes", name, err, len(out))
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		cfg, format, err := image.DecodeConfig(bytes.NewReader(out))
		if err != nil || cfg.Width != PictureSide || cfg.Height != PictureSide || kind != "image/"+format {
			t.Errorf("%s became %s %dx%d as %s, %v", name, format, cfg.Width, cfg.Height, kind, err)
		}
		for _, bad := range []string{"<script", "onerror", "alert(", "javascript:", "Exif", "<?xpacket"} {
			if strings.Contains(string(out), bad) {
				t.Errorf("%s still holds %q", name, bad)
			}
		}
	}
}

// A picture that a camera took on its side stands upright.
func TestCamerasOrientationIsFollowed(t *testing.T) {
	m := image.NewRGBA(image.Rect(0, 0, 64, 64))
	for y := range 64 {
		for x := range 64 {
			c := color.RGBA{250, 250, 250, 255}
			if y < 32 {
				c = color.RGBA{200, 0, 0, 255} // the upper half is red
			}
			m.Set(x, y, c)
		}
	}
	var plain bytes.Buffer
	if err := jpeg.Encode(&plain, m, nil); err != nil {
		t.Fatal(err)
	}
	for o, at := range map[byte]image.Point{1: {128, 20}, 3: {128, 235}, 6: {235, 128}, 8: {20, 128}} {
		exif := []byte{0xFF, 0xE1, 0, 34, 'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, o, 0, 0, 0, 0, 0, 0}
		raw := append(append(append([]byte{}, plain.Bytes()[:2]...), exif...), plain.Bytes()[2:]...)
		out, _, err := Redraw(context.Background(), raw)
		if err != nil {
			t.Fatalf("orientation %d: %v", o, err)
		}
		got, err := jpeg.Decode(bytes.NewReader(out))
		if err != nil {
			t.Fatal(err)
		}
		if r, g, _, _ := got.At(at.X, at.Y).RGBA(); r < 0x8000 || g > 0x6000 {
			t.Errorf("orientation %d: %v is not red", o, at)
		}
	}
}

func FuzzRedraw(f *testing.F) {
	files, _ := filepath.Glob("testdata/uploads/*")
	for _, name := range files {
		if b, err := os.ReadFile(name); err == nil && len(b) < 64<<10 {
			f.Add(b)
		}
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		out, _, err := Redraw(context.Background(), raw)
		if err == nil && len(out) == 0 {
			t.Error("an empty picture")
		}
	})
}

func BenchmarkRedraw(b *testing.B) {
	raw, err := os.ReadFile("testdata/uploads/patt-payload_in_all_known_metadata.jpg")
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(raw)))
	for b.Loop() {
		if _, _, err := Redraw(context.Background(), raw); err != nil {
			b.Fatal(err)
		}
	}
}
