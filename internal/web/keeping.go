package web

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"parley/internal/discuss"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

// follow begins or ends following a thread, or with comment=ID the replies to
// one comment. The body may say the page's address and title.
func (s *Server) follow(yes bool) fiber.Handler {
	return func(c *fiber.Ctx) error {
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
		if err := s.Limits.Take("keep", s.ClientIP(c)); err != nil {
			return err
		}
		key, err := threadKey(c)
		if err != nil {
			return err
		}
		if len(c.Request().Body()) > 0 {
			var in struct{ URL, Title string } // sent by embeds of earlier releases: nobody's word for what a page is called
			if err := edge.Decode(c, &in); err != nil {
				return err
			}
		}
		var comment discuss.ID
		if v := c.Query("comment"); v != "" {
			if comment, err = discuss.ParseID(v); err != nil {
				return discuss.Bad("comment", "is not a comment of this thread")
			}
		}
		if err := s.cfg.Discuss.Follow(ctx, st, who.Actor, key, comment, yes); err != nil {
			return err
		}
		return c.SendStatus(fiber.StatusNoContent)
	}
}

// mute folds a person for the caller; the id is an author's.
func (s *Server) mute(yes bool) fiber.Handler {
	return func(c *fiber.Ctx) error {
		ctx, done := edge.Deadline()
		defer done()
		id, err := discuss.ParseID(c.Params("id"))
		if err != nil {
			return err
		}
		muted, err := s.cfg.Discuss.Store.AuthorByID(ctx, id)
		if err != nil {
			return err
		}
		st, err := s.cfg.Sites.SiteByID(ctx, muted.SiteID)
		if err != nil {
			return err
		}
		who, err := s.Identify(ctx, c, st)
		if err != nil {
			return err
		}
		if err := s.Limits.Take("keep", s.ClientIP(c)); err != nil {
			return err
		}
		if err := s.cfg.Discuss.Mute(ctx, st, who.Actor, muted, yes); err != nil {
			return err
		}
		return c.SendStatus(fiber.StatusNoContent)
	}
}

// postRestore takes back the caller's own deletion of a moment ago.
func (s *Server) postRestore(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	id, st, who, err := s.onComment(ctx, c)
	if err != nil {
		return err
	}
	row, err := s.cfg.Discuss.Restore(ctx, st, who.Actor, id, s.ClientAddr(c))
	if err != nil {
		return err
	}
	return edge.SendJSON(c, commentOut{s.shape.CommentOf(row, true)})
}

// postPreview shows a text as it would be posted.
func (s *Server) postPreview(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	st, err := s.Site(ctx, c.Params("site"))
	if err != nil {
		return err
	}
	if _, err := s.Identify(ctx, c, st); err != nil {
		return err
	}
	if err := s.Limits.Take("preview", s.ClientIP(c)); err != nil {
		return err
	}
	var in bodyIn
	if err := edge.Decode(c, &in); err != nil {
		return err
	}
	html, err := s.cfg.Discuss.Preview(ctx, st, in.Body)
	if err != nil {
		return err
	}
	return edge.SendJSON(c, previewJSON{html})
}

type bodyIn struct {
	Body string `json:"body"`
}

type previewJSON struct {
	HTML string `json:"html"`
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

// keep adds what the caller keeps of a thread to the overlay.
func (s *Server) keep(ctx context.Context, out *meJSON, author, thread discuss.ID) error {
	mutes, err := s.cfg.Discuss.Store.Mutes(ctx, author)
	if err != nil {
		return err
	}
	for _, id := range mutes {
		out.Mutes = append(out.Mutes, id.String())
	}
	follows, err := s.cfg.Discuss.Store.Follows(ctx, author, thread)
	if err != nil {
		return err
	}
	for _, id := range follows {
		if id == 0 {
			out.Following = true
			continue
		}
		out.Follows = append(out.Follows, id.String())
	}
	return nil
}
