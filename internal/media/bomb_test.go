package media

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/png"
	"testing"
	"time"
)

// progressive is a grey JPEG of so many pixels a side with so many scans, each
// of which says in a few bytes that nothing in the whole picture changes.
func progressive(side, scans int) []byte {
	segment := func(marker byte, b ...byte) []byte {
		n := len(b) + 2
		return append([]byte{0xff, marker, byte(n >> 8), byte(n)}, b...)
	}
	o := bytes.NewBuffer([]byte{0xff, 0xd8})
	o.Write(segment(0xdb, append([]byte{0}, bytes.Repeat([]byte{1}, 64)...)...))
	o.Write(segment(0xc2, 8, byte(side>>8), byte(side), byte(side>>8), byte(side), 1, 1, 0x11, 0))
	o.Write(segment(0xc4, append(append([]byte{0x10, 1}, make([]byte, 15)...), 0xe0)...)) // one code: a run of 2^14 ends of blocks, and 14 bits more
	blocks := ((side + 7) / 8) * ((side + 7) / 8)
	var bits []byte
	for range (blocks + 32766) / 32767 {
		bits = append(append(bits, 0), bytes.Repeat([]byte{1}, 14)...)
	}
	for len(bits)%8 != 0 {
		bits = append(bits, 0)
	}
	var data []byte
	for i := 0; i < len(bits); i += 8 {
		var b byte
		for _, bit := range bits[i : i+8] {
			b = b<<1 | bit
		}
		if data = append(data, b); b == 0xff {
			data = append(data, 0)
		}
	}
	for range scans {
		o.Write(segment(0xda, 1, 1, 0, 1, 63, 0))
		o.Write(data)
	}
	o.Write([]byte{0xff, 0xd9})
	return o.Bytes()
}

// A small file must not ask for much work: every scan of a progressive JPEG
// walks over the whole picture.
func TestPicturesThatAskForMuchWorkAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		raw  []byte
		want error
	}{
		"as many scans as cameras make": {progressive(400, MaxScans), nil},
		"one scan more":                 {progressive(400, MaxScans+1), ErrPictureScan},
		"scans to the brim":             {progressive(2000, 5000), ErrPictureScan},
		"4 megapixels":                  {progressive(2000, 1), nil},
		"more":                          {progressive(2001, 1), ErrPictureSize},
		"more bytes than a request":     {append(progressive(8, 1), make([]byte, MaxPictureBytes)...), ErrPictureSize},
	} {
		if _, _, err := Redraw(context.Background(), c.raw); !errors.Is(err, c.want) {
			t.Errorf("%s (%d bytes): %v", name, len(c.raw), err)
		}
	}
}

// Who waits for a decoder does not wait longer than his request.
func TestDecodersInUseAnswerBusy(t *testing.T) {
	for range decodersAtOnce {
		decoders <- struct{}{}
	}
	defer func() {
		for range decodersAtOnce {
			<-decoders
		}
	}()
	var raw bytes.Buffer
	if err := png.Encode(&raw, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer stop()
	if _, _, err := Redraw(ctx, raw.Bytes()); !errors.Is(err, ErrBusy) {
		t.Errorf("with a request that ended: %v", err)
	}
	if _, _, err := Redraw(context.Background(), raw.Bytes()); !errors.Is(err, ErrBusy) {
		t.Errorf("after %v: %v", decoderWait, err)
	}
}
