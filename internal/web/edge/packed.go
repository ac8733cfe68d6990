package edge

import (
	"bytes"
	"compress/gzip"
	"sync"

	"github.com/gofiber/fiber/v2"
)

// packFrom is the size in bytes from which an answer is worth packing: what is
// smaller fits the first packet as it is.
const packFrom = 1400

var packers = sync.Pool{New: func() any {
	w, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed) // the level is one of its own
	return w
}}

// sendPacked is SendJSON, packed for whoever takes that. It is for long answers
// that hold no secret of the caller's: beside one, the length of what is packed
// tells whoever can write into the answer something about it.
func sendPacked(c *fiber.Ctx, v any) error {
	b, err := Encode(v)
	if err != nil {
		return err
	}
	h := &c.Response().Header
	h.SetContentType("application/json")
	c.Vary(fiber.HeaderAcceptEncoding)
	if len(b) >= packFrom && bytes.Contains(c.Request().Header.Peek(fiber.HeaderAcceptEncoding), []byte("gzip")) {
		var out bytes.Buffer
		w := packers.Get().(*gzip.Writer)
		defer packers.Put(w)
		w.Reset(&out)
		if _, err := w.Write(b); err != nil {
			return err
		}
		if err := w.Close(); err != nil {
			return err
		}
		h.Set(fiber.HeaderContentEncoding, "gzip")
		b = out.Bytes()
	}
	c.Response().SetBodyRaw(b)
	return nil
}
