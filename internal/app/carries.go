package app

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"

	"parley/internal/discuss"
	"parley/internal/fetch"
)

// carries fetches a page of a site's and reports whether it has a place for the
// comments of a thread. A page that can't be had has none.
func carries(client *http.Client) func(ctx context.Context, site discuss.Site, key, page string) (bool, error) {
	return func(ctx context.Context, site discuss.Site, key, page string) (bool, error) {
		ctx, cancel := context.WithTimeout(ctx, fetch.Patience)
		defer cancel()
		b, err := fetch.Get(ctx, client, page)
		if errors.Is(err, fetch.ErrRefused) {
			slog.Warn("a page of the site could not be fetched, so nobody can begin a discussion there", "site", site.Key, "page", page)
			return false, nil
		}
		if err != nil {
			return false, err
		}
		tags, canonical := fetch.Tags(b, page)
		for _, t := range tags {
			if t.Site != site.Key {
				continue
			}
			if t.Thread != "" {
				if t.Thread == key {
					return true, nil
				}
				continue
			}
			if own, ok := discuss.ThreadKeyFromURL(cmp.Or(canonical, page)); ok && own == key {
				return true, nil
			}
		}
		return false, nil
	}
}
