package edge

import "parley/internal/web/cached"

// What an answer follows that is about no one thread.
const (
	NewThreads = cached.NewThreads
	AnyThread  = cached.AnyThread
)

// SendPublic sends what is the same for everyone who asks in the same words:
// key is those words. It is kept for a short while, and until what it follows
// changes. Only making it costs, so only that is limited.
func (q *Request) SendPublic(key, kind, vary string, plan func() (follows int64, build func() ([]byte, error), err error)) error {
	q.Response().Header.Set("Content-Security-Policy", APICSP)
	d := cached.Document{Key: key, Type: kind, Vary: vary}
	return q.Door.Pages.SendDocument(q.Deadline, q.Ctx, d, q.Door.Now(), func() (int64, func() ([]byte, error), error) {
		if err := q.Door.Limits.Take("document", q.Door.ClientIP(q.Ctx)); err != nil {
			return 0, nil, err
		}
		return plan()
	})
}
