package media

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	_ "image/gif" // read; the first frame is taken
	"image/jpeg"
	"image/png"
	"time"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp" // read

	"parley/internal/discuss"
)

// Limits of pictures that people bring.
const (
	MaxPictureBytes  = 256 << 10 // as much as a request may bring
	MaxPicturePixels = 4_000_000 // looked at before anything is decoded
	MaxScans         = 20        // of a JPEG: each one walks over every pixel again
	PictureSide      = 256       // of what we keep, in pixels
	jpegQuality      = 85
	decodersAtOnce   = 2
	decoderWait      = 3 * time.Second // for one that is free
)

// Errors of pictures, in words for who sent them.
var (
	ErrPictureSize = errors.New("must be at most 256 kB and 4 megapixels")
	ErrPictureType = errors.New("must be a PNG, JPEG, GIF or WebP picture")
	ErrPictureScan = errors.New("must be a JPEG of at most 20 scans: save it anew")
	// ErrBusy says that no decoder became free in time; nothing is wrong with the picture.
	ErrBusy = &discuss.Error{Kind: discuss.Unavailable, Code: "busy", Detail: "Other pictures are being drawn right now. Try again in a moment.", RetryAfter: 5}
)

var decoders = make(chan struct{}, decodersAtOnce)

// Redraw decodes a picture and draws it anew as a square of PictureSide, so
// that nothing but pixels of the original is left. It returns the picture and
// its media type. Where no decoder becomes free in time it is ErrBusy.
func Redraw(ctx context.Context, raw []byte) ([]byte, string, error) {
	if len(raw) > MaxPictureBytes {
		return nil, "", ErrPictureSize
	}
	cfg, format, err := image.DecodeConfig(bytes.NewReader(raw))
	if err != nil || cfg.Width <= 0 || cfg.Height <= 0 {
		return nil, "", ErrPictureType
	}
	if cfg.Width > MaxPicturePixels/cfg.Height {
		return nil, "", ErrPictureSize
	}
	if format == "jpeg" && scans(raw) > MaxScans {
		return nil, "", ErrPictureScan
	}
	wait := time.NewTimer(decoderWait)
	defer wait.Stop()
	select {
	case decoders <- struct{}{}:
		defer func() { <-decoders }()
	case <-ctx.Done():
		return nil, "", ErrBusy
	case <-wait.C:
		return nil, "", ErrBusy
	}
	src, _, err := image.Decode(bytes.NewReader(raw))
	if err != nil {
		return nil, "", ErrPictureType
	}
	if format == "jpeg" {
		src = upright(src, orientation(raw))
	}
	b := src.Bounds()
	side := min(b.Dx(), b.Dy())
	from := image.Rect(0, 0, side, side).Add(b.Min).Add(image.Pt((b.Dx()-side)/2, (b.Dy()-side)/2))
	dst := image.NewRGBA(image.Rect(0, 0, PictureSide, PictureSide))
	draw.CatmullRom.Scale(dst, dst.Bounds(), src, from, draw.Src, nil)
	var out bytes.Buffer
	if dst.Opaque() {
		err = jpeg.Encode(&out, dst, &jpeg.Options{Quality: jpegQuality})
		return out.Bytes(), "image/jpeg", err
	}
	err = png.Encode(&out, dst)
	return out.Bytes(), "image/png", err
}

// scans counts the starts of scan of a JPEG (ITU-T T.81, B.1.1: inside the
// data of a scan 0xFF is always followed by 0 or a restart marker). What
// stands in other segments counts too where it looks like one, which no camera
// or program brings to MaxScans.
func scans(raw []byte) int { return bytes.Count(raw, []byte{0xFF, 0xDA}) }

// orientation reads how a camera was held from a JPEG's Exif block: 1 to 8, 1
// where it does not say (Exif 2.3, tag 0x0112).
func orientation(raw []byte) int {
	i := bytes.Index(raw[:min(len(raw), 64<<10)], []byte("Exif\x00\x00"))
	if i < 0 || len(raw) < i+14 {
		return 1
	}
	t := raw[i+6:]
	big := t[0] == 'M'
	u16 := func(at int) int {
		if at < 0 || at+2 > len(t) {
			return 0
		}
		if big {
			return int(t[at])<<8 | int(t[at+1])
		}
		return int(t[at+1])<<8 | int(t[at])
	}
	u32 := func(at int) int {
		if big {
			return u16(at)<<16 | u16(at+2)
		}
		return u16(at+2)<<16 | u16(at)
	}
	dir := u32(4)
	for n := range min(u16(dir), 64) {
		if at := dir + 2 + 12*n; u16(at) == 0x0112 {
			if v := u16(at + 8); v >= 1 && v <= 8 {
				return v
			}
		}
	}
	return 1
}

// turned is a picture seen through a map of coordinates.
type turned struct {
	image.Image
	size image.Rectangle
	at   func(x, y int) (int, int)
}

// Bounds are those after turning.
func (t turned) Bounds() image.Rectangle { return t.size }

// At is the colour after turning.
func (t turned) At(x, y int) color.Color { return t.Image.At(t.at(x, y)) }

func upright(m image.Image, o int) image.Image {
	b := m.Bounds()
	w, h := b.Dx()-1, b.Dy()-1
	flat, tall := image.Rect(0, 0, w+1, h+1), image.Rect(0, 0, h+1, w+1)
	turn := func(size image.Rectangle, at func(x, y int) (int, int)) image.Image {
		return turned{m, size, func(x, y int) (int, int) { px, py := at(x, y); return px + b.Min.X, py + b.Min.Y }}
	}
	switch o {
	case 2:
		return turn(flat, func(x, y int) (int, int) { return w - x, y })
	case 3:
		return turn(flat, func(x, y int) (int, int) { return w - x, h - y })
	case 4:
		return turn(flat, func(x, y int) (int, int) { return x, h - y })
	case 5:
		return turn(tall, func(x, y int) (int, int) { return y, x })
	case 6:
		return turn(tall, func(x, y int) (int, int) { return y, h - x })
	case 7:
		return turn(tall, func(x, y int) (int, int) { return w - y, h - x })
	case 8:
		return turn(tall, func(x, y int) (int, int) { return w - y, x })
	}
	return m
}
