package discuss

import "time"

// DiscountFor is how long the reports of a discounted reporter count for nothing.
const DiscountFor = 30 * 24 * time.Hour

// discount makes the reports of those who reported a comment together count for
// nothing for a while, what they have open elsewhere among it. Staff report as
// part of their work, and who is discounted stays so for as long as was said.
func discount(r Reader, ch *Changes, site Site, mod Author, before *Before) error {
	until := r.Now().Add(DiscountFor)
	for _, id := range before.Reports {
		a, err := r.AuthorByID(id)
		if err != nil {
			return err
		}
		was, err := r.DiscountedUntil(id)
		if err != nil {
			return err
		}
		if a.Role != Member || was.After(r.Now()) {
			continue
		}
		before.Discounted = append(before.Discounted, id)
		ch.Add(
			Entry{Site: site.ID, Actor: mod, Action: "discount", Kind: "person", Target: id, After: until.UTC().Format(time.RFC3339)},
			did(site, HintPerson, id, "discount", mod),
		)
	}
	return weighAnew(r, ch, before.Discounted, until)
}

// weighAnew lets people's reports count until a time for nothing, or again, and
// gives what they have reported its place by that.
func weighAnew(r Reader, ch *Changes, reporters []ID, until time.Time) error {
	for _, id := range reporters {
		about, err := r.OpenReportsBy(id)
		if err != nil {
			return err
		}
		ch.Add(DiscountReporter{id, until})
		for _, c := range about {
			ch.Add(Then(func(r Reader) (ch Changes, err error) {
				trace, _, err := r.Judged(c)
				if err == nil {
					err = rejudge(r, &ch, c, trace, 0)
				}
				return ch, err
			}))
		}
	}
	return nil
}
