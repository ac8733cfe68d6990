package edge

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"

	"github.com/gofiber/fiber/v2"
)

// Upload is a form with one file.
type Upload struct {
	Name   string // of the file, as the browser says it
	File   []byte // nil: none
	Fields map[string][]string
}

const (
	maxUploadParts = 400
	maxUploadField = 4 << 10
)

// Multipart reads a form with one file, called file, of at most so many bytes.
func Multipart(c *fiber.Ctx, most int) (up Upload, err error) {
	_, params, err := mime.ParseMediaType(c.Get("Content-Type"))
	if err != nil || params["boundary"] == "" {
		return up, ErrNotForm
	}
	up.Fields = map[string][]string{}
	r := multipart.NewReader(bytes.NewReader(c.Request().Body()), params["boundary"])
	for range maxUploadParts {
		part, err := r.NextRawPart()
		if errors.Is(err, io.EOF) {
			return up, nil
		}
		if err != nil {
			return up, ErrNotForm
		}
		limit := maxUploadField
		if part.FormName() == "file" {
			limit = most
		}
		b, err := io.ReadAll(io.LimitReader(part, int64(limit)+1))
		switch {
		case err != nil:
			return up, ErrNotForm
		case len(b) > limit:
			return up, ErrLarge
		case part.FormName() == "file":
			up.Name, up.File = part.FileName(), b
		default:
			up.Fields[part.FormName()] = append(up.Fields[part.FormName()], string(b))
		}
	}
	return up, ErrLarge
}
