package web

import (
	"context"

	"parley/internal/discuss"
	"parley/internal/web/shape"
)

// warnings are those that an author has to acknowledge.
func (s *Server) warnings(ctx context.Context, a discuss.Author) ([]shape.Warning, error) {
	out := []shape.Warning{}
	list, err := s.cfg.Discuss.Warnings(ctx, a)
	for _, n := range list {
		out = append(out, shape.WarningOf(n))
	}
	return out, err
}
