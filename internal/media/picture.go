package media

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"math/bits"
	"time"
)

// Limits of pictures in comments.
const (
	MaxUploadBytes  = 5 << 20    // of a file as it comes
	MaxUploadPixels = 24_000_000 // looked at before anything is decoded
	MaxUploadSide   = 12_000     // pixels: a line of millions takes a scaler seconds
	MaxDecodeBytes  = 100 << 20  // of what a decoder would hold: a progressive JPEG or 16 bits a channel takes a multiple of others
	LongSide        = 2048       // of what we keep, in pixels
	FewColours      = 256        // up to which a drawing is kept as PNG
	AlikeBits       = 6          // of 64 that two pictures' looks may differ in and be the same picture
	uploadQuality   = 82
	plainBits       = 6 // fewer set, or fewer not set: a picture so plain looks like many others
	uploadWait      = 10 * time.Second
)

// Errors of uploads, in words for who sent them.
var (
	ErrUploadSize   = errors.New("must be at most 5 MB")
	ErrUploadPixels = errors.New("must be at most 24 megapixels and 12,000 pixels a side, and 6 to 12 megapixels for progressive JPEG and 16-bit PNG")
	ErrBroken       = errors.New("cannot be read to its end: save it anew")
)

// Drawn is a picture that was decoded and drawn anew: nothing but pixels of the
// original is left.
type Drawn struct {
	Body          []byte
	Type          string // media type
	Width, Height int
	Colour        string   // its average, #rrggbb
	Sum           [32]byte // SHA-256 of Body
	Looks         uint64   // difference hash: of 8 rows, whether each of 8 places is darker than the next; 0 where it says nothing
}

// one is held by whoever decodes an upload: one large picture at a time.
var one = make(chan struct{}, 1)

// Draw decodes a picture of a comment and draws it anew, no longer than LongSide,
// upright, as JPEG or, where it has few colours, PNG. Of an animation the
// first frame is taken. Where the decoder does not become free in time it is ErrBusy.
func Draw(ctx context.Context, raw []byte) (Drawn, error) {
	if len(raw) > MaxUploadBytes {
		return Drawn{}, ErrUploadSize
	}
	cfg, format, err := image.DecodeConfig(bytes.NewReader(raw))
	if err != nil || cfg.Width <= 0 || cfg.Height <= 0 {
		return Drawn{}, ErrPictureType
	}
	if max(cfg.Width, cfg.Height) > MaxUploadSide || cfg.Width > MaxUploadPixels/cfg.Height || cfg.Width*cfg.Height > MaxDecodeBytes/costOf(raw, format, cfg.ColorModel) {
		return Drawn{}, ErrUploadPixels
	}
	if format == "jpeg" && scans(raw) > MaxScans {
		return Drawn{}, ErrPictureScan
	}
	wait := time.NewTimer(uploadWait)
	defer wait.Stop()
	select {
	case one <- struct{}{}:
		defer func() { <-one }()
	case <-ctx.Done():
		return Drawn{}, ErrBusy
	case <-wait.C:
		return Drawn{}, ErrBusy
	}
	small, err := shrunk(raw)
	if err != nil {
		return Drawn{}, err
	}
	if format == "jpeg" {
		small = stood(small, orientation(raw))
	}
	return encoded(small)
}

// costOf is how many bytes a decoder holds for each pixel.
func costOf(raw []byte, format string, m color.Model) int {
	switch {
	case format == "jpeg":
		parts := map[color.Model]int{color.GrayModel: 1, color.CMYKModel: 4}[m]
		if parts == 0 {
			parts = 3
		}
		if isProgressive(raw) {
			return parts * 5 // the coefficients of all, 32 bits each, and then the picture
		}
		return parts
	case m == color.NRGBA64Model || m == color.RGBA64Model:
		return 8
	}
	return 4
}

// isProgressive finds the frame of a JPEG (ITU-T T.81, B.1.1): marker 0xC2.
func isProgressive(raw []byte) bool {
	for i := 2; i+4 <= len(raw) && raw[i] == 0xff; {
		switch m := raw[i+1]; {
		case m == 0xff:
			i++
			continue
		case m == 0xc2:
			return true
		case m == 0xda || m == 0xd9 || m == 0xc0 || m == 0xc1:
			return false
		}
		i += 2 + int(raw[i+2])<<8 + int(raw[i+3])
	}
	return false
}

// shrunk decodes a picture and makes it small enough, by the average of what
// becomes one pixel. It works through it in strips: of a large one no second
// copy is held.
func shrunk(raw []byte) (out *image.RGBA, err error) {
	defer func() {
		if p := recover(); p != nil { // a decoder's own mistake is no end of the server
			out, err = nil, ErrBroken
		}
	}()
	src, _, err := image.Decode(bytes.NewReader(raw))
	if err != nil {
		return nil, ErrBroken
	}
	b := src.Bounds()
	if b.Empty() {
		return nil, ErrBroken
	}
	w, h := b.Dx(), b.Dy()
	if long := max(w, h); long > LongSide {
		w, h = max(1, w*LongSide/long), max(1, h*LongSide/long)
	}
	return averaged(src, w, h), nil
}

// averaged is a picture in another, smaller size.
func averaged(src image.Image, w, h int) *image.RGBA {
	b := src.Bounds()
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	if w == b.Dx() && h == b.Dy() {
		draw.Draw(dst, dst.Bounds(), src, b.Min, draw.Src)
		return dst
	}
	strip := image.NewRGBA(image.Rect(0, 0, b.Dx(), (b.Dy()+h-1)/h+1))
	for y := range h {
		y0, y1 := y*b.Dy()/h, max((y+1)*b.Dy()/h, y*b.Dy()/h+1)
		rows := strip.SubImage(image.Rect(0, 0, b.Dx(), y1-y0)).(*image.RGBA)
		draw.Draw(rows, rows.Bounds(), src, image.Pt(b.Min.X, b.Min.Y+y0), draw.Src)
		for x := range w {
			x0, x1 := x*b.Dx()/w, max((x+1)*b.Dx()/w, x*b.Dx()/w+1)
			var sum [4]int
			for sy := range y1 - y0 {
				for i := strip.PixOffset(x0, sy); i < strip.PixOffset(x1, sy); i += 4 {
					for c, v := range strip.Pix[i : i+4] {
						sum[c] += int(v)
					}
				}
			}
			n, at := (x1-x0)*(y1-y0), dst.PixOffset(x, y)
			for c := range sum {
				dst.Pix[at+c] = byte((sum[c] + n/2) / n)
			}
		}
	}
	return dst
}

// stood turns a picture as its camera was held.
func stood(m *image.RGBA, o int) *image.RGBA {
	if o == 1 {
		return m
	}
	seen := upright(m, o)
	dst := image.NewRGBA(seen.Bounds())
	draw.Draw(dst, dst.Bounds(), seen, image.Point{}, draw.Src)
	return dst
}

// encoded writes a picture down and says what is known of it.
func encoded(m *image.RGBA) (Drawn, error) {
	d := Drawn{Width: m.Rect.Dx(), Height: m.Rect.Dy(), Type: "image/jpeg"}
	var out bytes.Buffer
	var err error
	if p := paletted(m); p != nil {
		d.Type = "image/png"
		err = png.Encode(&out, p)
	}
	white := m
	if !m.Opaque() {
		white = image.NewRGBA(m.Rect)
		draw.Draw(white, white.Rect, image.White, image.Point{}, draw.Src)
		draw.Draw(white, white.Rect, m, image.Point{}, draw.Over)
	}
	if d.Type == "image/jpeg" {
		err = jpeg.Encode(&out, white, &jpeg.Options{Quality: uploadQuality})
	}
	if err != nil {
		return d, err
	}
	c := averaged(white, 1, 1).Pix
	d.Colour = fmt.Sprintf("#%02x%02x%02x", c[0], c[1], c[2])
	d.Body, d.Sum, d.Looks = out.Bytes(), sha256.Sum256(out.Bytes()), looks(white)
	return d, nil
}

// paletted is a picture of few colours as one with a palette; nil where it has more.
func paletted(m *image.RGBA) *image.Paletted {
	at := map[[4]byte]uint8{}
	var colours color.Palette
	p := image.NewPaletted(m.Rect, nil)
	for i := 0; i < len(m.Pix); i += 4 {
		c := [4]byte(m.Pix[i : i+4])
		n, ok := at[c]
		if !ok {
			if len(colours) == FewColours {
				return nil
			}
			n = uint8(len(colours)) //nolint:gosec // below FewColours
			at[c] = n
			colours = append(colours, color.RGBA{c[0], c[1], c[2], c[3]})
		}
		p.Pix[i/4] = n
	}
	p.Palette = colours
	return p
}

// looks is the difference hash of a picture, which small changes (size, quality,
// brightness, a mark in a corner) leave as it is.
func looks(m *image.RGBA) uint64 {
	if m.Rect.Dx() < 9 || m.Rect.Dy() < 8 {
		return 0
	}
	small := averaged(m, 9, 8)
	grey := func(x, y int) int {
		p := small.Pix[small.PixOffset(x, y):]
		return 299*int(p[0]) + 587*int(p[1]) + 114*int(p[2])
	}
	var out uint64
	for y := range 8 {
		for x := range 8 {
			out <<= 1
			if grey(x, y) < grey(x+1, y)-500 {
				out |= 1
			}
		}
	}
	if n := bits.OnesCount64(out); n < plainBits || n > 64-plainBits {
		return 0
	}
	return out
}

// Alike reports whether two pictures' looks are those of one picture.
func Alike(a, b uint64) bool {
	return a != 0 && b != 0 && bits.OnesCount64(a^b) <= AlikeBits
}
