package media

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// scene is a picture with something in each corner of it.
func scene(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			patch := (x*10/w*31 + y*10/h*17) * 97 % 200
			m.SetRGBA(x, y, color.RGBA{byte(patch + x%50), byte(patch + y%40), byte(x*255/w/2 + patch/2), 255})
		}
	}
	return m
}

func jpegOf(t testing.TB, m image.Image, quality int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: quality}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pngOf(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// headed is a PNG that says it is so large, and has nothing else.
func headed(w, h uint32, depth, kind byte) []byte {
	ihdr := append([]byte("IHDR"), make([]byte, 13)...)
	binary.BigEndian.PutUint32(ihdr[4:], w)
	binary.BigEndian.PutUint32(ihdr[8:], h)
	ihdr[12], ihdr[13] = depth, kind
	out := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), ihdr...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(ihdr))
}

// What is no picture, or would take too much to read, is refused by its content,
// whatever it calls itself, and before it is decoded.
func TestUploadsThatAreRefused(t *testing.T) {
	whole := jpegOf(t, scene(640, 480), 90)
	for name, c := range map[string]struct {
		raw  []byte
		want error
	}{
		"zero bytes":           {nil, ErrPictureType},
		"a page":               {[]byte("<!doctype html><script>alert(1)</script>"), ErrPictureType},
		"SVG":                  {[]byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`), ErrPictureType},
		"a GIF's first bytes":  {[]byte("GIF89a<?php system($_GET['c']); ?>"), ErrUploadPixels},
		"cut off":              {whole[:len(whole)/3], ErrBroken},
		"a PNG's head":         {headed(100, 100, 8, 6), ErrBroken},
		"30,000 by 30,000":     {headed(30000, 30000, 8, 0), ErrUploadPixels},
		"a line of 12,001":     {headed(1, MaxUploadSide+1, 8, 0), ErrUploadPixels},
		"2 billion a side":     {headed(1<<31-1, 1<<31-1, 8, 6), ErrPictureType},
		"16 bits, 20 MP":       {headed(5000, 4000, 16, 6), ErrUploadPixels},
		"progressive, 9 MP":    {progressive(11_000, 1), ErrUploadPixels},
		"scans to the brim":    {progressive(2000, 5000), ErrPictureScan},
		"more than fits":       {append(whole, make([]byte, MaxUploadBytes)...), ErrUploadSize},
		"no side":              {headed(0, 10, 8, 6), ErrPictureType},
		"HEIC":                 {[]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), ErrPictureType},
		"TIFF":                 {[]byte("II*\x00\x08\x00\x00\x00"), ErrPictureType},
		"a WebP's first bytes": {[]byte("RIFF\x24\x00\x00\x00WEBPVP8 \x18\x00\x00\x00"), ErrPictureType},
	} {
		if d, err := Draw(context.Background(), c.raw); !errors.Is(err, c.want) {
			t.Errorf("%s (%d bytes): %v, %d bytes came of it", name, len(c.raw), err, len(d.Body))
		}
	}
}

// What is a picture comes out upright, no longer than it may be, and as pixels alone.
func TestUploadsAreDrawnAnew(t *testing.T) {
	var moving bytes.Buffer
	first := image.NewPaletted(image.Rect(0, 0, 40, 30), color.Palette{color.RGBA{200, 0, 0, 255}, color.White})
	second := image.NewPaletted(image.Rect(0, 0, 40, 30), color.Palette{color.RGBA{0, 0, 200, 255}, color.White})
	if err := gif.EncodeAll(&moving, &gif.GIF{Image: []*image.Paletted{first, second}, Delay: []int{1, 1}}); err != nil {
		t.Fatal(err)
	}
	deep := image.NewNRGBA64(image.Rect(0, 0, 50, 40))
	for i := range deep.Pix {
		deep.Pix[i] = byte(i * i / 7 >> (i % 3))
	}
	glass := image.NewNRGBA(image.Rect(0, 0, 60, 60))
	for i := range 60 * 30 {
		glass.Pix[4*i+3], glass.Pix[4*i] = 255, 90
	}
	for name, c := range map[string]struct {
		raw  []byte
		kind string
		w, h int
	}{
		"a photograph":        {jpegOf(t, scene(3000, 2000), 90), "image/jpeg", 2048, 1365},
		"10,000 by 1":         {pngOf(t, scene(10_000, 1)), "image/jpeg", 2048, 1},
		"1 by 9,000":          {jpegOf(t, scene(1, 9000), 90), "image/jpeg", 1, 2048},
		"one pixel":           {pngOf(t, scene(1, 1)), "image/png", 1, 1},
		"an animation":        {moving.Bytes(), "image/png", 40, 30},
		"16 bits a channel":   {pngOf(t, deep), "image/jpeg", 50, 40},
		"a drawing on glass":  {pngOf(t, glass), "image/png", 60, 60},
		"with a page behind":  {append(jpegOf(t, scene(80, 60), 90), "<script>alert(1)</script>"...), "image/jpeg", 80, 60},
		"greys":               {jpegOf(t, image.NewGray(image.Rect(0, 0, 20, 10)), 80), "image/png", 20, 10},
		"many scans, allowed": {progressive(400, MaxScans), "image/png", 400, 400},
	} {
		d, err := Draw(context.Background(), c.raw)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		cfg, format, err := image.DecodeConfig(bytes.NewReader(d.Body))
		if err != nil || "image/"+format != d.Type || d.Type != c.kind || cfg.Width != d.Width || cfg.Height != d.Height || d.Width != c.w || d.Height != c.h {
			t.Errorf("%s became %s %d by %d (says %s, %d by %d), %v", name, format, cfg.Width, cfg.Height, d.Type, d.Width, d.Height, err)
		}
		if strings.Contains(string(d.Body), "script") {
			t.Errorf("%s still holds a script", name)
		}
		if len(d.Colour) != 7 || d.Colour[0] != '#' {
			t.Errorf("%s: colour %q", name, d.Colour)
		}
		if name == "an animation" && d.Colour != "#c80000" {
			t.Errorf("of an animation %s was taken, not its first frame", d.Colour)
		}
	}
}

// The hostile files of the avatars' test do no more here.
func TestHostileUploadsAreDrawnAnewOrRefused(t *testing.T) {
	files, err := filepath.Glob("testdata/uploads/*")
	if err != nil || len(files) < 15 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		d, err := Draw(context.Background(), raw)
		if strings.Contains(f, "ok-64x64") != (err == nil) && !strings.Contains(f, "metadata") {
			t.Errorf("%s: %v", f, err)
		}
		for _, bad := range []string{"<script", "onerror", "alert(", "javascript:", "Exif", "<?xpacket", "tEXt", "iTXt"} {
			if strings.Contains(string(d.Body), bad) {
				t.Errorf("%s still holds %q", f, bad)
			}
		}
	}
}

// Every way of holding a camera comes out upright, and where it was goes.
func TestOrientationsComeOutUpright(t *testing.T) {
	m := image.NewRGBA(image.Rect(0, 0, 64, 32)) // red above left, blue below right
	for y := range 32 {
		for x := range 64 {
			c := color.RGBA{250, 250, 250, 255}
			switch {
			case x < 24 && y < 12:
				c = color.RGBA{210, 0, 0, 255}
			case x >= 40 && y >= 20:
				c = color.RGBA{0, 0, 210, 255}
			}
			m.SetRGBA(x, y, c)
		}
	}
	plain := jpegOf(t, m, 95)
	for o := byte(1); o <= 8; o++ {
		exif := []byte{0xFF, 0xE1, 0, 46, 'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42, 0, 0, 0, 8, 0, 2, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, o, 0, 0, 0x88, 0x25, 0, 4, 0, 0, 0, 1, 0, 0, 0, 38, 0, 0, 0, 0}
		d, err := Draw(context.Background(), append(append(append([]byte{}, plain[:2]...), exif...), plain[2:]...))
		if err != nil {
			t.Fatalf("orientation %d: %v", o, err)
		}
		if wide := o < 5; wide != (d.Width == 64) || strings.Contains(string(d.Body), "Exif") {
			t.Errorf("orientation %d: %d by %d", o, d.Width, d.Height)
		}
		got, _, err := image.Decode(bytes.NewReader(d.Body))
		if err != nil {
			t.Fatal(err)
		}
		w, h := d.Width, d.Height
		// Where the red corner of the file belongs (Exif 2.3, 4.6.4.A).
		red := map[byte]image.Point{1: {4, 4}, 2: {w - 5, 4}, 3: {w - 5, h - 5}, 4: {4, h - 5}, 5: {4, 4}, 6: {w - 5, 4}, 7: {w - 5, h - 5}, 8: {4, h - 5}}[o]
		if r, _, b, _ := got.At(red.X, red.Y).RGBA(); r < 0x8000 || b > 0x6000 {
			t.Errorf("orientation %d: %v is not red", o, red)
		}
	}
}

// The same picture in another size or quality is known again, and another one is not.
func TestTheSamePictureIsKnownAgain(t *testing.T) {
	draw := func(raw []byte) Drawn {
		t.Helper()
		d, err := Draw(context.Background(), raw)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	a := draw(jpegOf(t, scene(640, 480), 92))
	if b := draw(jpegOf(t, scene(640, 480), 92)); a.Sum != b.Sum || a.Looks != b.Looks {
		t.Error("the same file is another picture")
	}
	if b := draw(jpegOf(t, averaged(scene(640, 480), 320, 240), 50)); a.Sum == b.Sum || !Alike(a.Looks, b.Looks) {
		t.Errorf("half as large and coarser it is not known again: %x %x", a.Looks, b.Looks)
	}
	other := scene(640, 480)
	for i := range other.Pix {
		other.Pix[i] = byte((i/4%640*7/640*53 + i/2560*9/480*71) % 256)
	}
	if b := draw(jpegOf(t, other, 90)); Alike(a.Looks, b.Looks) {
		t.Errorf("another picture is taken for it: %x %x", a.Looks, b.Looks)
	}
	white := draw(jpegOf(t, image.NewGray(image.Rect(0, 0, 64, 64)), 90))
	if Alike(white.Looks, white.Looks) {
		t.Error("plain pictures are all alike")
	}
}

func FuzzDraw(f *testing.F) {
	files, _ := filepath.Glob("testdata/uploads/*")
	for _, name := range files {
		if b, err := os.ReadFile(name); err == nil && len(b) < 64<<10 {
			f.Add(b)
		}
	}
	f.Add(progressive(64, 3))
	f.Add(jpegOf(f, scene(20, 10), 60))
	f.Fuzz(func(t *testing.T, raw []byte) {
		d, err := Draw(context.Background(), raw)
		if err != nil {
			return
		}
		cfg, format, err := image.DecodeConfig(bytes.NewReader(d.Body))
		if err != nil || "image/"+format != d.Type || max(cfg.Width, cfg.Height) > LongSide || cfg.Width != d.Width || cfg.Height != d.Height {
			t.Errorf("%s of %d by %d, %v", format, cfg.Width, cfg.Height, err)
		}
	})
}

func BenchmarkDraw(b *testing.B) {
	raw := jpegOf(b, scene(4000, 3000), 85)
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Draw(context.Background(), raw); err != nil {
			b.Fatal(err)
		}
	}
}
