package app

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"log/slog"
	"regexp"
	"slices"
	"strings"

	"parley/internal/discuss"
	"parley/internal/markup"
	"parley/internal/media"
	"parley/internal/store"
	"parley/internal/transfer"
)

var bundledImage = regexp.MustCompile(`^([0-9a-f]{32})\.(?:jpg|png)$`)

// bringImages brings the images of bundles that comments of an import show: each
// is drawn anew, as if somebody had uploaded it, under an address of its own,
// and the comment is rendered with it. What is there already is not brought twice.
func bringImages(ctx context.Context, db *store.Store, site discuss.Site, links markup.Links, limit int64, files ...string) (n int, err error) {
	lack, err := db.LackingImages(ctx, site.ID)
	if err != nil || len(lack) == 0 {
		return 0, err
	}
	wanted := map[string]*store.Lacking{}
	shown := map[discuss.ID][]discuss.Image{}
	for i := range lack {
		ids := markup.Pictures(lack[i].Body)
		have, err := db.Images(ctx, ids)
		if err != nil {
			return 0, err
		}
		for _, m := range have {
			if m.Comment == lack[i].ID {
				shown[m.Comment] = append(shown[m.Comment], m)
			}
		}
		for _, id := range ids {
			if !slices.ContainsFunc(shown[lack[i].ID], func(m discuss.Image) bool { return m.ID == id }) {
				wanted[id] = &lack[i]
			}
		}
	}
	text := markup.New(1, 1)
	text.Links = links
	take := func(name string, body []byte) error {
		m := bundledImage.FindStringSubmatch(name)
		if m == nil || wanted[m[1]] == nil {
			return nil
		}
		c := wanted[m[1]]
		image, drawn, err := drawImage(ctx, body)
		if err != nil {
			slog.Warn("an image of the import is left out", "file", name, "why", err)
			return nil
		}
		id := make([]byte, 16)
		_, _ = rand.Read(id) // it does not fail
		image.ID, image.Site, image.Comment, image.Bytes, image.Checked = hex.EncodeToString(id), site.ID, c.ID, len(drawn), true
		if site.Settings.BlurImages == discuss.BlurAll {
			image.Veil = discuss.VeilSite
		}
		c.Body = strings.ReplaceAll(c.Body, "parley:"+m[1], "parley:"+image.ID)
		all := append(shown[c.ID], image)
		html, err := text.RenderWith(ctx, c.Body, picturesOf(all))
		if err != nil {
			return err
		}
		for _, one := range all {
			html = discuss.Veiled(html, one)
		}
		if err := db.BringImage(ctx, image, drawn, c.Body, html); err != nil {
			return err
		}
		shown[c.ID] = all
		n++
		return nil
	}
	for _, file := range files {
		if err := transfer.BundleFiles(file, media.MaxUploadBytes, limit, take); err != nil {
			return n, err
		}
	}
	return n, nil
}
