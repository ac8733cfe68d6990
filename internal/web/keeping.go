package web

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"parley/internal/discuss"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

type bodyIn struct {
	Body string `json:"body"`
}

type standardsJSON struct {
	Version int     `json:"version"` // 0: Parley's own, in the reader's language
	URL     string  `json:"url"`     // where the site has them elsewhere; "" if not
	HTML    string  `json:"html"`
	Updated *string `json:"updated_at"`
}

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

func (s *Server) standards(ctx context.Context, st discuss.Site, lang string) (standardsJSON, error) {
	out := standardsJSON{URL: st.Settings.Standards}
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

// putStandards gives a site a new version of its rules, in Markdown.
func (s *Server) putStandards(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	st, err := s.Site(ctx, c.Params("site"))
	if err != nil {
		return err
	}
	who, err := s.Identify(ctx, c, st)
	if err != nil {
		return err
	}
	var in bodyIn
	if err := edge.Decode(c, &in); err != nil {
		return err
	}
	v, err := s.cfg.Discuss.SetStandards(ctx, st, who.Actor, in.Body)
	if err != nil {
		return err
	}
	s.cache.Version(anyThread).Bump()
	return edge.SendJSON(c, standardsJSON{v.Version, st.Settings.Standards, v.HTML, shape.Ptr(shape.Time(v.At))})
}
