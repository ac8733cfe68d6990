package web

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"parley/internal/discuss"
	"parley/internal/web/shape"
)

// getStandards is what the panel in the widget shows.
func (s *Server) getStandards(c *fiber.Ctx) error {
	return s.cached(c, hShort, func(ctx context.Context) (int64, func() (any, error), error) {
		st, err := s.Site(ctx, c.Params("site"))
		if err != nil {
			return 0, nil, err
		}
		lang := c.Query("lang")
		return anyThread, func() (any, error) { return s.standards(ctx, st, lang) }, nil
	})
}

func (s *Server) standards(ctx context.Context, st discuss.Site, lang string) (shape.Standards, error) {
	out := shape.Standards{URL: st.Settings.Standards}
	v, err := s.cfg.Discuss.Store.Standards(ctx, st.ID)
	switch {
	case err == nil:
		out.Version, out.HTML, out.Updated = v.Version, v.HTML, shape.Ptr(shape.Time(v.At))
		return out, nil
	case discuss.KindOf(err) != discuss.NotFound:
		return out, err
	}
	out.HTML, err = s.cfg.Discuss.Text.Render(ctx, s.cfg.Texts.Words(lang, "page").T("standards"))
	return out, err
}
